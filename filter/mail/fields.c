#include "mail/fields.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"

/* Lines in a row that a mailer folded without indenting them. */
#define LOST_LINES_MAX 4

size_t fields_name_length(const char *text, size_t length)
{
	size_t n = 0, colon;

	/* RFC 5322 section 3.6.8: printable US-ASCII without colon; none is longer than a line. */
	while (n < length && n < 100 && text[n] > 32 && text[n] < 127 && text[n] != ':')
		n++;
	for (colon = n; colon < length && (text[colon] == ' ' || text[colon] == '\t'); colon++)
		continue;
	return n > 0 && colon < length && text[colon] == ':' ? n : 0;
}

/* A field that was found: where it stands in the text. */
static void fields_add(const void *ctx, const char *text, size_t name, size_t length, struct fields *fields)
{
	fields->list = array_grow(ctx, fields->list, struct field, fields->count);
	fields->list[fields->count++] = (struct field){text, text + length, name};
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* In place: the value from TEXT to END without white space at its ends and without newlines: each, and the white space behind it, is one
 * space. It is shorter for that; what it took from a mail may hold NULs, which end it. */
static char *value_unfold(char *text, char *end)
{
	char *from, *to;

	while (end > text && is_space(end[-1])) /* first, so that the NUL never stands where the next field begins */
		end--;
	while (text < end && is_space(*text))
		text++;
	for (from = to = text; from < end; *to++ = ' ') {
		char *newline = memchr(from, '\n', (size_t)(end - from));
		size_t run = (size_t)((newline != NULL ? newline : end) - from);

		memmove(to, from, run);
		to += run;
		from += run;
		if (newline == NULL)
			break;
		while (from < end && is_space(*from))
			from++;
	}
	*to = '\0';
	return text;
}

/* Copy the LENGTH bytes of TEXT in which the fields stand, and make strings of them there. */
static void fields_own(const char *text, size_t length, struct fields *fields)
{
	char *copy;
	size_t i;

	if (fields->count == 0)
		return;
	copy = talloc_size(fields->list, length + 1);
	memcpy(copy, text, length);
	for (i = 0; i < fields->count; i++) {
		struct field *field = &fields->list[i];
		char *name = copy + (field->name - text), *end = copy + (field->value - text);
		char *colon = memchr(name, ':', (size_t)(end - name));

		name[field->name_length] = '\0';
		field->name = name;
		field->value = value_unfold(colon + 1, end);
	}
}

static size_t line_length(const char *text, size_t length)
{
	const char *newline = memchr(text, '\n', length);

	return newline != NULL ? (size_t)(newline - text) + 1 : length;
}

/* Whether nothing but white space stands in LENGTH bytes of LINE, up to its newline. A CR may stand before that: header.c edits mails as they came. */
static bool is_blank(const char *line, size_t length)
{
	size_t n = 0;

	while (n < length && (line[n] == ' ' || line[n] == '\t' || line[n] == '\r'))
		n++;
	return n == length || line[n] == '\n';
}

bool fields_line_continues(const char *line, size_t length)
{
	size_t at = line_length(line, length), lines;

	if (line[0] == ' ' || line[0] == '\t')
		return true;
	if (is_blank(line, at) || fields_name_length(line, at) > 0)
		return false;
	for (lines = 0; lines < LOST_LINES_MAX && at < length; lines++) {
		size_t n = line_length(line + at, length - at);

		if (line[at] == ' ' || line[at] == '\t' || is_blank(line + at, n))
			return false;
		if (fields_name_length(line + at, n) > 0)
			return true;
		at += n;
	}
	return false;
}

/* Whether the line at TEXT, after a field, belongs to it. */
static bool continues(const char *text, size_t length, enum fields_rule rule)
{
	size_t n = line_length(text, length);

	if (rule == FIELDS_STRICT)
		return fields_line_continues(text, length);
	return !is_blank(text, n) && (text[0] == ' ' || text[0] == '\t' || fields_name_length(text, n) == 0);
}

/* Find the fields; how many bytes of TEXT they and the empty line behind them take. */
static size_t fields_find(const void *ctx, const char *text, size_t length, enum fields_rule rule, struct fields *fields)
{
	size_t at = 0;

	while (at < length) {
		size_t n = line_length(text + at, length - at);
		size_t name = fields_name_length(text + at, n), end = at + n;

		if (text[at] == '\n' || (rule == FIELDS_LENIENT && is_blank(text + at, n)))
			return at + n;
		if (name == 0 && rule == FIELDS_STRICT)
			return at;
		while (end < length && continues(text + end, length - end, rule))
			end += line_length(text + end, length - end);
		if (name != 0 && fields->count < HEADER_FIELDS_MAX)
			fields_add(ctx, text + at, name, end - at, fields);
		at = end;
	}
	return at;
}

size_t fields_read(const void *ctx, const char *text, size_t length, enum fields_rule rule, struct fields *fields)
{
	size_t found;

	*fields = (struct fields){NULL, 0};
	found = fields_find(ctx, text, length, rule, fields);
	fields_own(text, found, fields);
	return found;
}

static bool is_from_line(const char *line, size_t length)
{
	return (length > 5 && strncmp(line, "From ", 5) == 0) || (length > 6 && strncmp(line, ">From ", 6) == 0);
}

size_t fields_preamble(const char *bytes, size_t length, char newline)
{
	size_t at = length >= 3 && strncmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	const char *end;

	for (;;) {
		while (at < length && bytes[at] != '\0' && strchr(" \t\r\n", bytes[at]) != NULL)
			at++;
		end = memchr(bytes + at, newline, length - at);
		if (end == NULL || !is_from_line(bytes + at, length - at))
			return at;
		at = (size_t)(end - bytes) + 1;
	}
}

const char *fields_value(const struct fields *fields, const char *name)
{
	size_t i;

	for (i = 0; i < fields->count; i++)
		if (strcasecmp(fields->list[i].name, name) == 0)
			return fields->list[i].value;
	return NULL;
}

bool fields_begins(const struct fields *fields, const char *name, const char *prefix)
{
	const char *value = fields_value(fields, name);

	return value != NULL && strncasecmp(value, prefix, strlen(prefix)) == 0;
}

bool fields_name_is_of_mail(const char *name, size_t length)
{
	static const char *const names[] = {"received", "return-path", "message-id", "from", "to", "subject", "date",
	        "mime-version", "content-type", "content-transfer-encoding", "reply-to", "cc", "sender", "dkim-signature",
	        "delivered-to", "x-mailer", "in-reply-to", "references", "envelope-to", "errors-to", "received-spf", "precedence",
	        "user-agent", "resent-from"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == length && strncasecmp(names[i], name, length) == 0)
			return true;
	return length > 2 && strncasecmp(name, "x-", 2) == 0;
}
