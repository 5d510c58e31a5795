#include "after/survey.h"

#include <glib.h>
#include <stdlib.h>

#include "after/standing.h"
#include "after/table.h"
#include "base/array.h"
#include "base/date.h"
#include "base/limits.h"
#include "explain/page.h"
#include "index/link.h"
#include "index/outcome.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

/* What the user should know and no single bounce shows; the most urgent first. */
enum finding_kind {
	FINDING_SENDER_SUSPENDED, /* the sender's own provider stopped the account */
	FINDING_BLOCKED,          /* a server refuses all mail from the sending server */
	FINDING_AUTH,             /* SPF, DKIM or DMARC fail */
	FINDING_SPAM,
	FINDING_RATE,
	REFUSAL_COUNT,                /* the kinds above are refusals */
	FINDING_GONE = REFUSAL_COUNT, /* addresses that are wrong or closed */
	FINDING_FULL,                 /* addresses that were full for FULL_FOR or longer */
	FINDING_MAILING,              /* how much of the last mailing came back */
};

static const struct {
	const char *name;
	enum reason reason; /* of a refusal */
	bool each_server;   /* each server gets its own finding */
} finding_kinds[] = {
        [FINDING_SENDER_SUSPENDED] = {"suspended", REASON_SENDER_SUSPENDED, false},
        [FINDING_BLOCKED] = {"blocked", REASON_BLOCKED, true},
        [FINDING_AUTH] = {"auth", REASON_AUTH_FAILURE, false},
        [FINDING_SPAM] = {"spam", REASON_SPAM, false},
        [FINDING_RATE] = {"rate", REASON_RATE_LIMITED, true},
        [FINDING_GONE] = {.name = "gone"},
        [FINDING_FULL] = {.name = "full"},
        [FINDING_MAILING] = {.name = "mailing"},
};

/* Fewer refusals are no finding, as they may be about single mails. */
#define REFUSALS_LEAST 3

/* Nobody reads a mailbox that is full for so long. */
#define FULL_FOR (14 * DAY)

/* What some mailers write instead of a host's name. */
#define SERVER_UNKNOWN "unknown"

enum survey_by {
	SURVEY_REASON,
	SURVEY_DOMAIN, /* of the recipient */
	SURVEY_SERVER, /* the domain of the organisation whose server refused */
	SURVEY_WEEK,   /* named by its Monday: 2026-11-30 */
	SURVEY_SENDER, /* the address that the mail was sent from */
	SURVEY_ADDRESS,
	SURVEY_BY_COUNT,
};

static const char *const count_names[] = {
        [SURVEY_REASON] = "reason",
        [SURVEY_DOMAIN] = "domain",
        [SURVEY_SERVER] = "server",
        [SURVEY_WEEK] = "week",
        [SURVEY_SENDER] = "sender",
        [SURVEY_ADDRESS] = "address",
};

struct tally {
	char *key;
	size_t count;
	time_t first, last; /* 0: not known */
	/* the IP address in most of the refusals, by Boyer and Moore's majority vote; "": none */
	char ip[48];
	size_t ip_weight; /* its lead in that vote */
};

/* The tables of tallies besides those of enum survey_by. */
enum {
	TALLIES_REFUSALS = SURVEY_BY_COUNT, /* one for each kind, by server; "": not known */
	TALLIES_FULL = TALLIES_REFUSALS + REFUSAL_COUNT, /* full mailboxes, by address */
	TALLIES_MECHANISM, /* failed authentication, by mechanism: SPF */
	TALLIES_COUNT,
};

struct survey {
	struct wording *wording;
	time_t since;
	enum survey_by shown[SURVEY_BY_COUNT]; /* the counts to print, in this order */
	size_t shown_count;
	GHashTable *tables[TALLIES_COUNT]; /* struct tally by its key */
	GHashTable *servers; /* the server that last refused mail, by the domain of the recipient */
	struct tally failed;
	size_t delays, gone;
	bool gone_is_confirmed;
	struct sent_to *sent; /* the recipients of the newest mail first */
	size_t sent_count;
	GHashTable *subjects; /* struct subject by its folded text */
	struct finding *findings;
	size_t finding_count;
};

