#include "after/standing.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "index/history.h"
#include "index/link.h"
#include "index/properties.h"
#include "index/testimony.h"
#include "mail/address.h"

/* So many failures that may pass, over so long, are no accident. */
#define FAILING_TIMES 3
#define FAILING_SECONDS (14 * 24 * 60 * 60)

static const char *const names[STANDING_COUNT] = {
        "dead", "failing", "refused", "failed", "alive", "silent"};

const char *standing_name(enum standing_kind kind)
{
	return names[kind];
}

/* What is known of an address while reports are read. */
struct record {
	struct standing standing;
	size_t passing; /* failures that may pass, */
	time_t passing_first;
	time_t succeeded; /* the newest report of success */
};

struct gathering {
	const void *ctx;
	GHashTable *records; /* by the address in lower case */
	const char *only;    /* this address; NULL: all */
	time_t since;
	bool unverified;
};

/* Whether REASON says something of the sender, its servers or the mail, and nothing of the
 * address. */
static bool is_refusal(enum reason reason)
{
	switch (reason) {
	case REASON_SENDER_REJECTED:
	case REASON_SPAM:
	case REASON_VIRUS:
	case REASON_BLOCKED:
	case REASON_AUTH_FAILURE:
	case REASON_POLICY:
	case REASON_CONTENT:
	case REASON_TOO_LARGE:
	case REASON_RELAY_DENIED:
	case REASON_SENDER_SUSPENDED: return true;
	default: return false;
	}
}

static struct record *record_of(struct gathering *gathering, const char *address)
{
	char *key = g_ascii_strdown(address, -1);
	struct record *record = g_hash_table_lookup(gathering->records, key);

	if (record == NULL) {
		record = talloc_zero(gathering->ctx, struct record);
		record->standing.address = talloc_strdup(gathering->ctx, address);
		record->standing.reason = REASON_COUNT;
		g_hash_table_insert(gathering->records, key, record);
	} else
		g_free(key);
	return record;
}

static void note_failure(struct record *record, enum reason reason, time_t time, bool genuine)
{
	struct standing *standing = &record->standing;

	if (standing->failures > 0 && genuine != standing->genuine) {
		if (!genuine)
			return;
		standing->failures = record->passing = 0;
	}
	if (standing->failures++ == 0) {
		standing->genuine = genuine;
		standing->first = standing->last = time;
		standing->reason = reason;
	}
	if (time >= standing->last) {
		standing->last = time;
		standing->reason = reason;
	}
	if (time < standing->first)
		standing->first = time;
	if (reason_is_permanent(reason))
		return;
	if (record->passing++ == 0 || time < record->passing_first)
		record->passing_first = time;
}

/* What a report says of ADDRESS, which it names. */
static void note_address(struct gathering *gathering, const struct testimony *testimony,
        const char *address, bool genuine)
{
	char *digest = address_digest(NULL, address);
	struct said said;
	size_t i;

	for (i = 0; testimony->says[i] != NULL; i++) {
		if (!said_read(testimony->says[i], &said) || strcmp(said.address, digest) != 0)
			continue;
		if (said.action == ACTION_FAILED && said.reason < REASON_COUNT &&
		        testimony->time >= gathering->since)
			note_failure(record_of(gathering, address), said.reason, testimony->time,
			        genuine);
		else if (said.action == ACTION_DELIVERED && genuine &&
		         testimony->time > record_of(gathering, address)->succeeded)
			record_of(gathering, address)->succeeded = testimony->time;
	}
	talloc_free(digest);
}

static bool note_report(void *argument, struct mail *report)
{
	struct gathering *gathering = argument;
	void *scratch = talloc_new(gathering->ctx);
	bool is_genuine = link_is(report, GENUINE_LINKED);
	const struct testimony testimony = testimony_read(scratch, report);
	char **addresses = mail_values(scratch, report, PROPERTY_RECIPIENT);
	size_t i;

	for (i = 0; addresses[i] != NULL && (is_genuine || gathering->unverified); i++)
		if (address_is_complete(addresses[i]) &&
		        (gathering->only == NULL || address_equal(gathering->only, addresses[i])))
			note_address(gathering, &testimony, addresses[i], is_genuine);
	talloc_free(scratch);
	return true;
}

