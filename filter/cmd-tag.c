/* notmuch bounce tag: sort the bounces among the mail that is in the index already. */
#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "cmd-index.h"
#include "cmd.h"
#include "fate.h"
#include "limits.h"
#include "resent.h"
#include "sweep.h"
#include "text.h"

/* Mails that are changed at once. As long as this takes nobody else can write. */
#define BATCH 200

struct tag {
	const void *ctx;
	struct sorter sorter;
	struct sweep sweep;
	struct problems *problems;
	bool dry_run, all, progress;
	enum index_mode mode;
	const char *remove_tag;
	time_t started;
	size_t done, bounces, new, moved, linked, answered;
	char *diff;
};

static void show_seen(size_t seen)
{
	fprintf(stderr, "\r%zu mails looked at", seen);
}

static void show_done(const struct tag *tag, bool ended)
{
	time_t taken = time(NULL) - tag->started;

	if (tag->progress && taken >= 1)
		fprintf(stderr, "\r%zu of %zu possible bounces, %zu/s%s", tag->done, tag->sweep.suspect_count,
		        tag->done / (size_t)taken, ended ? "\n" : "");
}

static void note(struct tag *tag, const struct mail *mail, const struct sorted *sorted)
{
	tag->done++;
	tag->bounces += sorted->is_bounce;
	tag->new += sorted->is_new;
	tag->moved += sorted->is_moved;
	tag->linked += sorted->is_linked;
	if (tag->dry_run && sorted->tags != NULL && sorted->tags[0] != '\0') {
		char *id = text_one_line(tag->ctx, mail_id(mail), strlen(mail_id(mail)), VALUE_MAX);

		tag->diff = talloc_asprintf_append_buffer(tag->diff, "%s %s\n", id != NULL ? id : "", sorted->tags);
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

static enum status answer_one(struct tag *tag, const struct reply *reply)
{
	tag->answered++;
	return fate_reply(tag->sorter.index, reply->sender, reply->time);
}

/* The work in its order: suspects, what was sent again, replies, then the tag to take off. Piece I of them. */
static enum status do_piece(struct tag *tag, size_t i)
{
	const struct sweep *sweep = &tag->sweep;

	if (i < sweep->suspect_count)
		return sort_one(tag, sweep->suspects[i]);
	i -= sweep->suspect_count;
	if (i < sweep->resent_count)
		return resent_confirm(tag->ctx, tag->sorter.index, sweep->resent[i]);
	i -= sweep->resent_count;
	return i < sweep->reply_count ? answer_one(tag, &sweep->replies[i])
	                              : remove_one(tag, sweep->seen[i - sweep->reply_count]);
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
	for (i = from; status == STATUS_OK && i < to; i++)
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
	const struct sweep *sweep = &tag->sweep;
	size_t count = sweep->suspect_count + sweep->resent_count + sweep->reply_count + sweep->seen_count, i;
	enum status status = STATUS_OK;

	for (i = 0; status == STATUS_OK && i < count; i += BATCH) {
		status = do_batch(tag, i, i + BATCH < count ? i + BATCH : count);
		show_done(tag, false);
	}
	show_done(tag, true);
	return status;
}

static enum status tell(const struct tag *tag)
{
	char *text = talloc_strdup(tag->ctx, tag->diff);

	if (tag->new + tag->moved + tag->linked > 0)
		text = talloc_asprintf_append_buffer(text,
		        "%s%zu new, %zu with other tags than before, %zu tied to a mail of yours\n",
		        tag->dry_run ? "would be: " : "", tag->new, tag->moved, tag->linked);
	return text != NULL && text[0] != '\0' ? cmd_print(text) : text != NULL ? STATUS_OK : STATUS_TRY_LATER;
}

/* Once through the index, as it is when this begins. */
static enum status look_once(struct tag *tag, const char *query, bool *again)
{
	bool wrong;
	enum status status = cmd_index_open(tag->ctx, "tag", tag->mode, &tag->sorter.index, &tag->sorter.settings, &wrong);

	*again = false;
	if (status != STATUS_OK)
		return status;
	if (wrong)
		status = STATUS_BAD_RULES;
	else
		status = sweep_index(
		        tag->ctx, &tag->sorter, query, tag->remove_tag != NULL, tag->progress ? show_seen : NULL, &tag->sweep);
	*again = status == STATUS_IO;
	if (status != STATUS_OK) {
		index_close(tag->sorter.index);
		tag->sorter.index = NULL;
	}
	return status;
}

/* Who reads an index while others write to it is told at times that it is gone: then from the start. */
static enum status look(struct tag *tag, const char *query)
{
	enum status status = STATUS_OK;
	bool again = true;
	int tries;

	for (tries = 0; again && tries < 3; tries++)
		status = look_once(tag, query, &again);
	if (again)
		cmd_say("tag: the index can't be searched for %s", query);
	if (tag->progress && tag->all)
		fputc('\n', stderr);
	return status;
}

static enum status tag_run(const void *ctx, char **arguments)
{
	struct tag tag = {.ctx = ctx, .started = time(NULL), .diff = talloc_strdup(ctx, "")};
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
	tag.progress = isatty(STDERR_FILENO);
	tag.sorter.now = time(NULL);
	tag.problems = problems_new(ctx);
	status = tag.problems != NULL ? judge_open(ctx, tag.problems, &tag.sorter.judge) : STATUS_TRY_LATER;
	if (status == STATUS_OK)
		status = look(&tag, cmd_query(ctx, arguments, tag.all ? "*" : "tag:new"));
	cmd_say_problems(tag.problems);
	if (status == STATUS_OK)
		status = do_all(&tag);
	return status == STATUS_OK ? tell(&tag) : status;
}

const struct command command_tag = {
        .name = "tag",
        .arguments = "[--dry-run] [--all] [--remove-tag=TAG] [QUERY]...",
        .summary = "sort the bounces in the notmuch index and tie them to the mail they are about",
        .help = "  --all              everything; without a query: what tag:new finds\n"
                "  --dry-run          say what would change, and change nothing\n"
                "  --remove-tag=new   take this tag off all mails that were looked at\n"
                "For notmuch's post-new hook. Only tags that were set by notmuch-bounce are ever taken off.\n",
        .run = tag_run,
};
