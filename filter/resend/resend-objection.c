/* What speaks against sending a mail again: the part of resend.h that says no. */
#include <string.h>
#include <talloc.h>

#include "index/resent.h"
#include "mail/raw-header.h"
#include "resend/resend.h"

/* Reasons for which sending the same again makes it worse, and what to do instead. */
struct objection {
	enum reason reason;
	bool less_helps;           /* other text or attachments may be judged otherwise */
	bool no_attachments_helps; /* without attachments there is nothing left to be refused */
	const char *text;
};

static const struct objection objections[] = {
        {REASON_SPAM, true, false,
                "was taken for spam at {address}: unchanged it will be refused again, and every time makes your name worse "
                "there. Write it "
                "differently, or send less of it (--plain, --no-attachments)"},
        {REASON_VIRUS, false, true,
                "was refused at {address} because malware was found in it: don't send it on. Scan your computer, and leave the "
                "attachments "
                "out (--no-attachments)"},
        {REASON_BLOCKED, false, false,
                "was refused at {address} because of your mail server's reputation: sending again from there makes that worse. "
                "Ask your "
                "provider to look into it first, or use another way"},
        {REASON_AUTH_FAILURE, false, false,
                "was refused at {address} because your domain does not confirm where it comes from (SPF, DKIM, DMARC): unchanged "
                "it will "
                "be refused again. Whoever looks after your domain has to mend that first"},
        {REASON_SENDER_SUSPENDED, false, false,
                "did not reach {address} because your own provider stopped your account: change the password at once and call "
                "your "
                "provider; until then nothing gets out"},
};

static const char *objection_to(const void *ctx, const struct resend_wish *wish, const struct resend_failure *failure)
{
	const struct objection *objection = objections, *end = objections + sizeof objections / sizeof *objections;
	char *text;

	while (objection < end && objection->reason != failure->reason)
		objection++;
	if (objection == end || (objection->less_helps && wish->less) ||
	        (objection->no_attachments_helps && wish->no_attachments))
		return NULL;
	text = draft_words_fill(ctx, objection->text, "address", failure->address);
	return talloc_asprintf(ctx, "this mail %s. --anyway makes a draft all the same", text);
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

const char *resend_objection(const void *ctx, const struct resend_wish *wish, const struct resend *resend)
{
	const char *objection = NULL;
	size_t i;

	if (resend->bounce_count == 0 || !kind_is_bounce(resend->bounces[0].judgement.facts->kind))
		return "this is no bounce, and no bounce of it is known: there is nothing to send again";
	for (i = 0; i < resend->bounce_count; i++)
		if (is_backscatter(&resend->bounces[i]))
			return "you did not send the mail that this bounce is about: somebody else used your address. Nothing is "
			       "sent again";
	if (!wish->again && was_sent_again(resend))
		return "this mail was made ready to be sent again before: see notmuch-bounce status. --again does it once more";
	if (!wish->anyway && is_only_late(resend))
		return "this mail is only late: servers still try to deliver it, and it would arrive twice. --anyway makes a "
		       "draft all the same";
	for (i = 0; i < resend->failure_count && objection == NULL && !wish->anyway; i++)
		objection = objection_to(ctx, wish, &resend->failures[i]);
	return objection;
}

const char *resend_doubt(const void *ctx, const struct resend_means *means, const struct resend *resend, bool *final)
{
	const struct original_copy *original = &resend->original;
	const struct draft_source source = draft_source(original->bytes, original->length);
	char *from = raw_header_find(ctx, source.fields.start, source.fields.start + source.fields.length, "From");

	if (means->index != NULL && (from == NULL || !settings_is_own(&means->settings, from))) {
		*final = true;
		return "the mail that came back is not from any of your addresses (user.primary_email, user.other_email)";
	}
	if (resend->is_returned && !original->is_whole)
		return "your mail is not in the index, and only its header came back: the text is lost";
	if (resend->is_returned)
		return means->index == NULL
		               ? "there is no index to find your own copy in, so this is what came back with the bounce"
		               : "your own copy is not in the index, so this is what came back with the bounce, through other "
		                 "hands";
	if (resend->bounces[0].link.genuine != LINK_LINKED)
		return "nothing proves that this bounce is about the mail it seems to be about";
	if (!original->is_own)
		return "the only copy in the index came in through a mail server, so it may not be what you sent";
	return NULL;
}
