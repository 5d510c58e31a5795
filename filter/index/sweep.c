#include "index/sweep.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/list.h"
#include "index/fate.h"
#include "index/resent.h"
#include "mail/address.h"

/* How many days back bounces are looked for that nobody decided about. Once a run is that late, `tag --all` decides. */
#define DUE_DAYS 62

/* What only reports have in them. */
static const char reports[] = "mimetype:multipart/report or mimetype:message/delivery-status or "
                              "mimetype:message/global-delivery-status or mimetype:message/feedback-report or "
                              "mimetype:message/disposition-notification";

struct sweeping {
	const void *ctx;
	const struct sorter *sorter;
	struct sweep *sweep;
	bool everything, is_awaiting, is_wanting;
	void (*progress)(size_t seen);
	size_t seen;
};

static void add_suspect(struct sweeping *sweeping, struct mail *mail)
{
	list_add(sweeping->ctx, &sweeping->sweep->suspects, &sweeping->sweep->suspect_count, mail_id(mail));
}

/* All that the query finds are suspects. */
static bool see_suspect(void *argument, struct mail *mail)
{
	add_suspect(argument, mail);
	return true;
}

static void add_reply(struct sweeping *sweeping, struct mail *mail, const char *from)
{
	struct sweep *sweep = sweeping->sweep;

	if (!sweeping->is_awaiting || !fate_is_awaited(sweeping->sorter->index, from))
		return;
	sweep->replies = array_grow(sweeping->ctx, sweep->replies, struct reply, sweep->reply_count);
	sweep->replies[sweep->reply_count++] = (struct reply){talloc_strdup(sweep->replies, from), mail_date(mail)};
}

/* A mail of the user's turned up: a bounce may wait for it. */
static void add_wanting(struct sweeping *sweeping, struct mail *mail)
{
	char *digest;

	if (!sweeping->is_wanting)
		return;
	digest = address_digest(NULL, mail_id(mail));
	index_each(sweeping->sorter->index, talloc_asprintf(digest, "property:" SORT_WANTS "=%s", digest), see_suspect, sweeping);
	talloc_free(digest);
}

static bool see(void *argument, struct mail *mail)
{
	struct sweeping *sweeping = argument;
	struct sweep *sweep = sweeping->sweep;
	const char *from = mail_header(mail, "From");

	sweeping->seen++;
	if (sweeping->progress != NULL && sweeping->seen % 4096 == 0)
		sweeping->progress(sweeping->seen);
	if (sweeping->everything)
		list_add(sweeping->ctx, &sweep->seen, &sweep->seen_count, mail_id(mail));
	if (judge_is_suspect(sweeping->sorter->judge, from, mail_header(mail, "Subject")))
		add_suspect(sweeping, mail);
	else if (settings_is_own(&sweeping->sorter->settings, from))
		add_wanting(sweeping, mail);
	else
		add_reply(sweeping, mail, from);
	return true;
}

static bool see_reply(void *argument, struct mail *mail)
{
	struct sweeping *sweeping = argument;
	const char *from = mail_header(mail, "From");

	if (!judge_is_suspect(sweeping->sorter->judge, from, mail_header(mail, "Subject")) &&
	        !settings_is_own(&sweeping->sorter->settings, from))
		add_reply(sweeping, mail, from);
	return true;
}

/* The bounces whose day has come. */
static char *due_query(const void *ctx, time_t now)
{
	char *query = talloc_strdup(ctx, "");
	int days;

	for (days = 0; days < DUE_DAYS; days++)
		query = talloc_asprintf_append_buffer(
		        query, "%sproperty:" SORT_DUE "=%s", days > 0 ? " or " : "", sort_day(ctx, now, -days));
	return query;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A mail may be a suspect for several reasons. */
static void drop_doubles(struct sweep *sweep)
{
	size_t i, kept = 0;

	if (sweep->suspect_count > 0)
		qsort(sweep->suspects, sweep->suspect_count, sizeof *sweep->suspects, compare);
	for (i = 0; i < sweep->suspect_count; i++)
		if (kept == 0 || strcmp(sweep->suspects[kept - 1], sweep->suspects[i]) != 0)
			sweep->suspects[kept++] = sweep->suspects[i];
	sweep->suspect_count = kept;
}

/* By sender, the newest first. */
static int compare_replies(const void *a, const void *b)
{
	const struct reply *one = a, *other = b;
	int order = strcmp(one->sender, other->sender);

	return order != 0 ? order : (one->time < other->time) - (one->time > other->time);
}

/* Of each sender the newest will do. */
static void drop_older_replies(struct sweep *sweep)
{
	size_t i, kept = 0;

	if (sweep->reply_count > 0)
		qsort(sweep->replies, sweep->reply_count, sizeof *sweep->replies, compare_replies);
	for (i = 0; i < sweep->reply_count; i++)
		if (kept == 0 || strcmp(sweep->replies[kept - 1].sender, sweep->replies[i].sender) != 0)
			sweep->replies[kept++] = sweep->replies[i];
	sweep->reply_count = kept;
}

static bool is_awaiting(struct index *index)
{
	return index_count(index, "tag:undelivered or tag:delayed") > 0;
}

enum status sweep_index(const void *ctx, const struct sorter *sorter, const char *query, bool everything,
        void (*progress)(size_t seen), struct sweep *sweep)
{
	struct sweeping sweeping = {ctx, sorter, sweep, .everything = everything, .progress = progress};
	char *with_reports = talloc_asprintf(ctx, "(%s) and (%s)", query, reports);
	char *due = due_query(ctx, sorter->now);
	enum status status;

	*sweep = (struct sweep){0};
	sweeping.is_awaiting = is_awaiting(sorter->index);
	sweeping.is_wanting =
	        index_count(sorter->index, "property:bounce.genuine=unlinked or property:bounce.genuine=backscatter") > 0;
	status = index_each(sorter->index, query, see, &sweeping);
	if (status == STATUS_OK && sweeping.seen > 0)
		status = index_each(sorter->index, with_reports, see_suspect, &sweeping);
	if (status == STATUS_OK && sweeping.is_wanting)
		status = index_each(sorter->index, due, see_suspect, &sweeping);
	drop_doubles(sweep);
	drop_older_replies(sweep);
	sweep->resent = resent_find(ctx, sorter->index);
	sweep->resent_count = list_length(sweep->resent);
	return status;
}

enum status sweep_replies(const void *ctx, const struct sorter *sorter, const char *query, struct sweep *sweep)
{
	struct sweeping sweeping = {ctx, sorter, sweep, .is_awaiting = is_awaiting(sorter->index)};
	enum status status = STATUS_OK;

	sweep->reply_count = 0;
	if (sweeping.is_awaiting)
		status = index_each(sorter->index, query, see_reply, &sweeping);
	drop_older_replies(sweep);
	return status;
}
