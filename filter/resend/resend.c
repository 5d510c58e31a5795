#include "resend/resend.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "index/mail-files.h"
#include "mail/address-list.h"
#include "mail/address.h"

void resend_remark(const void *ctx, const struct resend_means *means, struct resend *resend, const char *label,
        const struct wording_value *values)
{
	list_add(ctx, &resend->remarks, &resend->remark_count, wording_say(ctx, means->wording, label, values));
}

static enum status bounce_add(
        const void *ctx, const struct resend_means *means, struct resend_bounce bounce, struct resend *resend)
{
	enum status status = judge_mail(ctx, means->judge, bounce.bytes, bounce.length, &bounce.judgement);

	resend->bounces = array_grow(ctx, resend->bounces, struct resend_bounce, resend->bounce_count);
	if (status == STATUS_OK && means->index != NULL && kind_is_bounce(bounce.judgement.facts->kind))
		bounce.link = link_find_facts(ctx, means->index, &means->settings, &bounce.judgement, bounce.mail);
	if (status == STATUS_OK)
		resend->bounces[resend->bounce_count++] = bounce;
	return status;
}

/* The bounce ID, if it is about SENT. */
static enum status bounce_add_of(
        const void *ctx, const struct resend_means *means, struct mail *sent, const char *id, bool fresh, struct resend *resend)
{
	struct resend_bounce bounce = {.mail = index_find(ctx, means->index, id)};
	const struct resend_bounce *added;
	enum status status;

	if (bounce.mail == NULL || (fresh && resend_was_made(bounce.mail)))
		return STATUS_OK;
	bounce.bytes = mail_bytes(ctx, bounce.mail, &bounce.length);
	if (bounce.bytes == NULL)
		return STATUS_OK;
	status = bounce_add(ctx, means, bounce, resend);
	added = &resend->bounces[resend->bounce_count - 1];
	if (status == STATUS_OK &&
	        (added->link.genuine != GENUINE_LINKED || strcmp(mail_id(added->link.original), mail_id(sent)) != 0))
		resend->bounce_count--;
	return status;
}

/* SENT is a mail of the user's: the bounces that are known of it, the newest first. Those that it was sent again for already only if there are
 * no others. */
static enum status bounces_of(const void *ctx, const struct resend_means *means, struct mail *sent, struct resend *resend)
{
	char **ids = mail_values(ctx, sent, PROPERTY_BY);
	enum status status = STATUS_OK;
	int fresh;

	for (fresh = 1; fresh >= 0 && resend->bounce_count == 0; fresh--) {
		size_t count = list_length(ids);

		while (count > 0 && status == STATUS_OK && resend->bounce_count < RESEND_BOUNCES_MAX)
			status = bounce_add_of(ctx, means, sent, ids[--count], fresh, resend);
	}
	return status;
}

static bool failures_has(const struct resend *resend, const char *address)
{
	size_t i;

	for (i = 0; i < resend->failure_count; i++)
		if (address_equal(resend->failures[i].address, address))
			return true;
	return false;
}

static void failure_add(const void *ctx, struct resend *resend, const char *address, enum reason reason)
{
	if (address == NULL || failures_has(resend, address))
		return;
	resend->failures = array_grow(ctx, resend->failures, struct resend_failure, resend->failure_count);
	resend->failures[resend->failure_count++] = (struct resend_failure){address, reason};
}

/* Keep of the failures those that WISH chooses. All had to be read before: of an address that failed twice, the newest reason counts. */
static void choose(const struct resend_wish *wish, struct resend *resend)
{
	size_t i, kept = 0;

	for (i = 0; i < resend->failure_count; i++) {
		const struct resend_failure *failure = &resend->failures[i];

		if ((wish->reasons == 0 || (wish->reasons & 1u << failure->reason) != 0) &&
		        !address_list_has(wish->skip, failure->address))
			resend->failures[kept++] = *failure;
	}
	resend->failure_count = kept;
}

/* The recipient of the mail that recipient I of the bounce is about, as the user wrote it. Of a mail that only came back, it is for its header
 * to say (see resend_address()). */
static const char *failed_address(const struct resend_bounce *bounce, size_t i)
{
	const struct recipient *recipient = &bounce->judgement.facts->recipients[i];

	if (bounce->link.genuine == GENUINE_LINKED)
		return bounce->link.reached[i];
	if (recipient->original_address != NULL)
		return recipient->original_address;
	return recipient->address[0] != '\0' ? recipient->address : NULL;
}

