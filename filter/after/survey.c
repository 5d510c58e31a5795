#include "after/survey.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "mail/address.h"

#define DAY (24 * 60 * 60)

/* From so many refusals on a server is said to refuse, and not one mail of the sender's. */
#define REFUSALS_LEAST 3

/* An address that is full for so long is read by nobody. */
#define FULL_FOR (14 * DAY)

struct tally {
	size_t count;
	time_t first, last;
	/* the one that most refusals name, as Boyer and Moore's majority vote has it */
	char ip[48];
	size_t ip_weight; /* of that vote */
};

/* By which a sender's domain is verified. */
static const char *const mechanisms[] = {"SPF", "DKIM", "DMARC"};

struct survey {
	GHashTable *tables[SURVEY_BY_COUNT];
	GHashTable *refusals; /* "reason server" */
	GHashTable *servers;  /* of domains whose mail was refused: the last that did */
	GHashTable *full;     /* addresses */
	struct tally failed;
	size_t delays;
	/* refusals that name one of them */
	size_t mechanisms[sizeof mechanisms / sizeof *mechanisms];
	const struct outbox *outbox; /* NULL: not known */
};

static int survey_free(struct survey *survey)
{
	size_t i;

	for (i = 0; i < SURVEY_BY_COUNT; i++)
		g_hash_table_destroy(survey->tables[i]);
	g_hash_table_destroy(survey->refusals);
	g_hash_table_destroy(survey->servers);
	g_hash_table_destroy(survey->full);
	return 0;
}

static GHashTable *table_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

struct survey *survey_new(const void *ctx)
{
	struct survey *survey = talloc_zero(ctx, struct survey);
	size_t i;

	for (i = 0; i < SURVEY_BY_COUNT; i++)
		survey->tables[i] = table_new();
	survey->refusals = table_new();
	survey->servers = table_new();
	survey->full = table_new();
	talloc_set_destructor(survey, survey_free);
	return survey;
}

static gboolean is_used_up(gpointer key, gpointer value, gpointer argument)
{
	struct tally *tally = value;

	(void)key;
	(void)argument;
	return --tally->count == 0;
}

static void tally_add(struct tally *tally, time_t time)
{
	tally->count++;
	if (time == 0)
		return;
	if (tally->first == 0 || time < tally->first)
		tally->first = time;
	if (time > tally->last)
		tally->last = time;
}

/* Add one to what TABLE has for KEY (NULL: nothing to count). Returns its tally. */
static struct tally *table_add(GHashTable *table, const char *key, time_t time)
{
	struct tally *tally = key != NULL ? g_hash_table_lookup(table, key) : NULL;

	if (key == NULL)
		return NULL;
	while (tally == NULL && g_hash_table_size(table) >= SURVEY_KEYS_MAX)
		g_hash_table_foreach_remove(table, is_used_up, NULL);
	if (tally == NULL) {
		tally = g_new0(struct tally, 1);
		g_hash_table_insert(table, g_strdup(key), tally);
	}
	tally_add(tally, time);
	return tally;
}

/* The Monday of the week of TIME into DAY; NULL if TIME is not known. */
static const char *week_of(time_t time, char day[sizeof "-2147483648-01-01"])
{
	struct tm tm;

	if (time == 0 || gmtime_r(&time, &tm) == NULL)
		return NULL;
	time -= (time_t)((tm.tm_wday + 6) % 7) * DAY;
	gmtime_r(&time, &tm);
	return strftime(day, sizeof "-2147483648-01-01", "%Y-%m-%d", &tm) > 0 ? day : NULL;
}

/* Where the label that ends at END of HOST begins. */
static const char *label_start(const char *host, const char *end)
{
	while (end > host && end[-1] != '.')
		end--;
	return end;
}

/* The part of HOST that its owner registered: the last two labels, or three where the second last
 * is a registry's own (co.jp, com.au). */
static const char *organisation_of(const char *host)
{
	static const char *const shared[] = {"ac", "ad", "co", "com", "ed", "edu", "go", "gob",
	        "gov", "gr", "lg", "ltd", "ne", "net", "or", "org", "plc", "sch", NULL};
	const char *end = host + strlen(host), *last = label_start(host, end),
	           *second = last > host ? label_start(host, last - 1) : host;
	size_t i;

	if (second == host || end - last != 2)
		return second;
	for (i = 0; shared[i] != NULL; i++)
		if ((size_t)(last - 1 - second) == strlen(shared[i]) &&
		        strncmp(second, shared[i], strlen(shared[i])) == 0)
			return label_start(host, second - 1);
	return second;
}

