#include "resend/resend.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "index/history.h"
#include "index/mail-files.h"
#include "index/properties.h"
#include "index/tagger.h"
#include "mail/address.h"
#include "text/text.h"

/* Addresses that are looked up: a mail to hundreds needs no word on each. */
#define REMARKS_MAX 20

#define ADDRESSES_SHOWN 3

static void remark(const void *ctx, const struct resend_env *env, struct resend *resend,
        const char *label, const struct wording_value *values)
{
	list_add(ctx, &resend->remarks, &resend->remark_count,
	        wording_say(ctx, env->wording, label, values));
}

char *resend_addresses(const void *ctx, char *const *addresses)
{
	size_t count = list_length(addresses), i;
	char *text = talloc_strdup(ctx, "");

	for (i = 0; i < count && i < ADDRESSES_SHOWN; i++)
		text = talloc_asprintf_append_buffer(
		        text, "%s%s", i > 0 ? ", " : "", address_shown(ctx, addresses[i]));
	if (count > ADDRESSES_SHOWN)
		text = talloc_asprintf_append_buffer(text, " (+%zu)", count - ADDRESSES_SHOWN);
	return text;
}

/* -- the bounces */

static enum status bounce_add(const void *ctx, const struct resend_env *env,
        struct resend_bounce bounce, struct resend *resend)
{
	enum status status =
	        judge_mail(ctx, env->judge, bounce.bytes, bounce.length, &bounce.judgement);

	if (status != STATUS_OK)
		return status;
	if (env->index != NULL && kind_is_bounce(bounce.judgement.facts->kind))
		bounce.link = link_find_facts(
		        ctx, env->index, &env->settings, &bounce.judgement, bounce.mail);
	resend->bounces =
	        array_grow(ctx, resend->bounces, struct resend_bounce, resend->bounce_count);
	resend->bounces[resend->bounce_count++] = bounce;
	return STATUS_OK;
}

/* The bounce ID, if it is about SENT. */
static enum status bounce_add_of(const void *ctx, const struct resend_env *env, struct mail *sent,
        const char *id, bool fresh, struct resend *resend)
{
	struct resend_bounce bounce = {.mail = index_find(ctx, env->index, id)};
	const struct link *link;
	enum status status;

	if (bounce.mail == NULL || (fresh && tagger_was_resent(env->index, bounce.mail)))
		return STATUS_OK;
	bounce.bytes = mail_bytes(ctx, bounce.mail, &bounce.length);
	if (bounce.bytes == NULL)
		return STATUS_OK;
	status = bounce_add(ctx, env, bounce, resend);
	if (status != STATUS_OK)
		return status;
	link = &resend->bounces[resend->bounce_count - 1].link;
	if (link->genuine != GENUINE_LINKED || strcmp(mail_id(link->original), mail_id(sent)) != 0)
		resend->bounce_count--;
	return STATUS_OK;
}

/* SENT is a mail of the user's: the bounces that are known of it, the newest first. Those that it
 * was sent again for already only if there are no others. */
static enum status bounces_of(
        const void *ctx, const struct resend_env *env, struct mail *sent, struct resend *resend)
{
	char **ids = mail_values(ctx, sent, PROPERTY_BY);
	enum status status = STATUS_OK;
	int fresh;

	for (fresh = 1; fresh >= 0 && resend->bounce_count == 0; fresh--) {
		size_t count = list_length(ids);

		while (count > 0 && status == STATUS_OK &&
		        resend->bounce_count < RESEND_BOUNCES_MAX)
			status = bounce_add_of(ctx, env, sent, ids[--count], fresh, resend);
	}
	return status;
}

