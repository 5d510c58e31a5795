#include "mail/header.h"

#include <string.h>
#include <strings.h>

#include "mail/fields.h"

/* Behind the newline of the line at AT, or END. */
static const char *line_end(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline != NULL ? newline + 1 : end;
}

static bool is_indented(const char *line)
{
	return *line == ' ' || *line == '\t';
}

/* Whether the line from LINE to END has nothing in it but, with LENIENT, white space. */
static bool is_empty(const char *line, const char *end, enum header_rule rule)
{
	while (line < end && ((rule == HEADER_LENIENT && is_indented(line)) || (*line == '\r' && (end - line == 1 || line[1] == '\n'))))
		line++;
	return line == end || *line == '\n';
}

/* Whether the line at LINE, which follows a field, belongs to that field. */
static bool continues(const char *line, const char *end, enum header_rule rule)
{
	const char *next;

	if (rule == HEADER_STRICT)
		return fields_line_continues(line, (size_t)(end - line));
	next = line_end(line, end);
	return !is_empty(line, next, rule) && (is_indented(line) || fields_name_length(line, (size_t)(next - line)) == 0);
}

bool header_next(const char **at, const char *end, enum header_rule rule, struct header_field *field)
{
	while (*at < end) {
		const char *line = *at, *next = line_end(line, end);
		size_t name = fields_name_length(line, (size_t)(next - line));

		if (name == 0 && is_empty(line, next, rule)) {
			*at = next;
			return false;
		}
		if (name == 0 && rule == HEADER_STRICT)
			return false;
		while (next < end && continues(next, end, rule))
			next = line_end(next, end);
		*at = next;
		if (name != 0) {
			*field = (struct header_field){line, (size_t)(next - line), name};
			return true;
		}
	}
	return false;
}

bool header_field_is(const struct header_field *field, const char *name)
{
	size_t length = strlen(name);

	if (length > 0 && name[length - 1] == '*')
		return field->name_length >= length - 1 && strncasecmp(field->text, name, length - 1) == 0;
	return field->name_length == length && strncasecmp(field->text, name, length) == 0;
}

struct bytes header_field_value(const struct header_field *field)
{
	const char *colon = memchr(field->text, ':', field->length), *end = field->text + field->length;

	while (end > colon + 1 && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	return (struct bytes){colon + 1, (size_t)(end - colon - 1)};
}