/* The first address of the internet (IPv4, or IPv6 with at least two colons) that WORDS name into
 * IP; false if there is none. */
static bool find_ip(const char *words, char *ip, size_t room)
{
	size_t length, dots, colons, i;

	for (; words != NULL && *words != '\0'; words += length > 0 ? length : 1) {
		length = strspn(words, "0123456789abcdefABCDEF.:");
		for (i = dots = colons = 0; i < length; i++) {
			dots += words[i] == '.';
			colons += words[i] == ':';
		}
		while (length > 0 && (words[length - 1] == '.' || words[length - 1] == ':'))
			length--;
		if (length < 3 || length >= room || (dots < 3 && colons < 2))
			continue;
		memcpy(ip, words, length);
		ip[length] = '\0';
		if (g_hostname_is_ip_address(ip))
			return true;
	}
	return false;
}

static void vote(struct tally *tally, const char *words)
{
	char ip[sizeof tally->ip];

	if (!find_ip(words, ip, sizeof ip))
		return;
	if (tally->ip_weight == 0)
		g_strlcpy(tally->ip, ip, sizeof tally->ip);
	tally->ip_weight += strcmp(tally->ip, ip) == 0 ? 1 : (size_t)-1;
}

static bool is_refusal(enum reason reason)
{
	return reason == REASON_BLOCKED || reason == REASON_AUTH_FAILURE || reason == REASON_SPAM ||
	       reason == REASON_RATE_LIMITED || reason == REASON_SENDER_SUSPENDED;
}

/* Note which of the mechanisms WORDS, of a server, find fault with: the first that they name. */
static void note_mechanism(struct survey *survey, const char *words)
{
	const char *found, *first = NULL;
	size_t i, which = 0;

	for (i = 0; words != NULL && i < sizeof mechanisms / sizeof *mechanisms; i++) {
		found = strcasestr(words, mechanisms[i]);
		if (found != NULL && (first == NULL || found < first)) {
			first = found;
			which = i;
		}
	}
	if (first != NULL)
		survey->mechanisms[which]++;
}

static void add_failure(struct survey *survey, const struct failure *failure, const char *server,
        const char *domain)
{
	if (failure->reason == REASON_AUTH_FAILURE)
		note_mechanism(survey, failure->words);
	if (is_refusal(failure->reason) && server != NULL && domain != NULL &&
	        g_hash_table_size(survey->servers) < SURVEY_KEYS_MAX)
		g_hash_table_insert(survey->servers, g_strdup(domain), g_strdup(server));
	if (is_refusal(failure->reason)) {
		char *key = talloc_asprintf(
		        NULL, "%s %s", reason_name(failure->reason), server != NULL ? server : "");

		vote(table_add(survey->refusals, key, failure->time), failure->words);
		talloc_free(key);
	}
	if (failure->reason == REASON_MAILBOX_FULL)
		table_add(survey->full, failure->address, failure->time);
}

void survey_add(void *argument, const struct failure *failure)
{
	struct survey *survey = argument;
	void *scratch = talloc_new(NULL);
	char week[sizeof "-2147483648-01-01"],
	        *host = failure->server != NULL ? g_ascii_strdown(failure->server, -1) : NULL;
	const char *server =
	        host != NULL && !g_hostname_is_ip_address(host) ? organisation_of(host) : host;
	const char *const keys[SURVEY_BY_COUNT] = {
	        [SURVEY_REASON] = reason_name(failure->reason),
	        [SURVEY_DOMAIN] =
	                failure->address != NULL ? address_domain(scratch, failure->address) : NULL,
	        [SURVEY_SERVER] = server,
	        [SURVEY_WEEK] = week_of(failure->time, week),
	        [SURVEY_SENDER] = failure->sender,
	        [SURVEY_ADDRESS] = failure->address,
	};
	size_t i;

	if (failure->delayed) {
		survey->delays++;
	} else {
		tally_add(&survey->failed, failure->time);
		for (i = 0; i < SURVEY_BY_COUNT; i++)
			table_add(survey->tables[i], keys[i], failure->time);
		add_failure(survey, failure, server, keys[SURVEY_DOMAIN]);
	}
	g_free(host);
	talloc_free(scratch);
}