/* What RECORD comes to, with the signs of life that the index has. */
static void decide(struct record *record, struct index *index)
{
	struct standing *standing = &record->standing;
	time_t from = standing->failures > 0 ? history_last_from(index, standing->address) : 0;

	standing->alive = from > record->succeeded ? from : record->succeeded;
	if (standing->alive <= standing->last)
		standing->alive = 0;
	if (standing->alive != 0)
		standing->kind = STANDING_ALIVE;
	else if (reason_is_gone(standing->reason))
		standing->kind = STANDING_DEAD;
	else if (record->passing >= FAILING_TIMES &&
	         standing->last - record->passing_first >= FAILING_SECONDS)
		standing->kind = STANDING_FAILING;
	else
		standing->kind = is_refusal(standing->reason) ? STANDING_REFUSED : STANDING_FAILED;
}

static int compare(const void *a, const void *b)
{
	const struct standing *first = a, *second = b;

	if (first->kind != second->kind)
		return first->kind < second->kind ? -1 : 1;
	if (first->last != second->last)
		return first->last < second->last ? 1 : -1;
	return strcmp(first->address, second->address);
}

/* The addresses of which there is a failure or a silence. */
static struct standing *list_records(struct gathering *gathering, size_t *count)
{
	struct standing *list = array_new(
	        gathering->ctx, struct standing, g_hash_table_size(gathering->records) + 1);
	GHashTableIter iterator;
	gpointer value;

	*count = 0;
	g_hash_table_iter_init(&iterator, gathering->records);
	while (g_hash_table_iter_next(&iterator, NULL, &value)) {
		const struct record *record = value;

		if (record->standing.failures > 0)
			list[(*count)++] = record->standing;
	}
	return list;
}

static struct standing *decide_all(struct gathering *gathering, struct index *index, size_t *count)
{
	GHashTableIter iterator;
	struct standing *list;
	gpointer record;

	g_hash_table_iter_init(&iterator, gathering->records);
	while (g_hash_table_iter_next(&iterator, NULL, &record))
		decide(record, index);
	list = list_records(gathering, count);
	qsort(list, *count, sizeof *list, compare);
	return list;
}

struct standing *standings_read(const void *ctx, struct index *index, const char *query,
        time_t since, bool unverified, size_t *count)
{
	struct gathering gathering = {ctx,
	        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), NULL, since,
	        unverified};
	char *reports = talloc_asprintf(ctx, "property:" PROPERTY_IS "=" IS_REPORT "%s%s%s",
	        query != NULL ? " and (" : "", query != NULL ? query : "",
	        query != NULL ? ")" : "");
	struct standing *list = NULL;

	if (index_each(index, reports, note_report, &gathering) == STATUS_OK)
		list = decide_all(&gathering, index, count);
	g_hash_table_destroy(gathering.records);
	return list;
}

static int compare_first(const void *a, const void *b)
{
	const struct standing *first = a, *second = b;

	if (first->first != second->first)
		return first->first < second->first ? -1 : 1;
	return strcmp(first->address, second->address);
}

static void note_silence(struct gathering *gathering, const struct silent_recipient *recipient)
{
	struct standing *standing = &record_of(gathering, recipient->address)->standing;

	if (standing->failures++ == 0)
		standing->first = standing->last = recipient->date;
	if (recipient->date < standing->first)
		standing->first = recipient->date;
	if (recipient->date >= standing->last) {
		standing->last = recipient->date;
		standing->silence = recipient->kind;
	}
	standing->kind = STANDING_SILENT;
	standing->genuine = true;
}

struct standing *standings_silent(const void *ctx, struct index *index,
        const struct settings *settings, const char *query, time_t start, time_t end, size_t *count)
{
	struct gathering gathering = {.ctx = ctx,
	        .records = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
	size_t mails, i, j;
	struct silence *silences = silences_read(ctx, index, settings, query, start, end, &mails);
	struct standing *list = NULL;

	for (i = 0; silences != NULL && i < mails; i++)
		for (j = 0; j < silences[i].silent; j++)
			note_silence(&gathering, &silences[i].recipients[j]);
	if (silences != NULL) {
		list = list_records(&gathering, count);
		qsort(list, *count, sizeof *list, compare_first);
	}
	g_hash_table_destroy(gathering.records);
	return list;
}

struct standing standing_of(const void *ctx, struct index *index, const char *address)
{
	struct gathering gathering = {ctx,
	        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), address, 0, false};
	char *reports = talloc_asprintf(
	        ctx, "property:" PROPERTY_FAILED "=%s", address_digest(ctx, address));
	struct standing standing = {.failures = 0}, *list;
	size_t count = 0;

	if (index_each(index, reports, note_report, &gathering) == STATUS_OK) {
		list = decide_all(&gathering, index, &count);
		if (count == 1)
			standing = list[0];
	}
	g_hash_table_destroy(gathering.records);
	return standing;
}
