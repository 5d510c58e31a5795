#include "base/suggest.h"

#include <stddef.h>
#include <string.h>

#include "base/distance.h"

const char *suggest(const char *word, const char *const *choices)
{
	size_t length = strlen(word);
	unsigned nearest = length < 4 ? DISTANCE_OTHER + 1 : 2 * DISTANCE_OTHER + 1, cost;
	const char *best = NULL;

	for (; *choices != NULL; choices++) {
		cost = length > 1 && strncmp(*choices, word, length) == 0
		               ? 1
		               : distance(word, *choices, nearest);
		if (cost < nearest) {
			nearest = cost;
			best = *choices;
		}
	}
	return length > 1 ? best : NULL;
}
