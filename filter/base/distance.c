#include "base/distance.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* A domain has at most 253 bytes. */
#define LENGTH_MAX 255

/* The keys around each letter on a QWERTY keyboard. */
static const char *const keys_beside['z' - 'a' + 1] = {"qwsz", "vghn", "xdfv", "serfcx", "wsdr",
        "drtgvc", "ftyhbv", "gyujnb", "ujko", "huikmn", "jiolm", "kop", "njk", "bhjm", "iklp", "ol",
        "wa", "edft", "awedxz", "rfgy", "yhji", "cfgb", "qase", "zsdc", "tghu", "asx"};

static bool is_separator(char c)
{
	return c != '\0' && strchr(".-_,", c) != NULL;
}

static bool is_beside(char a, char b)
{
	return g_ascii_islower(a) && g_ascii_islower(b) && strchr(keys_beside[a - 'a'], b) != NULL;
}

static bool is_alike(char a, char b)
{
	return (a == '0' && b == 'o') || (a == '1' && (b == 'l' || b == 'i'));
}

/* Returns whether C must be the same in both: a digit, which people type with care and which tells
 * mailboxes apart, or what is not ASCII. */
static bool is_firm(char c)
{
	return !g_ascii_islower(c) && !is_separator(c);
}

static unsigned replaced(char typed, char meant)
{
	if (typed == meant)
		return 0;
	if (is_alike(typed, meant) || is_alike(meant, typed))
		return DISTANCE_ALIKE;
	if (is_firm(typed) || is_firm(meant))
		return DISTANCE_FAR;
	if (is_separator(typed) && is_separator(meant))
		return DISTANCE_SEPARATOR;
	return is_beside(typed, meant) ? DISTANCE_BESIDE : DISTANCE_OTHER;
}

/* Returns the cost of the byte at C being missing or, if IS_EXTRA, one too many. */
static unsigned single(const char *c, bool is_extra)
{
	if (is_firm(*c))
		return DISTANCE_FAR;
	if (is_separator(*c))
		return DISTANCE_SEPARATOR;
	if (*c == c[-1])
		return DISTANCE_TWICE;
	if (!is_extra)
		return DISTANCE_DROPPED;
	return is_beside(*c, c[-1]) || is_beside(*c, c[1]) ? DISTANCE_STRAY : DISTANCE_EXTRA;
}

/* Returns whether the byte at A and the one before it are those at B the other way round. */
static bool is_swapped(const char *a, const char *b)
{
	return a[0] == b[-1] && a[-1] == b[0] && a[0] != a[-1] &&
	       (!is_firm(a[0]) || !is_firm(a[-1]));
}

/* Both words in lower case, between NULs: the first byte has the index 1. */
struct pair {
	char typed[LENGTH_MAX + 2], meant[LENGTH_MAX + 2];
	unsigned m, n; /* their lengths */
};

/* Returns the lowest cost of turning the first J bytes of MEANT into the first I of TYPED; ROWS are
 * those of I, I - 1 and I - 2. */
static unsigned cheapest(unsigned *const rows[3], const struct pair *pair, unsigned i, unsigned j)
{
	const char *a = pair->typed + i, *b = pair->meant + j;
	bool is_edge = i + j == 1 || (i == pair->m && j == pair->n);
	unsigned cost = i + j > 0 ? DISTANCE_FAR : 0;

	if (i > 0 && j > 0) {
		unsigned one = replaced(*a, *b);

		cost = MIN(cost,
		        rows[1][j - 1] + one + (one > 0 && i == 1 && j == 1 ? DISTANCE_EDGE : 0));
	}
	if (i > 0) {
		unsigned one = single(a, true);

		cost = MIN(cost,
		        rows[1][j] + one + (is_edge && one >= DISTANCE_STRAY ? DISTANCE_EDGE : 0));
	}
	if (j > 0) {
		unsigned one = single(b, false);

		cost = MIN(cost, rows[0][j - 1] + one +
		                         (is_edge && one >= DISTANCE_STRAY ? DISTANCE_EDGE : 0));
	}
	if (i > 1 && j > 1 && is_swapped(a, b))
		cost = MIN(cost, rows[2][j - 2] + DISTANCE_SWAPPED);
	return cost;
}

static unsigned copy_lower(char *to, const char *from)
{
	size_t length = strnlen(from, LENGTH_MAX);

	*to++ = '\0';
	for (size_t i = 0; i < length; i++)
		*to++ = g_ascii_tolower(from[i]);
	*to = '\0';
	return (unsigned)length;
}

unsigned distance(const char *typed, const char *meant, unsigned limit)
{
	unsigned room[3][LENGTH_MAX + 1], best_before = 0;
	struct pair pair;

	pair.m = copy_lower(pair.typed, typed);
	pair.n = copy_lower(pair.meant, meant);
	if (pair.m >= LENGTH_MAX || pair.n >= LENGTH_MAX)
		return DISTANCE_FAR;
	if (MAX(pair.m, pair.n) - MIN(pair.m, pair.n) > limit / DISTANCE_SEPARATOR)
		return DISTANCE_FAR; /* no slip is cheaper */
	for (unsigned i = 0; i <= pair.m; i++) {
		unsigned *rows[3] = {room[i % 3], room[(i + 2) % 3], room[(i + 1) % 3]};
		unsigned best = DISTANCE_FAR;

		for (unsigned j = 0; j <= pair.n; j++) {
			rows[0][j] = cheapest(rows, &pair, i, j);
			best = MIN(best, rows[0][j]);
		}
		/* One row beyond the limit can be leapt over, by a swap; two can't. */
		if (best > limit && best_before > limit)
			return DISTANCE_FAR;
		best_before = best;
	}
	unsigned cost = room[pair.m % 3][pair.n];

	return cost <= limit ? cost : DISTANCE_FAR;
}
