#include "index/link.h"

#include <glib.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/limits.h"
#include "base/list.h"
#include "index/properties.h"
#include "mail/address.h"
#include "mail/message.h"
#include "mail/words.h"
#include "text/text.h"

/* -- what a report says */

char *testimony_subject(const void *ctx, const char *subject)
{
	SCOPED char *folded = text_fold(NULL, subject, strlen(subject));

	return folded[0] != '\0' ? address_digest(ctx, folded) : NULL;
}

/* Returns whether recipient I of a bounce did get the mail. */
static bool recipient_was_reached(const struct facts *facts, size_t i)
{
	return facts->recipients[i].action == ACTION_DELIVERED && kind_is_bounce(facts->kind);
}

static const char *digest_or_none(const void *ctx, const char *address)
{
	return address != NULL && address[0] != '\0' ? address_digest(ctx, address) : "-";
}

static char *says_of(const void *ctx, const struct judgement *judgement, size_t i)
{
	const struct recipient *recipient = &judgement->facts->recipients[i];
	bool arrived = recipient->action == ACTION_DELIVERED ||
	               judgement->facts->kind == KIND_DELIVERY_RECEIPT;
	bool has_reason = judgement->verdicts != NULL && !arrived;

	return talloc_asprintf(ctx, "%s %s %s %s",
	        action_names[arrived ? ACTION_DELIVERED : recipient->action],
	        has_reason ? reason_name(judgement->verdicts[i].reason) : "-",
	        digest_or_none(ctx, recipient->address),
	        digest_or_none(ctx, recipient->original_address));
}

struct testimony testimony_of(const void *ctx, const struct judgement *judgement, time_t time)
{
	const struct facts *facts = judgement->facts;
	const struct original *original = &facts->original;
	struct testimony testimony = {.time = time,
	        .says = list_new(ctx),
	        .about = list_new(ctx),
	        .addresses = list_new(ctx)};

	for (size_t i = 0; i < facts->recipient_count; i++) {
		const char *address = facts->recipients[i].address;

		list_add(ctx, &testimony.says, says_of(ctx, judgement, i));
		if (!recipient_was_reached(facts, i) && mail_can_hold(PROPERTY_RECIPIENT, address))
			list_add(ctx, &testimony.addresses, address);
	}
	for (size_t i = 0; i < original->reference_count; i++) {
		const char *id = message_id_plain(ctx, original->references[i].id);
		char *value = talloc_asprintf(
		        ctx, "%02zu %s %s", i, original->references[i].step, id != NULL ? id : "");

		if (id != NULL && mail_can_hold(PROPERTY_ABOUT, value))
			list_add(ctx, &testimony.about, value);
	}
	list_sort(testimony.addresses);
	if (original->subject != NULL)
		testimony.subject = testimony_subject(ctx, original->subject);
	return testimony;
}

struct said said_read(const char *says)
{
	const struct said nobody = {ACTION_FAILED, REASON_COUNT, "?", "?"};
	struct said said;
	char action[16], reason[32];

	if (sscanf(says, "%15s %31s %16s %16s", action, reason, said.address, said.typed) != 4)
		return nobody;
	said.reason = reason_by_name(reason, strlen(reason));
	if (said.address[0] == '-')
		said.address[0] = '\0';
	if (said.typed[0] == '-')
		said.typed[0] = '\0';
	for (said.action = 0; said.action < ACTION_COUNT; said.action++)
		if (strcmp(action_names[said.action], action) == 0)
			return said;
	return nobody;
}

/* Returns the id in one of the strings in `about`; "" if it is not valid. */
static const char *reference_id(const char *about)
{
	const char *step = strchr(about, ' '), *id = step != NULL ? strchr(step + 1, ' ') : NULL;

	return id != NULL ? id + 1 : "";
}

/* -- in the index */

