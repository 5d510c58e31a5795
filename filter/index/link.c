#include "index/link.h"

#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "base/list.h"
#include "mail/address.h"
#include "mail/words.h"

#define DAY (24 * 60 * 60)

/* How long before its bounce a mail is looked for that no id names: servers give up after five
 * days. */
#define PROBABLE_DAYS 6

/* Addresses of one report by which it is looked for. */
#define PROBABLE_ADDRESSES_MAX 20

static const char *const names[GENUINE_COUNT] = {NULL, "not-checked", "linked", "probable",
        "other-recipient", "foreign", "unlinked", "backscatter"};

const char *genuine_name(enum genuine genuine)
{
	return names[genuine];
}

bool link_is(struct mail *report, enum genuine genuine)
{
	return mail_has_value(report, PROPERTY_GENUINE, names[genuine]);
}

char *link_day(const void *ctx, time_t time, int days)
{
	char day[sizeof "-2147483648-01-01"];
	struct tm tm;

	time += (time_t)days * DAY;
	if (gmtime_r(&time, &tm) == NULL || strftime(day, sizeof day, "%Y-%m-%d", &tm) == 0)
		day[0] = '\0';
	return talloc_strdup(ctx, day);
}

char *link_sent_query(const void *ctx, const struct settings *settings, time_t start, time_t end)
{
	char *query = talloc_strdup(ctx, "");
	size_t i;

	for (i = 0; settings->own != NULL && settings->own[i] != NULL; i++)
		if (strpbrk(settings->own[i], "\" ") == NULL) /* no address that anyone has */
			query = talloc_asprintf_append_buffer(query, "%sfrom:\"%s\"",
			        query[0] != '\0' ? " or " : "", settings->own[i]);
	if (query[0] == '\0')
		return NULL;
	return talloc_asprintf(ctx, "(%s) and date:@%lld..@%lld", query,
	        (long long)(start > 0 ? start : 0), (long long)(end > 0 ? end : 0));
}

char *link_due_query(const void *ctx, time_t time, int first, int last)
{
	char *query = talloc_strdup(ctx, "");
	int day;

	for (day = first; day <= last; day++)
		query = talloc_asprintf_append_buffer(query, "%sproperty:" PROPERTY_DUE "=%s",
		        day > first ? " or " : "", link_day(query, time, day));
	return query;
}

struct search {
	const void *ctx;
	struct index *index;
	const struct settings *settings;
	const struct testimony *testimony;
	const struct mail *report;
	time_t now;
	unsigned seen;
	char *found; /* its id */
};

static bool see_sent(void *argument, struct mail *mail)
{
	struct search *search = argument;
	void *scratch = talloc_new(search->ctx);

	if (sent_read(scratch, mail, search->settings, search->now).is_own)
		search->found = talloc_strdup(search->ctx, mail_id(mail));
	talloc_free(scratch);
	return search->found == NULL && ++search->seen < PROBABLE_MAX;
}

bool link_has_sent_mail(
        struct index *index, const struct settings *settings, time_t start, time_t end)
{
	void *ctx = talloc_new(NULL);
	struct search search = {.ctx = ctx, .settings = settings, .now = end};
	char *query = link_sent_query(ctx, settings, start, end);
	bool has;

	if (query != NULL)
		index_each(index, query, see_sent, &search);
	has = search.found != NULL;
	talloc_free(ctx);
	return has;
}

const struct sent_recipient *link_reached(const struct sent *sent, const struct said *said)
{
	const struct sent_recipient *reached = sent_recipient(sent, said->address);

	if (said->address[0] ==
	        '\0') /* a report that names nobody is about the only one there is */
		return sent->count == 1 ? sent->recipients : NULL;
	return reached != NULL ? reached : sent_recipient(sent, said->typed);
}

static bool reaches_any(const struct sent *sent, const struct testimony *testimony)
{
	struct said said;
	size_t i;

	for (i = 0; testimony->says[i] != NULL; i++)
		if (said_read(testimony->says[i], &said) &&
		        sent_recipient(sent, said.address) != NULL)
			return true;
	return false;
}

static bool is_subject(const struct search *search, const char *subject)
{
	char *digest = testimony_subject(NULL, subject);
	bool is = digest != NULL && strcmp(digest, search->testimony->subject) == 0;

	talloc_free(digest);
	return is;
}

static bool is_probable(const void *ctx, const struct search *search, struct mail *mail)
{
	time_t time = search->testimony->time;
	struct sent sent;
	size_t i;

	/* The index has the subject of one of a mail's files, which may be another's. */
	if (!is_subject(search, mail_header(mail, "Subject")) &&
	        list_length(mail_files(ctx, mail)) == 1)
		return false;
	sent = sent_read(ctx, mail, search->settings, search->now);
	if (sent.time < time - PROBABLE_DAYS * DAY || sent.time > time + DAY ||
	        !reaches_any(&sent, search->testimony))
		return false;
	for (i = 0; sent.subjects[i] != NULL; i++)
		if (is_subject(search, sent.subjects[i]))
			return true;
	return false;
}

