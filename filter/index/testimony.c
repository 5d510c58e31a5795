#include "index/testimony.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/list.h"
#include "index/properties.h"
#include "mail/address.h"
#include "mail/message-id.h"
#include "text/text.h"

static const char *const actions[] = {[ACTION_FAILED] = "failed", [ACTION_DELAYED] = "delayed", [ACTION_DELIVERED] = "delivered"};

/* The steps, as facts name them: what is read from the index is none but these. */
static const char *const steps[] = {"rfc822", "headers", "text", "original-message-id", "x-original-message-id", "in-reply-to",
        "references", "envelope-id"};

char *testimony_subject(const void *ctx, const char *subject)
{
	char *folded = text_fold(ctx, subject, strlen(subject));
	char *digest = folded[0] != '\0' ? address_digest(ctx, folded) : NULL;

	talloc_free(folded);
	return digest;
}

static struct testimony_recipient recipient_of(const void *ctx, const struct judgement *judgement, size_t i)
{
	const struct recipient *recipient = &judgement->facts->recipients[i];
	struct testimony_recipient said = {.action = recipient->action, .reason = REASON_COUNT};

	if (judgement->facts->kind == KIND_DELIVERED)
		said.action = ACTION_DELIVERED;
	if (judgement->verdicts != NULL && said.action != ACTION_DELIVERED)
		said.reason = judgement->verdicts[i].reason;
	if (recipient->address[0] != '\0')
		said.address = address_digest(ctx, recipient->address);
	if (recipient->original_address != NULL)
		said.typed = address_digest(ctx, recipient->original_address);
	return said;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **sort(char **list)
{
	if (list[0] != NULL)
		qsort(list, list_length(list), sizeof *list, compare);
	return list;
}

/* Whether recipient I got a mail of which the report says that others did not. */
static bool is_beside(const struct facts *facts, size_t i)
{
	return facts->recipients[i].action == ACTION_DELIVERED && kind_is_bounce(facts->kind);
}

static char **addresses_of(const void *ctx, const struct facts *facts)
{
	char **addresses = list_new(ctx);
	size_t count = 0, i;

	for (i = 0; i < facts->recipient_count; i++)
		if (!is_beside(facts, i) && mail_can_hold(PROPERTY_RECIPIENT, facts->recipients[i].address) &&
		        !list_has((const char *const *)addresses, facts->recipients[i].address))
			list_add(ctx, &addresses, &count, facts->recipients[i].address);
	return sort(addresses);
}

static char *reference_value(const void *ctx, size_t order, const struct testimony_reference *reference)
{
	return talloc_asprintf(ctx, "%02zu %s %s", order, reference->step, reference->id);
}

struct testimony testimony_of(const void *ctx, const struct judgement *judgement, time_t time)
{
	const struct original *original = &judgement->facts->original;
	struct testimony testimony = {.time = time, .recipient_count = judgement->facts->recipient_count};
	size_t i;

