#include "index/link.h"

#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "base/list.h"
#include "index/file-header.h"
#include "mail/address-list.h"
#include "mail/address.h"
#include "mail/words.h"

#define DAY (24 * 60 * 60)

/* How long before its bounce a mail is looked for that no id names: servers give up after five days. */
#define PROBABLE_DAYS 6

/* Addresses of one report by which it is looked for. */
#define PROBABLE_ADDRESSES_MAX 20

/* Within so many days before and after a report mail of the user's is looked for, to see whether sent mail is in the index at all. */
#define SENT_DAYS 7

static const char *const names[GENUINE_COUNT] = {
        NULL, "not-checked", "linked", "probable", "other-recipient", "foreign", "unlinked", "backscatter"};

const char *genuine_name(enum genuine genuine)
{
	return names[genuine];
}

enum genuine genuine_by_name(const char *name)
{
	int genuine = GENUINE_LINKED;

	while (genuine < GENUINE_COUNT && strcmp(names[genuine], name) != 0)
		genuine++;
	return (enum genuine)genuine;
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
			query = talloc_asprintf_append_buffer(
			        query, "%sfrom:\"%s\"", query[0] != '\0' ? " or " : "", settings->own[i]);
	if (query[0] == '\0')
		return NULL;
	return talloc_asprintf(
	        ctx, "(%s) and date:@%lld..@%lld", query, (long long)(start > 0 ? start : 0), (long long)(end > 0 ? end : 0));
}

struct search {
	const void *ctx;
	const struct settings *settings;
	const struct testimony *testimony;
	time_t now;
	unsigned seen;
	char *found; /* its id */
};

/* Read the copy of MAIL that the user sent into *SENT. False: there is none. */
static bool read_sent(const void *ctx, struct search *search, struct mail *mail, struct file_header *sent)
{
	size_t count;
	const struct file_header *headers = file_headers_read(ctx, mail, search->settings, search->now, &count);
	const struct file_header *first = file_headers_sent(headers, count);

	if (first != NULL)
		*sent = *first;
	return first != NULL;
}

static bool see_sent(void *argument, struct mail *mail)
{
	struct search *search = argument;
	void *scratch = talloc_new(search->ctx);
	struct file_header sent;

	if (read_sent(scratch, search, mail, &sent))
		search->found = talloc_strdup(search->ctx, mail_id(mail));
	talloc_free(scratch);
	return search->found == NULL && ++search->seen < PROBABLE_MAX;
}

/* Whether the index has mail that the user sent about TIME, so that a mail of that time which is not there was not sent. */
static bool has_sent_mail(const void *ctx, struct index *index, const struct search *like, time_t time)
{
	struct search search = *like;
	char *query = link_sent_query(ctx, search.settings, time - SENT_DAYS * DAY, time + SENT_DAYS * DAY);

	search.found = NULL;
	if (query != NULL)
		index_each(index, query, see_sent, &search);
	return search.found != NULL;
}

bool link_has_sent_mail(const void *ctx, struct index *index, const struct settings *settings)
{
	struct search search = {.ctx = ctx, .settings = settings, .now = time(NULL)};
	char *query = link_sent_query(ctx, settings, 0, search.now);

	if (query != NULL)
		index_each(index, query, see_sent, &search);
	return search.found != NULL;
}

char *link_due_query(const void *ctx, const struct settings *settings, time_t time)
{
	char *query = talloc_strdup(ctx, "");
	int day;

	for (day = -SENT_DAYS; day <= SENT_DAYS; day++)
		query = talloc_asprintf_append_buffer(query, "%sproperty:" PROPERTY_DUE "=%s", day > -SENT_DAYS ? " or " : "",
		        link_day(query, time, (int)settings->backscatter_after + day));
	return query;
}

/* Addresses, and their digests in the same order. */
struct addresses {
	char **list, **digests;
};

static struct addresses addresses_of(const void *ctx, char **list)
{
	struct addresses addresses = {list, list_new(ctx)};
	size_t count = 0, i;

	for (i = 0; list[i] != NULL; i++)
		list_add(ctx, &addresses.digests, &count, address_digest(addresses.digests, list[i]));
	return addresses;
}

static const char *with_digest(const struct addresses *addresses, const char *digest)
{
	size_t i;

	for (i = 0; digest != NULL && addresses->digests[i] != NULL; i++)
		if (strcmp(addresses->digests[i], digest) == 0)
			return addresses->list[i];
	return NULL;
}

/* The one of ADDRESSES that RECIPIENT is about. A report that names nobody is about the only one there is. */
static const char *reached_by(const struct addresses *addresses, const struct testimony_recipient *recipient)
{
	const char *reached = with_digest(addresses, recipient->address);

	if (recipient->address == NULL)
		return addresses->list[0] != NULL && addresses->list[1] == NULL ? addresses->list[0] : NULL;
	return reached != NULL ? reached : with_digest(addresses, recipient->typed);
}

static bool reaches_any(const void *ctx, const struct testimony *testimony, char **list)
{
	struct addresses addresses = addresses_of(ctx, list);
	size_t i;

	for (i = 0; i < testimony->recipient_count; i++)
		if (with_digest(&addresses, testimony->recipients[i].address) != NULL)
			return true;
	return false;
}

