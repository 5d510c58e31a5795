/* A set of phrases searched for in one pass over a text, whatever their number.
 *
 * A phrase is plain text after text_fold(); `*` in it stands for anything between, a leading or
 * trailing `%` for a word edge (no ASCII letter or digit adjoins). The parts between the `*` must
 * occur in order without overlap, except that one blank serves two parts: `user * unknown` finds
 * "user unknown", but neither "userunknown" nor "users unknown". */
#ifndef PHRASES_H
#define PHRASES_H

#include <stdbool.h>
#include <stddef.h>

struct phrases;

/* The phrases of a set that a text has: a bit for each. */
struct phrase_hits {
	unsigned char *found;
};

/* An empty set, owned by CTX. */
struct phrases *phrases_new(const void *ctx);

/* Add a phrase (folded here, so any spelling will do) and return its number: 0, 1, 2 … in order of
 * adding; of the same phrase again, the number that it has. A phrase without any text (`*` or
 * empty) is legal and found in every text. */
int phrases_add(struct phrases *set, const char *phrase);

/* Which phrases of SET occur in TEXT (already folded, LENGTH bytes), each once, owned by CTX. A
 * phrase of several parts is looked for behind the first place of its first part only, which leaves
 * the others the most room: so a text that repeats a part gains nothing by it. */
struct phrase_hits *phrases_search(
        const void *ctx, const struct phrases *set, const char *text, size_t length);

/* Whether phrase NUMBER was found. */
static inline bool phrase_hits_has(const struct phrase_hits *hits, int number)
{
	return hits->found[number / 8] >> number % 8 & 1;
}

/* Whether phrase NUMBER occurs in LENGTH bytes of TEXT. */
bool phrase_is_in(const struct phrases *set, int number, const char *text, size_t length);

#endif