struct survey_row survey_failures(const struct survey *survey)
{
	return (struct survey_row){
	        NULL, survey->failed.count, survey->failed.first, survey->failed.last};
}

size_t survey_delays(const struct survey *survey)
{
	return survey->delays;
}

static int compare_counts(const void *a, const void *b)
{
	const struct survey_row *first = a, *second = b;

	if (first->count != second->count)
		return first->count < second->count ? 1 : -1;
	return strcmp(first->key, second->key);
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(((const struct survey_row *)a)->key, ((const struct survey_row *)b)->key);
}

struct survey_row *survey_rows(const void *ctx, const struct survey *survey, enum survey_by by,
        size_t most, size_t *count, size_t *total)
{
	GHashTable *table = survey->tables[by];
	struct survey_row *rows = array_new(ctx, struct survey_row, g_hash_table_size(table) + 1);
	GHashTableIter iterator;
	gpointer key, value;

	*total = 0;
	g_hash_table_iter_init(&iterator, table);
	while (g_hash_table_iter_next(&iterator, &key, &value)) {
		const struct tally *tally = value;

		rows[(*total)++] = (struct survey_row){
		        talloc_strdup(rows, key), tally->count, tally->first, tally->last};
	}
	qsort(rows, *total, sizeof *rows, by == SURVEY_WEEK ? compare_keys : compare_counts);
	*count = *total < most ? *total : most;
	if (by == SURVEY_WEEK && *total > most)
		memmove(rows, rows + (*total - most), most * sizeof *rows);
	return rows;
}

static const struct {
	enum finding_kind kind;
	enum reason reason;
	bool each_server; /* one finding a server; else one for all */
} refusals[] = {
        {FINDING_SENDER_SUSPENDED, REASON_SENDER_SUSPENDED, false},
        {FINDING_BLOCKED, REASON_BLOCKED, true},
        {FINDING_AUTH, REASON_AUTH_FAILURE, false},
        {FINDING_SPAM, REASON_SPAM, false},
        {FINDING_RATE, REASON_RATE_LIMITED, true},
};

struct at_server {
	const struct survey *survey;
	const char *server;
};

/* An outbox_fn: whether the mail for DOMAIN is what that server refuses. */
static bool is_at_server(const void *argument, const char *domain)
{
	const struct at_server *at = argument;
	const char *server = g_hash_table_lookup(at->survey->servers, domain);

	return server != NULL && strcmp(server, at->server) == 0;
}

/* What FINDING, of refusals for REASON, is beside all mail that was sent. */
static void compare_with_sent(
        const struct survey *survey, struct finding *finding, enum reason reason)
{
	const struct at_server at = {survey, finding->server};
	struct outbox_share share = {0, 0};
	size_t i, most = 0;

	if (survey->outbox != NULL)
		share = outbox_since(
		        survey->outbox, reason, finding->server != NULL ? is_at_server : NULL, &at);
	if (share.failed >= finding->count) /* else some are about mail that is not known */
		finding->all = share.all;
	if (reason != REASON_AUTH_FAILURE)
		return;
	for (i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++)
		if (survey->mechanisms[i] > most) {
			most = survey->mechanisms[i];
			finding->mechanism = mechanisms[i];
		}
	if (most * 2 < finding->count)
		finding->mechanism = NULL;
	finding->before = survey->outbox != NULL ? outbox_before(survey->outbox, reason) : 0;
}

static void finding_add(struct finding **list, size_t *count, struct finding finding)
{
	*list = array_grow(NULL, *list, struct finding, *count);
	(*list)[(*count)++] = finding;
}

static int compare_findings(const void *a, const void *b)
{
	const struct finding *first = a, *second = b;

	if (first->kind != second->kind)
		return first->kind < second->kind ? -1 : 1;
	if (first->count != second->count)
		return first->count < second->count ? 1 : -1;
	return strcmp(first->server != NULL ? first->server : "",
	        second->server != NULL ? second->server : "");
}

