#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "array.h"
#include "format-reader.h"
#include "text.h"

/* Groups are bits of a mask (formats.c). */
#define GROUPS_MAX 32

/* The group of conditions like this one: same view, same field, same sense. */
static unsigned condition_group(struct reader *reader, const struct condition *condition)
{
	struct format *format = &reader->format;
	size_t i;

	for (i = 0; i < format->condition_count; i++) {
		const struct condition *other = &format->conditions[i];

		if (other->view == condition->view && !other->unless &&
		        (other->field == NULL || strcasecmp(other->field, condition->field) == 0))
			return other->group;
	}
	return format->group_count++;
}

static bool condition_add(struct reader *reader, struct condition condition)
{
	struct format *format = &reader->format;
	struct condition *list = array_grow(reader->ctx, format->conditions, struct condition, format->condition_count);

	if (list == NULL)
		return false;
	format->conditions = list;
	if (!condition.unless)
		condition.group = condition_group(reader, &condition);
	if (condition.group >= GROUPS_MAX)
		return reader_fail(
		        reader, format->name, strlen(format->name), "too many kinds of conditions: expected at most 32");
	list[format->condition_count++] = condition;
	return true;
}

/* A glob for a whole value as a phrase in that value between two marks (see formats.c). */
static char *glob_as_phrase(const void *ctx, const char *glob)
{
	size_t length = strlen(glob);
	bool open_start = length > 0 && glob[0] == '*';
	bool open_end = length > 1 && glob[length - 1] == '*';

	return talloc_asprintf(ctx, "%s%.*s%s", open_start ? "" : VALUE_BEGINS, (int)(length - open_start - open_end),
	        glob + open_start, open_end || length == 1 ? "" : VALUE_ENDS);
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
		condition.phrase = phrases_add(reader->set, whole ? glob_as_phrase(reader->ctx, value) : value);
	}
	return condition_add(reader, condition);
}
