#include "after/standing.h"

#include <glib.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/list.h"
#include "index/link.h"
#include "mail/address.h"

/* An address is failing after so many temporary failures over so many seconds. */
#define FAILING_TIMES 3
#define FAILING_SECONDS (14 * DAY)

const char *const standing_names[STANDING_COUNT] = {
        "dead", "ask", "failing", "refused", "failed", "alive", "silent"};

/* The reasons that are about the sender, its servers or the mail, not about the address. */
static const bool is_refusal[REASON_COUNT] = {
        [REASON_SENDER_REJECTED] = true,
        [REASON_SPAM] = true,
        [REASON_VIRUS] = true,
        [REASON_BLOCKED] = true,
        [REASON_AUTH_FAILURE] = true,
        [REASON_POLICY] = true,
        [REASON_CONTENT] = true,
        [REASON_TOO_LARGE] = true,
        [REASON_RELAY_DENIED] = true,
        [REASON_SENDER_SUSPENDED] = true,
};

struct gathering {
	const void *ctx;
	struct wording *wording;
	GHashTable *standings; /* by the digests of their addresses */
	const char *only;      /* count failures of this address only; NULL: of all */
	time_t since;
	bool unverified;
};

static struct standing *standing_of(struct gathering *gathering, const char *address)
{
	char *key = address_digest(gathering->ctx, address);
	struct standing *standing = g_hash_table_lookup(gathering->standings, key);

	if (standing != NULL) {
		talloc_free(key);
		return standing;
	}
	standing = talloc_zero(gathering->ctx, struct standing);
	standing->address = talloc_strdup(standing, address);
	standing->reason = REASON_COUNT;
	g_hash_table_insert(gathering->standings, key, standing);
	return standing;
}

/* Counts a failure, or a mail without an answer, of TIME. Returns whether it is the newest so
 * far. */
static bool standing_note(struct standing *standing, time_t time)
{
	if (standing->failures++ == 0)
		standing->first = standing->last = time;
	if (time < standing->first)
		standing->first = time;
	if (time < standing->last)
		return false;
	standing->last = time;
	return true;
}

static void note_failure(struct standing *standing, enum reason reason, time_t time, bool genuine)
{
	if (standing->failures > 0 && genuine != standing->genuine) {
		if (!genuine)
			return;
		standing->failures = standing->passing = 0;
	}
	standing->genuine = genuine;
	if (standing_note(standing, time))
		standing->reason = reason;
	if (!reason_is_permanent(reason) &&
	        (standing->passing++ == 0 || time < standing->passing_first))
		standing->passing_first = time;
}

/* Counts what a report of TIME says about ADDRESS: SAID. */
static void note_said(struct gathering *gathering, const struct said *said, const char *address,
        time_t time, bool genuine)
{
	if (said->action == ACTION_FAILED && said->reason < REASON_COUNT &&
	        time >= gathering->since)
		note_failure(standing_of(gathering, address), said->reason, time, genuine);
	else if (said->action == ACTION_DELIVERED && genuine) {
		struct standing *standing = standing_of(gathering, address);

		standing->alive = MAX(standing->alive, time);
	}
}

/* Returns the user's mail that REPORT is about; without recipients if it is not known. */
static struct sent sent_of(struct mail *report)
{
	struct mail *original = link_is(report, GENUINE_LINKED)
	                                ? index_find(report, mail_index(report),
	                                          mail_value(report, report, PROPERTY_OF))
	                                : NULL;

	return original != NULL ? sent_read(report, original) : (struct sent){.count = 0};
}

/* Counts what REPORT says. A report is linked if the user's mail went to any of its recipients;
 * what it says about others, and about forwarding, may be forged. So the mail is read to see which
 * recipients it has, unless the report is about one recipient and tells of no forwarding. */
static void note_report(struct gathering *gathering, struct mail *report)
{
	const struct testimony testimony = testimony_read(report, report);
	char **says = testimony.says;
	bool is_one = list_length(says) == 1 && said_read(says[0]).typed[0] == '\0',
	     is_sure = is_one && link_is(report, GENUINE_LINKED);
	struct sent sent = is_one ? (struct sent){.count = 0} : sent_of(report);
	g_autoptr(GHashTable) addresses = g_hash_table_new(g_str_hash, g_str_equal);

	for (char **address = testimony.addresses; *address != NULL; address++)
		if (address_is_complete(*address) &&
		        (gathering->only == NULL || address_equal(gathering->only, *address)))
			g_hash_table_insert(addresses, address_digest(report, *address), *address);
	for (; *says != NULL; says++) {
		const struct said said = said_read(*says);
		const char *address = g_hash_table_lookup(addresses, said.address);
		bool is_genuine = is_sure || sent_recipient(&sent, said.address) != NULL;

		if (address != NULL && (is_genuine || gathering->unverified))
			note_said(gathering, &said, address, testimony.time, is_genuine);
	}
}