static int survey_free(struct survey *survey)
{
	for (size_t i = 0; i < TALLIES_COUNT; i++)
		g_hash_table_destroy(survey->tables[i]);
	g_hash_table_destroy(survey->servers);
	g_hash_table_destroy(survey->subjects);
	return 0;
}

static void tally_free(gpointer tally)
{
	g_free(((struct tally *)tally)->key);
	g_free(tally);
}

struct survey *survey_new(const void *ctx, struct wording *wording, time_t since)
{
	struct survey *survey = talloc_zero(ctx, struct survey);

	survey->wording = wording;
	survey->since = since;
	for (size_t i = 0; i < TALLIES_COUNT; i++)
		survey->tables[i] =
		        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, tally_free);
	survey->servers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	survey->subjects = g_hash_table_new(g_str_hash, g_str_equal);
	talloc_set_destructor(survey, survey_free);
	return survey;
}

bool survey_show(struct survey *survey, const char *by)
{
	for (enum survey_by i = 0; by == NULL && i < SURVEY_BY_COUNT; i++)
		survey->shown[survey->shown_count++] = i;
	while (by != NULL && *by != '\0') {
		size_t length = strcspn(by, ",");
		enum survey_by i = 0;

		while (i < SURVEY_BY_COUNT && (strlen(count_names[i]) != length ||
		                                      strncmp(count_names[i], by, length) != 0))
			i++;
		if (i == SURVEY_BY_COUNT || survey->shown_count == SURVEY_BY_COUNT)
			return false;
		survey->shown[survey->shown_count++] = i;
		by += length + (by[length] == ',');
	}
	return true;
}

void survey_confirm_gone(struct survey *survey, size_t count)
{
	survey->gone = count;
	survey->gone_is_confirmed = true;
}

size_t survey_failures(const struct survey *survey)
{
	return survey->failed.count;
}

/* -- counting */

static gboolean is_used_up(gpointer key, gpointer tally, gpointer argument)
{
	(void)key;
	(void)argument;
	return --((struct tally *)tally)->count == 0;
}

static void tally_raise(struct tally *tally, time_t time)
{
	tally->count++;
	if (time == 0)
		return;
	if (tally->first == 0 || time < tally->first)
		tally->first = time;
	if (time > tally->last)
		tally->last = time;
}

static int compare_counts(const void *a, const void *b)
{
	const struct tally *first = *(const struct tally *const *)a,
	                   *second = *(const struct tally *const *)b;

	if (first->count != second->count)
		return first->count < second->count ? 1 : -1;
	return strcmp(first->key, second->key);
}

static int compare_keys(const void *a, const void *b)
{
	return strcmp(
	        (*(const struct tally *const *)a)->key, (*(const struct tally *const *)b)->key);
}

/* Returns the tallies of table WHICH, *COUNT of them: weeks by date, others by count, the highest
 * first. */
static const struct tally **tallies_of(const struct survey *survey, size_t which, size_t *count)
{
	GHashTable *table = survey->tables[which];
	const struct tally **list =
	        array_new(survey, const struct tally *, g_hash_table_size(table) + 1);
	GHashTableIter iterator;
	gpointer tally;

	*count = 0;
	g_hash_table_iter_init(&iterator, table);
	while (g_hash_table_iter_next(&iterator, NULL, &tally))
		list[(*count)++] = tally;
	qsort(list, *count, sizeof *list, which == SURVEY_WEEK ? compare_keys : compare_counts);
	return list;
}

/* Adds one to the tally of KEY in TABLE, and returns the tally; NULL if KEY is NULL. */
static struct tally *tally_note(GHashTable *table, const char *key, time_t time)
{
	if (key == NULL)
		return NULL;
	struct tally *tally = g_hash_table_lookup(table, key);

	while (tally == NULL && g_hash_table_size(table) >= SURVEY_KEYS_MAX)
		g_hash_table_foreach_remove(table, is_used_up, NULL);
	if (tally == NULL) {
		tally = g_new0(struct tally, 1);
		tally->key = g_strdup(key);
		g_hash_table_insert(table, tally->key, tally);
	}
	tally_raise(tally, time);
	return tally;
}

