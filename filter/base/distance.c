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

/* Digits, which people type with care and which tell mailboxes apart, and what is not ASCII. */
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

struct pair {
	char typed[LENGTH_MAX + 1], meant[LENGTH_MAX + 1];
	unsigned m, n; /* their lengths */
};

/* What a letter more or less costs at the edges. */
static unsigned at_edge(const struct pair *pair, unsigned i, unsigned j, unsigned cost)
{
	return cost >= DISTANCE_STRAY && (i + j == 1 || (i == pair->m && j == pair->n))
	               ? cost + DISTANCE_EDGE
	               : cost;
}

/* Byte I of TYPED, counted from 1, is too many. */
static unsigned extra(const char *typed, unsigned i)
{
	char c = typed[i - 1], before = i > 1 ? typed[i - 2] : '\0';

	if (is_firm(c))
		return DISTANCE_FAR;
	if (is_separator(c))
		return DISTANCE_SEPARATOR;
	if (c == before)
		return DISTANCE_TWICE;
	return is_beside(c, before) || is_beside(c, typed[i]) ? DISTANCE_STRAY : DISTANCE_EXTRA;
}

/* Byte J of MEANT is missing. */
static unsigned missing(const char *meant, unsigned j)
{
	char c = meant[j - 1];

	if (is_firm(c))
		return DISTANCE_FAR;
	if (is_separator(c))
		return DISTANCE_SEPARATOR;
	return j > 1 && c == meant[j - 2] ? DISTANCE_TWICE : DISTANCE_DROPPED;
}

static bool is_swapped(const struct pair *pair, unsigned i, unsigned j)
{
	char a, b;

	if (i < 2 || j < 2)
		return false;
	a = pair->typed[i - 1];
	b = pair->typed[i - 2];
	return a == pair->meant[j - 2] && b == pair->meant[j - 1] && a != b &&
	       (!is_firm(a) || !is_firm(b));
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* The cheapest way to the first I bytes of the one from the first J of the other; ROWS are those of
 * I, I - 1 and I - 2. */
static unsigned cheapest(
        unsigned (*const rows[3])[LENGTH_MAX + 1], const struct pair *pair, unsigned i, unsigned j)
{
	unsigned cost = DISTANCE_FAR, one;

	if (i > 0 && j > 0) {
		one = replaced(pair->typed[i - 1], pair->meant[j - 1]);
		cost = (*rows[1])[j - 1] +
		       (one != 0 && i == 1 && j == 1 ? one + DISTANCE_EDGE : one);
	}
	if (i > 0)
		cost = least(cost, (*rows[1])[j] + at_edge(pair, i, j, extra(pair->typed, i)));
	if (j > 0)
		cost = least(
		        cost, (*rows[0])[j - 1] + at_edge(pair, i, j, missing(pair->meant, j)));
	if (is_swapped(pair, i, j))
		cost = least(cost, (*rows[2])[j - 2] + DISTANCE_SWAPPED);
	return i + j > 0 ? least(cost, DISTANCE_FAR) : 0;
}

static unsigned copy_lower(char *to, const char *from)
{
	unsigned length = 0;

	for (; from[length] != '\0' && length < LENGTH_MAX; length++)
		to[length] = g_ascii_tolower(from[length]);
	to[length] = '\0';
	return from[length] == '\0' ? length : LENGTH_MAX;
}

unsigned distance(const char *typed, const char *meant, unsigned limit)
{
	unsigned room[3][LENGTH_MAX + 1],
	        (*rows[3])[LENGTH_MAX + 1] = {&room[0], &room[1], &room[2]};
	struct pair pair;
	unsigned best_before = 0, i, j;

	pair.m = copy_lower(pair.typed, typed);
	pair.n = copy_lower(pair.meant, meant);
	if (pair.m >= LENGTH_MAX || pair.n >= LENGTH_MAX)
		return DISTANCE_FAR;
	if ((pair.m > pair.n ? pair.m - pair.n : pair.n - pair.m) > limit / DISTANCE_SEPARATOR)
		return DISTANCE_FAR; /* no slip is cheaper */
	for (i = 0; i <= pair.m; i++) {
		unsigned(*oldest)[LENGTH_MAX + 1] = rows[2], best = DISTANCE_FAR;

		rows[2] = rows[1];
		rows[1] = rows[0];
		rows[0] = oldest;
		for (j = 0; j <= pair.n; j++) {
			(*rows[0])[j] = cheapest(rows, &pair, i, j);
			best = least(best, (*rows[0])[j]);
		}
		/* One row beyond the limit can be leapt over, by a swap; two can't. */
		if (best > limit && best_before > limit)
			return DISTANCE_FAR;
		best_before = best;
	}
	return (*rows[0])[pair.n] <= limit ? (*rows[0])[pair.n] : DISTANCE_FAR;
}