static bool is_subject(const struct search *search, const char *subject)
{
	char *digest = subject != NULL ? testimony_subject(NULL, subject) : NULL;
	bool is = digest != NULL && strcmp(digest, search->testimony->subject) == 0;

	talloc_free(digest);
	return is;
}

/* The index has the subject of one of a mail's files, which may be another's. */
static bool see_probable(void *argument, struct mail *mail)
{
	struct search *search = argument;
	void *scratch = talloc_new(search->ctx);
	struct file_header sent;

	if ((is_subject(search, mail_header(mail, "Subject")) || list_length(mail_files(scratch, mail)) > 1) &&
	        read_sent(scratch, search, mail, &sent) && is_subject(search, sent.subject) &&
	        sent.time >= search->testimony->time - PROBABLE_DAYS * DAY && sent.time <= search->testimony->time + DAY &&
	        reaches_any(scratch, search->testimony, sent.recipients))
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
			buffer_print(&query, "%s(%s)", query.length > 0 ? " or " : "", buffer_text(&one));
	}
	return query.length > 0 ? buffer_text(&query) : NULL;
}

/* By recipient, subject and time, among what the user sent. */
static bool find_probable(const void *ctx, struct index *index, struct search *search, struct link *link)
{
	const struct testimony *testimony = search->testimony;
	const char *query = recipients_query(ctx, testimony->addresses);

	if (query == NULL || testimony->subject == NULL || testimony->time <= 0)
		return false;
	index_each(index, query, see_probable, search);
	link->original = index_find(ctx, index, search->found);
	return link->original != NULL;
}

/* Note in LINK how far the copy of its original with that HEADER bears the testimony out. */
static void check_copy(const void *ctx, const struct testimony *testimony, const struct file_header *header, struct link *link)
{
	struct addresses addresses = addresses_of(ctx, header->recipients);
	size_t i;

	for (i = 0; i < testimony->recipient_count; i++) {
		if (link->reached[i] == NULL)
			link->reached[i] = reached_by(&addresses, &testimony->recipients[i]);
		if (link->reached[i] != NULL)
			link->genuine = GENUINE_LINKED;
	}
}

/* Only copies that the user sent count: who else has the id of a mail can write it on another. */
static void check(const void *ctx, const struct search *search, struct link *link)
{
	size_t count, i;
	const struct file_header *headers = file_headers_read(ctx, link->original, search->settings, search->now, &count);
	const struct file_header *sent = file_headers_sent(headers, count);

	link->genuine = sent != NULL ? GENUINE_OTHER_RECIPIENT : GENUINE_FOREIGN;
	link->author = sent != NULL ? sent->author : count > 0 ? headers[0].author : NULL;
	for (i = 0; i < count; i++)
		if (headers[i].is_sent)
			check_copy(ctx, search->testimony, &headers[i], link);
}

/* By each id; the first that bears the testimony out, else the first that is there. A report is not about itself. False: none is there. */
static bool find_by_id(const void *ctx, struct index *index, const struct search *search, const struct mail *report, struct link *link)
{
	const struct testimony *testimony = search->testimony;
	struct link found = *link;
	size_t i;

	for (i = 0; i < testimony->reference_count && link->genuine != GENUINE_LINKED; i++) {
		found.original = index_find(ctx, index, testimony->references[i].id);
		if (found.original == NULL ||
		        (report != NULL && strcmp(mail_id(found.original), mail_id(report)) == 0)) {
			talloc_free(found.original);
			continue;
		}
		found.step = testimony->references[i].step;
		check(ctx, search, &found);
		if (link->original == NULL || found.genuine == GENUINE_LINKED)
			*link = found;
	}
	return link->original != NULL;
}

struct link link_find(const void *ctx, struct index *index, const struct settings *settings, const struct testimony *testimony,
        const struct mail *report, time_t now)
{
	struct search search = {.ctx = ctx, .settings = settings, .testimony = testimony, .now = now};
	struct link link = {.genuine = GENUINE_UNLINKED, .step = "none"};
	time_t due = testimony->time + (time_t)settings->backscatter_after * DAY;

	link.reached = talloc_zero_array(ctx, const char *, (unsigned)testimony->recipient_count + 1);
	if (find_by_id(ctx, index, &search, report, &link))
		return link;
	if (find_probable(ctx, index, &search, &link)) {
		link.genuine = GENUINE_PROBABLE;
		link.step = "probable";
	} else if (testimony->reference_count > 0 && testimony->time > 0 && due <= now &&
	           has_sent_mail(ctx, index, &search, testimony->time))
		link.genuine = GENUINE_BACKSCATTER;
	return link;
}

struct link link_find_facts(const void *ctx, struct index *index, const struct settings *settings, const struct judgement *judgement,
        const struct mail *report)
{
	time_t now = time(NULL);
	const struct testimony testimony =
	        testimony_of(ctx, judgement, report != NULL ? (mail_date(report) < now ? mail_date(report) : 0) : now);

	return link_find(ctx, index, settings, &testimony, report, now);
}