	testimony.recipients = array_new(ctx, struct testimony_recipient, testimony.recipient_count);
	for (i = 0; i < testimony.recipient_count; i++)
		testimony.recipients[i] = recipient_of(testimony.recipients, judgement, i);
	for (i = 0; i < original->reference_count; i++) {
		const struct testimony_reference one = {
		        original->references[i].step, message_id_plain(ctx, original->references[i].id)};

		if (one.id != NULL && mail_can_hold(PROPERTY_ABOUT, reference_value(ctx, i, &one)))
			testimony.references[testimony.reference_count++] = one;
	}
	testimony.addresses = addresses_of(ctx, judgement->facts);
	testimony.subject = original->subject != NULL ? testimony_subject(ctx, original->subject) : NULL;
	return testimony;
}

/* -- as it stands in the index */

static const char **says_of(const void *ctx, const struct testimony *testimony)
{
	const char **says = talloc_zero_array(ctx, const char *, (unsigned)testimony->recipient_count + 1);
	size_t i;

	for (i = 0; i < testimony->recipient_count; i++) {
		const struct testimony_recipient *said = &testimony->recipients[i];

		says[i] = talloc_asprintf(says, "%s %s %s %s", actions[said->action],
		        said->reason < REASON_COUNT ? reason_name(said->reason) : "-", said->address != NULL ? said->address : "-",
		        said->typed != NULL ? said->typed : "-");
	}
	return says;
}

static const char **about_of(const void *ctx, const struct testimony *testimony)
{
	const char **about = talloc_zero_array(ctx, const char *, REFERENCES_MAX + 1);
	size_t i;

	for (i = 0; i < testimony->reference_count; i++)
		about[i] = reference_value(about, i, &testimony->references[i]);
	return about;
}

/* By what REPORT is found when a mail turns up. */
static char **wants_of(const void *ctx, struct mail *report, const struct testimony *testimony)
{
	char **drafts = mail_values(ctx, report, PROPERTY_RESENT_AS), **wants = list_new(ctx);
	size_t count = 0, i;

	for (i = 0; i < testimony->reference_count; i++)
		list_add(ctx, &wants, &count, address_digest(ctx, testimony->references[i].id));
	for (i = 0; drafts[i] != NULL; i++)
		list_add(ctx, &wants, &count, address_digest(ctx, drafts[i]));
	if (testimony->subject != NULL)
		list_add(ctx, &wants, &count, testimony->subject);
	return wants;
}

/* For people: the addresses that failed, and why. */
static void write_facts(const void *ctx, struct mail *report, const struct judgement *judgement)
{
	const struct facts *facts = judgement->facts;
	size_t n = facts->recipient_count, i, listed = 0;
	const char **addresses = talloc_zero_array(ctx, const char *, (unsigned)n + 1);
	const char **codes = talloc_zero_array(ctx, const char *, (unsigned)n + 1);
	const char **reasons = talloc_zero_array(ctx, const char *, (unsigned)n + 1);
	const char **digests = talloc_zero_array(ctx, const char *, (unsigned)n + 1);

	for (i = 0; i < n; i++) {
		const struct recipient *recipient = &facts->recipients[i];

		if (is_beside(facts, i))
			continue;
		addresses[listed] = recipient->address;
		digests[listed] = address_digest(ctx, recipient->address);
		codes[listed] = recipient->diagnostic_status != NULL ? recipient->diagnostic_status : recipient->status;
		codes[listed] = codes[listed] != NULL ? codes[listed] : "";
		reasons[listed] = judgement->verdicts != NULL ? reason_name(judgement->verdicts[i].reason) : "";
		listed++;
	}
	mail_set_values(report, PROPERTY_RECIPIENT, addresses);
	mail_set_values(report, PROPERTY_FAILED, digests);
	mail_set_values(report, PROPERTY_STATUS, codes);
	mail_set_values(report, PROPERTY_REASON, reasons);
}

void testimony_write(const void *ctx, struct mail *report, const struct testimony *testimony, const struct judgement *judgement)
{
	char *time = talloc_asprintf(ctx, "%lld", (long long)testimony->time);

	mail_add_value(report, PROPERTY_IS, IS_REPORT);
	mail_set_values(report, PROPERTY_SAYS, says_of(ctx, testimony));
	mail_set_values(report, PROPERTY_ABOUT, about_of(ctx, testimony));
	mail_set_values(report, PROPERTY_WANTS, (const char *const *)wants_of(ctx, report, testimony));
	mail_set_value(report, PROPERTY_TIME, time);
	write_facts(ctx, report, judgement);
}

bool testimony_is_there(struct mail *mail)
{
	return mail_has_value(mail, PROPERTY_IS, IS_REPORT);
}

void testimony_clear(struct mail *mail)
{
	static const char *const properties[] = {PROPERTY_SAYS, PROPERTY_ABOUT, PROPERTY_WANTS, PROPERTY_TIME, PROPERTY_RECIPIENT, PROPERTY_FAILED,
	        PROPERTY_STATUS, PROPERTY_REASON, PROPERTY_LINK, PROPERTY_OF, PROPERTY_GENUINE, PROPERTY_FORWARD, PROPERTY_DUE};
	size_t i;

	mail_remove_value(mail, PROPERTY_IS, IS_REPORT);
	for (i = 0; i < sizeof properties / sizeof *properties; i++)
		mail_set_values(mail, properties[i], NULL);
}

/* -- and read from there */

/* Cut TEXT at its blanks into COUNT words, the last of which may have blanks; false if there are fewer. */
static bool cut(char *text, char **words, size_t count)
{
	for (; count > 1; count--) {
		*words++ = text;
		text = strchr(text, ' ');
		if (text == NULL)
			return false;
		*text++ = '\0';
	}
	*words = text;
	return true;
}

static bool read_recipient(char *value, struct testimony_recipient *said)
{
	size_t action = 0;
	char *words[4];

	if (!cut(value, words, 4))
		return false;
	while (action < sizeof actions / sizeof *actions && strcmp(actions[action], words[0]) != 0)
		action++;
	if (action == sizeof actions / sizeof *actions)
		return false;
	*said = (struct testimony_recipient){(enum action)action, reason_by_name(words[1], strlen(words[1])),
	        strcmp(words[2], "-") != 0 ? words[2] : NULL, strcmp(words[3], "-") != 0 ? words[3] : NULL};
	return true;
}

static bool read_reference(char *value, struct testimony_reference *reference)
{
	char *words[3];
	size_t i;

	if (!cut(value, words, 3))
		return false;
	for (i = 0; i < sizeof steps / sizeof *steps; i++)
		if (strcmp(steps[i], words[1]) == 0) {
			*reference = (struct testimony_reference){steps[i], words[2]};
			return true;
		}
	return false;
}

struct testimony testimony_read(const void *ctx, struct mail *report)
{
	char **says = sort(mail_values(ctx, report, PROPERTY_SAYS)), **about = sort(mail_values(ctx, report, PROPERTY_ABOUT));
	char *time = mail_value(ctx, report, PROPERTY_TIME), **wants, **named;
	struct testimony testimony = {.time = time != NULL ? (time_t)strtoll(time, NULL, 10) : 0};
	size_t i;

