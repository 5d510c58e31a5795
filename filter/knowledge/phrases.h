/* Searches for a set of phrases in one pass over a text, however many there are.
 *
 * A phrase is plain text after text_fold(). `*` in it stands for anything; a leading or trailing
 * `%` for a word edge (no ASCII letter or digit next to it). The parts between the `*` must occur
 * in order without overlap, except that one blank serves two parts: `user * unknown` finds "user
 * unknown", but neither "userunknown" nor "users unknown". */
#ifndef PHRASES_H
#define PHRASES_H

#include <stdbool.h>
#include <stddef.h>

struct phrases;

/* The phrases that a text has: a bit for each. */
struct phrase_hits {
	unsigned char *found;
};

/* Returns an empty set, owned by CTX. */
struct phrases *phrases_new(const void *ctx);

/* Adds a phrase, which is folded here, and returns its number: 0, 1, 2 … in the order of adding.
 * The same phrase keeps its number. A phrase without text (`*` or empty) is in every text. */
int phrases_add(struct phrases *set, const char *phrase);

/* Returns which phrases of SET occur in TEXT (folded, LENGTH bytes), owned by CTX. A phrase of
 * several parts is searched for only after the first place of its first part, which leaves the
 * others the most room; so a text that repeats a part costs no more time. */
struct phrase_hits *phrases_search(
        const void *ctx, const struct phrases *set, const char *text, size_t length);

/* Returns whether phrase NUMBER was found. */
static inline bool phrase_hits_has(const struct phrase_hits *hits, int number)
{
	return hits->found[number / 8] >> number % 8 & 1;
}

/* Returns whether phrase NUMBER occurs in LENGTH bytes of TEXT. */
bool phrase_is_in(const struct phrases *set, int number, const char *text, size_t length);

#endif
