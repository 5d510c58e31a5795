#include "judge/bounce-header.h"

#include <glib.h>
#include <string.h>
#include <strings.h>

#include "base/buffer.h"
#include "mail/header.h"

static const char own_prefix[] = "X-Bounce-";

/* A field is folded after this column, RFC 5322 section 2.1.1. */
#define FOLD_AT 76

/* Addresses that one header should hold at most. */
#define RECIPIENTS_WRITTEN_MAX 100

/* Returns the last byte of a line ending: CR only if there is no LF at all. */
static char newline_byte(const char *bytes, size_t length)
{
	return memchr(bytes, '\n', length) != NULL ? '\n' : '\r';
}

/* Returns the bytes of the line at TEXT, with its newline. */
static size_t line_length(const char *text, size_t length, char newline)
{
	const char *end = memchr(text, newline, length);

	return end != NULL ? (size_t)(end - text) + 1 : length;
}

/* Returns whether the line continues the field before it. */
static bool is_continuation(const char *line, size_t length, char newline)
{
	return newline == '\n' ? header_line_continues(line, length)
	                       : line[0] == ' ' || line[0] == '\t';
}

static bool is_own(const char *line, size_t length)
{
	return length >= strlen(own_prefix) &&
	       strncasecmp(line, own_prefix, strlen(own_prefix)) == 0;
}

struct bounce_header bounce_header_find(const char *bytes, size_t length)
{
	char newline = newline_byte(bytes, length);
	struct bounce_header header = {.start = header_preamble(bytes, length, newline)};
	size_t lf = 0, crlf = 0, n; /* lines with this ending */
	size_t gapless = 0;         /* no field follows the empty lines before here */
	bool are_counted = false;   /* lf and crlf are final: any program's header ends here */
	bool is_ours = true;        /* all fields so far are ours */

	for (header.end = header.start; header.end < length; header.end += n) {
		const char *line = bytes + header.end;
		size_t rest = length - header.end, gap = 0;
		bool is_crlf;

		n = line_length(line, rest, newline);
		is_crlf = n > 1 && line[n - 2] == '\r';
		if (line[n - 1] != newline || n > 2 || (n == 2 && !is_crlf)) {
			is_ours = is_ours && (is_own(line, n) ||
			                             (header.end > header.start &&
			                                     is_continuation(line, rest, newline)));
			crlf += !are_counted && is_crlf;
			lf += !are_counted && !is_crlf;
			continue;
		}
		/* The line is empty. In a mail whose lines end in LF, procmail takes CR LF for one
		 * more line of the header. */
		if (is_ours && header.end >= gapless) {
			/* empty lines, and what else is skipped before a header */
			gap = header_preamble(line, rest, newline);
			if (gap == rest || header_name_length(line + gap, rest - gap) == 0) {
				gapless = header.end + gap;
				gap = 0;
			}
		}
		if (gap == 0 && (n == 1 || crlf > lf))
			break;
		are_counted = are_counted || gap == 0;
		n = gap > 0 ? gap : n;
	}
	header.eol = newline == '\r' ? "\r" : crlf > lf ? "\r\n" : "\n";
	return header;
}

char *bounce_header_edit(const void *ctx, const char *bytes, const struct bounce_header *header,
        const char *added, size_t *length)
{
	char newline = newline_byte(header->eol, strlen(header->eol));
	struct buffer edited = buffer_new(ctx);
	bool removing = false;

	buffer_add(&edited, bytes, header->start);
	buffer_add_string(&edited, added);
	for (size_t at = header->start, n; at < header->end; at += n) {
		n = line_length(bytes + at, header->end - at, newline);
		if (header_name_length(bytes + at, n) > 0)
			removing = is_own(bytes + at, n);
		else if (removing)
			removing = is_continuation(bytes + at, header->end - at, newline);
		if (!removing)
			buffer_add(&edited, bytes + at, n);
	}
	*length = edited.length;
	return buffer_text(&edited);
}

/* Returns whether VALUE can stand in a header unencoded, and nothing in it would be decoded. */
static bool is_ascii_text(const char *value)
{
	if (strstr(value, "=?") != NULL)
		return false;
	while (*value >= ' ' && *value < 0x7f)
		value++;
	return *value == '\0';
}

/* Returns VALUE as base64 words of RFC 2047, of at most 75 bytes each, separated by spaces. */
static char *encode_words(const void *ctx, const char *value)
{
	struct buffer words = buffer_new(ctx);

	while (*value != '\0') {
		size_t n = strnlen(value, 45);
		char *encoded;

		while (value[n] != '\0' && n > 0 && ((unsigned char)value[n] & 0xc0) == 0x80)
			n--; /* no character is cut */
		encoded = g_base64_encode((const guchar *)value, n);
		buffer_print(&words, "%s=?UTF-8?B?%s?=", words.length > 0 ? " " : "", encoded);
		g_free(encoded);
		value += n;
	}
	return buffer_text(&words);
}

/* Adds `NAME: VALUE`, folded at spaces. A word that is too long for a line stays whole, unless it
 * would exceed the limit of 998 bytes. */
static void field_add(struct buffer *header, const char *name, const char *value, const char *eol)
{
	size_t column = strlen(name) + 1;

	if (value == NULL)
		return;
	if (!is_ascii_text(value))
		value = encode_words(header->ctx, value);
	buffer_print(header, "%s:", name);
	while (*value != '\0') {
		size_t word = strcspn(value, " "), shown = word < 900 ? word : 900;

		if (column + 1 + shown > FOLD_AT && column > strlen(name) + 1) {
			buffer_add_string(header, eol);
			column = 0;
		}
		buffer_print(header, " %.*s", (int)shown, value);
		column += 1 + shown;
		value += shown;
		value += *value == ' ';
	}
	buffer_add_string(header, eol);
}

char *bounce_header_fields(const void *ctx, const struct judgement *judgement, const char *eol)
{
	const struct facts *facts = judgement->facts;
	const struct recipient *first = NULL; /* the first that was not reached */
	struct buffer header = buffer_new(ctx);
	bool reasons[REASON_COUNT];
	size_t written = 0;

	if (!kind_is_bounce(facts->kind))
		return buffer_text(&header);
	field_add(&header, "X-Bounce-Kind", kind_name(facts->kind), eol);
	judgement_reasons(judgement, reasons);
	for (enum reason reason = 0; reason < REASON_COUNT; reason++)
		if (reasons[reason])
			field_add(&header, "X-Bounce-Reason", reason_name(reason), eol);
	for (size_t i = 0; i < facts->recipient_count && written < RECIPIENTS_WRITTEN_MAX; i++) {
		const struct recipient *recipient = &facts->recipients[i];

		if (recipient->action == ACTION_DELIVERED)
			continue;
		first = first != NULL ? first : recipient;
		if (recipient->address[0] == '\0')
			continue;
		field_add(&header, "X-Bounce-Recipient", recipient->address, eol);
		written++;
	}
	if (first != NULL)
		field_add(&header, "X-Bounce-Status",
		        first->diagnostic_status != NULL ? first->diagnostic_status : first->status,
		        eol);
	field_add(&header, "X-Bounce-Permanence",
	        judgement_is_permanent(judgement) ? "permanent" : "temporary", eol);
	field_add(&header, "X-Bounce-Original-Id", facts->original.message_id, eol);
	return buffer_text(&header);
}
