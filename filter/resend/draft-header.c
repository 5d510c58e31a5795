#include "resend/draft-header.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "resend/encode.h"
#include "text/utf8.h"
#include "text/text.h"

/* Columns in which recipients stand beside each other. */
#define LINE_COLUMNS 76

/* What the address of ITEM is to become; NULL: it is not to get the draft. */
static const char *item_becomes(
        const void *ctx, const struct address_item *item, const struct recipients *recipients)
{
	const char *address =
	        item->length > 0 ? talloc_strndup(ctx, item->address, item->length) : NULL;
	size_t i;

	if (address == NULL ||
	        (recipients->only != NULL && !address_list_has(recipients->only, address)))
		return NULL;
	for (i = 0; recipients->wrong != NULL && recipients->wrong[i] != NULL; i++)
		if (address_equal(recipients->wrong[i], address))
			return recipients->right[i];
	return address;
}

static size_t last_line_length(const struct buffer *line)
{
	const char *newline = line->text != NULL ? memrchr(line->text, '\n', line->length) : NULL;

	return newline != NULL ? line->length - (size_t)(newline + 1 - line->text) : line->length;
}

/* ITEM with its address replaced by BECOMES, behind those that LINE has already. */
static void item_add(struct buffer *line, const struct address_item *item, const char *becomes,
        bool is_first, const char *eol)
{
	size_t before = (size_t)(item->address - item->start),
	       after = (size_t)(item->end - item->address) - item->length;

	if (!is_first)
		buffer_add_string(line, ",");
	if (!is_first &&
	        last_line_length(line) + before + strlen(becomes) + after + 2 > LINE_COLUMNS)
		buffer_add_string(line, eol);
	buffer_add_string(line, " ");
	buffer_add(line, item->start, before);
	buffer_add_string(line, becomes);
	buffer_add(line, item->end - after, after);
}

/* FIELD with those who stay, a whole field with newlines EOL; as it was, byte for byte, if nothing
 * changes. "" if nobody stays. Owned by CTX. */
static char *recipients_field(const void *ctx, const struct header_field *field,
        const struct recipients *recipients, const char *eol)
{
	struct bytes value = header_field_value(field);
	const char *at = value.start, *end = at + value.length;
	size_t kept = 0;
	struct buffer line = buffer_new(ctx);
	bool changed = false;
	struct address_item item;

	buffer_print(&line, "%.*s:", (int)field->name_length, field->text);
	while (address_list_next(&at, end, &item)) {
		const char *becomes = item_becomes(ctx, &item, recipients);

		/* What names nobody, like `undisclosed-recipients:;`, is of no use when somebody is
		 * to be picked. */
		changed = changed ||
		          (becomes == NULL && (item.length > 0 || recipients->only != NULL)) ||
		          (becomes != NULL && strncmp(becomes, item.address, item.length) != 0) ||
		          (becomes != NULL && becomes[item.length] != '\0');
		if (becomes != NULL)
			item_add(&line, &item, becomes, kept++ == 0, eol);
	}
	buffer_add_string(&line, eol);
	if (kept == 0 && recipients->only != NULL)
		return talloc_strdup(ctx, "");
	return changed ? buffer_text(&line) : talloc_strndup(ctx, field->text, field->length);
}

/* What was written into the mail on its way, or into the file that keeps it; and what a mail
 * program would take for orders when it reads a draft: mutt attaches what `Attach:` names. */
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

/* What goes over from a mail that came back. */
static const char *const plainest[] = {"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject",
        "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-*",
        "Organization", NULL};

static bool is_one_of(const struct header_field *field, const char *const *names)
{
	while (*names != NULL && !header_field_is(field, *names))
		names++;
	return *names != NULL;
}

static bool goes_over(const struct draft_fields *fields, const struct header_field *field)
{
	return !is_one_of(field, left_out) && (!fields->is_returned || is_one_of(field, plainest));
}

/* Whether the C locale's names of days and months are used is not left to the locale. */
static void add_date(struct buffer *header, time_t now, const char *eol)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {
	        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	char zone[8] = "+0000";
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL)
		return;
	strftime(zone, sizeof zone, "%z", &tm);
	buffer_print(header, "Date: %s, %d %s %d %02d:%02d:%02d %s%s", days[tm.tm_wday], tm.tm_mday,
	        months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec, zone, eol);
}

/* Whether the byte at P of a mail that came back may stand in a header: text, folding, and the
 * escape sequences of ISO-2022. */
static bool is_text(const char *p, const char *end)
{
	unsigned char c = (unsigned char)*p;

	if (c == '\r')
		return end - p > 1 && p[1] == '\n';
	if (c == '\033')
		return end - p > 2 && (p[1] == '$' || p[1] == '(');
	return (c >= 0x20 && c != 0x7f) || c == '\t' || c == '\n';
}

/* A mail that came back went through strange hands. */
static void add_text(
        struct buffer *header, const struct draft_fields *fields, const struct header_field *field)
{
	const char *p = field->text, *end = p + field->length;

	if (!fields->is_returned)
		buffer_add(header, p, field->length);
	else
		for (; p < end; p++)
			if (is_text(p, end))
				buffer_add(header, p, 1);
}

static void add_subject(
        struct buffer *header, const struct draft_fields *fields, const struct header_field *field)
{
	struct header_field line = *field;

	if (fields->subject != NULL)
		buffer_print(header, "Subject: %s", fields->subject);
	else {
		while (line.length > 0 && strchr("\r\n", line.text[line.length - 1]) != NULL)
			line.length--;
		add_text(header, fields, &line);
	}
	if (fields->subject_end != NULL)
		buffer_print(header, "%s %s",
		        field->length > 70 || fields->subject != NULL ? fields->eol : "",
		        fields->subject_end);
	buffer_add_string(header, fields->eol);
}

