#include "judge/bounce-header.h"

#include <glib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "mail/header.h"

static const char own_prefix[] = "X-Bounce-";

/* A header whose lines end in bare CRs has no LF at all. */
static char newline_byte(const char *bytes, size_t length)
{
	return memchr(bytes, '\n', length) != NULL ? '\n' : '\r';
}

/* Bytes of the line at TEXT, its newline included. */
static size_t line_length(const char *text, size_t length, char newline)
{
	const char *end = memchr(text, newline, length);

	return end != NULL ? (size_t)(end - text) + 1 : length;
}

/* Whether the line at LINE goes on with the field before it. */
static bool is_continuation(const char *line, size_t length, char newline)
{
	return newline == '\n' ? header_line_continues(line, length)
	                       : line[0] == ' ' || line[0] == '\t';
}

/* Whether the line is the empty one behind the header. */
static bool is_empty(const char *line, size_t length)
{
	return length == 1 || (length == 2 && line[0] == '\r');
}

static bool is_own(const char *line, size_t length)
{
	return length >= strlen(own_prefix) &&
	       strncasecmp(line, own_prefix, strlen(own_prefix)) == 0;
}

/* How many bytes from AT on are empty lines, and what else is skipped before a header, with a field
 * behind them; 0: there is none. */
static size_t gap_length(const char *at, size_t length, char newline)
{
	size_t gap = header_preamble(at, length, newline);

	return gap < length && header_name_length(at + gap, length - gap) > 0 ? gap : 0;
}

/* How the lines of a header end. */
struct line_ends {
	size_t lf, crlf;
	bool are_counted; /* to the end of what any program takes for the header */
};

static void line_ends_add(struct line_ends *ends, const char *line, size_t length)
{
	bool is_crlf = length > 1 && line[length - 2] == '\r';

	ends->crlf += !ends->are_counted && is_crlf;
	ends->lf += !ends->are_counted && !is_crlf;
}

/* Whether the empty line ends the header for every program. In a mail whose lines end in LF,
 * procmail takes a line of CR LF for one more of the header. */
static bool is_end(const struct line_ends *ends, size_t length)
{
	return length == 1 || ends->crlf > ends->lf;
}

struct bounce_header bounce_header_find(const char *bytes, size_t length)
{
	char newline = newline_byte(bytes, length);
	struct bounce_header header = {.start = header_preamble(bytes, length, newline)};
	struct line_ends ends = {.lf = 0};
	bool is_ours = true; /* all so far */
	size_t n;

	for (header.end = header.start; header.end < length; header.end += n) {
		const char *line = bytes + header.end;

		n = line_length(line, length - header.end, newline);
		if (line[n - 1] == newline && is_empty(line, n)) {
			size_t gap = is_ours ? gap_length(line, length - header.end, newline) : 0;

			if (gap == 0 && is_end(&ends, n))
				break;
			ends.are_counted = ends.are_counted || gap == 0;
			n = gap > 0 ? gap : n;
			continue;
		}
		is_ours = is_ours &&
		          (is_own(line, n) ||
		                  (header.end > header.start &&
		                          is_continuation(line, length - header.end, newline)));
		line_ends_add(&ends, line, n);
	}
	header.eol = newline == '\r' ? "\r" : ends.crlf > ends.lf ? "\r\n" : "\n";
	return header;
}

static void put(char *to, size_t *length, const char *from, size_t count)
{
	memcpy(to + *length, from, count);
	*length += count;
}

char *bounce_header_edit(const void *ctx, const char *bytes, const struct bounce_header *header,
        const char *added, size_t *length)
{
	char newline = newline_byte(header->eol, strlen(header->eol));
	char *to = talloc_size(ctx, header->end + strlen(added) + 1);
	size_t at, n;
	bool removing = false;

	*length = 0;
	put(to, length, bytes, header->start);
	put(to, length, added, strlen(added));
	for (at = header->start; at < header->end; at += n) {
		n = line_length(bytes + at, header->end - at, newline);
		if (header_name_length(bytes + at, n) > 0)
			removing = is_own(bytes + at, n);
		else if (removing)
			removing = is_continuation(bytes + at, header->end - at, newline);
		if (!removing)
			put(to, length, bytes + at, n);
	}
	return to;
}

