#include "mail/header.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/limits.h"

/* The most lines in a row that are taken for a field that was folded without an indent. */
#define LOST_LINES_MAX 4

/* The strings of several fields share an allocation of at most so many bytes. */
#define FIELDS_PIECE 1024

/* No name of a field is longer than a line. */
#define NAME_MAX_LENGTH 100

/* Returns where the line after that at AT begins; END if there is none. */
static const char *header_line_end(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline != NULL ? newline + 1 : end;
}

static bool is_indented(const char *line)
{
	return *line == ' ' || *line == '\t';
}

/* Returns whether the line at LINE is nothing but white space. */
static bool is_blank_line(const char *line, const char *end)
{
	while (line < end && (is_indented(line) || *line == '\r'))
		line++;
	return line == end || *line == '\n';
}

static bool is_empty_line(const char *line, const char *end)
{
	return *line == '\n' || (*line == '\r' && end - line > 1 && line[1] == '\n');
}

size_t header_name_length(const char *text, size_t length)
{
	size_t n = 0, most = length < NAME_MAX_LENGTH ? length : NAME_MAX_LENGTH;

	/* RFC 5322 section 3.6.8: printable US-ASCII without colon. */
	while (n < most && (unsigned char)(text[n] - '!') <= '~' - '!' && text[n] != ':')
		n++;
	size_t colon = n;
	while (colon < length && is_indented(text + colon))
		colon++;
	return n > 0 && colon < length && text[colon] == ':' ? n : 0;
}

/* Returns whether the line at LINE begins a field. */
static bool is_field(const char *line, const char *end)
{
	return header_name_length(line, (size_t)(end - line)) > 0;
}

bool header_line_continues(const char *line, size_t length)
{
	const char *end = line + length;

	if (is_indented(line) || is_blank_line(line, end) || is_field(line, end))
		return is_indented(line);
	for (size_t lines = 0; lines < LOST_LINES_MAX && (line = header_line_end(line, end)) < end;
	        lines++) {
		if (is_indented(line) || is_blank_line(line, end))
			return false;
		if (is_field(line, end))
			return true;
	}
	return false;
}

/* Returns whether the line at LINE, which follows FIELD, is a parameter without an indent, as the
 * `;` before it shows. */
