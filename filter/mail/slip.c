#include "mail/slip.h"

#include <glib.h>
#include <string.h>

#include "base/distance.h"

/* Bytes of a half of an address; with more it is like nothing. */
#define HALF_MAX 255

/* What an end such as `.com` or `.co.jp` may cost: one slip. */
#define END_LIMIT DISTANCE_DROPPED

/* `example.co,jp` is two addresses to a mail program, and the first of them has lost its end; `.co`
 * is a `.com` that was copied badly. */
#define END_LOST DISTANCE_SWAPPED

/* Letters before the @ that say something for a domain when they are right. */
#define RIGHT_MIN 3

static const char separators[] = ".-_+,";

static size_t letters_in(const char *word)
{
	size_t count = 0;

	for (; *word != '\0'; word++)
		count += g_ascii_isalpha(*word);
	return count;
}

/* What slips may cost in MEANT, of short words nearly all being words; more if a word beside it is
 * right. */
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

/* Cut the first word off *AT, up to one of ENDS or its end, into WORD. What ended it. */
static char next_word(const char **at, const char *ends, char word[HALF_MAX + 1])
{
	size_t length = strcspn(*at, ends);
	char end = (*at)[length];

	memcpy(word, *at, length);
	word[length] = '\0';
	*at += length + (end != '\0');
	return end;
}

static size_t count_words(const char *text, const char *ends)
{
	size_t count = 1;

	for (; *text != '\0'; text++)
		count += strchr(ends, *text) != NULL;
	return count;
}

/* Whether any of their words, of three letters at least, is the same. */
static bool has_right_word(const char *typed, const char *meant, const char *ends)
{
	char a[HALF_MAX + 1], b[HALF_MAX + 1];
	bool same = false;

	while (!same && *typed != '\0' && *meant != '\0') {
		next_word(&typed, ends, a);
		next_word(&meant, ends, b);
		same = letters_in(b) >= 3 && distance(a, b, 0) == 0;
	}
	return same;
}

/* What it costs when as many words stand on both sides: word by word, so that a.sato is not
 * b.sato. */
static unsigned word_by_word(const char *typed, const char *meant, const char *ends, bool beside)
{
	char a[HALF_MAX + 1], b[HALF_MAX + 1];
	unsigned sum = 0;

	beside = beside || has_right_word(typed, meant, ends);
	while (sum < DISTANCE_FAR && (*typed != '\0' || *meant != '\0')) {
		char end = next_word(&typed, ends, a), other = next_word(&meant, ends, b);

		sum += distance(a, b, limit_of(b, beside)) +
		       (end != other ? DISTANCE_SEPARATOR : 0);
	}
	return sum;
}

/* What the slips in one half cost, whose words end with one of ENDS. */
static unsigned slip_of_halves(const char *typed, const char *meant, const char *ends, bool beside)
{
	unsigned limit = limit_of(meant, true), cost;

	if (count_words(typed, ends) == count_words(meant, ends) &&
	        !slip_same_letters(typed, meant))
		cost = word_by_word(typed, meant, ends, beside);
	else
		cost = distance(typed, meant, limit_of(meant, beside));
	return cost <= limit ? cost : SLIP_NONE;
}

/* The last labels, beginning with their dot, that say nothing of whose domain it is: `.com`,
 * `.co.jp`. */
static const char *end_of(const char *domain)
{
	const char *end = strrchr(domain, '.'), *dot;

	if (end == NULL || end == domain)
		return domain + strlen(domain);
	for (dot = end - 1; dot > domain && *dot != '.'; dot--)
		;
	return *dot == '.' && dot > domain && end - dot <= 4 && strlen(end) <= 3 ? dot : end;
}

/* One slip in the end of a domain, all else being the same. */
static unsigned slip_of_ends(const char *typed, const char *meant)
{
	size_t length = strlen(typed), same = (size_t)(end_of(meant) - meant);
	unsigned cost, limit;

	if (same > 0 && length > same && strncmp(typed, meant, length) == 0)
		return END_LOST;
	if (same == 0 || strncmp(typed, meant, same) != 0)
		return SLIP_NONE;
	limit = limit_of(meant + same, false);
	cost = distance(typed, meant, limit > END_LIMIT ? limit : END_LIMIT);
	return cost < DISTANCE_FAR ? cost : SLIP_NONE;
}

unsigned slip_of_domains(const char *typed, const char *meant, size_t right)
{
	const char *typed_end = end_of(typed), *meant_end = end_of(meant);
	size_t m = (size_t)(typed_end - typed), n = (size_t)(meant_end - meant);
	char a[HALF_MAX + 1], b[HALF_MAX + 1];

	if (strcmp(typed, meant) == 0)
		return 0;
	if (strlen(typed) > HALF_MAX || strlen(meant) > HALF_MAX)
		return SLIP_NONE;
	if (strcmp(typed_end, meant_end) != 0)
		return right > 0 ? slip_of_ends(typed, meant) : SLIP_NONE;
	memcpy(a, typed, m);
	memcpy(b, meant, n);
	a[m] = b[n] = '\0';
	return slip_of_halves(a, b, ".", right >= RIGHT_MIN);
}

static bool halves(const char *address, char local[HALF_MAX + 1], char domain[HALF_MAX + 1])
{
	const char *at = strrchr(address, '@');
	size_t i;

	if (at == NULL || at == address || at[1] == '\0' || at - address > HALF_MAX ||
	        strlen(at + 1) > HALF_MAX)
		return false;
	memcpy(local, address, (size_t)(at - address));
	local[at - address] = '\0';
	for (i = 0; at[i + 1] != '\0'; i++)
		domain[i] = g_ascii_tolower(at[i + 1]);
	domain[i] = '\0';
	return true;
}

static bool is_same_local(const char *a, const char *b)
{
	return distance(a, b, 0) == 0;
}

bool slip_is_likely(const char *typed, const char *meant, struct slip *slip)
{
	char typed_local[HALF_MAX + 1], typed_domain[HALF_MAX + 1], meant_local[HALF_MAX + 1],
	        meant_domain[HALF_MAX + 1];
	bool same;

	*slip = (struct slip){SLIP_NONE, SLIP_NONE};
	if (!halves(typed, typed_local, typed_domain) || !halves(meant, meant_local, meant_domain))
		return false;
	same = is_same_local(typed_local, meant_local);
	slip->domain = slip_of_domains(typed_domain, meant_domain, same ? strlen(meant_local) : 0);
	slip->local = same ? 0
	              : slip->domain < SLIP_NONE
	                      ? slip_of_halves(typed_local, meant_local, separators, false)
	                      : SLIP_NONE;
	return slip->local < SLIP_NONE && slip->domain < SLIP_NONE &&
	       slip->local + slip->domain > 0;
}