/* Counts the first IP address in WORDS (may be NULL) as a vote in TALLY. */
static void tally_vote(struct tally *tally, const char *words)
{
	size_t length;

	for (; words != NULL && *words != '\0'; words += length > 0 ? length : 1) {
		char ip[sizeof tally->ip];

		length = strspn(words, "0123456789abcdefABCDEF.:");
		while (length > 0 && strchr(".:", words[length - 1]) != NULL)
			length--;
		if (length >= sizeof ip)
			continue;
		memcpy(ip, words, length);
		ip[length] = '\0';
		if (!g_hostname_is_ip_address(ip))
			continue;
		if (tally->ip_weight == 0)
			memcpy(tally->ip, ip, sizeof ip);
		tally->ip_weight += strcmp(tally->ip, ip) == 0 ? 1 : (size_t)-1;
		return;
	}
}

/* Returns the first mechanism that WORDS (may be NULL) of a server name, which is the one that
 * failed; NULL if there is none. */
static const char *mechanism_in(const char *words)
{
	static const char *const mechanisms[] = {"SPF", "DKIM", "DMARC"};
	const char *first = NULL, *mechanism = NULL;

	for (size_t i = 0; words != NULL && i < G_N_ELEMENTS(mechanisms); i++) {
		const char *found = strcasestr(words, mechanisms[i]);

		if (found != NULL && (first == NULL || found < first)) {
			first = found;
			mechanism = mechanisms[i];
		}
	}
	return mechanism;
}

/* Counts FAILURE if it is a refusal, by SERVER, of mail to DOMAIN (each NULL: not known). */
static void note_refusal(struct survey *survey, const struct failure *failure, const char *server,
        const char *domain)
{
	size_t kind = 0;

	while (kind < REFUSAL_COUNT && finding_kinds[kind].reason != failure->reason)
		kind++;
	if (kind == REFUSAL_COUNT)
		return;
	tally_vote(tally_note(survey->tables[TALLIES_REFUSALS + kind], server != NULL ? server : "",
	                   failure->time),
	        failure->words);
	if (kind == FINDING_AUTH)
		tally_note(survey->tables[TALLIES_MECHANISM], mechanism_in(failure->words),
		        failure->time);
	if (server != NULL && domain != NULL &&
	        g_hash_table_size(survey->servers) < SURVEY_KEYS_MAX)
		g_hash_table_insert(survey->servers, g_strdup(domain), g_strdup(server));
}

/* Returns the Monday of the week of TIME, owned by CTX; NULL if TIME is not known. */
static char *week_of(const void *ctx, time_t time)
{
	struct tm tm;

	if (time == 0 || localtime_r(&time, &tm) == NULL)
		return NULL;
	tm.tm_mday -= (tm.tm_wday + 6) % 7;
	tm.tm_hour = 12; /* noon, so that a change of the clock does not move the day */
	return date_write_day(ctx, mktime(&tm));
}

void survey_add(struct survey *survey, const struct failure *failure)
{
	if (survey->since != 0 && failure->time < survey->since)
		return;
	if (failure->delayed) {
		survey->delays++;
		return;
	}
	SCOPED void *scratch = talloc_new(NULL);
	g_autofree char *host =
	        failure->server != NULL ? g_ascii_strdown(failure->server, -1) : NULL;
	const char *server =
	        host != NULL && !g_hostname_is_ip_address(host) ? address_organisation(host) : host;
	const char *const keys[SURVEY_BY_COUNT] = {
	        [SURVEY_REASON] = reason_name(failure->reason),
	        [SURVEY_DOMAIN] =
	                failure->address != NULL ? address_domain(scratch, failure->address) : NULL,
	        [SURVEY_SERVER] = server,
	        [SURVEY_WEEK] = week_of(scratch, failure->time),
	        [SURVEY_SENDER] = failure->sender,
	        [SURVEY_ADDRESS] = failure->address,
	};

	tally_raise(&survey->failed, failure->time);
	for (size_t i = 0; i < SURVEY_BY_COUNT; i++)
		tally_note(survey->tables[i], keys[i], failure->time);
	survey->gone += wording_is_gone(survey->wording, failure->reason, failure->address);
	note_refusal(survey, failure,
	        server != NULL && strcmp(server, SERVER_UNKNOWN) != 0 ? server : NULL,
	        keys[SURVEY_DOMAIN]);
	if (failure->reason == REASON_MAILBOX_FULL)
		tally_note(survey->tables[TALLIES_FULL], failure->address, failure->time);
}

/* -- what the user sent */