/* Columns before a field is folded, RFC 5322 section 2.1.1. */
#define FOLD_AT 76

/* Whether VALUE may stand in a header as it is, and will be read as it is: nothing in it looks
 * encoded. */
static bool is_ascii_text(const char *value)
{
	if (strstr(value, "=?") != NULL)
		return false;
	for (; *value != '\0'; value++)
		if ((unsigned char)*value < 0x20 || (unsigned char)*value >= 0x7f)
			return false;
	return true;
}

/* The bytes of VALUE that go into one encoded word of at most 75: whole characters, 45 bytes. */
static size_t encoded_chunk(const char *value)
{
	size_t n = strnlen(value, 45);

	while (value[n] != '\0' && n > 0 && ((unsigned char)value[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* VALUE as words of RFC 2047, base64, separated by spaces. */
static char *encode_words(const void *ctx, const char *value)
{
	char *words = talloc_strdup(ctx, ""), *encoded;
	size_t n;

	for (; *value != '\0'; value += n) {
		n = encoded_chunk(value);
		encoded = g_base64_encode((const guchar *)value, n);
		words = talloc_asprintf_append_buffer(
		        words, "%s=?UTF-8?B?%s?=", words[0] != '\0' ? " " : "", encoded);
		g_free(encoded);
	}
	return words;
}

/* Append `NAME: VALUE`, folded at its spaces; a word that alone is too long stays whole, unless it
 * would break the limit of 998. */
static char *append_field(char *header, const char *name, const char *value, const char *eol)
{
	const char *text =
	        value != NULL && !is_ascii_text(value) ? encode_words(header, value) : value;
	size_t column = strlen(name) + 1;

	if (text == NULL)
		return header;
	header = talloc_asprintf_append_buffer(header, "%s:", name);
	while (*text != '\0') {
		size_t length = strcspn(text, " ");
		size_t shown = length < 900 ? length : 900;

		if (column + 1 + shown > FOLD_AT && column > strlen(name) + 1) {
			header = talloc_strdup_append_buffer(header, eol);
			column = 0;
		}
		header = talloc_asprintf_append_buffer(header, " %.*s", (int)shown, text);
		column += 1 + shown;
		text += shown;
		text += *text == ' ';
	}
	return talloc_strdup_append_buffer(header, eol);
}

/* The addresses that were not reached; each is written once, and no more than one header should
 * hold. */
static char *append_recipients(char *header, const struct facts *facts, const char *eol)
{
	size_t i, shown = 0;

	for (i = 0; i < facts->recipient_count && shown < 100; i++) {
		const struct recipient *recipient = &facts->recipients[i];

		if (recipient->action == ACTION_DELIVERED || recipient->address[0] == '\0')
			continue;
		header = append_field(header, "X-Bounce-Recipient", recipient->address, eol);
		shown++;
	}
	return header;
}

static const char *first_status(const struct facts *facts)
{
	size_t i;

	for (i = 0; i < facts->recipient_count; i++) {
		const struct recipient *recipient = &facts->recipients[i];

		if (recipient->action != ACTION_DELIVERED)
			return recipient->diagnostic_status != NULL ? recipient->diagnostic_status
			                                            : recipient->status;
	}
	return NULL;
}

char *bounce_header_fields(const void *ctx, const struct judgement *judgement, const char *eol)
{
	const struct facts *facts = judgement->facts;
	char *header = talloc_strdup(ctx, "");
	bool reasons[REASON_COUNT];
	int reason;

	if (!kind_is_bounce(facts->kind))
		return header;
	header = append_field(header, "X-Bounce-Kind", kind_name(facts->kind), eol);
	judgement_reasons(judgement, reasons);
	for (reason = 0; reason < REASON_COUNT; reason++)
		if (reasons[reason])
			header = append_field(
			        header, "X-Bounce-Reason", reason_name((enum reason)reason), eol);
	header = append_recipients(header, facts, eol);
	header = append_field(header, "X-Bounce-Status", first_status(facts), eol);
	header = append_field(header, "X-Bounce-Permanence",
	        judgement_is_permanent(judgement) ? "permanent" : "temporary", eol);
	return append_field(header, "X-Bounce-Original-Id", facts->original.message_id, eol);
}
