#include "resend/resend.h"

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "index/mail-files.h"
#include "index/outcome.h"
#include "index/properties.h"
#include "index/tagger.h"
#include "mail/address.h"
#include "mail/mime.h"
#include "text/text.h"

/* How many addresses of one mail are looked up in the index for remarks. */
#define REMARKS_MAX 20

#define ADDRESSES_SHOWN 3

char *resend_addresses(const void *ctx, char *const *addresses)
{
	size_t count = list_length(addresses);
	char *text = talloc_strdup(ctx, "");

	for (size_t i = 0; i < count && i < ADDRESSES_SHOWN; i++)
		text = talloc_asprintf_append_buffer(
		        text, "%s%s", i > 0 ? ", " : "", address_shown(ctx, addresses[i]));
	if (count > ADDRESSES_SHOWN)
		text = talloc_asprintf_append_buffer(text, " (+%zu)", count - ADDRESSES_SHOWN);
	return text;
}

/* -- the bounces */

/* Judges BOUNCE and adds it; if SENT (an id) is not NULL, only if it is about that mail. */
static enum status bounce_add(struct resend *resend, struct resend_bounce bounce, const char *sent)
{
	const void *ctx = resend->ctx;
	struct link *link = &bounce.link;
	enum status status =
	        judge_mail(ctx, resend->judge, bounce.bytes, bounce.length, &bounce.judgement);

	if (status == STATUS_OK && resend->index != NULL &&
	        kind_is_bounce(bounce.judgement.facts->kind))
		*link = link_find_facts(ctx, resend->index, &bounce.judgement, bounce.mail);
	if (status == STATUS_OK &&
	        (sent == NULL || (link->genuine == GENUINE_LINKED &&
	                                 strcmp(mail_id(link->original), sent) == 0)))
		array_add(ctx, resend->bounces, resend->bounce_count) = bounce;
	return status;
}

/* Adds the bounces of SENT, the newest first; with ARE_NEW, those for which it was not sent again
 * already. */
static enum status bounces_add(struct resend *resend, struct mail *sent, bool are_new)
{
	const void *ctx = resend->ctx;
	char **ids = mail_values(ctx, sent, PROPERTY_BY);
	enum status status = STATUS_OK;

	for (size_t i = list_length(ids);
	        i > 0 && status == STATUS_OK && resend->bounce_count < RESEND_BOUNCES_MAX; i--) {
		struct resend_bounce bounce = {.mail = index_find(ctx, resend->index, ids[i - 1])};

		if (bounce.mail == NULL || (are_new && tagger_was_resent(bounce.mail)))
			continue;
		bounce.bytes = mail_bytes(ctx, bounce.mail, &bounce.length);
		if (bounce.bytes != NULL)
			status = bounce_add(resend, bounce, mail_id(sent));
	}
	return status;
}

enum status resend_read(struct resend *resend, const char *bytes, size_t length, struct mail *mail)
{
	enum status status = bounce_add(resend,
	        (struct resend_bounce){.mail = mail, .bytes = bytes, .length = length}, NULL);

	if (status != STATUS_OK || resend->bounces[0].judgement.facts->kind != KIND_NONE ||
	        mail == NULL)
		return status;
	resend->bounce_count = 0;
	status = bounces_add(resend, mail, true);
	if (status == STATUS_OK && resend->bounce_count == 0)
		status = bounces_add(resend, mail, false);
	return status;
}

/* -- who did not get it */

static enum status resend_refuse(
        struct resend *resend, const char *label, const struct wording_value *values)
{
	resend->why = wording_say(resend->ctx, resend->plan.wording, label, values);
	return STATUS_REFUSED;
}

static void resend_remark(
        struct resend *resend, const char *label, const struct wording_value *values)
{
	list_add(resend->ctx, &resend->remarks,
	        wording_say(resend->ctx, resend->plan.wording, label, values));
}

static const char *reason_said(struct resend *resend, const struct resend_failure *failure)
{
	return wording_name(resend->ctx, resend->plan.wording, reason_name(failure->reason),
	        address_domain(resend->ctx, failure->address));
}

static struct resend_failure *resend_failure_of(const struct resend *resend, const char *address)
{
	SCOPED char *digest = address_digest(NULL, address);

	for (size_t i = 0; i < resend->failure_count; i++)
		if (strcmp(resend->failures[i].digest, digest) == 0)
			return &resend->failures[i];
	return NULL;
}