/* A recipient of one of the user's mails. */
struct sent_to {
	const char *domain; /* in lower case; NULL: it has none */
	time_t date;        /* of the mail */
	enum reason reason; /* why it failed; REASON_COUNT: it did not fail */
};

/* Mails with one subject. */
struct subject {
	const char *shown;
	time_t first, last;
	size_t mails, all, failed;
};

static struct subject *subject_note(struct survey *survey, struct mail *mail)
{
	const char *shown = mail_own_header(mail, mail, "Subject");
	char *folded = text_fold(survey, shown, strlen(shown));
	struct subject *subject = g_hash_table_lookup(survey->subjects, folded);

	if (subject == NULL) {
		subject = talloc_zero(survey, struct subject);
		subject->shown = talloc_strdup(subject, shown);
		subject->last = mail_date(mail);
		g_hash_table_insert(survey->subjects, folded, subject);
	}
	subject->first = mail_date(mail);
	subject->mails++;
	return subject;
}

/* Returns why the mail of STATUS (may be NULL) did not reach ADDRESS, even if it was sent again
 * since; REASON_COUNT if it is not known to have failed. */
static enum reason failure_reason(const struct message_status *status, const char *address)
{
	const struct recipient_fate *fate =
	        status != NULL ? outcome_find(status->fates, status->count, address) : NULL;

	return fate != NULL && fate->state != STATE_DELAYED ? fate->reason : REASON_COUNT;
}

static void survey_note_sent(struct survey *survey, struct mail *mail)
{
	const struct sent sent = sent_read(mail, mail);
	const struct message_status *status = NULL;

	if (!sent.is_own)
		return;
	struct subject *subject = subject_note(survey, mail);
	if (mail_has_value(mail, PROPERTY_IS, IS_ORIGINAL))
		status = message_status_read(mail, mail, EXTENT_REPORTED);
	for (size_t i = 0; i < sent.count; i++) {
		const char *address = sent.recipients[i].address;
		enum reason reason = failure_reason(status, address);

		if (address_list_has(index_settings(mail_index(mail))->own, address))
			continue;
		array_add(survey, survey->sent, survey->sent_count) =
		        (struct sent_to){address_domain(survey, address), mail_date(mail), reason};
		subject->all++;
		subject->failed += reason < REASON_COUNT;
	}
}

void survey_compare(struct survey *survey, struct index *index)
{
	char *query = link_sent_query(survey, index, 0, time(NULL));
	SCOPED struct found *found = index_search(NULL, index, query, OUTBOX_MAILS_MAX);

	for (struct mail *mail; (mail = found_next(found)) != NULL;)
		survey_note_sent(survey, mail);
}

/* -- the findings */

struct finding {
	enum finding_kind kind;
	const char *server;    /* NULL: several, or it is not known */
	const char *ip;        /* of the sending server; NULL: the refusals name none */
	size_t count;          /* how many mails or addresses it is about */
	size_t all;            /* how many were sent since, or in the mailing; 0: not known */
	size_t before;         /* how many were sent before the first such failure; 0: not known */
	const char *mechanism; /* SPF, DKIM or DMARC; NULL: not known */
	const char *subject;   /* of the mailing */
	int usual;    /* the percentage of earlier mailings that came back; -1: not known */
	time_t since; /* when it began; 0: not known */
};

static void finding_add(struct survey *survey, struct finding finding)
{
	array_add(survey, survey->findings, survey->finding_count) = finding;
}

static int compare_findings(const void *a, const void *b)
{
	const struct finding *first = a, *second = b;

	if (first->kind != second->kind)
		return first->kind < second->kind ? -1 : 1;
	if (first->count != second->count)
		return first->count < second->count ? 1 : -1;
	return g_strcmp0(first->server, second->server);
}

/* Sets how many mails were sent since the first one that failed for the reason of FINDING, and how
 * many before. If FINDING names a server, only mail to its domains counts as sent since. */