	testimony.recipients = array_new(ctx, struct testimony_recipient, list_length(says));
	for (i = 0; says[i] != NULL; i++)
		testimony.recipient_count += read_recipient(says[i], &testimony.recipients[testimony.recipient_count]);
	for (i = 0; about[i] != NULL && testimony.reference_count < REFERENCES_MAX; i++)
		testimony.reference_count += read_reference(about[i], &testimony.references[testimony.reference_count]);
	testimony.addresses = sort(mail_values(ctx, report, PROPERTY_RECIPIENT));
	/* The one digest that is neither of an id nor of a draft's. */
	wants = mail_values(ctx, report, PROPERTY_WANTS);
	named = wants_of(ctx, report, &testimony);
	for (i = 0; wants[i] != NULL; i++)
		if (!list_has((const char *const *)named, wants[i]))
			testimony.subject = wants[i];
	return testimony;
}

bool testimony_is_same(const void *ctx, const struct testimony *a, const struct testimony *b)
{
	const struct testimony *both[] = {a, b};
	char *text[2];
	size_t i, j;

	for (i = 0; i < 2; i++) {
		const char **says = says_of(ctx, both[i]), **about = about_of(ctx, both[i]);
		size_t count = both[i]->recipient_count;

		if (count > 0)
			qsort(says, count, sizeof *says, compare);
		text[i] = talloc_strdup(ctx, both[i]->subject != NULL ? both[i]->subject : "");
		for (j = 0; j < count; j++)
			if (j == 0 || strcmp(says[j - 1], says[j]) != 0)
				text[i] = talloc_asprintf_append_buffer(text[i], "\n%s", says[j]);
		for (j = 0; j < both[i]->reference_count; j++)
			text[i] = talloc_asprintf_append_buffer(text[i], "\n%s", about[j]);
	}
	return strcmp(text[0], text[1]) == 0;
}