/* Returns the address to which the user wrote and that is recipient I of the bounce; NULL: not
 * known. If the mail is not in the index, the address may be one that the mail did not go to:
 * recipients_find() asks its header. */
static const char *failed_address(const struct resend_bounce *bounce, size_t i)
{
	const struct recipient *recipient = &bounce->judgement.facts->recipients[i];

	if (bounce->link.genuine == GENUINE_LINKED)
		return bounce->link.reached[i];
	if (recipient->original_address != NULL)
		return recipient->original_address;
	return recipient->address[0] != '\0' ? recipient->address : NULL;
}

/* Adds the recipients who did not get the mail according to BOUNCE and were not added yet, as the
 * newest reason counts. So those that the options don't choose are left out only after all were
 * added. */
static void failures_add(struct resend *resend, const struct resend_bounce *bounce)
{
	const struct resend_options *options = &resend->options;
	const struct facts *facts = bounce->judgement.facts;

	for (size_t i = 0; bounce->judgement.verdicts != NULL && i < facts->recipient_count; i++) {
		enum action action = facts->recipients[i].action;
		const char *address = failed_address(bounce, i);

		if (address == NULL || resend_failure_of(resend, address) != NULL ||
		        (action != ACTION_FAILED && !(action == ACTION_DELAYED && options->anyway)))
			continue;
		const char *digest = address_digest(resend->ctx, address);

		if (!options->again && bounce->mail != NULL &&
		        mail_has_value(bounce->mail, PROPERTY_SENT_FOR, digest)) {
			resend->has_done = true;
			continue;
		}
		array_add(resend->ctx, resend->failures, resend->failure_count) =
		        (struct resend_failure){
		                address, digest, bounce->judgement.verdicts[i].reason, false};
	}
}

static void find_failures(struct resend *resend)
{
	const struct resend_options *options = &resend->options;

	resend->failures = NULL;
	resend->failure_count = 0;
	for (size_t i = 0; i < resend->bounce_count; i++)
		failures_add(resend, &resend->bounces[i]);
	size_t count = resend->failure_count;

	resend->failure_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct resend_failure failure = resend->failures[i];

		if ((options->reasons == 0 || (options->reasons & 1u << failure.reason) != 0) &&
		        !address_list_has(options->skip, failure.address))
			resend->failures[resend->failure_count++] = failure;
	}
}

bool resend_is_gone(const struct resend *resend)
{
	for (size_t i = 0; i < resend->failure_count; i++)
		if (!resend->failures[i].is_left_out)
			return false;
	return resend->failure_count > 0;
}

/* Returns whether BOUNCE is settled by sending the mail again: all recipients that it says failed
 * get it. */
static bool is_settled(const struct resend *resend, const struct resend_bounce *bounce)
{
	const struct facts *facts = bounce->judgement.facts;

	for (size_t i = 0; i < facts->recipient_count; i++) {
		const char *address = failed_address(bounce, i);

		if (facts->recipients[i].action != ACTION_FAILED || address == NULL)
			continue;
		const struct resend_failure *failure = resend_failure_of(resend, address);

		if (failure == NULL || failure->is_left_out)
			return false;
	}
	return true;
}

/* -- what speaks against it */

/* Returns whether a draft was made for one of the bounces and, with ONLY_SENT, was sent. */
static bool was_made(struct resend *resend, bool only_sent)
{
	for (size_t i = 0; i < resend->bounce_count; i++) {
		struct mail *bounce = resend->bounces[i].mail;

		if (bounce != NULL && mail_value(resend->ctx, bounce, PROPERTY_RESENT_AS) != NULL &&
		        (!only_sent || tagger_was_resent(bounce)))
			return true;
	}
	return false;
}

/* Reasons for which sending the same mail again makes it worse. The text of the label says what to
 * do instead. */
static const struct objection {
	enum reason reason;
	bool less_helps;           /* without some of its content the mail may pass */
	bool no_attachments_helps; /* only attachments are refused for it */
	const char *label;
} objections[] = {
        {REASON_SPAM, true, false, "refuse-spam"},
        {REASON_VIRUS, false, true, "refuse-virus"},
        {REASON_BLOCKED, false, false, "refuse-blocked"},
        {REASON_AUTH_FAILURE, false, false, "refuse-auth-failure"},
        {REASON_SENDER_SUSPENDED, false, false, "refuse-sender-suspended"},
};

static enum status check_reason(struct resend *resend, const struct resend_failure *failure)
{
	const struct draft_plan *plan = &resend->plan;

