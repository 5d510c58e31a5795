/* What speaks against sending a mail again: the part of resend.h that says no. */
#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "index/properties.h"
#include "mail/address-list.h"
#include "resend/resend.h"
#include "text/text.h"

/* Reasons for which sending the same again makes it worse. What to do instead stands in the label. */
static const struct objection {
	enum reason reason;
	bool less_helps;           /* other text or attachments may be judged otherwise */
	bool no_attachments_helps; /* without attachments there is nothing left to be refused */
	const char *label;
} objections[] = {
        {REASON_SPAM, true, false, "refuse-spam"},
        {REASON_VIRUS, false, true, "refuse-virus"},
        {REASON_BLOCKED, false, false, "refuse-blocked"},
        {REASON_AUTH_FAILURE, false, false, "refuse-auth-failure"},
        {REASON_SENDER_SUSPENDED, false, false, "refuse-sender-suspended"},
};

static const char *objection_to(
        const void *ctx, struct wording *wording, const struct resend_wish *wish, const struct resend_failure *failure)
{
	const struct objection *objection = objections, *end = objections + sizeof objections / sizeof *objections;

	while (objection < end && objection->reason != failure->reason)
		objection++;
	if (objection == end || (objection->less_helps && wish->less) ||
	        (objection->no_attachments_helps && wish->no_attachments))
		return NULL;
	return wording_say(ctx, wording, objection->label, WORDING_VALUES({"address", failure->address}));
}

bool resend_was_made(struct mail *bounce)
{
	char *id = mail_value(NULL, bounce, PROPERTY_RESENT_AS);

	talloc_free(id);
	return id != NULL;
}

static bool was_sent_again(const struct resend *resend)
{
	size_t i;

	for (i = 0; i < resend->bounce_count; i++)
		if (resend->bounces[i].mail != NULL && resend_was_made(resend->bounces[i].mail))
			return true;
	return false;
}

/* Whether all that the bounces say is that a mail is late. */
static bool is_only_late(const struct resend *resend)
{
	size_t i;

	for (i = 0; i < resend->bounce_count; i++)
		if (resend->bounces[i].judgement.facts->kind != KIND_DELAYED)
			return false;
	return true;
}

/* What speaks against sending anything that these bounces are about: a label. NULL: nothing. */
static const char *objection_to_all(const struct resend_wish *wish, const struct resend *resend)
{
	if (resend->bounce_count == 0 || !kind_is_bounce(resend->bounces[0].judgement.facts->kind))
		return "refuse-no-bounce";
	if (!wish->again && was_sent_again(resend))
		return "refuse-again";
	if (!wish->anyway && is_only_late(resend))
		return "refuse-late";
	return (wish->reasons != 0 || wish->skip != NULL) && resend->failure_count == 0 ? "refuse-none-chosen" : NULL;
}

const char *resend_objection(
        const void *ctx, const struct resend_means *means, const struct resend_wish *wish, const struct resend *resend)
{
	const char *label = objection_to_all(wish, resend), *objection = NULL;
	size_t i;

	if (label != NULL)
		return wording_label(means->wording, label);
	for (i = 0; i < resend->failure_count && objection == NULL && !wish->anyway; i++)
		objection = objection_to(ctx, means->wording, wish, &resend->failures[i]);
	return objection;
}

/* Whom the mail that came back is from, as it stands there; in one line. */
static const char *sender_of(const void *ctx, const char *from)
{
	char *author = from != NULL ? address_list_only(ctx, from) : NULL;

	if (author == NULL)
		author = talloc_strdup(ctx, from != NULL ? from : "");
	return text_one_line(ctx, author, strlen(author), ADDRESS_MAX);
}

const char *resend_doubt(const void *ctx, const struct resend_means *means, const struct resend *resend, bool *final)
{
	const struct original_copy *original = &resend->original;
	const struct draft_source source = draft_source(original->bytes, original->length);
	char *from = header_line(ctx, source.fields, "From");
	enum genuine genuine = resend->bounces[0].link.genuine;
	const char *label = NULL;

	if (means->index != NULL && (from == NULL || !settings_is_own(&means->settings, from))) {
		*final = true;
		return wording_say(ctx, means->wording, "refuse-not-yours", WORDING_VALUES({"address", sender_of(ctx, from)}));
	}
	if (genuine == GENUINE_BACKSCATTER)
		label = "doubt-backscatter";
	else if (resend->is_returned && !original->is_whole)
		label = "doubt-header-only";
	else if (resend->is_returned)
		label = means->index == NULL ? "doubt-no-index" : "doubt-returned";
	else if (!original->is_own)
		label = "doubt-came-in";
	else if (genuine != GENUINE_LINKED)
		label = "doubt-not-linked";
	return label != NULL ? wording_label(means->wording, label) : NULL;
}