enum status resend_read(const void *ctx, const struct resend_env *env, const char *bytes,
        size_t length, struct mail *mail, struct resend *resend)
{
	enum status status;

	*resend = (struct resend){.remarks = list_new(ctx), .ids = list_new(ctx)};
	status = bounce_add(ctx, env,
	        (struct resend_bounce){.mail = mail, .bytes = bytes, .length = length}, resend);
	if (status != STATUS_OK || resend->bounces[0].judgement.facts->kind != KIND_NONE ||
	        mail == NULL)
		return status;
	resend->bounce_count = 0;
	return bounces_of(ctx, env, mail, resend);
}

/* -- who did not get it */

static struct resend_failure *failure_of(const struct resend *resend, const char *address)
{
	size_t i;

	for (i = 0; i < resend->failure_count; i++)
		if (address_equal(resend->failures[i].address, address))
			return &resend->failures[i];
	return NULL;
}

/* The recipient of the mail that recipient I of the bounce is about, as the user wrote it. Of a
 * mail that only came back, it is for its header to say (see failed_recipients()). */
static const char *failed_address(const struct resend_bounce *bounce, size_t i)
{
	const struct recipient *recipient = &bounce->judgement.facts->recipients[i];

	if (bounce->link.genuine == GENUINE_LINKED)
		return bounce->link.reached[i];
	if (recipient->original_address != NULL)
		return recipient->original_address;
	return recipient->address[0] != '\0' ? recipient->address : NULL;
}

/* Whether we have sent the mail again for ADDRESS, because of BOUNCE. */
static bool is_done(const struct resend_bounce *bounce, const char *address)
{
	char *digest = address_digest(NULL, address);
	bool done = bounce->mail != NULL && mail_has_value(bounce->mail, PROPERTY_SENT_FOR, digest);

	talloc_free(digest);
	return done;
}

static void failures_add(const void *ctx, const struct resend_bounce *bounce,
        const struct resend_options *options, struct resend *resend)
{
	const struct facts *facts = bounce->judgement.facts;
	size_t i;

	for (i = 0; bounce->judgement.verdicts != NULL && i < facts->recipient_count; i++) {
		enum action action = facts->recipients[i].action;
		const char *address = failed_address(bounce, i);

		if (address == NULL || failure_of(resend, address) != NULL ||
		        (action != ACTION_FAILED && !(action == ACTION_DELAYED && options->anyway)))
			continue;
		if (!options->again && is_done(bounce, address)) {
			resend->has_done = true;
			continue;
		}
		resend->failures = array_grow(
		        ctx, resend->failures, struct resend_failure, resend->failure_count);
		resend->failures[resend->failure_count++] = (struct resend_failure){
		        address, bounce->judgement.verdicts[i].reason, false};
	}
}

/* Keep of the failures those that OPTIONS choose. All had to be read before: of an address that
 * failed twice, the newest reason counts. */
static void choose(const struct resend_options *options, struct resend *resend)
{
	size_t i, kept = 0;

	for (i = 0; i < resend->failure_count; i++) {
		const struct resend_failure *failure = &resend->failures[i];

		if ((options->reasons == 0 || (options->reasons & 1u << failure->reason) != 0) &&
		        !address_list_has(options->skip, failure->address))
			resend->failures[kept++] = *failure;
	}
	resend->failure_count = kept;
}

/* Whether all recipients that BOUNCE says failed are to get the mail again: with others among them,
 * what it says is not settled by that. */
static bool is_settled(const struct resend *resend, const struct resend_bounce *bounce)
{
	const struct facts *facts = bounce->judgement.facts;
	size_t i;

	for (i = 0; i < facts->recipient_count; i++) {
		const char *address = facts->recipients[i].action == ACTION_FAILED
		                              ? failed_address(bounce, i)
		                              : NULL;
		const struct resend_failure *failure =
		        address != NULL ? failure_of(resend, address) : NULL;

		if (address != NULL && (failure == NULL || failure->is_left_out))
			return false;
	}
	return true;
}

