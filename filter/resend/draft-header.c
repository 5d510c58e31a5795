/* The header of a draft: the fields of the mail that it keeps, the recipients, and what is new. */
#include "resend/draft-parts.h"

#include <inttypes.h>
#include <stdint.h>
#include <sys/random.h>

#include "base/limits.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "text/text.h"

/* The columns of a line of recipients. */
#define RECIPIENT_COLUMNS 76

/* The characters of an encoded word; with more, it would have more than 75 columns in some
 * charsets. */
#define WORD_CHARACTERS 10

/* The fields that a draft does not keep: those that servers on the way and mail programs wrote into
 * the mail, and those that a mail program takes for orders in a draft: mutt attaches the file in
 * `Attach:`. */
static const char *const left_out[] = {"Received", "Return-Path", "Delivered-To", "Envelope-To",
        "Delivery-Date", "X-Original-To", "X-Envelope-*", "X-Received", "X-Delivered-To",
        "DKIM-Signature", "DomainKey-Signature", "X-DKIM*", "X-Google-DKIM-Signature", "ARC-*",
        "Authentication-Results", "X-Authentication-*", "Received-SPF", "X-Gm-*",
        "X-Google-Smtp-Source", "X-Forwarded-*", "X-Spam*", "X-Virus*", "X-Amavis*", "X-Rspamd-*",
        "X-MS-Exchange-*", "X-MS-Has-Attach", "X-MS-TNEF-Correlator", "X-Microsoft-Antispam*",
        "X-Forefront-*", "X-Failed-Recipients", "Resent-*", "X-Bounce-*", "Status", "X-Status",
        "X-Keywords", "X-UID", "X-UIDL", "X-IMAP", "X-IMAPbase", "X-Mozilla-*", "X-Evolution*",
        "X-Label", "X-TUID", "Lines", "Content-Length", "Attach", "Fcc", "Pgp", "Smime", "X-Mutt-*",
        NULL};

/* The only fields that a draft of a mail that came back keeps. */
static const char *const plainest[] = {"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject",
        "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-*",
        "Organization", NULL};

/* -- recipients */

const char *recipients_right(const struct recipients *recipients, const char *address)
{
	for (size_t i = 0; i < recipients->correction_count; i++) {
		const struct correction *one = &recipients->corrections[i];

		if (one->wrong != NULL && address_equal(one->wrong, address))
			return one->right;
	}
	return NULL;
}

/* Adds FIELD with the recipients that stay, which are in ONLY: byte for byte if all do,
 * nothing if none does. */
static void add_recipients(const void *ctx, struct buffer *header, const struct draft_plan *plan,
        const struct header_field *field, GHashTable *only)
{
	const struct recipients *recipients = &plan->recipients;
	const char *eol = plan->source.eol;
	struct bytes value = header_field_value(field);
	const char *at = value.start, *end = at + value.length;
	struct buffer line = buffer_new(ctx);
	bool changed = false, is_first = true;
	size_t line_start = 0;
	struct address_item item;

	buffer_print(&line, "%.*s:", (int)field->name_length, field->text);
	while (address_list_next(&at, end, &item)) {
		SCOPED char *address = talloc_strndup(NULL, item.address, item.length);
		const char *right = recipients_right(recipients, address);
		const char *becomes = right != NULL ? right : address;
		const char *rest = item.address + item.length;

		if (item.length == 0 ||
		        (recipients->only != NULL && !address_set_has(only, address))) {
			/* `undisclosed-recipients:;` and the like are left out when some recipients
			 * are chosen. */
			changed = changed || item.length > 0 || recipients->only != NULL;
			continue;
		}
		changed = changed || strcmp(becomes, address) != 0;
		size_t columns = (size_t)(item.end - item.start) - item.length + strlen(becomes);

		if (!is_first)
			buffer_add_string(&line, ",");
		if (!is_first && line.length - line_start + columns + 2 > RECIPIENT_COLUMNS) {
			buffer_add_string(&line, eol);
			line_start = line.length;
		}
		buffer_print(&line, " %.*s%s%.*s", (int)(item.address - item.start), item.start,
		        becomes, (int)(item.end - rest), rest);
		is_first = false;
	}
	buffer_add_string(&line, eol);
	if (is_first && recipients->only != NULL)
		return;
	buffer_add(
	        header, changed ? line.text : field->text, changed ? line.length : field->length);
}

/* -- subject */

/* Adds TEXT in CHARSET as encoded words (RFC 2047), each of which can be decoded by itself. */
static void add_encoded_words(
        struct buffer *header, const char *text, const char *charset, const char *eol)
{
	const char *end = text + strlen(text);

	for (const char *p = text, *start = p; p < end; start = p) {
		uint32_t c;
		size_t length, lost;

		for (int characters = 0; p < end && characters < WORD_CHARACTERS; characters++) {
			size_t n = utf8_decode(p, end, &c);

			p += n > 0 ? n : 1;
		}
		char *word = charset_encode(
		        header->ctx, start, (size_t)(p - start), charset, &length, &lost);

		if (word == NULL)
			memory_out(); /* the charset is known */
		buffer_print(header, "%s =?%s?B?%s?=", start == text ? "" : eol, charset,
		        encode_base64(header->ctx, word, length, ""));
	}
}

