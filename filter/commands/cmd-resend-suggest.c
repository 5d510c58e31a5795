#include "commands/cmd-resend.h"

#include <talloc.h>

#include "base/limits.h"
#include "commands/candidates-print.h"
#include "commands/cmd.h"
#include "mail/address.h"

/* The name with which TEXT, an address field, has ADDRESS; owned by CTX. NULL: it doesn't have
 * it. */
static const char *name_in(const void *ctx, const char *text, const char *address)
{
	struct mailbox mailbox;

	while (text != NULL && mailbox_next(ctx, &text, &mailbox))
		if (address_equal(mailbox.address, address))
			return mailbox.name;
	return NULL;
}

/* The name with which the user wrote to ADDRESS: by their own mail, or else by what came back of
 * it. */
static const char *name_of(const void *ctx, const struct resend_bounce *bounce, const char *address)
{
	const char *name = NULL;

	if (bounce->link.original != NULL) {
		name = name_in(ctx, mail_header(bounce->link.original, "To"), address);
		return name != NULL
		               ? name
		               : name_in(ctx, mail_header(bounce->link.original, "Cc"), address);
	}
	return name_in(ctx, bounce->judgement.facts->original.to, address);
}

/* What a report says of ADDRESS; NULL: nothing. */
static const char *diagnostic_of(const struct facts *facts, const char *address)
{
	const struct recipient *recipient;
	size_t i;

	for (i = 0; i < facts->recipient_count; i++) {
		recipient = &facts->recipients[i];
		if (address_equal(recipient->address, address) ||
		        (recipient->original_address != NULL &&
		                address_equal(recipient->original_address, address)))
			return recipient->text_count > 0 ? recipient->texts[0].text : NULL;
	}
	return NULL;
}

static struct candidates find(
        const void *ctx, const struct resending *resending, const struct resend_failure *failure)
{
	const struct resend *resend = &resending->resend;
	struct candidates_wish wish = {.failed = failure->address};
	size_t i;

	for (i = 0; i < resend->bounce_count; i++) {
		if (wish.name == NULL)
			wish.name = name_of(ctx, &resend->bounces[i], failure->address);
		if (wish.diagnostic == NULL && failure->reason == REASON_MOVED)
			wish.diagnostic =
			        diagnostic_of(resend->bounces[i].judgement.facts, failure->address);
	}
	return candidates_find(
	        ctx, resending->env.index, &resending->env.settings, &wish, resending->problems);
}

enum status resending_suggest(const void *ctx, struct resending *resending)
{
	/* What speaks against sending it again doesn't matter here. */
	const struct resend_options any = {.again = true, .anyway = true, .from_returned = true};
	struct resend *resend = &resending->resend;
	bool as_json = resending->suggest[0] == 'j';
	char *text = talloc_strdup(ctx, "");
	const char *why;
	enum status status = resend_decide(ctx, &resending->env, &any, resend, &why);
	size_t i;

	if (resend->failure_count == 0) {
		cmd_say("resend: %s", why != NULL ? why : "no address failed");
		return status;
	}
	for (i = 0; i < resend->failure_count && i < EXPLAINED_MAX; i++) {
		struct candidates candidates = find(ctx, resending, &resend->failures[i]);

		text = talloc_strdup_append_buffer(
		        text, (as_json ? candidates_json : candidates_text)(
		                      ctx, resending->env.wording, &candidates));
	}
	cmd_say_problems(resending->problems);
	return cmd_print(text);
}

/* Whether it may be filled in before anybody looked: reports, names and addresses that look alike
 * may be made by anybody, but not what the user wrote to. */
static bool is_safe(const struct candidate *one)
{
	if (one->evidence == CANDIDATE_DOMAIN && one->knowledge == DOMAIN_LISTED)
		return true;
	return one->evidence != CANDIDATE_REPORT && one->history.last_reached != 0;
}

const char *resending_suggestion(const void *ctx, const struct resending *resending)
{
	const struct resend *resend = &resending->resend;
	struct candidates candidates;

	if (resend->failure_count != 1)
		return NULL;
	candidates = find(ctx, resending, &resend->failures[0]);
	return candidates.count > 0 && is_safe(&candidates.list[0]) ? candidates.list[0].address
	                                                            : NULL;
}