	for (size_t i = 0; i < sizeof objections / sizeof *objections; i++) {
		const struct objection *one = &objections[i];

		if (one->reason == failure->reason &&
		        !(one->less_helps && (plan->plain || plan->no_attachments)) &&
		        !(one->no_attachments_helps && plan->no_attachments))
			return resend_refuse(resend, one->label,
			        WORDING_VALUES(
			                {"address", address_shown(resend->ctx, failure->address)}));
	}
	return STATUS_OK;
}

static enum status check_bounces(struct resend *resend)
{
	const struct resend_options *options = &resend->options;
	enum status status = STATUS_OK;
	bool is_late = true;

	for (size_t i = 0; i < resend->bounce_count; i++)
		is_late = is_late && resend->bounces[i].judgement.facts->kind == KIND_DELAYED;
	if (resend->bounce_count == 0 || !kind_is_bounce(resend->bounces[0].judgement.facts->kind))
		return resend_refuse(resend, "refuse-no-bounce", NULL);
	if (!options->again &&
	        (was_made(resend, true) || (resend->has_done && resend->failure_count == 0)))
		return resend_refuse(resend, "refuse-again", NULL);
	if (!options->anyway && is_late)
		return resend_refuse(resend, "refuse-late", NULL);
	if ((options->reasons != 0 || options->skip != NULL) && resend->failure_count == 0)
		return resend_refuse(resend, "refuse-none-chosen", NULL);
	for (size_t i = 0; i < resend->failure_count && status == STATUS_OK && !options->anyway;
	        i++)
		status = check_reason(resend, &resend->failures[i]);
	return status;
}

/* -- the mail itself */

/* Reads the file of MAIL that the user sent; if it is not clear which one that is, the first. If
 * there is none, RESEND has no mail afterwards. */
static enum status read_own(struct resend *resend, struct mail *mail)
{
	const void *ctx = resend->ctx;
	const char *path = NULL;
	bool is_own = false;
	size_t length;

	for (char **file = mail_files(ctx, mail); *file != NULL && !is_own; file++) {
		SCOPED char *head = file_bytes(NULL, *file, MAIL_HEAD_MAX, &length);

		is_own = head != NULL && header_is_sent(header_split(head, length, NULL),
		                                 index_settings(resend->index));
		if (head != NULL && (is_own || path == NULL))
			path = *file;
	}
	if (path == NULL)
		return STATUS_OK;
	char *bytes = file_bytes(ctx, path, RESEND_MAX + 1, &length);
	if (bytes == NULL)
		return STATUS_IO;
	if (length > RESEND_MAX)
		return resend_refuse(resend, "refuse-huge",
		        WORDING_VALUES({"size", wording_number(ctx, RESEND_MAX >> 20)}));
	resend->plan.source = draft_source(bytes, length);
	resend->plan.source.path = path;
	resend->plan.source.is_own = is_own;
	return STATUS_OK;
}

/* Returns whether PART is the mail that came back or its header (RFC 6522). */
static bool is_returned(const struct part *part)
{
	static const char *const types[] = {"message/rfc822", "message/global",
	        "text/rfc822-headers", "text/rfc822-header", "message/rfc822-headers",
	        "message/global-headers"};

	for (size_t i = 0; i < sizeof types / sizeof *types && part->parent != NULL; i++)
		if (part_is(part, types[i]))
			return true;
	return false;
}

/* Returns the mail that came back in a TEXT, as mailers without MIME quote it after their own
 * words: from the first line of the header that has ID in its Message-ID. */
static struct draft_source quoted_find(struct bytes text, const char *id)
{
	const struct draft_source none = {.eol = NULL};
	const char *at = id != NULL && id[0] != '\0'
	                         ? memmem(text.start, text.length, id, strlen(id))
	                         : NULL;
	const char *end = text.start + text.length, *line = at;
	struct header_field field;

	if (at == NULL)
		return none;
	while (line > text.start && line[-1] != '\n')
		line--;
	const char *start = line;

	if (!header_next(&line, end, HEADER_STRICT, &field) ||
	        !header_field_is(&field, "Message-ID"))
		return none;
	while (start > text.start) {
		const char *newline = memrchr(text.start, '\n', (size_t)(start - 1 - text.start));
		const char *first = newline != NULL ? newline + 1 : text.start;
		size_t indent = strspn(first, " \t");

		line = first;
		if (first[indent] == '\n' || first[indent] == '\r' ||
		        (indent == 0 && !header_next(&line, start, HEADER_STRICT, &field)))
			break;
		start = first;
	}
	return draft_source(start, (size_t)(end - start));
}

