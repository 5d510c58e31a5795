#include "base/suggest.h"

#include <stddef.h>
#include <string.h>

#define WORD_MAX 40

static unsigned least(unsigned a, unsigned b, unsigned c)
{
	unsigned ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* Edits that make A of B: a letter more, less, other, or two that changed places. */
static unsigned distance(const char *a, const char *b)
{
	unsigned rows[WORD_MAX + 2][WORD_MAX + 2];
	unsigned la = (unsigned)strlen(a), lb = (unsigned)strlen(b), i, j;

	if (la > WORD_MAX || lb > WORD_MAX)
		return WORD_MAX;
	for (i = 0; i <= la; i++)
		rows[i][0] = i;
	for (j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (i = 1; i <= la; i++)
		for (j = 1; j <= lb; j++) {
			rows[i][j] = least(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && rows[i - 2][j - 2] + 1 < rows[i][j])
				rows[i][j] = rows[i - 2][j - 2] + 1;
		}
	return rows[la][lb];
}

const char *suggest(const char *word, const char *const *choices)
{
	const char *best = NULL;
	unsigned nearest = 3;

	for (; *choices != NULL; choices++) {
		unsigned d = strlen(word) > 1 && strncmp(*choices, word, strlen(word)) == 0 ? 1 : distance(word, *choices);

		if (d < nearest && d * 2 <= strlen(word)) {
			nearest = d;
			best = *choices;
		}
	}
	return best;
}
