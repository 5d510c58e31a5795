#include "index/select.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "base/list.h"
#include "index/link.h"
#include "index/properties.h"
#include "mail/address.h"

/* How many days back reports are looked for that nobody decided about. Once a run is that late, `tag --all` decides. */
#define DUE_DAYS 62

/* Reports with the tag `bounce/handled` whose mails are looked at in each run, the newest; `tag --all` looks at all. */
#define HANDLED_MAX 100

/* What only reports have in them. */
static const char reports[] = "mimetype:multipart/report or mimetype:message/delivery-status or "
                              "mimetype:message/global-delivery-status or mimetype:message/feedback-report or "
                              "mimetype:message/disposition-notification or property:" PROPERTY_IS "=" IS_REPORT;

struct selecting {
	const void *ctx;
	const struct tagger *tagger;
	struct selection *selection;
	bool everything, is_awaited;
	GHashTable *waiting; /* digest of an address: ids of mails that wait for a sign of life from there, a char ** */
	void (*progress)(size_t seen);
	size_t seen;
};

static void add_original(const struct selecting *selecting, const char *id)
{
	list_add(selecting->ctx, &selecting->selection->originals, &selecting->selection->original_count, id);
}

static bool see_suspect(void *argument, struct mail *mail)
{
	struct selecting *selecting = argument;

	list_add(selecting->ctx, &selecting->selection->suspects, &selecting->selection->suspect_count, mail_id(mail));
	return true;
}

static bool see_report(void *argument, struct mail *mail)
{
	struct selecting *selecting = argument;

	list_add(selecting->ctx, &selecting->selection->reports, &selecting->selection->report_count, mail_id(mail));
	return true;
}

static bool see_original(void *argument, struct mail *mail)
{
	struct selecting *selecting = argument;

	add_original(selecting, mail_id(mail));
	return true;
}

/* -- signs of life */

struct waiting {
	char **ids;
	size_t count;
};

static bool see_waiting(void *argument, struct mail *mail)
{
	struct selecting *selecting = argument;
	char **digests = mail_values(selecting->ctx, mail, PROPERTY_WAITS);
	size_t i;

	for (i = 0; digests[i] != NULL; i++) {
		struct waiting *waiting = g_hash_table_lookup(selecting->waiting, digests[i]);

		if (waiting == NULL) {
			waiting = talloc_zero(digests, struct waiting);
			g_hash_table_insert(selecting->waiting, digests[i], waiting);
		}
		list_add(waiting, &waiting->ids, &waiting->count, mail_id(mail));
	}
	return true;
}

static void note_address(struct selecting *selecting, const char *address)
{
	char *digest = address_digest(NULL, address);
	struct waiting *waiting = g_hash_table_lookup(selecting->waiting, digest);
	size_t i;

	for (i = 0; waiting != NULL && i < waiting->count; i++)
		add_original(selecting, waiting->ids[i]);
	if (waiting != NULL)
		waiting->count = 0; /* once will do */
	talloc_free(digest);
}

/* Whose mail FROM, as the index has it, may be: each word with an @ in it. Decided is that by its file, when what became of those who wait is worked out. */
static void add_waiting(struct selecting *selecting, const char *from)
{
	static const char around[] = " \t<>,;:()";
	char address[ADDRESS_MAX + 1];
	const char *at, *start, *end;

	for (at = strchr(from, '@'); at != NULL; at = strchr(end, '@')) {
		for (start = at; start > from && strchr(around, start[-1]) == NULL; start--)
			continue;
		end = at + 1 + strcspn(at + 1, around);
		if ((size_t)(end - start) >= sizeof address)
			continue;
		memcpy(address, start, (size_t)(end - start));
		address[end - start] = '\0';
		note_address(selecting, address);
	}
}

static bool see(void *argument, struct mail *mail)
{
	struct selecting *selecting = argument;
	struct selection *selection = selecting->selection;
	const char *from = mail_header(mail, "From");

	selecting->seen++;
	if (selecting->progress != NULL && selecting->seen % 4096 == 0)
		selecting->progress(selecting->seen);
	if (selecting->everything)
		list_add(selecting->ctx, &selection->seen, &selection->seen_count, mail_id(mail));
	if (judge_is_suspect(selecting->tagger->judge, from, mail_header(mail, "Subject")))
		see_suspect(selecting, mail);
	if (g_hash_table_size(selecting->waiting) > 0)
		add_waiting(selecting, from);
	return !selecting->is_awaited || tagger_awaited(selecting->ctx, selecting->tagger, mail, &selection->reports,
	                                         &selection->report_count) == STATUS_OK;
}