static void add_subject(const void *ctx, struct buffer *header, const struct draft_plan *plan,
        const struct header_field *field, const char *subject_end)
{
	const char *eol = plan->source.eol;
	char *text = decode_words(ctx, header_field_line(ctx, field));
	size_t length = strlen(text);
	bool is_encoded =
	        plan->charset != NULL && utf8_ascii_end(text, text + length) < text + length;

	if (!is_encoded && subject_end == NULL) {
		buffer_add(header, field->text, field->length);
		return;
	}
	if (is_encoded) {
		buffer_add_string(header, "Subject:");
		add_encoded_words(
		        header, text_one_line_of(ctx, text, length, VALUE_MAX), plan->charset, eol);
	} else {
		length = field->length;
		while (length > 0 && strchr("\r\n", field->text[length - 1]) != NULL)
			length--;
		buffer_add(header, field->text, length);
	}
	if (subject_end != NULL)
		buffer_print(
		        header, "%s %s", field->length > 70 || is_encoded ? eol : "", subject_end);
	buffer_add_string(header, eol);
}

/* -- all of it */

/* Adds a Date field. strftime() gives English names, as the program sets no locale. */
static void add_date(struct buffer *header, time_t now, const char *eol)
{
	char weekday[8] = "", rest[60] = "";
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL)
		return;
	strftime(weekday, sizeof weekday, "%a", &tm);
	strftime(rest, sizeof rest, "%b %Y %H:%M:%S %z", &tm);
	buffer_print(header, "Date: %s, %d %s%s", weekday, tm.tm_mday, rest, eol);
}

/* Leaves in the header of a mail that came back nothing but text, folding, and the escape sequences
 * of ISO-2022, as anybody can have changed it. */
static void header_clean(struct buffer *header)
{
	char *to = header->text, *end = to + header->length;

	for (const char *p = to; p < end; p++) {
		bool is_text = *p == '\r'     ? p[1] == '\n'
		               : *p == '\033' ? p[1] == '$' || p[1] == '('
		                              : (unsigned char)*p >= 0x20 && *p != 0x7f;

		if (is_text || *p == '\t' || *p == '\n')
			*to++ = *p;
	}
	*to = '\0';
}

char *draft_header(const void *ctx, const struct draft_plan *plan, const char *id,
        const char *content, const char *subject_end)
{
	const char *at = plan->source.fields.start, *end = at + plan->source.fields.length;
	const char *eol = plan->source.eol;
	struct buffer header = buffer_new(ctx);
	g_autoptr(GHashTable) only = address_set(ctx, plan->recipients.only);
	bool has_date = false, has_id = false, has_version = false;
	struct header_field field;

	while (header_next(&at, end, HEADER_STRICT, &field)) {
		if ((plan->source.is_returned && !header_field_is_one_of(&field, plainest)) ||
		        header_field_is_one_of(&field, left_out))
			continue;
		SCOPED void *scratch = talloc_new(NULL);
		struct buffer copy = buffer_new(scratch);

		header_field_copy(&copy, &field);
		field.text = copy.text;
		field.length = copy.length;
		if (header_field_is_recipients(&field)) {
			add_recipients(scratch, &header, plan, &field, only);
		} else if (header_field_is(&field, "Date")) {
			if (!has_date)
				add_date(&header, plan->now, eol);
			has_date = true;
		} else if (header_field_is(&field, "Message-ID")) {
			if (!has_id)
				buffer_print(&header, "Message-ID: <%s>%s", id, eol);
			has_id = true;
		} else if (header_field_is(&field, "Subject")) {
			add_subject(scratch, &header, plan, &field, subject_end);
		} else if (content == NULL || !header_field_is(&field, "Content-*")) {
			buffer_add(&header, field.text, field.length);
		}
		has_version = has_version || header_field_is(&field, "MIME-Version");
	}
	if (!has_date)
		add_date(&header, plan->now, eol);
	if (!has_id)
		buffer_print(&header, "Message-ID: <%s>%s", id, eol);
	const char *before = "To: ";

	for (size_t i = 0; i < plan->recipients.correction_count; i++)
		if (plan->recipients.corrections[i].wrong == NULL) {
			buffer_print(
			        &header, "%s%s", before, plan->recipients.corrections[i].right);
			before = ", ";
		}
	if (before[0] == ',')
		buffer_add_string(&header, eol);
	if (content != NULL)
		buffer_print(&header, "%s%s%s", has_version ? "" : "MIME-Version: 1.0",
		        has_version ? "" : eol, content);
	if (plan->source.is_returned)
		header_clean(&header);
	return buffer_text(&header);
}

char *draft_random(const void *ctx)
{
	uint64_t number[2];

	if (getrandom(number, sizeof number, 0) != (ssize_t)sizeof number)
		memory_out();
	return talloc_asprintf(ctx, "%016" PRIx64 "%016" PRIx64, number[0], number[1]);
}

char *draft_message_id(const void *ctx, const char *from)
{
	char *domain = from != NULL ? address_domain(ctx, from) : NULL;
	size_t length = domain != NULL ? strlen(domain) : 0;
	/* The index keeps the id, so a domain from a mail must be harmless. */
	bool is_plain = length > 0 && length <= 150 && domain[0] != '.' &&
	                strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789-.") == length;

	return talloc_asprintf(
	        ctx, "%s@%s", draft_random(ctx), is_plain ? domain : "notmuch-bounce.invalid");
}
