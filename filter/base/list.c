#include "base/list.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

char **list_new(const void *ctx)
{
	return talloc_zero_array(ctx, char *, 1);
}

/* Returns how many strings are in LIST, which has room for ROOM, a power of 2. Behind its strings
 * all is NULL. */
static size_t length_in(char *const *list, size_t room)
{
	size_t length = 0;

	for (size_t step = room / 2; step > 0; step /= 2)
		if (list[length + step - 1] != NULL)
			length += step;
	return length;
}

void list_add(const void *ctx, char ***list, const char *value)
{
	size_t room = *list != NULL ? talloc_get_size(*list) / sizeof **list : 0,
	       length = length_in(*list, room);

	/* The room doubles, so that many are added in linear time. */
	if (length + 1 >= room) {
		size_t more = room > 0 ? 2 * room : 2;

		*list = talloc_realloc(ctx, *list, char *, (unsigned)more);
		memset(*list + room, 0, (more - room) * sizeof **list);
	}
	(*list)[length] = talloc_strdup(*list, value);
}

bool list_has(const char *const *list, const char *value)
{
	for (; list != NULL && *list != NULL; list++)
		if (strcmp(*list, value) == 0)
			return true;
	return false;
}

size_t list_length(char *const *list)
{
	size_t length = 0;

	while (list != NULL && list[length] != NULL)
		length++;
	return length;
}

static int list_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

size_t list_sort(char **list)
{
	size_t count = list_length(list), kept = 0;

	if (count == 0)
		return 0;
	qsort(list, count, sizeof *list, list_compare);
	for (size_t i = 0; i < count; i++)
		if (kept == 0 || strcmp(list[kept - 1], list[i]) != 0)
			list[kept++] = list[i];
	memset(list + kept, 0, (count - kept) * sizeof *list);
	return kept;
}