static void compare_with_sent(const struct survey *survey, struct finding *finding)
{
	enum reason reason = finding_kinds[finding->kind].reason;
	time_t first = 0;
	size_t failed = 0, all = 0, before = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < survey->sent_count; i++) {
			const struct sent_to *sent = &survey->sent[i];
			const char *server =
			        sent->domain != NULL && finding->server != NULL
			                ? g_hash_table_lookup(survey->servers, sent->domain)
			                : NULL;
			bool counts = g_strcmp0(finding->server, server) == 0;

			if (pass == 0)
				first = counts && sent->reason == reason ? sent->date : first;
			else if (sent->date < first)
				before++;
			else if (counts && first != 0) {
				all++;
				failed += sent->reason == reason;
			}
		}
	if (failed >= finding->count) /* else some of it is about mail that is not in the index */
		finding->all = all;
	if (finding->kind == FINDING_AUTH)
		finding->before = before;
}

static void add_refusal(struct survey *survey, struct finding finding)
{
	size_t count;
	const struct tally **mechanisms = tallies_of(survey, TALLIES_MECHANISM, &count);

	if (finding.kind == FINDING_AUTH && count > 0 && mechanisms[0]->count * 2 >= finding.count)
		finding.mechanism = mechanisms[0]->key;
	compare_with_sent(survey, &finding);
	finding_add(survey, finding);
}

static void find_refusals(struct survey *survey, enum finding_kind kind)
{
	struct finding all = {.kind = kind};
	size_t count;
	const struct tally **tallies = tallies_of(survey, TALLIES_REFUSALS + kind, &count);

	for (size_t i = 0; i < count; i++) {
		const struct tally *tally = tallies[i];
		bool is_alone = finding_kinds[kind].each_server && tally->count >= REFUSALS_LEAST &&
		                tally->key[0] != '\0';
		struct finding one = {.kind = kind}, *finding = is_alone ? &one : &all;
		bool is_first = finding->count == 0;

		finding->server = is_first && tally->key[0] != '\0' ? tally->key : NULL;
		finding->ip = is_first && tally->ip_weight > 0 ? tally->ip : NULL;
		finding->count += tally->count;
		if (finding->since == 0 || (tally->first != 0 && tally->first < finding->since))
			finding->since = tally->first;
		if (is_alone)
			add_refusal(survey, one);
	}
	if (all.count >= (kind == FINDING_SENDER_SUSPENDED ? 1 : REFUSALS_LEAST))
		add_refusal(survey, all);
}

/* Adds the findings about addresses: how many are wrong or closed, and how many have long been
 * full. */
static void find_useless(struct survey *survey)
{
	struct finding gone = {.kind = FINDING_GONE, .count = survey->gone},
	               full = {.kind = FINDING_FULL};
	size_t count;
	const struct tally **tallies = tallies_of(survey, TALLIES_FULL, &count);

	for (size_t i = 0; i < count; i++)
		full.count += tallies[i]->last - tallies[i]->first >= FULL_FOR;
	if (gone.count > 0)
		finding_add(survey, gone);
	if (full.count > 0)
		finding_add(survey, full);
}

/* Adds the finding about the newest mailing: how much of it came back, and how much of earlier
 * ones. */
static void find_mailing(struct survey *survey)
{
	const struct subject *newest = NULL;
	size_t failed = 0, all = 0;
	GHashTableIter iterator;
	gpointer value;

	g_hash_table_iter_init(&iterator, survey->subjects);
	while (g_hash_table_iter_next(&iterator, NULL, &value)) {
		const struct subject *subject = value;

		if (subject->mails <= MAILING_MAILS &&
		        subject->all <= MAILING_PEOPLE * subject->mails)
			continue;
		failed += subject->failed;
		all += subject->all;
		if (newest == NULL || subject->last > newest->last)
			newest = subject;
	}
	if (newest == NULL || newest->failed == 0)
		return;
	failed -= newest->failed;
	all -= newest->all;
	finding_add(survey, (struct finding){.kind = FINDING_MAILING,
	                            .count = newest->failed,
	                            .all = newest->all,
	                            .since = newest->first,
	                            .subject = newest->shown,
	                            .usual = all > 0 ? (int)((failed * 100 + all / 2) / all) : -1});
}

/* -- the forms */

/* How many rows of a count are printed for people; programs get all. */
#define ROWS_SHOWN 10
#define WEEKS_SHOWN 26

#define LINE_COLUMNS 80
#define NAME_COLUMNS 32
#define WHO_COLUMNS 19

static char *day_of(const struct survey *survey, time_t time)
{
	return wording_day(survey, survey->wording, time);
}

