/* notmuch bounce tag: tags the bounces that are in the index, and links them to the mails they are
 * about. */

#include "base/child.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/outcome.h"
#include "index/tagger.h"

struct tag {
	/* Options. */
	bool dry_run, all;
	const char *remove_tag;

	struct call *call;
	struct tagger tagger;
	struct selection selection;
	const char *query;
};

static void show_seen(size_t seen)
{
	cmd_progress("%zu mails looked at", seen);
}

static enum status remove_tag(const struct tag *tag, const char *id)
{
	SCOPED struct mail *mail = index_find(NULL, tag->tagger.index, id);

	if (mail == NULL)
		return STATUS_OK;
	mail_put_tag(mail, tag->remove_tag, false);
	return mail_write(mail);
}

/* Does piece I of the work, which is in the order of enum selected. */
static enum status tag_do_piece(struct tag *tag, size_t i)
{
	const struct selection *selection = &tag->selection;
	enum selected selected = 0;

	for (; i >= selection->counts[selected]; selected++)
		i -= selection->counts[selected];
	const char *id = selection->ids[selected][i];

	switch (selected) {
	case SELECTED_SUSPECTS: return tagger_mail(&tag->tagger, id);
	case SELECTED_REPORTS: return tagger_link(&tag->tagger, id);
	case SELECTED_ORIGINALS: return outcome_update(tag->tagger.index, id);
	default: return remove_tag(tag, id);
	}
}

/* Does the pieces of work from FROM to before TO, and updates the mails that the reports among them
 * are about. Both are stored at once, so that the index never has one without the other. The first
 * batch uses the index that tag_select() opened. */
static enum status tag_do_batch(struct tag *tag, size_t from, size_t to)
{
	struct tagger *tagger = &tag->tagger;
	enum status status = STATUS_OK;

	if (tagger->index == NULL)
		status = cmd_index_open(tagger->ctx, "tag", tag->call->problems, &tagger->index);
	if (status == STATUS_OK && !tag->dry_run)
		status = cmd_index_write("tag", tagger->index);
	if (status != STATUS_OK)
		return status;
	for (size_t i = from; status == STATUS_OK && i < to; i++)
		status = tag_do_piece(tag, i);
	if (status == STATUS_OK)
		status = tagger_settle(tagger);
	enum status closed =
	        tag->dry_run ? index_close(tagger->index) : cmd_index_close(tagger->index, status);

	tagger->index = NULL;
	status = status_first(status, closed);
	if (status == STATUS_IO)
		cmd_say("tag: %s", cmd_text("the index can't be written"));
	cmd_say_problems(tag->call->problems);
	return status;
}

static enum status tag_do_all(struct tag *tag)
{
	size_t all = 0;
	long long began = child_clock(); /* in milliseconds */
	enum status status = STATUS_OK;

	for (size_t i = 0; i < SELECTED_COUNT; i++)
		all += tag->selection.counts[i];
	for (size_t i = 0; status == STATUS_OK && i < all; i += BATCH) {
		if (i > 0)
			cmd_progress("%zu of %zu mails, %zu/s", i, all,
			        1000 * i / (size_t)(child_clock() - began + 1));
		status = tag_do_batch(tag, i, i + BATCH < all ? i + BATCH : all);
	}
	cmd_progress_clear();
	return status;
}

static enum status tag_tell(const struct tag *tag)
{
	const struct tagger *tagger = &tag->tagger;
	const struct call *call = tag->call;

	if (tagger->new + tagger->moved + tagger->linked == 0)
		return STATUS_OK;
	char *done = call_say(call, "tag-done",
	        WORDING_VALUES({"new", wording_number(call->ctx, tagger->new)},
	                {"moved", wording_number(call->ctx, tagger->moved)},
	                {"linked", wording_number(call->ctx, tagger->linked)}));

	if (tag->dry_run)
		done = talloc_asprintf(call->ctx, "%s%s", tagger->changes,
		        call_say(call, "tag-dry-run", WORDING_VALUES({"done", done})));
	return cmd_print_line(done);
}

/* Opens the index, and selects the mails to look at. If that fails because others write to the
 * index meanwhile, begins again. */
static enum status tag_select(struct tag *tag)
{
	struct call *call = tag->call;
	enum status status = STATUS_IO;

	for (int tries = 0; status == STATUS_IO && tries < 3; tries++) {
		status = call_open(call);
		if (status != STATUS_OK)
			return status;
		tag->tagger = (struct tagger){.ctx = call->ctx,
		        .index = call->index,
		        .judge = call->judge,
		        .changes = tag->dry_run ? talloc_strdup(call->ctx, "") : NULL};
		status = tagger_select(&tag->tagger, tag->query, tag->remove_tag != NULL, show_seen,
		        &tag->selection);
		if (status != STATUS_OK)
			index_close(call->index);
	}
	if (status == STATUS_IO)
		cmd_say("%s: the index can't be searched for %s", "tag", tag->query);
	return status;
}

static enum status tag_run(struct call *call)
{
	struct tag *tag = call->options;

	if (tag->all && call->arguments[0] != NULL) {
		cmd_say("tag --all takes no query");
		return STATUS_USAGE;
	}
	cmd_progress_begin();
	tag->call = call;
	tag->query = call->arguments[0] != NULL ? cmd_query(call) : tag->all ? "*" : "tag:new";
	enum status status = tag_select(tag);

	if (status == STATUS_OK)
		status = tag_do_all(tag);
	return status == STATUS_OK ? tag_tell(tag) : status;
}

static const struct option options[] = {
        FLAG_OPTION("all", struct tag, all),
        FLAG_OPTION("dry-run", struct tag, dry_run),
        VALUE_OPTION("remove-tag", OPTION_VALUE, struct tag, remove_tag, "TAG"),
        NO_OPTION,
};

const struct command command_tag = {
        .name = "tag",
        .arguments = "[OPTION]... [QUERY]...",
        .options = options,
        .size = sizeof(struct tag),
        .needs = NEEDS_INDEX | NEEDS_SETTINGS | NEEDS_WORDING | NEEDS_JUDGE | OPENS_LATER,
        .run = tag_run,
};
