#include "index/testimony.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "base/list.h"
#include "index/properties.h"
#include "mail/address.h"
#include "mail/message.h"
#include "text/text.h"

char *testimony_subject(const void *ctx, const char *subject)
{
	char *folded = text_fold(ctx, subject, strlen(subject));
	char *digest = folded[0] != '\0' ? address_digest(ctx, folded) : NULL;

	talloc_free(folded);
	return digest;
}

/* Whether recipient I got a mail of which the report says that others did not. */
static bool is_beside(const struct facts *facts, size_t i)
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
	bool arrived =
	        recipient->action == ACTION_DELIVERED || judgement->facts->kind == KIND_DELIVERED;
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
	size_t says = 0, about = 0, addresses = 0, i;

	for (i = 0; i < facts->recipient_count; i++) {
		list_add(ctx, &testimony.says, &says, says_of(ctx, judgement, i));
		if (!is_beside(facts, i) &&
		        mail_can_hold(PROPERTY_RECIPIENT, facts->recipients[i].address))
			list_add(ctx, &testimony.addresses, &addresses,
			        facts->recipients[i].address);
	}
	for (i = 0; i < original->reference_count; i++) {
		const char *id = message_id_plain(ctx, original->references[i].id);
		char *value = talloc_asprintf(
		        ctx, "%02zu %s %s", i, original->references[i].step, id != NULL ? id : "");

		if (id != NULL && mail_can_hold(PROPERTY_ABOUT, value))
			list_add(ctx, &testimony.about, &about, value);
	}
	list_sort(testimony.addresses);
	testimony.subject =
	        original->subject != NULL ? testimony_subject(ctx, original->subject) : NULL;
	return testimony;
}

bool said_read(const char *says, struct said *said)
{
	char action[16], reason[32];
	int i;

	if (sscanf(says, "%15s %31s %16s %16s", action, reason, said->address, said->typed) != 4)
		return false;
	said->reason = reason_by_name(reason, strlen(reason));
	if (said->address[0] == '-')
		said->address[0] = '\0';
	if (said->typed[0] == '-')
		said->typed[0] = '\0';
	for (i = 0; i < ACTION_COUNT; i++)
		if (strcmp(action_names[i], action) == 0) {
			said->action = (enum action)i;
			return true;
		}
	return false;
}

bool reference_read(const void *ctx, const char *about, struct reference_said *reference)
{
	char *text = talloc_strdup(ctx, about), *step = strchr(text, ' '),
	     *id = step != NULL ? strchr(step + 1, ' ') : NULL;

	if (id == NULL)
		return false;
	*id = '\0';
	*reference = (struct reference_said){step + 1, id + 1};
	return true;
}

/* -- in the index */

/* By what REPORT is found when a mail turns up. */
static char **wants_of(const void *ctx, struct mail *report, const struct testimony *testimony)
{
	char **drafts = mail_values(ctx, report, PROPERTY_RESENT_AS), **wants = list_new(ctx);
	struct reference_said reference;
	size_t count = 0, i;

	for (i = 0; testimony->about[i] != NULL; i++)
		if (reference_read(ctx, testimony->about[i], &reference))
			list_add(ctx, &wants, &count, address_digest(ctx, reference.id));
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
	char **codes = list_new(ctx), **reasons = list_new(ctx), **digests = list_new(ctx);
	size_t code_count = 0, reason_count = 0, digest_count = 0, i;

	for (i = 0; i < facts->recipient_count; i++) {
		const struct recipient *recipient = &facts->recipients[i];
		const char *code = recipient->diagnostic_status != NULL
		                           ? recipient->diagnostic_status
		                           : recipient->status;

		if (is_beside(facts, i))
			continue;
		list_add(ctx, &digests, &digest_count, address_digest(ctx, recipient->address));
		if (code != NULL)
			list_add(ctx, &codes, &code_count, code);
		if (judgement->verdicts != NULL)
			list_add(ctx, &reasons, &reason_count,
			        reason_name(judgement->verdicts[i].reason));
	}
	mail_set_values(report, PROPERTY_FAILED, digests);
	mail_set_values(report, PROPERTY_STATUS, codes);
	mail_set_values(report, PROPERTY_REASON, reasons);
}

void testimony_write(const void *ctx, struct mail *report, const struct testimony *testimony,
        const struct judgement *judgement)
{
	mail_put_value(report, PROPERTY_IS, IS_REPORT, true);
	mail_set_values(report, PROPERTY_SAYS, testimony->says);
	mail_set_values(report, PROPERTY_ABOUT, testimony->about);
	mail_set_values(report, PROPERTY_RECIPIENT, testimony->addresses);
	mail_set_values(report, PROPERTY_WANTS, wants_of(ctx, report, testimony));
	mail_set_value(
	        report, PROPERTY_TIME, talloc_asprintf(ctx, "%lld", (long long)testimony->time));
	write_facts(ctx, report, judgement);
}

bool testimony_is_there(struct mail *mail)
{
	return mail_has_value(mail, PROPERTY_IS, IS_REPORT);
}

void testimony_clear(struct mail *mail)
{
	static const char *const properties[] = {PROPERTY_SAYS, PROPERTY_ABOUT, PROPERTY_WANTS,
	        PROPERTY_TIME, PROPERTY_RECIPIENT, PROPERTY_FAILED, PROPERTY_STATUS,
	        PROPERTY_REASON, PROPERTY_LINK, PROPERTY_OF, PROPERTY_GENUINE, PROPERTY_FORWARD,
	        PROPERTY_DUE};
	size_t i;

	mail_put_value(mail, PROPERTY_IS, IS_REPORT, false);
	for (i = 0; i < sizeof properties / sizeof *properties; i++)
		mail_set_value(mail, properties[i], NULL);
}

struct testimony testimony_read(const void *ctx, struct mail *report)
{
	char *time = mail_value(ctx, report, PROPERTY_TIME), **named, **wants;
	struct testimony testimony = {
	        .time = time != NULL ? (time_t)strtoll(time, NULL, 10) : 0,
	        .says = mail_values(ctx, report, PROPERTY_SAYS),
	        .about = mail_values(ctx, report, PROPERTY_ABOUT),
	        .addresses = mail_values(ctx, report, PROPERTY_RECIPIENT),
	};

	list_sort(testimony.says);
	list_sort(testimony.about);
	list_sort(testimony.addresses);
	/* The one digest that is neither of an id nor of a draft's. */
	named = wants_of(ctx, report, &testimony);
	for (wants = mail_values(ctx, report, PROPERTY_WANTS); *wants != NULL; wants++)
		if (!list_has((const char *const *)named, *wants))
			testimony.subject = *wants;
	return testimony;
}

static bool is_same(char *const *a, char *const *b)
{
	for (; *a != NULL && *b != NULL && strcmp(*a, *b) == 0; a++)
		b++;
	return *a == NULL && *b == NULL;
}

bool testimony_is_same(struct testimony *a, struct testimony *b)
{
	list_sort(a->says);
	list_sort(b->says);
	return is_same(a->says, b->says) && is_same(a->about, b->about) &&
	       strcmp(a->subject != NULL ? a->subject : "", b->subject != NULL ? b->subject : "") ==
	               0;
}