/* Returns a title such as `412 messages came back, 2026-11-12 to 2026-11-30; 31 are late.` */
static char *title_of(const struct survey *survey)
{
	const char *from = day_of(survey, survey->failed.first),
	           *to = day_of(survey, survey->failed.last),
	           *key = survey->failed.count == 0 ? "survey-nothing"
	                  : from == NULL            ? "survey-undated"
	                  : strcmp(from, to) == 0   ? "survey-day"
	                                            : "survey-all";
	char *title = wording_say(survey, survey->wording, key,
	        WORDING_VALUES({"count", wording_number(survey, survey->failed.count)},
	                {"from", from}, {"to", to}));

	if (survey->delays > 0)
		title = talloc_asprintf(survey, "%s%s%s", title,
		        g_str_has_suffix(title, ".") ? " " : "", /* none after 。 */
		        wording_say(survey, survey->wording, "survey-delays",
		                WORDING_VALUES({"count", wording_number(survey, survey->delays)})));
	return title;
}

/* Returns COUNT as a percentage of ALL, at least 1 if COUNT is not 0; NULL if ALL is 0, which means
 * not known. */
static char *percent_of(const void *ctx, size_t count, size_t all)
{
	size_t percent = all > 0 ? (count * 100 + all / 2) / all : 0;

	return all > 0 ? wording_number(ctx, percent == 0 && count > 0 ? 1 : percent) : NULL;
}

/* Returns the sentence for FINDING: the first of its forms for which all placeholders are known. */
static char *sentence_of(const struct survey *survey, const struct finding *finding)
{
	static const char *const forms[] = {"-usual", "-began", "-ip", "-server", "-since", ""};
	const char *count = wording_number(survey, finding->count), *of_all = count;
	char *sentence = NULL;

	if (finding->all > 0)
		of_all = wording_say(survey, survey->wording, "count-of-all",
		        WORDING_VALUES(
		                {"failed", count}, {"all", wording_number(survey, finding->all)}));
	const struct wording_value *values = WORDING_VALUES({"count", of_all},
	        {"server", text_one_line(survey, finding->server, VALUE_MAX)},
	        {"date", day_of(survey, finding->since)},
	        {"ip", text_one_line(survey, finding->ip, VALUE_MAX)},
	        {"before", finding->before > 0 ? wording_number(survey, finding->before) : NULL},
	        {"mechanism", finding->mechanism},
	        {"subject", text_one_line(survey, finding->subject, VALUE_MAX)},
	        {"percent", percent_of(survey, finding->count, finding->all)},
	        {"usual", finding->subject != NULL && finding->usual >= 0
	                          ? wording_number(survey, (size_t)finding->usual)
	                          : NULL});

	for (size_t i = 0; sentence == NULL && i < G_N_ELEMENTS(forms); i++) {
		char *key = talloc_asprintf(
		        survey, "finding-%s%s", finding_kinds[finding->kind].name, forms[i]);

		if (wording_label(survey->wording, key) != key)
			sentence = wording_label_with(survey, survey->wording, key, values);
	}
	return sentence;
}

/* Returns the name for people of KEY in the count BY. */
static char *row_name(const struct survey *survey, enum survey_by by, const char *key)
{
	if (by == SURVEY_REASON)
		return wording_name(survey, survey->wording, key, NULL);
	char *day = by == SURVEY_WEEK ? day_of(survey, date_since(key, 0)) : NULL;

	if (by == SURVEY_SERVER && strcmp(key, SERVER_UNKNOWN) == 0)
		return talloc_strdup(survey, wording_label(survey->wording, "server-unknown"));
	return day != NULL ? day : text_one_line(survey, key, VALUE_MAX);
}

/* The elements of a survey for people: lines on a terminal, or a page of HTML. */
enum element {
	ELEMENT_TITLE,
	ELEMENT_HEADING,
	ELEMENT_FINDING,
	ELEMENT_MORE,
};

static void element_put(struct buffer *out, bool page, enum element element, const char *text)
{
	static const struct {
		const char *before, *indent, *tag;
		size_t width;
	} forms[] = {
	        [ELEMENT_TITLE] = {"", "", "h1", LINE_COLUMNS},
	        [ELEMENT_HEADING] = {"\n", "", "h2", LINE_COLUMNS},
	        [ELEMENT_FINDING] = {"  * ", "    ", "li", LINE_COLUMNS - 1},
	        [ELEMENT_MORE] = {"  ", "  ", "p", LINE_COLUMNS},
	};

	if (page)
		page_element(out, forms[element].tag, text);
	else
		wrap_paragraph(out, forms[element].before, forms[element].indent, text,
		        forms[element].width);
}

