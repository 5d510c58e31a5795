#include "mail/slip.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "base/distance.h"
#include "mail/address.h"

/* What slips in an end such as `.com` or `.co.jp` may cost: one slip. */
#define END_LIMIT DISTANCE_DROPPED

/* The cost of an end that was cut off: a mail program reads `example.co,jp` as two addresses, of
 * which the first is `example.co`; and `.co` may be a `.com` that was not copied to its end. */
#define END_LOST DISTANCE_SWAPPED

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
		return beside && letters == 3 ? DISTANCE_SWAPPED : 0;
	if (letters == 4)
		return beside ? DISTANCE_EXTRA : DISTANCE_BESIDE;
	if (letters < 10)
		return beside        ? DISTANCE_OTHER + DISTANCE_EDGE
		       : letters < 7 ? DISTANCE_EXTRA
		                     : DISTANCE_OTHER;
	return letters < 14 ? DISTANCE_OTHER + DISTANCE_SEPARATOR : 2 * DISTANCE_EXTRA;
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
		                           distance(typed[i], meant[i], 0) == 0);
	for (size_t i = 0; i < count && sum < DISTANCE_FAR; i++)
		sum += distance(typed[i], meant[i], limit_of(meant[i], beside));
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
			cost += *typed++ != *meant++ ? DISTANCE_SEPARATOR : 0;
		}
	} else
		cost = distance(typed, meant, limit_of(meant, beside));
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
	unsigned cost = distance(typed, meant, MAX(limit_of(meant + same, false), END_LIMIT));

	return cost < DISTANCE_FAR ? cost : SLIP_NONE;
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
	char *a = talloc_strndup(ctx, typed, (size_t)(strrchr(typed, '@') - typed)),
	     *b = talloc_strndup(ctx, meant, (size_t)(strrchr(meant, '@') - meant));
	bool same = distance(a, b, 0) == 0;
	unsigned domain = slip_of_domains(
	        address_domain(ctx, typed), address_domain(ctx, meant), same ? strlen(b) : 0);
	unsigned local = same                 ? 0
	                 : domain < SLIP_NONE ? slip_of_halves(a, b, separators, false)
	                                      : SLIP_NONE;

	return local < SLIP_NONE && domain < SLIP_NONE && local + domain > 0 ? local + domain
	                                                                     : SLIP_NONE;
}
