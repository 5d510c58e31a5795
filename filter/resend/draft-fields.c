#include "resend/draft-fields.h"

#include <inttypes.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <talloc.h>

#include "base/buffer.h"
#include "mail/address.h"

/* What was written into the mail on its way, or into the file that keeps it; and what a mail program would take for orders when it reads a
 * draft: mutt attaches what `Attach:` names. */
static const char *const left_out[] = {"Received", "Return-Path", "Delivered-To", "Envelope-To", "Delivery-Date", "X-Original-To",
        "X-Envelope-*", "X-Received", "X-Delivered-To", "DKIM-Signature", "DomainKey-Signature", "X-DKIM*",
        "X-Google-DKIM-Signature", "ARC-*", "Authentication-Results", "X-Authentication-*", "Received-SPF", "X-Gm-*",
        "X-Google-Smtp-Source", "X-Forwarded-*", "X-Spam*", "X-Virus*", "X-Amavis*", "X-Rspamd-*", "X-MS-Exchange-*",
        "X-MS-Has-Attach", "X-MS-TNEF-Correlator", "X-Microsoft-Antispam*", "X-Forefront-*", "X-Failed-Recipients", "Resent-*",
        "X-Bounce-*", "Status", "X-Status", "X-Keywords", "X-UID", "X-UIDL", "X-IMAP", "X-IMAPbase", "X-Mozilla-*",
        "X-Evolution*", "X-Label", "X-TUID", "Lines", "Content-Length", "Attach", "Fcc", "Pgp", "Smime", "X-Mutt-*", NULL};

/* What goes over from a mail that came back. */
static const char *const plainest[] = {"From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Date", "Message-ID",
        "In-Reply-To", "References", "MIME-Version", "Content-*", "Organization", NULL};

static bool is_one_of(const struct raw_field *field, const char *const *names)
{
	while (*names != NULL && !raw_field_is(field, *names))
		names++;
	return *names != NULL;
}

static bool goes_over(const struct draft_fields *fields, const struct raw_field *field)
{
	return !is_one_of(field, left_out) && (!fields->is_returned || is_one_of(field, plainest));
}

/* Whether the C locale's names of days and months are used is not left to the locale. */
static void add_date(struct buffer *header, time_t now, const char *eol)
{
	static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	char zone[8] = "+0000";
	struct tm tm;

	if (localtime_r(&now, &tm) == NULL)
		return;
	strftime(zone, sizeof zone, "%z", &tm);
	buffer_print(header, "Date: %s, %d %s %d %02d:%02d:%02d %s%s", days[tm.tm_wday], tm.tm_mday, months[tm.tm_mon],
	        tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec, zone, eol);
}

/* Whether the byte at P of a mail that came back may stand in a header: text, folding, and the escape sequences of ISO-2022. */
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
static void add_text(struct buffer *header, const struct draft_fields *fields, const struct raw_field *field)
{
	const char *p = field->text, *end = p + field->length;

	if (!fields->is_returned)
		buffer_add(header, p, field->length);
	else
		for (; p < end; p++)
			if (is_text(p, end))
				buffer_add(header, p, 1);
}

static void add_subject(struct buffer *header, const struct draft_fields *fields, const struct raw_field *field)
{
	struct raw_field line = *field;

	if (fields->subject != NULL)
		buffer_print(header, "Subject: %s", fields->subject);
	else {
		while (line.length > 0 && strchr("\r\n", line.text[line.length - 1]) != NULL)
			line.length--;
		add_text(header, fields, &line);
	}
	if (fields->subject_end != NULL)
		buffer_print(
		        header, "%s %s", field->length > 70 || fields->subject != NULL ? fields->eol : "", fields->subject_end);
	buffer_add_string(header, fields->eol);
}

static void add_recipients(
        const void *ctx, struct buffer *header, const struct draft_fields *fields, const struct raw_field *field)
{
	char *text = recipients_field(ctx, field, fields->recipients, fields->eol);
	struct raw_field line = {text, strlen(text), field->name_length};

	add_text(header, fields, &line);
}

static void add_besides(struct buffer *header, const struct draft_fields *fields)
{
	size_t i;

	for (i = 0; fields->recipients->besides != NULL && fields->recipients->besides[i] != NULL; i++)
		buffer_print(header, "%s%s", i == 0 ? "To: " : ", ", fields->recipients->besides[i]);
	if (i > 0)
		buffer_add_string(header, fields->eol);
}

struct seen {
	bool date, id, version;
};

static void add_field(const void *ctx, struct buffer *header, const struct draft_fields *fields, const struct raw_field *field,
        struct seen *seen)
{
	bool is_date = raw_field_is(field, "Date"), is_id = raw_field_is(field, "Message-ID");

	if (raw_field_is_recipients(field))
		add_recipients(ctx, header, fields, field);
	else if (is_date && !seen->date)
		add_date(header, fields->now, fields->eol);
	else if (is_id && !seen->id)
		buffer_print(header, "Message-ID: <%s>%s", fields->id, fields->eol);
	else if (raw_field_is(field, "Subject") && (fields->subject != NULL || fields->subject_end != NULL))
		add_subject(header, fields, field);
	else if (!is_date && !is_id && (fields->content == NULL || !raw_field_is(field, "Content-*")))
		add_text(header, fields, field);
	seen->date = seen->date || is_date;
	seen->id = seen->id || is_id;
	seen->version = seen->version || raw_field_is(field, "MIME-Version");
}

char *fields_for_draft(const void *ctx, const struct draft_fields *fields)
{
	const char *at = fields->from.start, *end = at + fields->from.length;
	struct buffer header = buffer_new(ctx);
	struct seen seen = {false, false, false};
	struct raw_field field;

	while (raw_header_next(&at, end, &field)) {
		field.text = raw_field_append(talloc_strdup(ctx, ""), &field);
		field.length = strlen(field.text);
		if (goes_over(fields, &field))
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