/* Puts a row: NAME, COUNT, WHO must act (NULL: the table has no such column), and a bar, of BAR
 * columns or on a page BAR per cent. */
static void row_put(
        struct buffer *out, bool page, const char *name, size_t count, const char *who, size_t bar)
{
	if (page) {
		buffer_add_string(out, "<tr>");
		page_element(out, "td", name);
		buffer_print(out,
		        "<td class=\"n\">%zu</td><td class=\"b\"><svg viewBox=\"0 0 100 8\" "
		        "preserveAspectRatio=\"none\" "
		        "aria-hidden=\"true\"><rect width=\"%zu\" height=\"8\"/></svg></td>",
		        count, bar);
		page_element(out, "td class=\"w\"", who);
		buffer_add_string(out, "</tr>\n");
		return;
	}
	buffer_add_string(out, "  ");
	table_cell(out, name, NAME_COLUMNS);
	buffer_print(out, " %6zu%s", count, who != NULL ? "  " : "");
	if (who != NULL)
		table_cell(out, who, WHO_COLUMNS - 2);
	buffer_add_string(out, " ");
	/* not block characters: terminals don't agree on their width */
	while (bar-- > 0)
		buffer_add_string(out, "=");
	buffer_add_string(out, "\n");
}

/* Puts the count BY for people: the rows with the highest counts, or the last weeks. */
static void count_put(struct buffer *out, bool page, const struct survey *survey, enum survey_by by)
{
	size_t most = by == SURVEY_WEEK     ? WEEKS_SHOWN
	              : by == SURVEY_REASON ? REASON_COUNT
	                                    : ROWS_SHOWN,
	       room = page                  ? 100
	              : by == SURVEY_REASON ? LINE_COLUMNS - NAME_COLUMNS - 10 - WHO_COLUMNS
	                                    : LINE_COLUMNS - NAME_COLUMNS - 10,
	       count, highest = 0;
	const struct tally **rows = tallies_of(survey, by, &count);
	size_t more = count > most ? count - most : 0, from = by == SURVEY_WEEK ? more : 0;

	if (count == 0)
		return;
	for (size_t i = from; i < count - more + from; i++)
		highest = MAX(highest, rows[i]->count);
	element_put(out, page, ELEMENT_HEADING,
	        wording_label(survey->wording, talloc_asprintf(survey, "by-%s", count_names[by])));
	buffer_add_string(out, page ? "<table>\n" : "");
	for (size_t i = from; i < count - more + from; i++) {
		const char *key = rows[i]->key, *who = NULL;

		if (by == SURVEY_REASON)
			who = wording_who(
			        survey, survey->wording, reason_by_name(key, strlen(key)));
		row_put(out, page, row_name(survey, by, key), rows[i]->count, who,
		        (rows[i]->count * room + highest - 1) / highest);
	}
	buffer_add_string(out, page ? "</table>\n" : "");
	if (more > 0 && by != SURVEY_WEEK)
		element_put(out, page, ELEMENT_MORE,
		        wording_say(survey, survey->wording, "and-more",
		                WORDING_VALUES({"count", wording_number(survey, more)})));
}

static const char survey_style[] =
        "body{font:1rem/1.5 sans-serif;max-width:46rem;margin:1rem "
        "auto;padding:0 1rem}"
        "h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.5rem 0 "
        ".3rem}table{border-collapse:collapse;width:100%}"
        "td{padding:.15rem .4rem .15rem "
        "0;overflow-wrap:anywhere}td.n{text-align:right;white-space:nowrap;font-variant-numeric:"
        "tabular-nums}"
        "td.b{width:35%}svg{width:100%;height:.8rem;display:block}rect{fill:#3a7bd5}"
        "@media(prefers-color-scheme:dark){rect{fill:#7fb0f5}}@media(max-width:30rem){td.w{display:"
        "none}}"
        "@media print{body{max-width:none}tr{break-inside:avoid}}";

