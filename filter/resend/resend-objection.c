/* What speaks against sending a mail again: the part of resend.h that says no. */
#include <string.h>
#include <talloc.h>

#include "index/resent.h"
#include "resend/resend.h"

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

/* Whether the bounce is about a mail that the user never sent. */
static bool is_backscatter(const struct resend_bounce *bounce)
{
	return bounce->link.genuine == LINK_CONTRADICTED ||
	       (bounce->mail != NULL && bounce->link.genuine != LINK_LINKED &&
	               (mail_has_tag(bounce->mail, "bounce/backscatter") ||
	                       mail_has_value(bounce->mail, "bounce.genuine", "backscatter")));
}

bool resend_was_made(struct mail *bounce)
{
	char *id = mail_value(NULL, bounce, RESENT_AS);

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
	size_t i;

	if (resend->bounce_count == 0 || !kind_is_bounce(resend->bounces[0].judgement.facts->kind))
		return "refuse-no-bounce";
	for (i = 0; i < resend->bounce_count; i++)
		if (is_backscatter(&resend->bounces[i]))
			return "refuse-backscatter";
	if (!wish->again && was_sent_again(resend))
		return "refuse-again";
	return !wish->anyway && is_only_late(resend) ? "refuse-late" : NULL;
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

const char *resend_doubt(const void *ctx, const struct resend_means *means, const struct resend *resend, bool *final)
{
	const struct original_copy *original = &resend->original;
	const struct draft_source source = draft_source(original->bytes, original->length);
	char *from = header_line(ctx, source.fields, "From");

	if (means->index != NULL && (from == NULL || !settings_is_own(&means->settings, from))) {
		*final = true;
		return "refuse-not-yours";
	}
	if (resend->is_returned && !original->is_whole)
		return "doubt-header-only";
	if (resend->is_returned)
		return means->index == NULL ? "doubt-no-index" : "doubt-returned";
	if (resend->bounces[0].link.genuine != LINK_LINKED)
		return "doubt-not-linked";
	return original->is_own ? NULL : "doubt-came-in";
}