static void join(struct finding *all, const struct finding *one)
{
	all->count += one->count;
	all->servers++;
	if (all->since == 0 || (one->since != 0 && one->since < all->since))
		all->since = one->since;
	if (all->servers > 1)
		all->server = all->ip = NULL;
}

/* The findings of the refusals at place ROW of the table. */
static void find_refusals(
        const struct survey *survey, size_t row, struct finding **list, size_t *count)
{
	const char *reason = reason_name(refusals[row].reason);
	struct finding all = {.kind = refusals[row].kind};
	GHashTableIter iterator;
	gpointer key, value;

	g_hash_table_iter_init(&iterator, survey->refusals);
	while (g_hash_table_iter_next(&iterator, &key, &value)) {
		const struct tally *tally = value;
		const char *server = strchr(key, ' ');
		struct finding one = {.kind = all.kind,
		        .ip = tally->ip_weight > 0 ? tally->ip : NULL,
		        .count = tally->count,
		        .servers = 1,
		        .since = tally->first};

		if (strlen(reason) != (size_t)(server - (const char *)key) ||
		        strncmp(key, reason, strlen(reason)) != 0)
			continue;
		one.server = server[1] != '\0' ? server + 1 : NULL;
		if (refusals[row].each_server && one.count >= REFUSALS_LEAST &&
		        one.server != NULL) {
			compare_with_sent(survey, &one, refusals[row].reason);
			finding_add(list, count, one);
		} else {
			if (all.servers == 0) {
				all.server = one.server;
				all.ip = one.ip;
			}
			join(&all, &one);
		}
	}
	if (all.count < (refusals[row].reason == REASON_SENDER_SUSPENDED ? 1 : REFUSALS_LEAST))
		return;
	compare_with_sent(survey, &all, refusals[row].reason);
	finding_add(list, count, all);
}

static size_t count_reason(const struct survey *survey, enum reason reason)
{
	const struct tally *tally =
	        g_hash_table_lookup(survey->tables[SURVEY_REASON], reason_name(reason));

	return tally != NULL ? tally->count : 0;
}

static void find_full(const struct survey *survey, struct finding **list, size_t *count)
{
	struct finding finding = {.kind = FINDING_FULL};
	GHashTableIter iterator;
	gpointer key, value;

	g_hash_table_iter_init(&iterator, survey->full);
	while (g_hash_table_iter_next(&iterator, &key, &value)) {
		const struct tally *tally = value;

		finding.count += tally->last - tally->first >= FULL_FOR;
	}
	if (finding.count > 0)
		finding_add(list, count, finding);
}

/* A mailing of which nothing came back is no news. */
static void find_mailing(const struct survey *survey, struct finding **list, size_t *count)
{
	const struct mailing mailing = survey->outbox != NULL ? outbox_mailing(survey->outbox)
	                                                      : (struct mailing){.subject = NULL};

	if (mailing.subject != NULL && mailing.failed > 0)
		finding_add(list, count,
		        (struct finding){.kind = FINDING_MAILING,
		                .count = mailing.failed,
		                .all = mailing.all,
		                .since = mailing.date,
		                .subject = mailing.subject,
		                .usual = mailing.has_usual ? (int)mailing.usual : -1});
}

void survey_compare(struct survey *survey, const struct outbox *outbox)
{
	survey->outbox = outbox;
}

struct finding *survey_findings(const void *ctx, const struct survey *survey, size_t *count)
{
	struct finding *list = array_new(ctx, struct finding, 1);
	size_t gone = count_reason(survey, REASON_USER_UNKNOWN) +
	              count_reason(survey, REASON_HOST_UNKNOWN) +
	              count_reason(survey, REASON_NO_MAIL_SERVICE) +
	              count_reason(survey, REASON_SUSPENDED),
	       i;

	*count = 0;
	for (i = 0; i < sizeof refusals / sizeof *refusals; i++)
		find_refusals(survey, i, &list, count);
	if (gone > 0)
		finding_add(&list, count, (struct finding){.kind = FINDING_GONE, .count = gone});
	find_full(survey, &list, count);
	find_mailing(survey, &list, count);
	qsort(list, *count, sizeof *list, compare_findings);
	return list;
}
