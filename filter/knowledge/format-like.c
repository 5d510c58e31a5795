#include <string.h>

#include "knowledge/format-reader.h"

/* `like NAME from`, `like NAME unless` … */
static bool like_conditions(struct reader *reader, const struct format *other, const char *part, size_t length)
{
	static const char *const views[VIEW_COUNT] = {"from", "subject", "start", "body", "header"};
	bool unless = length == 6 && strncmp(part, "unless", length) == 0, known = unless;
	size_t i;
	int view;

	for (view = 0; view < VIEW_COUNT; view++) {
		bool is_view = strlen(views[view]) == length && strncmp(views[view], part, length) == 0;

		known = known || is_view;
		for (i = 0; i < other->condition_count; i++) {
			const struct condition *condition = &other->conditions[i];

			if ((int)condition->view == view && condition->unless == unless && (unless || is_view) &&
			        !reader_copy_condition(reader, *condition))
				return false;
		}
	}
	return known || reader_fail(reader, part, length, "expected reading, unless, from, subject, header, start or body");
}

static void copy_pointers(struct reader *reader, void ***to, void *const *from)
{
	for (; from != NULL && *from != NULL; from++)
		reader_add_pointer(reader, to, *from);
}

/* `like NAME reading`: all that says how the text is read. */
static bool like_reading(struct reader *reader, char *name)
{
	struct format *format = &reader->format, *other = reader->sink->find(reader->sink->argument, name, strlen(name));
	size_t i;

	if (other == NULL || !format_prepare(reader->ctx, other, reader->sink))
		return false;
	for (i = 0; i < other->line_count; i++)
		reader_copy_line(reader, other->lines[i]);
	format->rest_is_diagnostic = format->rest_is_diagnostic || other->rest_is_diagnostic;
	copy_pointers(reader, (void ***)&format->begin, (void *const *)other->begin);
	copy_pointers(reader, (void ***)&format->end, (void *const *)other->end);
	copy_pointers(reader, (void ***)&format->delayed, (void *const *)other->delayed);
	copy_pointers(reader, (void ***)&format->recipient_fields, (void *const *)other->recipient_fields);
	return true;
}

bool reader_like(struct reader *reader, char *value)
{
	size_t length = strcspn(value, " \t");
	const struct format *other = reader->sink->find(reader->sink->argument, value, length);
	char *name = value, *end = value + length;
	bool done = true;

	if (other == NULL)
		return reader_fail(reader, value, length, "no such format before this one in your files or in ours");
	value += length + strspn(value + length, " \t");
	if (*value == '\0')
		return reader_fail(
		        reader, value, 0, "expected `like NAME` reading, unless, from, subject, header, start or body");
	*end = '\0';
	for (; done && *value != '\0'; value += length + strspn(value + length, " \t")) {
		length = strcspn(value, " \t");
		if (length != 7 || strncmp(value, "reading", length) != 0)
			done = like_conditions(reader, other, value, length);
		else if (reader_defers(reader))
			reader_defer(reader, like_reading, name);
		else
			done = like_reading(reader, name);
	}
	return done;
}