/* Returns the digests for PROPERTY_WANTS, without the subject's. */
static char **wants_of(const void *ctx, struct mail *report, char *const *about)
{
	char **wants = list_new(ctx), **drafts = mail_values(wants, report, PROPERTY_RESENT_AS);

	for (; *about != NULL; about++)
		list_add(ctx, &wants, address_digest(ctx, reference_id(*about)));
	for (; *drafts != NULL; drafts++)
		list_add(ctx, &wants, address_digest(ctx, *drafts));
	return wants;
}

static void values_put(struct mail *report, const char *key, char *const *values)
{
	for (; *values != NULL; values++)
		mail_put_value(report, key, *values, true);
}

void testimony_put(
        struct mail *report, const struct testimony *testimony, const struct judgement *judgement)
{
	SCOPED void *scratch = talloc_new(NULL);
	const struct facts *facts = judgement->facts;

	testimony_clear(report);
	mail_put_value(report, PROPERTY_IS, IS_REPORT, true);
	values_put(report, PROPERTY_SAYS, testimony->says);
	values_put(report, PROPERTY_ABOUT, testimony->about);
	values_put(report, PROPERTY_RECIPIENT, testimony->addresses);
	values_put(report, PROPERTY_WANTS, wants_of(scratch, report, testimony->about));
	if (testimony->subject != NULL)
		mail_put_value(report, PROPERTY_WANTS, testimony->subject, true);
	mail_put_value(report, PROPERTY_TIME,
	        talloc_asprintf(scratch, "%lld", (long long)testimony->time), true);
	for (size_t i = 0; i < facts->recipient_count; i++) {
		const struct recipient *recipient = &facts->recipients[i];
		const char *code = recipient->diagnostic_status != NULL
		                           ? recipient->diagnostic_status
		                           : recipient->status;

		if (recipient_was_reached(facts, i))
			continue;
		mail_put_value(
		        report, PROPERTY_FAILED, address_digest(scratch, recipient->address), true);
		if (code != NULL)
			mail_put_value(report, PROPERTY_STATUS, code, true);
		if (judgement->verdicts != NULL)
			mail_put_value(report, PROPERTY_REASON,
			        reason_name(judgement->verdicts[i].reason), true);
	}
}

bool testimony_is_there(struct mail *mail)
{
	return mail_has_value(mail, PROPERTY_IS, IS_REPORT);
}

void testimony_clear(struct mail *mail)
{
	static const char *const keys[] = {PROPERTY_SAYS, PROPERTY_ABOUT, PROPERTY_WANTS,
	        PROPERTY_TIME, PROPERTY_RECIPIENT, PROPERTY_FAILED, PROPERTY_STATUS,
	        PROPERTY_REASON};

	mail_put_value(mail, PROPERTY_IS, IS_REPORT, false);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		mail_clear(mail, keys[i]);
}

struct testimony testimony_read(const void *ctx, struct mail *report)
{
	char *time = mail_value(ctx, report, PROPERTY_TIME);
	struct testimony testimony = {
	        .time = time != NULL ? (time_t)strtoll(time, NULL, 10) : 0,
	        .says = mail_values(ctx, report, PROPERTY_SAYS),
	        .about = mail_values(ctx, report, PROPERTY_ABOUT),
	        .addresses = mail_values(ctx, report, PROPERTY_RECIPIENT),
	};
	char **known = wants_of(ctx, report, testimony.about);

	/* the subject's digest is the one that is not of an id or a draft */
	for (char **wants = mail_values(ctx, report, PROPERTY_WANTS); *wants != NULL; wants++)
		if (!list_has((const char *const *)known, *wants))
			testimony.subject = *wants;
	return testimony;
}

bool testimony_is_same(struct testimony *a, struct testimony *b)
{
	list_sort(a->says);
	list_sort(b->says);
	return g_strv_equal((const char *const *)a->says, (const char *const *)b->says) &&
	       g_strv_equal((const char *const *)a->about, (const char *const *)b->about) &&
	       g_strcmp0(a->subject, b->subject) == 0;
}

/* -- which mail it is about */

/* Without an id, the mail is searched for among those of so many days before the bounce: servers
 * give up after five days. */
#define PROBABLE_DAYS 6

/* How many addresses of one report are searched for. */
#define PROBABLE_ADDRESSES_MAX 20