static bool see_probable(void *argument, struct mail *mail)
{
	struct search *search = argument;
	void *scratch = talloc_new(search->ctx);

	if (is_probable(scratch, search, mail))
		search->found = talloc_strdup(search->ctx, mail_id(mail));
	talloc_free(scratch);
	return search->found == NULL && ++search->seen < PROBABLE_MAX;
}

/* The query for mail to any of ADDRESSES, by their words; NULL: these have none. */
static const char *recipients_query(const void *ctx, char *const *addresses)
{
	struct buffer query = buffer_new(ctx), one;
	size_t i;

	for (i = 0; addresses[i] != NULL && i < PROBABLE_ADDRESSES_MAX; i++) {
		one = buffer_new(ctx);
		if (words_add(&one, "to", addresses[i]) != WORDS_NONE)
			buffer_print(&query, "%s(%s)", query.length > 0 ? " or " : "",
			        buffer_text(&one));
	}
	return query.length > 0 ? buffer_text(&query) : NULL;
}

/* By recipient, subject and time, among what the user sent. */
static void find_probable(struct search *search, struct link *link)
{
	const struct testimony *testimony = search->testimony;
	const char *query = recipients_query(search->ctx, testimony->addresses);

	if (query == NULL || testimony->subject == NULL || testimony->time <= 0)
		return;
	index_each(search->index, query, see_probable, search);
	link->original = index_find(search->ctx, search->index, search->found);
	if (link->original != NULL) {
		link->genuine = GENUINE_PROBABLE;
		link->step = "probable";
	}
}

/* Note in LINK how far its original bears the testimony out. Only copies that the user sent count:
 * who else has the id of a mail can write it on another. */
static void check(const struct search *search, struct link *link)
{
	struct sent sent = sent_read(search->ctx, link->original, search->settings, search->now);
	const struct sent_recipient *reached;
	struct said said;
	size_t i;

	link->genuine = sent.is_own ? GENUINE_OTHER_RECIPIENT : GENUINE_FOREIGN;
	link->author = sent.author;
	for (i = 0; search->testimony->says[i] != NULL; i++) {
		reached = said_read(search->testimony->says[i], &said) ? link_reached(&sent, &said)
		                                                       : NULL;
		link->reached[i] = reached != NULL ? reached->address : NULL;
		if (reached != NULL)
			link->genuine = GENUINE_LINKED;
	}
}

/* By each id; the first that bears the testimony out, else the first that is there. A report is not
 * about itself. */
static void find_by_id(const struct search *search, struct link *link)
{
	struct link found = *link;
	size_t i;

	for (i = 0; search->testimony->about[i] != NULL && link->genuine != GENUINE_LINKED; i++) {
		struct reference_said reference;

		if (!reference_read(search->ctx, search->testimony->about[i], &reference))
			continue;
		found.original = index_find(search->ctx, search->index, reference.id);
		if (found.original == NULL)
			continue;
		if (search->report != NULL &&
		        strcmp(mail_id(found.original), mail_id(search->report)) == 0) {
			talloc_free(found.original);
			continue;
		}
		found.step = reference.step;
		check(search, &found);
		if (link->original == NULL || found.genuine == GENUINE_LINKED)
			*link = found;
	}
}

/* Nobody's mail, if its own day has come and mail that the user sent at that time is there. */
static bool is_backscatter(const struct search *search)
{
	const struct testimony *testimony = search->testimony;
	time_t due = testimony->time + (time_t)search->settings->backscatter_after * DAY;

	return testimony->about[0] != NULL && testimony->time > 0 && due <= search->now &&
	       link_has_sent_mail(search->index, search->settings,
	               testimony->time - LINK_SENT_DAYS * DAY,
	               testimony->time + LINK_SENT_DAYS * DAY);
}

struct link link_find(const void *ctx, struct index *index, const struct settings *settings,
        const struct testimony *testimony, const struct mail *report, time_t now)
{
	struct search search = {ctx, index, settings, testimony, report, now, .seen = 0};
	struct link link = {.genuine = GENUINE_UNLINKED, .step = "none"};

	link.reached =
	        talloc_zero_array(ctx, const char *, (unsigned)list_length(testimony->says) + 1);
	find_by_id(&search, &link);
	if (link.original == NULL)
		find_probable(&search, &link);
	if (link.original == NULL && is_backscatter(&search))
		link.genuine = GENUINE_BACKSCATTER;
	return link;
}

struct link link_find_facts(const void *ctx, struct index *index, const struct settings *settings,
        const struct judgement *judgement, const struct mail *report)
{
	time_t now = time(NULL), written = report != NULL ? mail_date(report) : now;
	const struct testimony testimony =
	        testimony_of(ctx, judgement, written <= now ? written : 0);

	return link_find(ctx, index, settings, &testimony, report, now);
}
