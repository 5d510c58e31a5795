/* notmuch bounce tag: sort the bounces among the mail that is in the index already. */
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

#include "base/limits.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/outcome.h"
#include "index/select.h"
#include "text/text.h"

/* Mails that are changed at once. As long as this takes nobody else can write. */
#define BATCH 200

struct tag {
	/* Options. */
	bool dry_run, all;
	const char *remove_tag;

	const void *ctx;
	struct tagger tagger;
	struct selection selection;
	struct problems *problems;
	enum index_mode mode;
	const char *query;
	size_t new, moved, linked;
	char *diff;
};

static void show_seen(size_t seen)
{
	cmd_progress("%zu mails looked at", seen);
}

static void note(struct tag *tag, const char *id, const struct tagged *tagged)
{
	tag->new += tagged->is_new;
	tag->moved += tagged->is_moved;
	tag->linked += tagged->is_linked;
	if (tag->dry_run && tagged->tags != NULL && tagged->tags[0] != '\0') {
		char *line = text_one_line(tag->ctx, id, strlen(id), VALUE_MAX);

		tag->diff = talloc_asprintf_append_buffer(tag->diff, "%s %s\n", line, tagged->tags);
		talloc_free(line);
	}
}

static enum status judge_one(struct tag *tag, const char *id)
{
	void *scratch = talloc_new(tag->ctx);
	struct mail *mail = index_find(scratch, tag->tagger.index, id);
	struct tagged tagged;
	enum status status = STATUS_OK;

	if (mail != NULL) {
		status = tagger_mail(scratch, &tag->tagger, mail, &tagged);
		if (status == STATUS_OK)
			note(tag, id, &tagged);
		talloc_free(mail);
	}
	talloc_free(scratch);
	return status;
}

static enum status link_one(struct tag *tag, const char *id)
{
	void *scratch = talloc_new(tag->ctx);
	struct tagged tagged;
	enum status status = tagger_link(scratch, &tag->tagger, id, &tagged);

	if (status == STATUS_OK)
		note(tag, id, &tagged);
	talloc_free(scratch);
	return status;
}

static enum status update_one(struct tag *tag, const char *id)
{
	return outcome_update(
	        tag->ctx, tag->tagger.index, &tag->tagger.settings, tag->tagger.now, id);
}

static enum status remove_one(struct tag *tag, const char *id)
{
	struct mail *mail = index_find(tag->ctx, tag->tagger.index, id);
	enum status status = STATUS_OK;

	if (mail != NULL) {
		mail_put_tag(mail, tag->remove_tag, false);
		status = mail_status(mail);
	}
	talloc_free(mail);
	return status;
}

/* The work in its order: mails to judge, reports to tie, mails of the user's, then the tag to take
 * off. */
static enum status do_piece(struct tag *tag, size_t i)
{
	const struct selection *selection = &tag->selection;

	if (i < selection->suspects.count)
		return judge_one(tag, selection->suspects.list[i]);
	i -= selection->suspects.count;
	if (i < selection->reports.count)
		return link_one(tag, selection->reports.list[i]);
	i -= selection->reports.count;
	if (i < selection->originals.count)
		return update_one(tag, selection->originals.list[i]);
	return remove_one(tag, selection->seen.list[i - selection->originals.count]);
}

static size_t pieces(const struct tag *tag)
{
	const struct selection *selection = &tag->selection;

	return selection->suspects.count + selection->reports.count + selection->originals.count +
	       selection->seen.count;
}

/* The mails that what was judged and tied is about: within the same section, so that none knows of
 * a report that is not there, or the other way round. */
static enum status update_due(struct tag *tag)
{
	enum status status = STATUS_OK;
	size_t i;

	ids_sort(&tag->tagger.originals);
	for (i = 0; status == STATUS_OK && i < tag->tagger.originals.count; i++)
		status = update_one(tag, tag->tagger.originals.list[i]);
	tag->tagger.originals = (struct ids){NULL, 0};
	return status;
}

/* The first batch finds the index as look() left it. */
static enum status batch_open(struct tag *tag)
{
	enum status status = STATUS_OK;

	if (tag->tagger.index == NULL)
		status = cmd_index_open(tag->ctx, "tag", tag->mode, &tag->tagger.index);
	return status == STATUS_OK
	               ? cmd_index_write("tag", tag->tagger.index, &tag->tagger.settings)
	               : status;
}

static enum status do_batch(struct tag *tag, size_t from, size_t to)
{
	enum status status = batch_open(tag), closed;
	size_t i;