/* Sets the kind of STANDING, by its failures and by the mail in INDEX that came from it. */
static void standing_decide(struct standing *standing, struct index *index, struct wording *wording)
{
	time_t from = mail_last_from(index, standing->address, 0, false);

	standing->alive = MAX(standing->alive, from);
	if (standing->alive <= standing->last)
		standing->alive = 0;
	if (standing->alive != 0)
		standing->kind = STANDING_ALIVE;
	else if (reason_is_gone(standing->reason))
		standing->kind = wording_is_gone(wording, standing->reason, standing->address)
		                         ? STANDING_DEAD
		                         : STANDING_ASK;
	else if (standing->passing >= FAILING_TIMES &&
	         standing->last - standing->passing_first >= FAILING_SECONDS)
		standing->kind = STANDING_FAILING;
	else
		standing->kind = is_refusal[standing->reason] ? STANDING_REFUSED : STANDING_FAILED;
}

static int standing_compare(const void *a, const void *b)
{
	const struct standing *first = *(struct standing *const *)a,
	                      *second = *(struct standing *const *)b;

	if (first->kind != second->kind)
		return first->kind < second->kind ? -1 : 1;
	if (first->kind == STANDING_SILENT && first->first != second->first)
		return first->first < second->first ? -1 : 1;
	if (first->kind != STANDING_SILENT && first->last != second->last)
		return first->last < second->last ? 1 : -1;
	return strcmp(first->address, second->address);
}

/* Adds the addresses that failed or are silent to LIST, and frees the table of them. Decides their
 * kinds by INDEX; NULL: they are decided. */
static void list_them(struct gathering *gathering, struct index *index, struct standings *list)
{
	size_t before = list->count;
	GHashTableIter iterator;
	gpointer standing;

	list->list = talloc_realloc(gathering->ctx, list->list, struct standing *,
	        (unsigned)(before + g_hash_table_size(gathering->standings) + 1));
	g_hash_table_iter_init(&iterator, gathering->standings);
	while (g_hash_table_iter_next(&iterator, NULL, &standing)) {
		if (((struct standing *)standing)->failures == 0)
			continue;
		if (index != NULL)
			standing_decide(standing, index, gathering->wording);
		list->list[list->count++] = standing;
	}
	qsort(list->list + before, list->count - before, sizeof *list->list, standing_compare);
	g_hash_table_destroy(gathering->standings);
}

/* Adds to LIST the addresses in the reports that the query REPORTS finds. */
static bool gathering_read(struct gathering *gathering, struct index *index, const char *reports,
        struct standings *list)
{
	SCOPED struct found *found = index_search(NULL, index, reports, ALL_MAILS);

	if (found == NULL)
		return false;
	gathering->standings = g_hash_table_new(g_str_hash, g_str_equal);
	for (struct mail *report; (report = found_next(found)) != NULL;)
		note_report(gathering, report);
	list_them(gathering, index, list);
	return true;
}

bool standings_read(const void *ctx, struct index *index, struct wording *wording,
        const char *query, time_t since, bool unverified, struct standings *list)
{
	struct gathering gathering = {
	        .ctx = ctx, .wording = wording, .since = since, .unverified = unverified};
	const char *reports = "property:" PROPERTY_IS "=" IS_REPORT;

	if (query != NULL)
		reports = talloc_asprintf(ctx, "%s and (%s)", reports, query);
	return gathering_read(&gathering, index, reports, list);
}

bool standings_silent(const void *ctx, struct index *index, const char *query, time_t start,
        time_t end, struct standings *list)
{
	struct gathering gathering = {
	        .ctx = ctx, .standings = g_hash_table_new(g_str_hash, g_str_equal)};
	struct silences silences;
	bool is_read = silences_read(ctx, index, query, start, end, &silences);

	for (size_t i = 0; is_read && i < silences.count; i++)
		for (size_t j = 0; j < silences.list[i].silent; j++) {
			const struct silent_recipient *recipient = &silences.list[i].recipients[j];
			struct standing *standing = standing_of(&gathering, recipient->address);

			standing->kind = STANDING_SILENT;
			standing->genuine = true;
			if (standing_note(standing, recipient->date))
				standing->silence = recipient->kind;
		}
	list_them(&gathering, NULL, list);
	return is_read;
}

const struct standing *standing_dead(
        const void *ctx, struct index *index, struct wording *wording, const char *address)
{
	struct gathering gathering = {.ctx = ctx, .wording = wording, .only = address};
	struct standings found = {NULL, 0};
	char *reports = talloc_asprintf(
	        ctx, "property:" PROPERTY_FAILED "=%s", address_digest(ctx, address));

	return gathering_read(&gathering, index, reports, &found) && found.count == 1 &&
	                       found.list[0]->kind == STANDING_DEAD
	               ? found.list[0]
	               : NULL;
}
