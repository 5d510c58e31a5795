#include "index/testimony.h"

#include <glib.h>
#include <stdlib.h>

#include "base/list.h"
#include "index/properties.h"
#include "mail/address.h"
#include "mail/message.h"
#include "text/text.h"

char *testimony_subject(const void *ctx, const char *subject)
{
	SCOPED char *folded = text_fold(NULL, subject, strlen(subject));

	return folded[0] != '\0' ? address_digest(ctx, folded) : NULL;
}

/* Returns whether recipient I did get the mail, in a bounce about others. */
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
		if (!is_beside(facts, i) && mail_can_hold(PROPERTY_RECIPIENT, address))
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

const char *reference_id(const char *about)
{
	const char *step = strchr(about, ' '), *id = step != NULL ? strchr(step + 1, ' ') : NULL;

	return id != NULL ? id + 1 : "";
}

/* -- in the index */

/* Returns the digests by which REPORT is found when a mail turns up, but for the subject's. */
static char **wants_of(const void *ctx, struct mail *report, char *const *about)
{
	char **wants = list_new(ctx), **drafts = mail_values(wants, report, PROPERTY_RESENT_AS);

	for (; *about != NULL; about++)
		list_add(ctx, &wants, address_digest(ctx, reference_id(*about)));
	for (; *drafts != NULL; drafts++)
		list_add(ctx, &wants, address_digest(ctx, *drafts));
	return wants;
}

static void put_all(struct mail *report, const char *key, char *const *values)
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
	put_all(report, PROPERTY_SAYS, testimony->says);
	put_all(report, PROPERTY_ABOUT, testimony->about);
	put_all(report, PROPERTY_RECIPIENT, testimony->addresses);
	put_all(report, PROPERTY_WANTS, wants_of(scratch, report, testimony->about));
	if (testimony->subject != NULL)
		mail_put_value(report, PROPERTY_WANTS, testimony->subject, true);
	mail_put_value(report, PROPERTY_TIME,
	        talloc_asprintf(scratch, "%lld", (long long)testimony->time), true);
	for (size_t i = 0; i < facts->recipient_count; i++) {
		const struct recipient *recipient = &facts->recipients[i];
		const char *code = recipient->diagnostic_status != NULL
		                           ? recipient->diagnostic_status
		                           : recipient->status;

		if (is_beside(facts, i))
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

	/* the subject's is the one digest that is not of an id or a draft */
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
