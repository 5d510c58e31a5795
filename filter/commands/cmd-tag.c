/* notmuch bounce tag: sort the bounces among the mail that is in the index already. */
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

#include "base/limits.h"
#include "commands/cmd-index.h"
#include "commands/cmd-progress.h"
#include "commands/cmd.h"
#include "index/fate.h"
#include "index/resent.h"
#include "index/sweep.h"
#include "text/text.h"

/* Mails that are changed at once. As long as this takes nobody else can write. */
#define BATCH 200

struct tag {
	const void *ctx;
	struct sorter sorter;
	struct sweep sweep;
	struct problems *problems;
	bool dry_run, all;
	enum index_mode mode;
	const char *query, *remove_tag;
	size_t new, moved, linked;
	char *diff;
};

static void show_seen(size_t seen)
{
	cmd_progress("%zu mails looked at", seen);
}

static void note(struct tag *tag, const struct mail *mail, const struct sorted *sorted)
{
	tag->new += sorted->is_new;
	tag->moved += sorted->is_moved;
	tag->linked += sorted->is_linked;
	if (tag->dry_run && sorted->tags != NULL && sorted->tags[0] != '\0') {
		char *id = text_one_line(tag->ctx, mail_id(mail), strlen(mail_id(mail)), VALUE_MAX);

		tag->diff = talloc_asprintf_append_buffer(tag->diff, "%s %s\n", id, sorted->tags);
		talloc_free(id);
	}
}

static enum status sort_one(struct tag *tag, const char *id)
{
	void *scratch = talloc_new(tag->ctx);
	struct mail *mail = index_find(scratch, tag->sorter.index, id);
	struct sorted sorted;
	enum status status = STATUS_OK;

	if (mail != NULL) {
		status = sort_mail(scratch, &tag->sorter, mail, MARKS_AGAIN, &sorted);
		if (status == STATUS_OK)
			note(tag, mail, &sorted);
		talloc_free(mail);
	}
	talloc_free(scratch);
	return status;
}

static enum status remove_one(struct tag *tag, const char *id)
{
	struct mail *mail = index_find(tag->ctx, tag->sorter.index, id);
	enum status status = STATUS_OK;

	if (mail != NULL) {
		mail_remove_tag(mail, tag->remove_tag);
		status = mail_status(mail);
	}
	talloc_free(mail);
	return status;
}

/* A bounce and the reply that settles it may come in one run. */
static enum status look_for_replies(struct tag *tag)
{
	if (tag->dry_run || tag->linked + tag->moved == 0)
		return STATUS_OK;
	return sweep_replies(tag->ctx, &tag->sorter, tag->query, &tag->sweep);
}

/* The work in its order: suspects, what was sent again, a look for replies to those, the replies, then the tag to take off. Piece I of them. */
static enum status do_piece(struct tag *tag, size_t i)
{
	const struct sweep *sweep = &tag->sweep;

	if (i < sweep->suspect_count)
		return sort_one(tag, sweep->suspects[i]);
	i -= sweep->suspect_count;
	if (i < sweep->resent_count)
		return resent_confirm(tag->ctx, tag->sorter.index, sweep->resent[i]);
	i -= sweep->resent_count;
	if (i-- == 0)
		return look_for_replies(tag);
	return i < sweep->reply_count ? fate_reply(tag->sorter.index, sweep->replies[i].sender, sweep->replies[i].time)
	                              : remove_one(tag, sweep->seen[i - sweep->reply_count]);
}

/* How many pieces there are: the look for replies may find more, or less. */
static size_t pieces(const struct tag *tag)
{
	const struct sweep *sweep = &tag->sweep;
	size_t count = sweep->suspect_count + sweep->resent_count + sweep->reply_count + sweep->seen_count;

	return count > 0 ? count + 1 : 0;
}

/* The first batch finds the index as look() left it. */
static enum status batch_open(struct tag *tag)
{
	struct settings settings;
	enum status status = STATUS_OK;