static void add_recipients(const void *ctx, struct buffer *header,
        const struct draft_fields *fields, const struct header_field *field)
{
	char *text = recipients_field(ctx, field, fields->recipients, fields->eol);
	const struct header_field line = {
	        .text = text, .length = strlen(text), .name_length = field->name_length};

	add_text(header, fields, &line);
}

static void add_besides(struct buffer *header, const struct draft_fields *fields)
{
	size_t i;

	for (i = 0; fields->recipients->besides != NULL && fields->recipients->besides[i] != NULL;
	        i++)
		buffer_print(
		        header, "%s%s", i == 0 ? "To: " : ", ", fields->recipients->besides[i]);
	if (i > 0)
		buffer_add_string(header, fields->eol);
}

struct seen {
	bool date, id, version;
};

static void add_field(const void *ctx, struct buffer *header, const struct draft_fields *fields,
        const struct header_field *field, struct seen *seen)
{
	bool is_date = header_field_is(field, "Date"), is_id = header_field_is(field, "Message-ID");

	if (header_field_is_recipients(field))
		add_recipients(ctx, header, fields, field);
	else if (is_date && !seen->date)
		add_date(header, fields->now, fields->eol);
	else if (is_id && !seen->id)
		buffer_print(header, "Message-ID: <%s>%s", fields->id, fields->eol);
	else if (header_field_is(field, "Subject") &&
	         (fields->subject != NULL || fields->subject_end != NULL))
		add_subject(header, fields, field);
	else if (!is_date && !is_id &&
	         (fields->content == NULL || !header_field_is(field, "Content-*")))
		add_text(header, fields, field);
	seen->date = seen->date || is_date;
	seen->id = seen->id || is_id;
	seen->version = seen->version || header_field_is(field, "MIME-Version");
}

char *draft_header(const void *ctx, const struct draft_fields *fields)
{
	const char *at = fields->from.start, *end = at + fields->from.length;
	struct buffer header = buffer_new(ctx);
	struct seen seen = {false, false, false};
	struct header_field field;

	while (header_next(&at, end, HEADER_STRICT, &field)) {
		struct buffer copy = buffer_new(ctx);

		if (!goes_over(fields, &field))
			continue;
		header_field_copy(&copy, &field);
		field.text = copy.text;
		field.length = copy.length;
		add_field(ctx, &header, fields, &field, &seen);
	}
	if (!seen.date)
		add_date(&header, fields->now, fields->eol);
	if (!seen.id)
		buffer_print(&header, "Message-ID: <%s>%s", fields->id, fields->eol);
	add_besides(&header, fields);
	if (fields->content != NULL && !seen.version)
		buffer_print(&header, "MIME-Version: 1.0%s", fields->eol);
	buffer_add_string(&header, fields->content != NULL ? fields->content : "");
	return buffer_text(&header);
}

/* What may stand behind the @ of an id, and be kept with it in the index. */
static bool is_domain(const char *domain)
{
	size_t length = strlen(domain);

	return length > 0 && length <= 150 && domain[0] != '.' &&
	       strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789-.") == length;
}

char *draft_message_id(const void *ctx, const char *from)
{
	char *domain = from != NULL ? address_domain(ctx, from) : NULL;
	uint64_t number[2];

	if (getrandom(number, sizeof number, 0) != (ssize_t)sizeof number)
		return NULL;
	return talloc_asprintf(ctx, "%016" PRIx64 "%016" PRIx64 "@%s", number[0], number[1],
	        domain != NULL && is_domain(domain) ? domain : "notmuch-bounce.invalid");
}

/* Characters of an encoded word: with these none is longer than 75 columns, whatever the charset.
 */
#define WORD_CHARACTERS 10

/* One encoded word of LENGTH bytes of TEXT: it begins and ends in ASCII by itself, as each must. */
static bool add_word(struct buffer *buffer, const char *text, size_t length, const char *charset,
        bool is_first, const char *eol)
{
	size_t encoded_length, lost;
	char *encoded = charset_encode(buffer->ctx, text, length, charset, &encoded_length, &lost);
	char *base64;

	if (encoded == NULL)
		return false;
	base64 = encode_base64(buffer->ctx, encoded, encoded_length, "");
	buffer_print(buffer, "%s%s=?%s?B?%s?=", is_first ? "" : eol, is_first ? "" : " ", charset,
	        base64);
	talloc_free(base64);
	talloc_free(encoded);
	return true;
}

static char *encoded_words(const void *ctx, const char *text, const char *charset, const char *eol)
{
	struct buffer buffer = buffer_new(ctx);
	const char *p = text, *end = text + strlen(text), *start;
	bool fine = true;
	uint32_t c;

	while (fine && p < end) {
		size_t characters = 0, n;

		for (start = p; p < end && characters < WORD_CHARACTERS; characters++)
			p += (n = utf8_decode(p, end, &c)) > 0 ? n : 1;
		fine = add_word(&buffer, start, (size_t)(p - start), charset, start == text, eol);
	}
	return fine ? buffer_text(&buffer) : NULL;
}

bool draft_subject(const void *ctx, struct bytes fields, const char *charset, const char *eol,
        const char **subject)
{
	char *raw = charset != NULL ? header_line(ctx, fields, "Subject") : NULL;
	char *text = raw != NULL ? decode_words(ctx, raw) : NULL, *line;

	*subject = NULL;
	if (text == NULL || utf8_ascii_end(text, text + strlen(text)) == text + strlen(text))
		return true;
	line = text_one_line(ctx, text, strlen(text), VALUE_MAX);
	*subject = encoded_words(ctx, line, charset, eol);
	return *subject != NULL;
}