static void read_failures(const void *ctx, const struct resend_wish *wish, struct resend *resend)
{
	size_t i, j;

	for (i = 0; i < resend->bounce_count; i++) {
		const struct resend_bounce *bounce = &resend->bounces[i];
		const struct facts *facts = bounce->judgement.facts;

		for (j = 0; bounce->judgement.verdicts != NULL && j < facts->recipient_count; j++) {
			enum action action = facts->recipients[j].action;

			if (action == ACTION_FAILED || (action == ACTION_DELAYED && wish->anyway))
				failure_add(ctx, resend, failed_address(bounce, j), bounce->judgement.verdicts[j].reason);
		}
	}
}

/* Whether all recipients that BOUNCE says failed are to get the mail again: with others among them, what it says is not settled by that. */
static bool is_settled(const struct resend *resend, const struct resend_bounce *bounce)
{
	const struct facts *facts = bounce->judgement.facts;
	bool settled = true;
	size_t i;

	for (i = 0; settled && i < facts->recipient_count; i++) {
		const char *address = facts->recipients[i].action == ACTION_FAILED ? failed_address(bounce, i) : NULL;

		settled = address == NULL || failures_has(resend, address);
	}
	return settled;
}

static void read_ids(const void *ctx, struct resend *resend)
{
	size_t i;

	for (i = 0; i < resend->bounce_count; i++)
		if (resend->bounces[i].mail != NULL && is_settled(resend, &resend->bounces[i]))
			list_add(ctx, &resend->ids, &resend->id_count, mail_id(resend->bounces[i].mail));
}

/* The mail itself: the user's copy of it, or what came back. */
static enum status read_original(const void *ctx, const struct resend_means *means, struct resend *resend, const char **why)
{
	const struct resend_bounce *bounce = &resend->bounces[0];
	enum status status = STATUS_OK;

	if (bounce->link.original != NULL)
		status = original_own(ctx, bounce->link.original, &means->settings, &resend->original);
	if (status == STATUS_REFUSED)
		*why = wording_say(ctx, means->wording, "refuse-huge",
		        WORDING_VALUES({"size", talloc_asprintf(ctx, "%u", RESEND_MAX >> 20)}));
	if (status != STATUS_OK || resend->original.bytes != NULL)
		return status;
	resend->is_returned = true;
	resend->original = original_returned(ctx, bounce->bytes, bounce->length, bounce->judgement.facts);
	if (resend->original.bytes != NULL)
		return STATUS_OK;
	*why = wording_label(means->wording, "refuse-lost");
	return STATUS_REFUSED;
}

/* What speaks against the mail that was read, unless the user insists: it is said in any case. */
static enum status check_original(const void *ctx, const struct resend_means *means, const struct resend_wish *wish,
        struct resend *resend, const char **why)
{
	bool final = false;
	const char *doubt = resend_doubt(ctx, means, resend, &final);

	if (doubt == NULL)
		return STATUS_OK;
	if (wish->from_returned && !final) {
		list_add(ctx, &resend->remarks, &resend->remark_count, doubt);
		return STATUS_OK;
	}
	*why = doubt;
	if (!final)
		*why = wording_say(ctx, means->wording, "refuse-in-doubt", WORDING_VALUES({"doubt", *why}));
	return STATUS_REFUSED;
}

/* The bounces that are about one mail: the given one, or those of the given mail. */
static enum status read_bounces(
        const void *ctx, const struct resend_means *means, struct resend_bounce given, struct resend *resend)
{
	enum status status = bounce_add(ctx, means, given, resend);

	if (status == STATUS_OK && resend->bounces[0].judgement.facts->kind == KIND_NONE && given.mail != NULL) {
		resend->bounce_count = 0;
		status = bounces_of(ctx, means, given.mail, resend);
	}
	return status;
}

enum status resend_decide(const void *ctx, const struct resend_means *means, const struct resend_wish *wish, const char *bytes,
        size_t length, struct mail *bounce, struct resend *resend, const char **why)
{
	const struct resend_bounce given = {.mail = bounce, .bytes = bytes, .length = length};
	enum status status;

	*resend = (struct resend){.remarks = list_new(ctx), .ids = list_new(ctx)};
	*why = NULL;
	status = read_bounces(ctx, means, given, resend);
	if (status != STATUS_OK)
		return status;
	read_failures(ctx, wish, resend);
	choose(wish, resend);
	read_ids(ctx, resend);
	*why = resend_objection(ctx, means, wish, resend);
	if (*why != NULL)
		return STATUS_REFUSED;
	status = read_original(ctx, means, resend, why);
	if (status == STATUS_OK)
		status = check_original(ctx, means, wish, resend, why);
	return status == STATUS_OK ? resend_address(ctx, means, wish, resend, why) : status;
}
