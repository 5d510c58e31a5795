#include "mail/fields.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* In place: the value from TEXT to END without white space at its ends and without newlines: each,
 * and the white space behind it, is one space. It is shorter for that; what it took from a mail may
 * hold NULs, which end it. */
static char *value_unfold(char *text, char *end)
{
	char *from, *to;

	while (end > text && is_space(end[-1])) /* first, so that the NUL never stands where the
	                                           next field begins */
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

size_t fields_read(const void *ctx, const char *text, size_t length, enum header_rule rule,
        struct fields *fields)
{
	const char *at = text, *end = text + length;
	struct header_field field;

	*fields = (struct fields){NULL, 0};
	while (header_next(&at, end, rule, &field)) {
		if (fields->count == HEADER_FIELDS_MAX)
			continue;
		fields->list = array_grow(ctx, fields->list, struct field, fields->count);
		fields->list[fields->count++] =
		        (struct field){field.text, field.text + field.length, field.name_length};
	}
	fields_own(text, (size_t)(at - text), fields);
	return (size_t)(at - text);
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