	if (status != STATUS_OK)
		return status;
	status = index_begin(tag->tagger.index);
	for (i = from; status == STATUS_OK && i < to && i < pieces(tag); i++)
		status = do_piece(tag, i);
	if (status == STATUS_OK)
		status = update_due(tag);
	if (status == STATUS_OK)
		status = index_end(tag->tagger.index);
	closed = index_close(tag->tagger.index);
	tag->tagger.index = NULL;
	status = status == STATUS_OK ? closed : status;
	if (status == STATUS_IO)
		cmd_say("tag: the index can't be written");
	cmd_say_problems(tag->problems);
	return status;
}

static enum status do_all(struct tag *tag)
{
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; status == STATUS_OK && i < pieces(tag); i += BATCH) {
		if (i > 0)
			cmd_progress(
			        "%zu of %zu mails, %zu/s", i, pieces(tag), cmd_progress_rate(i));
		status = do_batch(tag, i, i + BATCH);
	}
	cmd_progress_clear();
	return status;
}

static char *number(const void *ctx, size_t value)
{
	return talloc_asprintf(ctx, "%zu", value);
}

static enum status tell(const struct tag *tag)
{
	const void *ctx = tag->ctx;
	struct wording *wording;
	char *done;
	enum status status = cmd_wording(
	        ctx, "tag", NULL, tag->tagger.settings.language, tag->problems, &wording);

	if (status != STATUS_OK || tag->new + tag->moved + tag->linked == 0)
		return status == STATUS_OK && tag->diff[0] != '\0' ? cmd_print(tag->diff) : status;
	done = wording_say(ctx, wording, "tag-done",
	        WORDING_VALUES({"new", number(ctx, tag->new)}, {"moved", number(ctx, tag->moved)},
	                {"linked", number(ctx, tag->linked)}));
	if (tag->dry_run)
		done = wording_say(ctx, wording, "tag-dry-run", WORDING_VALUES({"done", done}));
	return cmd_print(talloc_asprintf(ctx, "%s%s\n", tag->diff, done));
}

/* Once through the index, as it is when this begins. */
static enum status look_once(struct tag *tag, bool *again)
{
	size_t known = tag->problems->count;
	enum status status = cmd_index_open(tag->ctx, "tag", tag->mode, &tag->tagger.index);

	*again = false;
	if (status != STATUS_OK)
		return status;
	tag->tagger.settings = settings_read(tag->ctx, tag->tagger.index, tag->problems);
	if (tag->problems->count > known)
		status = STATUS_BAD_RULES;
	else
		status = select_mails(tag->ctx, &tag->tagger, tag->query, tag->remove_tag != NULL,
		        show_seen, &tag->selection);
	*again = status == STATUS_IO;
	if (status != STATUS_OK) {
		index_close(tag->tagger.index);
		tag->tagger.index = NULL;
	}
	return status;
}

/* Who reads an index while others write to it is told at times that it is gone: then from the
 * start. */
static enum status look(struct tag *tag)
{
	enum status status = STATUS_OK;
	bool again = true;
	int tries;

	for (tries = 0; again && tries < 3; tries++)
		status = look_once(tag, &again);
	if (again)
		cmd_say("tag: the index can't be searched for %s", tag->query);
	return status;
}

static enum status tag_run(struct call *call)
{
	struct tag *tag = call->options;
	enum status status;

	if (tag->all && call->arguments[0] != NULL) {
		cmd_say("tag --all takes no query");
		return STATUS_USAGE;
	}
	cmd_progress_begin();
	tag->ctx = tag->tagger.ctx = call->ctx;
	tag->diff = talloc_strdup(call->ctx, "");
	tag->mode = tag->dry_run ? INDEX_PRETEND : INDEX_READ;
	tag->query = cmd_query(call->ctx, call->arguments, tag->all ? "*" : "tag:new");
	tag->tagger.now = time(NULL);
	tag->problems = call->problems;
	tag->tagger.judge = call->judge;
	status = look(tag);
	cmd_say_problems(call->problems);
	if (status == STATUS_OK)
		status = do_all(tag);
	return status == STATUS_OK ? tell(tag) : status;
}

static const struct option options[] = {
        FLAG_OPTION("all", struct tag, all, "everything; without a query: what tag:new finds"),
        FLAG_OPTION("dry-run", struct tag, dry_run, "say what would change, and change nothing"),
        VALUE_OPTION("remove-tag", OPTION_VALUE, struct tag, remove_tag, "TAG",
                "take this tag (new) off all mails that were looked at"),
        NO_OPTION,
};

const struct command command_tag = {
        .name = "tag",
        .arguments = "[OPTION]... [QUERY]...",
        .summary = "sort the bounces in the index, and tie them to their mails",
        .notes = "For notmuch's post-new hook. No tags are ever taken off but those that "
                 "notmuch-bounce set.",
        .options = options,
        .size = sizeof(struct tag),
        .needs = NEEDS_JUDGE,
        .run = tag_run,
};