const char *const genuine_names[GENUINE_COUNT] = {NULL, "not-checked", "linked", "probable",
        "other-recipient", "foreign", "unlinked", "backscatter"};

bool link_is(struct mail *report, enum genuine genuine)
{
	return mail_has_value(report, PROPERTY_GENUINE, genuine_names[genuine]);
}

/* Returns the day of TIME in UTC, so that the index says the same wherever it is asked. */
static char *until_day(const void *ctx, time_t time)
{
	char *day = date_write_time(ctx, time);

	if (day != NULL)
		day[strcspn(day, "T")] = '\0';
	return day;
}

char *link_until_query(const void *ctx, time_t time, int first, int last)
{
	char *query = talloc_strdup(ctx, "");

	for (int days = first; days <= last; days++) {
		const char *day = until_day(query, time + (time_t)days * DAY);

		query = talloc_asprintf_append_buffer(query, "%sproperty:" PROPERTY_UNTIL "=%s",
		        days > first ? " or " : "", day != NULL ? day : "");
	}
	return query;
}

/* -- the user's own mail */

char *link_sent_query(const void *ctx, const struct index *index, time_t start, time_t end)
{
	char **own = index_settings(index)->own;
	char *query = talloc_strdup(ctx, "");

	for (; own != NULL && *own != NULL; own++)
		if (strpbrk(*own, "\" ") == NULL) /* else it can't be an address */
			query = talloc_asprintf_append_buffer(query, "%sfrom:\"%s\"",
			        query[0] != '\0' ? " or " : "",
			        address_decoded(query, *own)); /* as the index has it */
	if (query[0] == '\0')
		return NULL;
	return talloc_asprintf(ctx, "(%s) and date:@%lld..@%lld", query,
	        (long long)(start > 0 ? start : 0), (long long)(end > 0 ? end : 0));
}

bool link_has_sent_mail(struct index *index, time_t start, time_t end)
{
	SCOPED void *scratch = talloc_new(NULL);
	char *query = link_sent_query(scratch, index, start, end);
	struct found *found = index_search(scratch, index, query, PROBABLE_MAX);

	for (struct mail *mail; (mail = found_next(found)) != NULL;)
		if (sent_read(mail, mail).is_own)
			return true;
	return false;
}

const struct sent_recipient *link_reached(const struct sent *sent, const struct said *said)
{
	const struct sent_recipient *reached = sent_recipient(sent, said->address);

	/* a report that names no recipient is about the only one of a mail */
	if (said->address[0] == '\0')
		return sent->count == 1 ? sent->recipients : NULL;
	return reached != NULL ? reached : sent_recipient(sent, said->typed);
}

/* -- the mail that a report is about */

struct linking {
	const void *ctx;
	struct index *index;
	const struct testimony *testimony;
};

/* Returns the link to ORIGINAL, found by STEP, with how far it confirms the testimony. Only files
 * that the user sent count: anybody can send a mail with the id of another. */
static struct link link_check(
        const struct linking *linking, struct mail *original, const char *step)
{
	char **says = linking->testimony->says;
	struct sent sent = sent_read(linking->ctx, original);
	struct link link = {.genuine = sent.is_own ? GENUINE_OTHER_RECIPIENT : GENUINE_FOREIGN,
	        .step = step,
	        .original = original,
	        .author = sent.author,
	        .reached = talloc_zero_array(
	                linking->ctx, const char *, (unsigned)list_length(says) + 1)};

	for (size_t i = 0; says[i] != NULL; i++) {
		const struct said said = said_read(says[i]);
		const struct sent_recipient *reached = link_reached(&sent, &said);

		if (reached == NULL)
			continue;
		link.reached[i] = reached->address;
		link.genuine = GENUINE_LINKED;
	}
	return link;
}

/* Finds the original by the ids that the report names: see link_find(). A report is not about
 * itself. */
static struct link find_by_id(const struct linking *linking, const struct mail *report)
{
	struct link link = {.genuine = GENUINE_UNLINKED, .step = "none"};