struct draft_source original_returned(
        const void *ctx, const char *bounce, size_t length, const struct facts *facts)
{
	struct draft_source source = draft_source(bounce, length), found = {.eol = NULL};
	struct mime mime;

	mime_read(ctx, source.fields, source.body, &mime);
	for (struct part *part = mime.root; part != NULL && found.fields.start == NULL;
	        part = part_next(mime.root, part))
		if (is_returned(part)) {
			struct bytes bytes =
			        decode_bytes(ctx, part->body, part->encoding, SIZE_MAX);

			if (bytes.length > 0)
				found = draft_source(bytes.start, bytes.length);
		}
	for (struct part *part = mime.root; part != NULL && found.fields.start == NULL;
	        part = part_next(mime.root, part))
		if (part_is(part, "text/plain"))
			found = quoted_find(decode_bytes(ctx, part->body, part->encoding, SIZE_MAX),
			        facts->original.message_id);
	found.is_returned = true;
	return found;
}

/* Reads the user's copy of the mail, or else what came back. */
static enum status read_original(struct resend *resend)
{
	const struct resend_bounce *bounce = &resend->bounces[0];
	struct draft_source *source = &resend->plan.source;
	enum status status = STATUS_OK;

	if (source->fields.start == NULL && bounce->link.original != NULL)
		status = read_own(resend, bounce->link.original);
	if (status != STATUS_OK || source->fields.start != NULL)
		return status;
	*source = original_returned(
	        resend->ctx, bounce->bytes, bounce->length, bounce->judgement.facts);
	return source->fields.start != NULL ? STATUS_OK
	                                    : resend_refuse(resend, "refuse-lost", NULL);
}

/* Returns the label of the reason to doubt that the original is the mail that the user sent; NULL:
 * there is none. */
static const char *doubt_about(const struct resend *resend)
{
	enum genuine genuine = resend->bounces[0].link.genuine;
	const struct draft_source *source = &resend->plan.source;

	if (genuine == GENUINE_BACKSCATTER)
		return "doubt-backscatter";
	if (source->is_returned && !draft_source_is_whole(source))
		return "doubt-header-only";
	if (source->is_returned)
		return resend->index == NULL ? "doubt-no-index" : "doubt-returned";
	if (!source->is_own)
		return "doubt-came-in";
	return genuine != GENUINE_LINKED ? "doubt-not-linked" : NULL;
}

/* Refuses an original that is not the user's or may not be. With --from-returned a doubt is only a
 * remark. */
static enum status check_original(struct resend *resend)
{
	const void *ctx = resend->ctx;
	char *from = header_line(ctx, resend->plan.source.fields, "From");
	const char *doubt = doubt_about(resend);

	resend->plan.from = from != NULL ? address_list(ctx, from)[0] : NULL;
	if (resend->index != NULL &&
	        (from == NULL || !settings_is_own(index_settings(resend->index), from))) {
		const char *author = from != NULL ? address_list_only(ctx, from) : NULL;

		if (author == NULL)
			author = from != NULL ? from : "";
		return resend_refuse(resend, "refuse-not-yours",
		        WORDING_VALUES({"address", text_one_line(ctx, author, ADDRESS_MAX)}));
	}
	if (doubt != NULL && !resend->options.from_returned)
		return resend_refuse(resend, "refuse-in-doubt",
		        WORDING_VALUES({"doubt", wording_label(resend->plan.wording, doubt)}));
	if (doubt != NULL)
		resend_remark(resend, doubt, NULL);
	return STATUS_OK;
}

/* -- to whom it goes */

/* Returns whether TEXT is one address and nothing else, and can stand in a header. */
static bool is_address_only(const char *text)
{
	const char *start;
	size_t length;

	return address_scan(text, &start, &length) > 0 && start == text && length == strlen(text);
}

/* Adds the correction VALUE, of --to: `new` for the only address in FAILED, or `old=new` for one in
 * MAY_BE. */
static enum status correction_add(
        struct resend *resend, const char *value, char **failed, char **may_be)
{
	const void *ctx = resend->ctx;
	struct recipients *recipients = &resend->plan.recipients;
	/* the first = after the @, as an address may have one before it */
	const char *at = strchr(value, '@'), *sign = at != NULL ? strchr(at, '=') : NULL;
	const char *right = address_wire(ctx, sign != NULL ? sign + 1 : value);
	const char *wrong = failed[0];

