#include "mail/raw-header.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "mail/fields.h"

static const char *line_end(const char *at, const char *end)
{
	const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

	return newline != NULL ? newline + 1 : end;
}

static bool is_empty(const char *line, const char *end)
{
	return line < end && (*line == '\n' || (*line == '\r' && end - line > 1 && line[1] == '\n'));
}

const char *raw_header_end(const char *bytes, const char *end, const char **fields_end)
{
	while (bytes < end && !is_empty(bytes, end))
		bytes = line_end(bytes, end);
	*fields_end = bytes;
	return bytes < end ? line_end(bytes, end) : end;
}

bool raw_header_next(const char **at, const char *end, struct raw_field *field)
{
	const char *line = *at, *next;
	size_t name = 0;

	while (line < end && (name = fields_name_length(line, (size_t)(end - line))) == 0)
		line = line_end(line, end);
	next = line_end(line, end);
	while (next < end && (*next == ' ' || *next == '\t'))
		next = line_end(next, end);
	*field = (struct raw_field){line, (size_t)(next - line), name};
	*at = next;
	return line < end;
}

bool raw_field_is(const struct raw_field *field, const char *name)
{
	size_t length = strlen(name);

	if (length > 0 && name[length - 1] == '*')
		return field->name_length >= length - 1 && strncasecmp(field->text, name, length - 1) == 0;
	return field->name_length == length && strncasecmp(field->text, name, length) == 0;
}

bool raw_field_is_recipients(const struct raw_field *field)
{
	return raw_field_is(field, "To") || raw_field_is(field, "Cc") || raw_field_is(field, "Bcc");
}

char *raw_field_append(char *text, const struct raw_field *field)
{
	const char *at = field->text, *end = at + field->length;
	size_t run;

	for (; at < end; at += run + (at + run < end)) {
		run = strnlen(at, (size_t)(end - at));
		text = talloc_strndup_append_buffer(text, at, run);
	}
	return field->text[field->length - 1] != '\n' ? talloc_strdup_append_buffer(text, "\n") : text;
}

const char *raw_field_value(const struct raw_field *field, size_t *length)
{
	const char *colon = memchr(field->text, ':', field->length), *end = field->text + field->length;

	while (end > colon + 1 && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	*length = (size_t)(end - colon - 1);
	return colon + 1;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

char *raw_field_line(const void *ctx, const struct raw_field *field)
{
	size_t length;
	const char *from = raw_field_value(field, &length), *end = from + length;
	char *line = talloc_size(ctx, length + 1), *to = line;

	talloc_set_name_const(line, "char");
	while (from < end && is_blank(*from))
		from++;
	for (; from < end; from++)
		if (*from != '\r' && *from != '\n' && *from != '\0')
			*to++ = *from;
	while (to > line && is_blank(to[-1]))
		to--;
	*to = '\0';
	return line;
}

char *raw_header_find(const void *ctx, const char *bytes, const char *end, const char *name)
{
	struct raw_field field;

	while (raw_header_next(&bytes, end, &field))
		if (raw_field_is(&field, name))
			return raw_field_line(ctx, &field);
	return NULL;
}