	if (tag->sorter.index == NULL)
		status = cmd_index_open(tag->ctx, "tag", tag->mode, &tag->sorter.index, &settings, NULL);
	return status == STATUS_OK ? cmd_index_write("tag", tag->sorter.index, &tag->sorter.settings) : status;
}

static enum status do_batch(struct tag *tag, size_t from, size_t to)
{
	enum status status = batch_open(tag), closed;
	size_t i;

	if (status != STATUS_OK)
		return status;
	status = index_begin(tag->sorter.index);
	for (i = from; status == STATUS_OK && i < to && i < pieces(tag); i++)
		status = do_piece(tag, i);
	if (status == STATUS_OK)
		status = index_end(tag->sorter.index);
	closed = index_close(tag->sorter.index);
	tag->sorter.index = NULL;
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
			cmd_progress("%zu of %zu mails, %zu/s", i, pieces(tag), cmd_progress_rate(i));
		status = do_batch(tag, i, i + BATCH);
	}
	cmd_progress_clear();
	return status;
}

static enum status tell(const struct tag *tag)
{
	char *text = talloc_strdup(tag->ctx, tag->diff);

	if (tag->new + tag->moved + tag->linked > 0)
		text = talloc_asprintf_append_buffer(text,
		        "%s%zu new, %zu with other tags than before, %zu tied to a mail of yours\n",
		        tag->dry_run ? "would be: " : "", tag->new, tag->moved, tag->linked);
	return text[0] != '\0' ? cmd_print(text) : STATUS_OK;
}

/* Once through the index, as it is when this begins. */
static enum status look_once(struct tag *tag, bool *again)
{
	bool wrong;
	enum status status = cmd_index_open(tag->ctx, "tag", tag->mode, &tag->sorter.index, &tag->sorter.settings, &wrong);

	*again = false;
	if (status != STATUS_OK)
		return status;
	if (wrong)
		status = STATUS_BAD_RULES;
	else
		status = sweep_index(tag->ctx, &tag->sorter, tag->query, tag->remove_tag != NULL, show_seen, &tag->sweep);
	*again = status == STATUS_IO;
	if (status != STATUS_OK) {
		index_close(tag->sorter.index);
		tag->sorter.index = NULL;
	}
	return status;
}

/* Who reads an index while others write to it is told at times that it is gone: then from the start. */
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

static enum status tag_run(const void *ctx, char **arguments)
{
	struct tag tag = {.ctx = ctx, .diff = talloc_strdup(ctx, "")};
	const struct option options[] = {
	        {.name = "dry-run", .flag = &tag.dry_run},
	        {.name = "all", .flag = &tag.all},
	        {.name = "remove-tag", .value = &tag.remove_tag},
	        {.name = NULL},
	};
	enum status status = cmd_options("tag", arguments, options);

	if (status == STATUS_OK && tag.all && arguments[0] != NULL) {
		cmd_say("tag --all takes no query");
		status = STATUS_USAGE;
	}
	if (status != STATUS_OK)
		return status;
	tag.mode = tag.dry_run ? INDEX_PRETEND : INDEX_READ;
	cmd_progress_begin();
	tag.query = cmd_query(ctx, arguments, tag.all ? "*" : "tag:new");
	tag.sorter.now = time(NULL);
	tag.problems = problems_new(ctx);
	tag.sorter.judge = judge_open(ctx, tag.problems);
	status = look(&tag);
	cmd_say_problems(tag.problems);
	if (status == STATUS_OK)
		status = do_all(&tag);
	return status == STATUS_OK ? tell(&tag) : status;
}

const struct command command_tag = {
        .name = "tag",
        .arguments = "[--dry-run] [--all] [--remove-tag=TAG] [QUERY]...",
        .summary = "sort the bounces in the index, and tie them to their mails",
        .help = "  --all              everything; without a query: what tag:new finds\n"
                "  --dry-run          say what would change, and change nothing\n"
                "  --remove-tag=new   take this tag off all mails that were looked at\n"
                "For notmuch's post-new hook. No tags are ever taken off but those that\n"
                "notmuch-bounce set.\n",
        .run = tag_run,
};