	if (sign != NULL)
		wrong = talloc_strndup(ctx, value, (size_t)(sign - value));
	if (sign != NULL && !address_list_has(may_be, wrong))
		wrong = address_wire(ctx, wrong);
	if (!is_address_only(right))
		resend_refuse(resend, "refuse-no-address",
		        WORDING_VALUES({"option", value}, {"address", right}));
	else if (sign == NULL && list_length(failed) > 1)
		resend_refuse(resend, "refuse-which",
		        WORDING_VALUES(
		                {"option", value}, {"addresses", resend_addresses(ctx, failed)}));
	else if (sign != NULL && !address_list_has(may_be, wrong))
		resend_refuse(resend, failed[0] != NULL ? "refuse-not-among" : "refuse-none-failed",
		        WORDING_VALUES({"option", value}, {"address", address_shown(ctx, wrong)},
		                {"addresses", resend_addresses(ctx, may_be)}));
	if (resend->why != NULL)
		return STATUS_USAGE;
	array_add(ctx, recipients->corrections, recipients->correction_count) =
	        (struct correction){wrong, right};
	return STATUS_OK;
}

static bool is_gone(const struct resend *resend, const struct resend_failure *failure)
{
	return wording_is_gone(resend->plan.wording, failure->reason, failure->address);
}

/* Adds a remark if mail to ADDRESS, to which the draft goes, is not likely to arrive. */
static void remark_address(struct resend *resend, const char *address)
{
	const void *ctx = resend->ctx;
	const struct resend_failure *failure = resend_failure_of(resend, address);
	const char *shown = address_shown(ctx, address);
	struct history history = {0};

	if (recipients_right(&resend->plan.recipients, address) != NULL)
		return;
	if (failure != NULL && reason_is_gone(failure->reason)) {
		resend_remark(resend,
		        is_gone(resend, failure) ? "remark-still-wrong" : "remark-ask-first",
		        WORDING_VALUES(
		                {"address", shown}, {"reason", reason_said(resend, failure)}));
		return;
	}
	if (resend->index != NULL)
		history = history_read(resend->index, resend->plan.wording, address);
	/* The mail at hand is one of the failed ones, and not worth a remark by itself. */
	if (history.last_reached == 0 && history.last_from == 0 &&
	        history.failed > (failure != NULL))
		resend_remark(resend, "remark-none-arrived",
		        WORDING_VALUES({"count", wording_number(ctx, history.failed)},
		                {"address", shown}));
}

/* Returns the addresses in SOME that the draft goes to, all of them with --anyway; *GONE gets those
 * that are wrong or closed and were not corrected. */
static char **recipients_reachable(struct resend *resend, char *const *some, char ***gone)
{
	char **only = list_new(resend->ctx);

	*gone = list_new(resend->ctx);
	for (; *some != NULL; some++) {
		struct resend_failure *failure = resend_failure_of(resend, *some);

		if (failure != NULL && !resend->options.anyway && is_gone(resend, failure) &&
		        recipients_right(&resend->plan.recipients, *some) == NULL) {
			failure->is_left_out = true;
			list_add(resend->ctx, gone, *some);
		} else
			list_add(resend->ctx, &only, *some);
	}
	return only;
}

static enum status refuse_nobody(struct resend *resend, char *const *gone)
{
	if (gone[0] == NULL)
		return resend_refuse(resend, "refuse-nobody", NULL);
	return resend_refuse(resend, "refuse-gone",
	        WORDING_VALUES({"addresses", resend_addresses(resend->ctx, gone)},
	                {"reason", reason_said(resend, resend_failure_of(resend, gone[0]))}));
}

/* Sets the recipients of the draft by the options and the header of the original: the recipients of
 * a bounce count only if the mail went to them. */
static enum status recipients_find(struct resend *resend)
{
	const void *ctx = resend->ctx;
	const struct resend_options *options = &resend->options;
	char **all = header_recipients(ctx, resend->plan.source.fields), **failed = list_new(ctx),
	     **gone;
	struct recipients *recipients = &resend->plan.recipients;
	g_autoptr(GHashTable) set = address_set(ctx, all);

	*recipients = (struct recipients){.only = NULL};
	for (size_t i = 0; i < resend->failure_count; i++)
		if (g_hash_table_contains(set, resend->failures[i].digest))
			list_add(ctx, &failed, resend->failures[i].address);
	char **may_be = options->all ? all : failed;

	for (char **to = options->to; to != NULL && *to != NULL; to++) {
		enum status status = correction_add(resend, *to, failed, may_be);

		if (status != STATUS_OK)
			return status;
	}
	char **only = recipients_reachable(resend, may_be, &gone),
	     **some = options->all ? failed : only;