static bool is_lost_parameter(const char *field, const char *line, const char *end)
{
	const char *before = line, *p = line;

	while (before > field &&
	        (is_indented(before - 1) || before[-1] == '\r' || before[-1] == '\n'))
		before--;
	if (before[-1] != ';')
		return false;
	while (p < end && (((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') || (*p >= '0' && *p <= '9') ||
	                          *p == '*' || *p == '-'))
		p++;
	return p > line && p < end && *p == '=';
}

bool header_next(
        const char **at, const char *end, enum header_rule rule, struct header_field *field)
{
	bool lenient = rule == HEADER_LENIENT;

	while (*at < end) {
		const char *line = *at, *next;
		size_t name = header_name_length(line, (size_t)(end - line));

		if (name == 0 && !lenient && !is_empty_line(line, end))
			return false;
		next = header_line_end(line, end);
		if (name == 0 && (!lenient || is_blank_line(line, end))) {
			*at = next;
			return false;
		}
		*field = (struct header_field){line, 0, name, name > 0 && line[name] != ':'};
		while (next < end && name > 0) {
			bool continues = is_indented(next);

			if (lenient)
				continues = !is_blank_line(next, end) &&
				            (continues || !is_field(next, end));
			else if (!continues)
				continues = header_line_continues(next, (size_t)(end - next));

			if (!continues && !is_lost_parameter(line, next, end))
				break;
			field->is_odd |= !is_indented(next);
			next = header_line_end(next, end);
		}
		field->length = (size_t)(next - line);
		*at = next;
		if (name > 0)
			return true;
	}
	return false;
}

size_t header_preamble(const char *bytes, size_t length, char newline)
{
	size_t at = length >= 3 && strncmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	for (;;) {
		while (at < length && bytes[at] != '\0' && strchr(" \t\r\n", bytes[at]) != NULL)
			at++;
		const char *line = bytes + at, *end = memchr(line, newline, length - at);
		size_t quoted = at < length && *line == '>';
		if (end == NULL || (size_t)(end - line) < quoted + 5 ||
		        memcmp(line + quoted, "From ", 5) != 0)
			return at;
		at = (size_t)(end - bytes) + 1;
	}
}

struct bytes header_split(const char *bytes, size_t length, struct bytes *body)
{
	const char *start = bytes + header_preamble(bytes, length, '\n'), *fields_end = start;
	const char *at = start, *end = bytes + length;
	struct header_field field;

	while (header_next(&at, end, HEADER_STRICT, &field))
		fields_end = at;
	if (body != NULL)
		*body = (struct bytes){at, (size_t)(end - at)};
	return (struct bytes){start, (size_t)(fields_end - start)};
}

bool header_name_is_of_mail(const char *name, size_t length)
{
	static const char *const names[] = {"received", "return-path", "message-id", "from", "to",
	        "subject", "date", "mime-version", "content-type", "content-transfer-encoding",
	        "reply-to", "cc", "sender", "dkim-signature", "delivered-to", "x-mailer",
	        "in-reply-to", "references", "envelope-to", "errors-to", "received-spf",
	        "precedence", "user-agent", "resent-from"};

	for (size_t i = 0; length > 0 && i < sizeof names / sizeof *names; i++)
		if ((names[i][0] == (name[0] | 0x20)) && strlen(names[i]) == length &&
		        strncasecmp(names[i], name, length) == 0)
			return true;
	return length > 2 && strncasecmp(name, "x-", 2) == 0;
}

bool header_field_is(const struct header_field *field, const char *name)
{
	if (((field->text[0] ^ name[0]) & ~0x20) != 0) /* most fields are decided by that */
		return false;
	size_t length = strlen(name);
	bool is_beginning = name[length - 1] == '*';

	length -= is_beginning;
	return (field->name_length == length || (is_beginning && field->name_length > length)) &&
	       strncasecmp(field->text, name, length) == 0;
}

bool header_field_is_one_of(const struct header_field *field, const char *const *names)
{
	while (*names != NULL && !header_field_is(field, *names))
		names++;
	return *names != NULL;
}

bool header_field_is_recipients(const struct header_field *field)
{
	return header_field_is(field, "To") || header_field_is(field, "Cc") ||
	       header_field_is(field, "Bcc");
}

struct bytes header_field_value(const struct header_field *field)
{
	const char *start = (const char *)memchr(field->text, ':', field->length) + 1,
	           *end = field->text + field->length;

	while (end > start && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	return (struct bytes){start, (size_t)(end - start)};
}

static bool is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\0';
}

/* Writes VALUE as one line to TO, which has room for its length, and returns TO. NULs, and white
 * space at the ends, are left out; a newline and the white space after it are one space. */
static char *value_unfold(char *to, struct bytes value)
{
	const char *from = value.start, *end = from + value.length;
	char *line = to;

	while (from < end && is_white(*from))
		from++;
	while (end > from && is_white(end[-1]))
		end--;
	size_t length = (size_t)(end - from);

	if (memchr(from, '\n', length) == NULL && memchr(from, '\r', length) == NULL &&
	        memchr(from, '\0', length) == NULL) { /* nearly all */
		to = mempcpy(to, from, length);
		from = end;
	}
	for (; from < end; from++) {
		if ((unsigned char)*from > '\r')
			*to++ = *from;
		else if (*from == '\n' || *from == '\r') {
			while (is_white(from[1]))
				from++;
			*to++ = ' ';
		} else if (*from != '\0')
			*to++ = *from;
	}
	*to = '\0';
	return line;
}

char *header_field_line(const void *ctx, const struct header_field *field)
{
	struct bytes value = header_field_value(field);

	return value_unfold(array_new(ctx, char, value.length + 1), value);
}

const char *header_comment_end(const char *p, const char *end)
{
	for (size_t depth = 0; p < end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
	}
	return NULL;
}

const char *header_blank_end(const char *p, const char *end)
{
	while (p != NULL && p < end && memchr(" \t\r\n(", *p, 5) != NULL)
		p = *p == '(' ? header_comment_end(p, end) : p + 1;
	return p;
}

const char *header_quote_end(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		p += *p == '\\' && end - p > 1;
	return p;
}

void header_field_copy(struct buffer *to, const struct header_field *field)
{
	const char *end = field->text + field->length;

	for (const char *at = field->text, *next; at < end; at = next) {
		next = header_line_end(at, end);
		if (at > field->text && !is_indented(at))
			buffer_add(to, " ", 1);
		for (const char *nul; (nul = memchr(at, '\0', (size_t)(next - at))) != NULL;
		        at = nul + 1)
			buffer_add(to, at, (size_t)(nul - at));
		buffer_add(to, at, (size_t)(next - at));
	}
	if (end[-1] != '\n')
		buffer_add(to, "\n", 1);
}

char *header_line(const void *ctx, struct bytes header, const char *name)
{
	const char *at = header.start, *end = at + header.length;
	struct header_field field;

	while (header_next(&at, end, HEADER_STRICT, &field))
		if (header_field_is(&field, name))
			return header_field_line(ctx, &field);
	return NULL;
}

size_t fields_read(const void *ctx, const char *text, size_t length, enum header_rule rule,
        struct fields *fields)
{
	const char *at = text;
	struct header_field field;
	char *name = NULL;
	size_t room = 0;

	*fields = (struct fields){NULL, 0};
	while (header_next(&at, text + length, rule, &field)) {
		size_t size = field.length + 1, read = (size_t)(at - text) + 1;

		if (fields->count == HEADER_FIELDS_MAX)
			continue;
		if (size > room) { /* a header of few fields needs little */
			room = read < FIELDS_PIECE ? read : FIELDS_PIECE;
			room = size > room ? size : room;
			name = talloc_size(ctx, room);
		}
		memcpy(name, field.text, field.name_length);
		name[field.name_length] = '\0';
		array_add(ctx, fields->list, fields->count) = (struct field){.name = name,
		        .value = value_unfold(
		                name + field.name_length + 1, header_field_value(&field)),
		        .name_length = field.name_length};
		name += size;
		room -= size;
	}
	return (size_t)(at - text);
}

const char *fields_value(const struct fields *fields, const char *name)
{
	size_t length = strlen(name);

	for (size_t i = 0; i < fields->count; i++)
		if (fields->list[i].name_length == length &&
		        strcasecmp(fields->list[i].name, name) == 0)
			return fields->list[i].value;
	return NULL;
}

bool fields_type_is(const struct fields *fields, const char *type)
{
	const char *value = fields_value(fields, "Content-Type");

	return value != NULL && strncasecmp(value, type, strlen(type)) == 0;
}
