#include "mail/slip.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "mail/address.h"

/* -- In a word */

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

static bool is_beside_key(char a, char b)
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

static unsigned cost_replaced(char typed, char meant)
{
	if (typed == meant)
		return 0;
	if (is_alike(typed, meant) || is_alike(meant, typed))
		return SLIP_ALIKE;
	if (is_firm(typed) || is_firm(meant))
		return SLIP_NONE;
	if (is_separator(typed) && is_separator(meant))
		return SLIP_SEPARATOR;
	return is_beside_key(typed, meant) ? SLIP_BESIDE : SLIP_OTHER;
}

/* Returns the cost of the byte at C being missing or, if IS_EXTRA, one too many. */
static unsigned cost_single(const char *c, bool is_extra)
{
	if (is_firm(*c))
		return SLIP_NONE;
	if (is_separator(*c))
		return SLIP_SEPARATOR;
	if (*c == c[-1])
		return SLIP_TWICE;
	if (!is_extra)
		return SLIP_DROPPED;
	return is_beside_key(*c, c[-1]) || is_beside_key(*c, c[1]) ? SLIP_STRAY : SLIP_EXTRA;
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
static unsigned cost_lowest(
        unsigned *const rows[3], const struct pair *pair, unsigned i, unsigned j)
{
	const char *a = pair->typed + i, *b = pair->meant + j;
	bool is_edge = i + j == 1 || (i == pair->m && j == pair->n);
	unsigned cost = i + j > 0 ? SLIP_NONE : 0;

	if (i > 0 && j > 0) {
		unsigned one = cost_replaced(*a, *b);

		cost = MIN(
		        cost, rows[1][j - 1] + one + (one > 0 && i == 1 && j == 1 ? SLIP_EDGE : 0));
	}
	if (i > 0) {
		unsigned one = cost_single(a, true);

		cost = MIN(cost, rows[1][j] + one + (is_edge && one >= SLIP_STRAY ? SLIP_EDGE : 0));
	}
	if (j > 0) {
		unsigned one = cost_single(b, false);

		cost = MIN(cost,
		        rows[0][j - 1] + one + (is_edge && one >= SLIP_STRAY ? SLIP_EDGE : 0));
	}
	if (i > 1 && j > 1 && is_swapped(a, b))
		cost = MIN(cost, rows[2][j - 2] + SLIP_SWAPPED);
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

unsigned slip_of_words(const char *typed, const char *meant, unsigned limit)
{
	unsigned room[3][LENGTH_MAX + 1], best_before = 0;
	struct pair pair;

	pair.m = copy_lower(pair.typed, typed);
	pair.n = copy_lower(pair.meant, meant);
	if (pair.m >= LENGTH_MAX || pair.n >= LENGTH_MAX)
		return SLIP_NONE;
	if (MAX(pair.m, pair.n) - MIN(pair.m, pair.n) > limit / SLIP_SEPARATOR)
		return SLIP_NONE; /* no slip is cheaper */
	for (unsigned i = 0; i <= pair.m; i++) {
		unsigned *rows[3] = {room[i % 3], room[(i + 2) % 3], room[(i + 1) % 3]};
		unsigned best = SLIP_NONE;

		for (unsigned j = 0; j <= pair.n; j++) {
			rows[0][j] = cost_lowest(rows, &pair, i, j);
			best = MIN(best, rows[0][j]);
		}
		/* One row beyond the limit can be leapt over, by a swap; two can't. */
		if (best > limit && best_before > limit)
			return SLIP_NONE;
		best_before = best;
	}
	unsigned cost = room[pair.m % 3][pair.n];

	return cost <= limit ? cost : SLIP_NONE;
}

const char *slip_nearest(char *const *list, const char *word)
{
	size_t length = strlen(word);
	unsigned nearest = length < 4 ? SLIP_OTHER + 1 : 2 * SLIP_OTHER + 1;
	const char *best = NULL;

	for (; length > 1 && *list != NULL; list++) {
		unsigned cost =
		        strncmp(*list, word, length) == 0 ? 1 : slip_of_words(word, *list, nearest);

		if (cost < nearest) {
			nearest = cost;
			best = *list;
		}
	}
	return best;
}

/* -- In an address */

/* What slips in an end such as `.com` or `.co.jp` may cost: one slip. */
#define END_LIMIT SLIP_DROPPED

/* The cost of an end that was cut off: a mail program reads `example.co,jp` as two addresses, of
 * which the first is `example.co`; and `.co` may be a `.com` that was not copied to its end. */
#define END_LOST SLIP_SWAPPED

/* A word before the @, or beside another one, that is right and has at least so many letters makes
 * it likelier that what differs is a slip. */
#define RIGHT_MIN 3

static const char separators[] = ".-_+,";

static size_t letters_in(const char *word)
{
	size_t count = 0;

	for (; *word != '\0'; word++)
		count += g_ascii_isalpha(*word);
	return count;
}

/* Returns what the slips in the word MEANT may cost: little in a short word, as most of its
 * misspellings are words too; more if a word BESIDE it is right. */
static unsigned limit_of(const char *meant, bool beside)
{
	size_t letters = letters_in(meant);

	if (letters < 4)
		return beside && letters == 3 ? SLIP_SWAPPED : 0;
	if (letters == 4)
		return beside ? SLIP_EXTRA : SLIP_BESIDE;
	if (letters < 10)
		return beside ? SLIP_OTHER + SLIP_EDGE : letters < 7 ? SLIP_EXTRA : SLIP_OTHER;
	return letters < 14 ? SLIP_OTHER + SLIP_SEPARATOR : 2 * SLIP_EXTRA;
}

bool slip_same_letters(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, separators);
		b += strspn(b, separators);
		if (*a == '\0' || *b == '\0')
			return *a == *b;
		if (g_ascii_tolower(*a) != g_ascii_tolower(*b))
			return false;
	}
}