static void read_ids(const void *ctx, struct resend *resend)
{
	size_t i;

	resend->ids = list_new(ctx);
	resend->id_count = 0;
	for (i = 0; i < resend->bounce_count; i++)
		if (resend->bounces[i].mail != NULL && is_settled(resend, &resend->bounces[i]))
			list_add(ctx, &resend->ids, &resend->id_count,
			        mail_id(resend->bounces[i].mail));
}

/* -- what speaks against it */

/* Reasons for which sending the same again makes it worse. What to do instead stands in the
 * label. */
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

static const char *objection_to(const void *ctx, const struct resend_env *env,
        const struct resend_options *options, const struct resend_failure *failure)
{
	size_t i;

	for (i = 0; i < sizeof objections / sizeof *objections; i++) {
		const struct objection *one = &objections[i];

		if (one->reason == failure->reason && !(one->less_helps && options->less) &&
		        !(one->no_attachments_helps && options->no_attachments))
			return wording_say(ctx, env->wording, one->label,
			        WORDING_VALUES({"address", address_shown(ctx, failure->address)}));
	}
	return NULL;
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

/* Whether a draft was made because of one of the bounces; ONLY_SENT: and was sent. */
static bool was_made(const struct resend_env *env, const struct resend *resend, bool only_sent)
{
	size_t i;

	for (i = 0; i < resend->bounce_count; i++) {
		struct mail *bounce = resend->bounces[i].mail;
		char *id = bounce != NULL ? mail_value(NULL, bounce, PROPERTY_RESENT_AS) : NULL;

		talloc_free(id);
		if (id != NULL && (!only_sent || tagger_was_resent(env->index, bounce)))
			return true;
	}
	return false;
}

/* What speaks against sending anything that these bounces are about: a label. NULL: nothing. */
static const char *objection_to_all(const struct resend_env *env,
        const struct resend_options *options, const struct resend *resend)
{
	if (resend->bounce_count == 0 || !kind_is_bounce(resend->bounces[0].judgement.facts->kind))
		return "refuse-no-bounce";
	if (!options->again &&
	        (was_made(env, resend, true) || (resend->has_done && resend->failure_count == 0)))
		return "refuse-again";
	if (!options->anyway && is_only_late(resend))
		return "refuse-late";
	return (options->reasons != 0 || options->skip != NULL) && resend->failure_count == 0
	               ? "refuse-none-chosen"
	               : NULL;
}

static const char *find_objection(const void *ctx, const struct resend_env *env,
        const struct resend_options *options, const struct resend *resend)
{
	const char *label = objection_to_all(env, options, resend), *objection = NULL;
	size_t i;

	if (label != NULL)
		return wording_label(env->wording, label);
	for (i = 0; i < resend->failure_count && objection == NULL && !options->anyway; i++)
		objection = objection_to(ctx, env, options, &resend->failures[i]);
	return objection;
}

/* -- the mail itself */

/* The user's copy of it, or what came back. */
static enum status read_original(
        const void *ctx, const struct resend_env *env, struct resend *resend, const char **why)
{
	const struct resend_bounce *bounce = &resend->bounces[0];
	enum status status = STATUS_OK;

	if (resend->original.bytes != NULL)
		return STATUS_OK;
	if (bounce->link.original != NULL)
		status =
		        original_own(ctx, bounce->link.original, &env->settings, &resend->original);
	if (status == STATUS_REFUSED)
		*why = wording_say(ctx, env->wording, "refuse-huge",
		        WORDING_VALUES({"size", talloc_asprintf(ctx, "%u", RESEND_MAX >> 20)}));
	if (status != STATUS_OK || resend->original.bytes != NULL)
		return status;
	resend->is_returned = true;
	resend->original =
	        original_returned(ctx, bounce->bytes, bounce->length, bounce->judgement.facts);
	if (resend->original.bytes != NULL)
		return STATUS_OK;
	*why = wording_label(env->wording, "refuse-lost");
	return STATUS_REFUSED;
}

/* Whom the mail that came back is from, as it stands there; in one line. */
static const char *sender_of(const void *ctx, const char *from)
{
	char *author = from != NULL ? address_list_only(ctx, from) : NULL;

	if (author == NULL)
		author = talloc_strdup(ctx, from != NULL ? from : "");
	return text_one_line(ctx, author, strlen(author), ADDRESS_MAX);
}

/* Why it is not certain that the original is the mail that the user sent: a label; NULL if it
 * is. */
static const char *doubt_about(const struct resend_env *env, const struct resend *resend)
{
	enum genuine genuine = resend->bounces[0].link.genuine;

	if (genuine == GENUINE_BACKSCATTER)
		return "doubt-backscatter";
	if (resend->is_returned && !resend->original.is_whole)
		return "doubt-header-only";
	if (resend->is_returned)
		return env->index == NULL ? "doubt-no-index" : "doubt-returned";
	if (!resend->original.is_own)
		return "doubt-came-in";
	return genuine != GENUINE_LINKED ? "doubt-not-linked" : NULL;
}

/* What speaks against the mail that was read, unless the user insists: it is said in any case. */
static enum status check_original(const void *ctx, const struct resend_env *env,
        const struct resend_options *options, struct resend *resend, const char **why)
{
	const struct draft_source source =
	        draft_source(resend->original.bytes, resend->original.length);
	char *from = header_line(ctx, source.fields, "From");
	const char *doubt;

	if (env->index != NULL && (from == NULL || !settings_is_own(&env->settings, from))) {
		*why = wording_say(ctx, env->wording, "refuse-not-yours",
		        WORDING_VALUES({"address", sender_of(ctx, from)}));
		return STATUS_REFUSED;
	}
	doubt = doubt_about(env, resend);
	if (doubt != NULL && !options->from_returned) {
		*why = wording_say(ctx, env->wording, "refuse-in-doubt",
		        WORDING_VALUES({"doubt", wording_label(env->wording, doubt)}));
		return STATUS_REFUSED;
	}
	if (doubt != NULL)
		remark(ctx, env, resend, doubt, NULL);
	return STATUS_OK;
}

/* -- to whom it goes */

/* All recipients in the header of the original, and whom it is from. */
static char **header_addresses(const void *ctx, struct resend *resend)
{
	const struct draft_source source =
	        draft_source(resend->original.bytes, resend->original.length);
	const char *at = source.fields.start, *end = at + source.fields.length;
	char **all = list_new(ctx), **some;
	struct header_field field;
	struct bytes value;
	size_t count = 0, i;

	resend->from = NULL;
	while (header_next(&at, end, HEADER_STRICT, &field)) {
		bool is_from = header_field_is(&field, "From");

		if (!is_from && !header_field_is_recipients(&field))
			continue;
		value = header_field_value(&field);
		some = address_list_read(ctx, value.start, value.length);
		if (is_from && resend->from == NULL)
			resend->from = some[0];
		for (i = 0; !is_from && some[i] != NULL; i++)
			list_add(ctx, &all, &count, some[i]);
	}
	return all;
}

/* Those of the failed whom the mail went to: nobody else is ever taken from a bounce. */
static char **failed_recipients(const void *ctx, const struct resend *resend, char *const *all)
{
	char **failed = list_new(ctx);
	size_t count = 0, i;

	for (i = 0; i < resend->failure_count; i++)
		if (address_list_has(all, resend->failures[i].address))
			list_add(ctx, &failed, &count, resend->failures[i].address);
	return failed;
}

struct correction {
	char **wrong, **right, **besides;
	size_t wrong_count, right_count, besides_count;
};

/* Whether TEXT is one address and nothing else, and can stand in a header. */
static bool is_address(const char *text)
{
	const char *p, *start;
	size_t length;

	for (p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return false;
	return address_scan(text, &start, &length) == strlen(text) && start == text &&
	       length == strlen(text);
}

/* In `a@b=c@d` the `=` between the two; NULL in `c@d`. An address may have one left of its @. */
static const char *equals_sign(const char *value)
{
	const char *at = strchr(value, '@');

	return at != NULL ? strchr(at, '=') : NULL;
}

/* Take VALUE of --to for one of those in MAY_BE. */
static enum status correct(const void *ctx, struct wording *wording, const char *value,
        char **failed, char **may_be, struct correction *correction, const char **why)
{
	const char *sign = equals_sign(value);
	const char *right = address_wire(ctx, sign != NULL ? sign + 1 : value);
	const char *wrong = failed[0];

	if (sign != NULL)
		wrong = talloc_strndup(ctx, value, (size_t)(sign - value));
	if (sign != NULL && !address_list_has(may_be, wrong))
		wrong = address_wire(ctx, wrong);
	if (!is_address(right))
		*why = wording_say(ctx, wording, "refuse-no-address",
		        WORDING_VALUES({"option", value}, {"address", right}));
	else if (sign == NULL && list_length(failed) > 1)
		*why = wording_say(ctx, wording, "refuse-which",
		        WORDING_VALUES(
		                {"option", value}, {"addresses", resend_addresses(ctx, failed)}));
	else if (sign != NULL && !address_list_has(may_be, wrong))
		*why = wording_say(ctx, wording,
		        failed[0] != NULL ? "refuse-not-among" : "refuse-none-failed",
		        WORDING_VALUES({"option", value}, {"address", address_shown(ctx, wrong)},
		                {"addresses", resend_addresses(ctx, may_be)}));
	if (*why != NULL)
		return STATUS_USAGE;
	if (wrong == NULL) {
		list_add(ctx, &correction->besides, &correction->besides_count, right);
		return STATUS_OK;
	}
	list_add(ctx, &correction->wrong, &correction->wrong_count, wrong);
	list_add(ctx, &correction->right, &correction->right_count, right);
	return STATUS_OK;
}

/* Say of ADDRESS, which the draft goes to, what is known against it. */
static void remark_address(
        const void *ctx, const struct resend_env *env, struct resend *resend, const char *address)
{
	const struct resend_failure *failure = failure_of(resend, address);
	const char *shown = address_shown(ctx, address);
	struct history history = {0};

	if (failure != NULL && reason_is_gone(failure->reason)) {
		remark(ctx, env, resend, "remark-still-wrong",
		        WORDING_VALUES({"address", shown},
		                {"reason", wording_name(ctx, env->wording,
		                                   reason_name(failure->reason), NULL)}));
		return;
	}
	if (env->index != NULL)
		history = history_read(env->index, &env->settings, address);
	/* Of an address that failed now, this mail is one. */
	if (history.last_reached == 0 && history.last_from == 0 &&
	        history.failed > (failure != NULL))
		remark(ctx, env, resend, "remark-none-arrived",
		        WORDING_VALUES({"count", talloc_asprintf(ctx, "%u", history.failed)},
		                {"address", shown}));
}

static void remark_addresses(
        const void *ctx, const struct resend_env *env, struct resend *resend, char *const *some)
{
	size_t i;

	for (i = 0; some != NULL && some[i] != NULL && i < REMARKS_MAX; i++)
		if (!address_list_has(resend->recipients.wrong, some[i]))
			remark_address(ctx, env, resend, some[i]);
}

/* Those of SOME who are to get it; *GONE are the others: nobody is there, they are not corrected,
 * and the user doesn't insist. */
static char **reachable(const void *ctx, const struct resend_options *options,
        const struct correction *correction, struct resend *resend, char *const *some, char ***gone)
{
	char **only = list_new(ctx);
	size_t count = 0, gone_count = 0, i;

	*gone = list_new(ctx);
	for (i = 0; some[i] != NULL; i++) {
		struct resend_failure *failure = failure_of(resend, some[i]);

		if (failure == NULL || options->anyway || !reason_is_gone(failure->reason) ||
		        address_list_has(correction->wrong, some[i])) {
			list_add(ctx, &only, &count, some[i]);
			continue;
		}
		failure->is_left_out = true;
		list_add(ctx, gone, &gone_count, some[i]);
	}
	return only;
}

/* Why nobody is left to get it, of whom nobody is at the addresses GONE. */
static const char *why_nobody(const void *ctx, const struct resend_env *env,
        const struct resend *resend, char *const *gone)
{
	if (gone[0] == NULL)
		return wording_label(env->wording, "refuse-nobody");
	return wording_say(ctx, env->wording, "refuse-gone",
	        WORDING_VALUES({"addresses", resend_addresses(ctx, gone)},
	                {"reason",
	                        wording_name(ctx, env->wording,
	                                reason_name(failure_of(resend, gone[0])->reason), NULL)}));
}

bool resend_is_gone(const struct resend *resend)
{
	size_t i;

	for (i = 0; i < resend->failure_count; i++)
		if (!resend->failures[i].is_left_out)
			return false;
	return resend->failure_count > 0;
}

/* Find out from OPTIONS and the header of the original to whom it goes. */
static enum status find_recipients(const void *ctx, const struct resend_env *env,
        const struct resend_options *options, struct resend *resend, const char **why)
{
	char **all = header_addresses(ctx, resend), **failed = failed_recipients(ctx, resend, all);
	char **may_be = options->all ? all : failed, **only, **gone;
	struct correction correction = {.wrong = NULL};
	enum status status = STATUS_OK;
	size_t i;

	for (i = 0; status == STATUS_OK && options->to != NULL && options->to[i] != NULL; i++)
		status = correct(
		        ctx, env->wording, options->to[i], failed, may_be, &correction, why);
	if (status != STATUS_OK)
		return status;
	only = reachable(ctx, options, &correction, resend, may_be, &gone);
	resend->recipients =
	        (struct recipients){.only = options->all && gone[0] == NULL ? NULL : only,
	                .wrong = correction.wrong,
	                .right = correction.right,
	                .besides = correction.besides};
	if (only[0] == NULL && correction.besides == NULL) {
		*why = why_nobody(ctx, env, resend, gone);
		return STATUS_REFUSED;
	}
	remark_addresses(ctx, env, resend, options->all ? failed : only);
	remark_addresses(ctx, env, resend, correction.right);
	remark_addresses(ctx, env, resend, correction.besides);
	/* What matters most comes last: there mutt shows it. */
	if (!options->again && was_made(env, resend, false))
		remark(ctx, env, resend, "remark-made", NULL);
	if (gone[0] != NULL)
		remark(ctx, env, resend, "remark-gone",
		        WORDING_VALUES({"addresses", resend_addresses(ctx, gone)}));
	return STATUS_OK;
}

/* -- all of it */

enum status resend_decide(const void *ctx, const struct resend_env *env,
        const struct resend_options *options, struct resend *resend, const char **why)
{
	enum status status;
	size_t i;

	resend->remarks = list_new(ctx);
	resend->failures = NULL;
	resend->has_done = false;
	resend->remark_count = resend->failure_count = 0;
	for (i = 0; i < resend->bounce_count; i++)
		failures_add(ctx, &resend->bounces[i], options, resend);
	choose(options, resend);
	*why = find_objection(ctx, env, options, resend);
	if (*why != NULL)
		return STATUS_REFUSED;
	status = read_original(ctx, env, resend, why);
	if (status == STATUS_OK)
		status = check_original(ctx, env, options, resend, why);
	if (status == STATUS_OK)
		status = find_recipients(ctx, env, options, resend, why);
	if (status != STATUS_OK)
		return status;
	read_ids(ctx, resend);
	return STATUS_OK;
}