	recipients->only = options->all && gone[0] == NULL ? NULL : only;
	if (only[0] == NULL && (recipients->correction_count == 0 || failed[0] != NULL))
		return refuse_nobody(resend, gone);
	for (size_t i = 0; some[i] != NULL && i < REMARKS_MAX; i++)
		remark_address(resend, some[i]);
	for (size_t i = 0; i < recipients->correction_count && i < REMARKS_MAX; i++)
		remark_address(resend, recipients->corrections[i].right);
	/* What matters most comes last, as mutt shows the last line. */
	if (!options->again && was_made(resend, false))
		resend_remark(resend, "remark-made", NULL);
	if (gone[0] != NULL)
		resend_remark(resend, "remark-gone",
		        WORDING_VALUES({"addresses", resend_addresses(ctx, gone)}));
	return STATUS_OK;
}

/* -- all of it */

enum status resend_decide(struct resend *resend)
{
	const void *ctx = resend->ctx;

	resend->why = NULL;
	resend->remarks = list_new(ctx);
	resend->ids = list_new(ctx);
	resend->has_done = false;
	find_failures(resend);
	enum status status = check_bounces(resend);

	if (status == STATUS_OK)
		status = read_original(resend);
	if (status == STATUS_OK)
		status = check_original(resend);
	if (status == STATUS_OK)
		status = recipients_find(resend);
	for (size_t i = 0; status == STATUS_OK && i < resend->bounce_count; i++)
		if (resend->bounces[i].mail != NULL && is_settled(resend, &resend->bounces[i]))
			list_add(ctx, &resend->ids, mail_id(resend->bounces[i].mail));
	return status;
}

/* -- which addresses may have been meant */

/* Returns the name that the user gave ADDRESS in the mail that came back; NULL: not known. */
static const char *name_given(
        const void *ctx, const struct resend_bounce *bounce, const char *address)
{
	struct mail *original = bounce->link.original;
	const char *fields[] = {original != NULL ? mail_own_header(ctx, original, "To")
	                                         : bounce->judgement.facts->original.to,
	        original != NULL ? mail_own_header(ctx, original, "Cc") : NULL};
	struct mailbox mailbox;

	for (size_t i = 0; i < 2; i++) {
		const char *at = fields[i] != NULL ? fields[i] : "", *end = at + strlen(at);

		while (mailbox_next(ctx, &at, end, &mailbox))
			if (address_equal(mailbox.address, address))
				return mailbox.name;
	}
	return NULL;
}

/* Returns what the server said about ADDRESS, by FACTS; NULL: nothing. */
static const char *said_about(const struct facts *facts, const char *address)
{
	for (size_t i = 0; i < facts->recipient_count; i++) {
		const struct recipient *recipient = &facts->recipients[i];

		if (address_equal(recipient->address, address) ||
		        (recipient->original_address != NULL &&
		                address_equal(recipient->original_address, address)))
			return recipient->text_count > 0 ? recipient->texts[0].text : NULL;
	}
	return NULL;
}

struct candidates resend_candidates(const struct resend *resend,
        const struct resend_failure *failure, struct problems *problems)
{
	struct candidates_wish wish = {.failed = failure->address, .wording = resend->plan.wording};

	for (size_t i = 0; i < resend->bounce_count; i++) {
		const struct resend_bounce *bounce = &resend->bounces[i];

		if (wish.name == NULL)
			wish.name = name_given(resend->ctx, bounce, failure->address);
		if (wish.diagnostic == NULL && failure->reason == REASON_MOVED)
			wish.diagnostic = said_about(bounce->judgement.facts, failure->address);
	}
	return candidates_find(resend->ctx, resend->index, &wish, problems);
}

const char *resend_suggestion(const struct resend *resend, struct problems *problems)
{
	if (resend->failure_count != 1)
		return NULL;
	struct candidates found = resend_candidates(resend, &resend->failures[0], problems);
	const struct candidate *best = &found.list[0];

	/* Anybody can write a report or mail from a similar address, but the user wrote to this
	 * address, or somebody listed its domain. */
	return found.count > 0 && ((best->evidence == CANDIDATE_DOMAIN &&
	                                   best->knowledge == DOMAIN_LISTED) ||
	                                  (best->evidence != CANDIDATE_REPORT &&
	                                          best->history.last_reached != 0))
	               ? best->address
	               : NULL;
}
