#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "knowledge/format-reader.h"
#include "text/text.h"

/* Groups are bits of a mask (formats.c). */
#define GROUPS_MAX 32

/* The group of conditions on the same header field; a new one if CONDITION is the first. */
static unsigned field_group(struct format *format, const struct condition *condition)
{
	size_t i;

	for (i = 0; i < format->condition_count; i++) {
		const struct condition *other = &format->conditions[i];

		if (other->view == VIEW_HEADER && !other->unless && strcasecmp(other->field, condition->field) == 0)
			return other->group;
	}
	return format->group_count++;
}

/* The group of conditions like this one. All on one view are alternatives, but for those on different header fields. */
static unsigned condition_group(struct format *format, const struct condition *condition)
{
	unsigned group = 0;

	if (condition->view == VIEW_HEADER)
		return field_group(format, condition);
	if (format->groups_of[condition->view] == 0)
		return format->group_count++;
	while (!(format->groups_of[condition->view] & 1u << group))
		group++;
	return group;
}

bool reader_copy_condition(struct reader *reader, struct condition condition)
{
	struct format *format = &reader->format;

	if (!condition.unless)
		condition.group = condition_group(format, &condition);
	if (condition.group >= GROUPS_MAX)
		return reader_fail(
		        reader, format->name, strlen(format->name), "too many kinds of conditions: expected at most 32");
	if (!condition.unless)
		format->groups_of[condition.view] |= 1u << condition.group;
	format->conditions = array_grow(reader->ctx, format->conditions, struct condition, format->condition_count);
	format->conditions[format->condition_count++] = condition;
	return true;
}

static char *join(const void *ctx, const char *begin, const char *text, size_t length, const char *end)
{
	size_t before = strlen(begin), after = strlen(end);
	char *joined = talloc_size(ctx, before + length + after + 1);

	memcpy(joined, begin, before);
	memcpy(joined + before, text, length);
	memcpy(joined + before + length, end, after + 1);
	return joined;
}

/* A glob for a whole value as a phrase in that value between two marks (see formats.c). A blank before or behind a `*` is a word edge. */
static char *glob_as_phrase(const void *ctx, const char *glob)
{
	size_t length = strlen(glob);
	bool open_start = length > 0 && glob[0] == '*';
	bool open_end = length > 1 && glob[length - 1] == '*';
	const char *text = glob + open_start, *begin = open_start ? "" : VALUE_BEGINS, *end = open_end ? "" : VALUE_ENDS;

	length -= (size_t)open_start + open_end;
	if (length == 0)
		return talloc_strdup(ctx, "*");
	if (open_start && text[0] == ' ')
		begin = "%";
	if (open_end && text[length - 1] == ' ')
		end = "%";
	return join(ctx, begin, text, length, end);
}

bool reader_add_condition(struct reader *reader, enum view view, char *value, bool unless)
{
	struct condition condition = {.view = view, .unless = unless};
	bool whole = view == VIEW_FROM || view == VIEW_SUBJECT;
	char *colon;

	if (view == VIEW_HEADER) {
		colon = strchr(value, ':');
		if (colon == NULL)
			return reader_fail(reader, value, strlen(value), "expected `header Name: pattern`");
		*colon = '\0';
		condition.field = value;
		condition.glob = text_fold(reader->ctx, colon + 1, strlen(colon + 1));
	} else {
		condition.phrase = phrases_add(reader->sink->phrases, whole ? glob_as_phrase(reader->ctx, value) : value);
	}
	return reader_copy_condition(reader, condition);
}