/* A look for reports that the user tagged as dealt with, in a mail program. */
struct handled {
	const struct selecting *selecting;
	unsigned seen;
};

static bool see_handled(void *argument, struct mail *report)
{
	struct handled *handled = argument;
	void *scratch = talloc_new(NULL);
	struct mail *original = index_find(scratch, handled->selecting->tagger->index, mail_value(scratch, report, PROPERTY_OF));

	if (original != NULL && (mail_has_tag(original, TAG_UNDELIVERED) || mail_has_tag(original, TAG_DELAYED)))
		add_original(handled->selecting, mail_id(original));
	talloc_free(scratch);
	return ++handled->seen < HANDLED_MAX;
}

static enum status select_handled(const struct selecting *selecting)
{
	struct handled handled = {.selecting = selecting};

	return index_each(selecting->tagger->index, "tag:" TAG_HANDLED " and property:" PROPERTY_IS "=" IS_REPORT, see_handled, &handled);
}

/* The reports whose day has come. */
static char *due_query(const void *ctx, time_t now)
{
	char *query = talloc_strdup(ctx, "");
	int days;

	for (days = 0; days < DUE_DAYS; days++)
		query = talloc_asprintf_append_buffer(
		        query, "%sproperty:" PROPERTY_DUE "=%s", days > 0 ? " or " : "", link_day(query, now, -days));
	return query;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t select_once(char **list, size_t count)
{
	size_t i, kept = 0;

	if (count > 0)
		qsort(list, count, sizeof *list, compare);
	for (i = 0; i < count; i++)
		if (kept == 0 || strcmp(list[kept - 1], list[i]) != 0)
			list[kept++] = list[i];
	if (list != NULL)
		list[kept] = NULL;
	return kept;
}

/* notmuch takes a star for all mail only where it stands alone. */
static bool is_everything(const char *query)
{
	return strcmp(query, "*") == 0;
}

/* Each of the queries that are asked besides, about WHAT QUERY finds. */
static enum status each_of(struct selecting *selecting, const char *query, const char *what, bool (*each)(void *argument, struct mail *mail))
{
	if (!is_everything(query))
		what = talloc_asprintf(selecting->ctx, "(%s) and (%s)", query, what);
	return index_each(selecting->tagger->index, what, each, selecting);
}

static enum status select_all(struct selecting *selecting, const char *query)
{
	struct index *index = selecting->tagger->index;
	enum status status;

	/* Reports that are not judged in this run anyway: mail that turns up may be theirs. */
	selecting->is_awaited = !is_everything(query) &&
	        index_count(index, talloc_asprintf(selecting->ctx, "property:" PROPERTY_IS "=" IS_REPORT " and not (%s)", query)) > 0;
	status = index_each(index, "property:" PROPERTY_IS "=" IS_WAITING, see_waiting, selecting);
	if (status == STATUS_OK)
		status = index_each(index, query, see, selecting);
	if (status != STATUS_OK || selecting->seen == 0)
		return status;
	status = each_of(selecting, query, reports, see_suspect);
	if (status == STATUS_OK)
		status = each_of(selecting, query, "property:" PROPERTY_IS "=" IS_ORIGINAL, see_original);
	return status;
}

enum status select_mails(const void *ctx, const struct tagger *tagger, const char *query, bool everything,
        void (*progress)(size_t seen), struct selection *selection)
{
	struct selecting selecting = {ctx, tagger, selection, .everything = everything, .progress = progress};
	enum status status;

	*selection = (struct selection){.suspects = NULL};
	selecting.waiting = g_hash_table_new(g_str_hash, g_str_equal);
	status = select_all(&selecting, query);
	if (status == STATUS_OK && index_count(tagger->index, "property:" PROPERTY_GENUINE "=unlinked") > 0)
		status = index_each(tagger->index, due_query(ctx, tagger->now), see_report, &selecting);
	if (status == STATUS_OK)
		status = select_handled(&selecting);
	g_hash_table_destroy(selecting.waiting);
	selection->suspect_count = select_once(selection->suspects, selection->suspect_count);
	selection->report_count = select_once(selection->reports, selection->report_count);
	selection->original_count = select_once(selection->originals, selection->original_count);
	return status;
}