	for (char **about = linking->testimony->about;
	        *about != NULL && link.genuine != GENUINE_LINKED; about++) {
		const char *id = reference_id(*about), *step = *about + strcspn(*about, " ") + 1;
		struct mail *original = index_find(linking->ctx, linking->index, id);

		if (original == NULL ||
		        (report != NULL && strcmp(mail_id(original), mail_id(report)) == 0))
			continue;
		struct link found = link_check(
		        linking, original, talloc_strndup(linking->ctx, step, strcspn(step, " ")));
		if (link.original == NULL || found.genuine == GENUINE_LINKED)
			link = found;
	}
	return link;
}

static bool is_subject(const struct linking *linking, const char *subject)
{
	SCOPED char *digest = testimony_subject(NULL, subject);

	return digest != NULL && strcmp(digest, linking->testimony->subject) == 0;
}

static bool is_probable(const struct linking *linking, struct mail *mail)
{
	time_t time = linking->testimony->time;
	bool is_subject_same = false, reaches_any = false;

	/* The index knows the subject of only one of a mail's files, which may be a stranger's. */
	if (!is_subject(linking, mail_header(mail, "Subject")) &&
	        list_length(mail_files(mail, mail)) == 1)
		return false;
	struct sent sent = sent_read(mail, mail);
	for (char **says = linking->testimony->says; !reaches_any && *says != NULL; says++)
		reaches_any = sent_recipient(&sent, said_read(*says).address) != NULL;
	for (char **subject = sent.subjects; !is_subject_same && *subject != NULL; subject++)
		is_subject_same = is_subject(linking, *subject);
	return sent.time >= time - PROBABLE_DAYS * DAY && sent.time <= time + DAY && reaches_any &&
	       is_subject_same;
}

/* Finds the original by recipient, subject and time among the mail that the user sent; NULL if
 * there is none. */
static struct mail *find_probable(const struct linking *linking)
{
	const struct testimony *testimony = linking->testimony;
	struct buffer query = buffer_new(linking->ctx);

	if (testimony->subject != NULL && testimony->time > 0)
		words_add_any(&query, "to", testimony->addresses, PROBABLE_ADDRESSES_MAX);
	SCOPED struct found *found = index_search(NULL, linking->index, query.text, PROBABLE_MAX);
	for (struct mail *mail; (mail = found_next(found)) != NULL;)
		if (is_probable(linking, mail))
			return index_find(linking->ctx, linking->index, mail_id(mail));
	return NULL;
}

/* Returns when an unlinked report becomes backscatter, unless its mail turns up; 0: never. */
static time_t until_of(const struct linking *linking)
{
	const struct testimony *testimony = linking->testimony;
	time_t after = (time_t)index_settings(linking->index)->backscatter_after * DAY;

	return testimony->about[0] != NULL && testimony->time > 0 ? testimony->time + after : 0;
}

struct link link_find(const void *ctx, struct index *index, const struct testimony *testimony,
        const struct mail *report)
{
	const struct linking linking = {ctx, index, testimony};
	struct link link = find_by_id(&linking, report);

	if (link.original != NULL)
		return link;
	struct mail *probable = find_probable(&linking);
	if (probable != NULL) {
		link = link_check(&linking, probable, "probable");
		link.genuine = GENUINE_PROBABLE;
		return link;
	}
	link.reached =
	        talloc_zero_array(ctx, const char *, (unsigned)list_length(testimony->says) + 1);
	time_t until = until_of(&linking), time = testimony->time, around = LINK_SENT_DAYS * DAY;
	if (until != 0 && until <= index_now(index) &&
	        link_has_sent_mail(index, time - around, time + around))
		link.genuine = GENUINE_BACKSCATTER;
	else
		link.until = until_day(ctx, until);
	return link;
}

struct link link_find_facts(const void *ctx, struct index *index, const struct judgement *judgement,
        const struct mail *report)
{
	time_t now = index_now(index), written = report != NULL ? mail_date(report) : now;
	const struct testimony testimony =
	        testimony_of(ctx, judgement, written <= now ? written : 0);

	return link_find(ctx, index, &testimony, report);
}