/* Returns the cost of the slips in COUNT words, compared one by one: so a.sato is not b.sato. */
static unsigned word_by_word(char *const *typed, char *const *meant, size_t count, bool beside)
{
	unsigned sum = 0;

	for (size_t i = 0; i < count; i++)
		beside = beside || (letters_in(meant[i]) >= RIGHT_MIN &&
		                           slip_of_words(typed[i], meant[i], 0) == 0);
	for (size_t i = 0; i < count && sum < SLIP_NONE; i++)
		sum += slip_of_words(typed[i], meant[i], limit_of(meant[i], beside));
	return sum;
}

/* Returns the cost of the slips in one half of an address, or SLIP_NONE. Words end at each of
 * ENDS. */
static unsigned slip_of_halves(const char *typed, const char *meant, const char *ends, bool beside)
{
	g_auto(GStrv) a = g_strsplit_set(typed, ends, -1);
	g_auto(GStrv) b = g_strsplit_set(meant, ends, -1);
	size_t count = g_strv_length(a);
	unsigned limit = limit_of(meant, true), cost;

	if (count == g_strv_length(b) && !slip_same_letters(typed, meant)) {
		cost = word_by_word(a, b, count, beside);
		for (; count > 1; count--) {
			typed += strcspn(typed, ends);
			meant += strcspn(meant, ends);
			cost += *typed++ != *meant++ ? SLIP_SEPARATOR : 0;
		}
	} else
		cost = slip_of_words(typed, meant, limit_of(meant, beside));
	return cost <= limit ? cost : SLIP_NONE;
}

const char *slip_domain_end(const char *domain)
{
	const char *end = strrchr(domain, '.');

	if (end == NULL || end == domain)
		return domain + strlen(domain);
	const char *dot = memrchr(domain, '.', (size_t)(end - domain));

	return dot != NULL && dot > domain && end - dot <= 4 && strlen(end) <= 3 ? dot : end;
}

/* Returns the cost of one slip in the end of a domain that is otherwise the same, or SLIP_NONE. */
static unsigned slip_of_ends(const char *typed, const char *meant)
{
	size_t length = strlen(typed), same = (size_t)(slip_domain_end(meant) - meant);

	if (same > 0 && length > same && strncmp(typed, meant, length) == 0)
		return END_LOST;
	if (same == 0 || strncmp(typed, meant, same) != 0)
		return SLIP_NONE;
	unsigned cost = slip_of_words(typed, meant, MAX(limit_of(meant + same, false), END_LIMIT));

	return cost < SLIP_NONE ? cost : SLIP_NONE;
}

unsigned slip_of_domains(const char *typed, const char *meant, size_t right)
{
	const char *typed_end = slip_domain_end(typed), *meant_end = slip_domain_end(meant);

	if (strcmp(typed, meant) == 0)
		return 0;
	if (strcmp(typed_end, meant_end) != 0)
		return right > 0 ? slip_of_ends(typed, meant) : SLIP_NONE;
	g_autofree char *a = g_strndup(typed, (gsize)(typed_end - typed));
	g_autofree char *b = g_strndup(meant, (gsize)(meant_end - meant));

	return slip_of_halves(a, b, ".", right >= RIGHT_MIN);
}

unsigned slip_of_addresses(const char *typed, const char *meant)
{
	if (!address_is_complete(typed) || !address_is_complete(meant))
		return SLIP_NONE;
	SCOPED void *ctx = talloc_new(NULL);
	char *a = address_local(ctx, typed), *b = address_local(ctx, meant);
	bool same = slip_of_words(a, b, 0) == 0;
	unsigned domain = slip_of_domains(
	        address_domain(ctx, typed), address_domain(ctx, meant), same ? strlen(b) : 0);
	unsigned local = same                 ? 0
	                 : domain < SLIP_NONE ? slip_of_halves(a, b, separators, false)
	                                      : SLIP_NONE;

	return local < SLIP_NONE && domain < SLIP_NONE && local + domain > 0 ? local + domain
	                                                                     : SLIP_NONE;
}