/* Returns the survey as lines for a terminal, or as a page. */
static char *survey_shown(const struct survey *survey, bool page)
{
	struct buffer out = buffer_new(survey);
	char *title = title_of(survey);

	if (page)
		page_begin(&out, survey->wording, title, survey_style);
	element_put(&out, page, ELEMENT_TITLE, title);
	if (survey->finding_count > 0) {
		bool is_unverified = false;

		element_put(&out, page, ELEMENT_HEADING,
		        wording_label(survey->wording, "survey-findings"));
		buffer_add_string(&out, page ? "<ul>\n" : "");
		for (size_t i = 0; i < survey->finding_count; i++) {
			const struct finding *finding = &survey->findings[i];
			bool is_doubtful =
			        finding->kind == FINDING_GONE && !survey->gone_is_confirmed;

			is_unverified = is_unverified || is_doubtful;
			element_put(&out, page, ELEMENT_FINDING,
			        talloc_asprintf(survey, "%s%s", is_doubtful ? "? " : "",
			                sentence_of(survey, finding)));
		}
		buffer_add_string(&out, page ? "</ul>\n" : "");
		if (is_unverified)
			element_put(&out, page, ELEMENT_MORE,
			        wording_label(survey->wording, "standing-unverified"));
	}
	for (size_t i = 0; i < survey->shown_count; i++)
		count_put(&out, page, survey, survey->shown[i]);
	buffer_add_string(&out, page ? "</body>\n</html>\n" : "");
	return buffer_text(&out);
}

static void finding_put(
        struct table *table, const struct survey *survey, const struct finding *finding)
{
	table_begin_row(table);
	table_text(table, "finding", finding_kinds[finding->kind].name);
	table_count(table, "count", finding->count);
	table_count(table, "all", finding->all);
	table_text(table, "server", text_one_line(survey, finding->server, VALUE_MAX));
	table_text(table, "ip", finding->ip);
	table_day(table, "since", finding->since);
	table_text(table, "text", sentence_of(survey, finding));
	table_end_row(table);
}

/* Returns the survey as CSV or JSON. */
static char *survey_table(const struct survey *survey, bool csv)
{
	struct table table =
	        table_new(survey, csv ? TABLE_CSV : TABLE_JSON, "by,key,name,count,first,last");

	if (!csv) {
		table_begin_row(&table);
		table_count(&table, "failed", survey->failed.count);
		table_count(&table, "delayed", survey->delays);
		table_day(&table, "first", survey->failed.first);
		table_day(&table, "last", survey->failed.last);
		json_open(&table.json, "findings", '[');
		for (size_t i = 0; i < survey->finding_count; i++)
			finding_put(&table, survey, &survey->findings[i]);
		json_close(&table.json, ']');
	}
	for (size_t i = 0; i < survey->shown_count; i++) {
		enum survey_by by = survey->shown[i];
		size_t count;
		const struct tally **rows = tallies_of(survey, by, &count);

		if (!csv)
			json_open(&table.json, count_names[by], '[');
		for (size_t j = 0; j < count; j++) {
			table_begin_row(&table);
			if (csv)
				table_text(&table, "by", count_names[by]);
			table_text(&table, "key", text_one_line(survey, rows[j]->key, VALUE_MAX));
			if (csv)
				table_text(&table, "name", row_name(survey, by, rows[j]->key));
			table_count(&table, "count", rows[j]->count);
			table_day(&table, "first", rows[j]->first);
			table_day(&table, "last", rows[j]->last);
			table_end_row(&table);
		}
		if (!csv)
			json_close(&table.json, ']');
	}
	if (csv)
		return buffer_text(&table.json.buffer);
	table_end_row(&table);
	return json_line(&table.json);
}

char *survey_print(struct survey *survey, enum survey_form form)
{
	for (enum finding_kind kind = 0; kind < REFUSAL_COUNT; kind++)
		find_refusals(survey, kind);
	find_useless(survey);
	find_mailing(survey);
	if (survey->finding_count > 1)
		qsort(survey->findings, survey->finding_count, sizeof *survey->findings,
		        compare_findings);
	return form == SURVEY_TEXT || form == SURVEY_PAGE
	               ? survey_shown(survey, form == SURVEY_PAGE)
	               : survey_table(survey, form == SURVEY_CSV);
}
