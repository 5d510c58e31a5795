/* A set of phrases searched for in one pass over a text (Aho-Corasick), whatever their number.
 *
 * A phrase is plain text after text_fold(); `*` in it stands for anything between, a leading or trailing `%` for a word
 * edge (no ASCII letter or digit adjoins). The parts between the `*` must occur in order without overlap, except that one blank
 * serves two parts: `user * unknown` finds "user unknown", but neither "userunknown" nor "users unknown". */
#ifndef PHRASES_H
#define PHRASES_H

#include <stdbool.h>
#include <stddef.h>

struct phrases;
struct phrase_hits;

/* An empty set, owned by CTX. */
struct phrases *phrases_new(const void *ctx);

/* Make room for COUNT phrases of LENGTH bytes together, so that the set need not grow. More may be added all the same. Only before the first phrases_add(). */
void phrases_reserve(struct phrases *set, size_t count, size_t length);

/* Add a phrase (folded here, so any spelling will do) and return its number: 0, 1, 2 … in order of adding. The same phrase again
 * returns the number it has already. Only before phrases_compile(). A phrase without any text (`*` or empty) is legal and
 * found in every text. */
int phrases_add(struct phrases *set, const char *phrase);

/* Build the automaton: linear in the total length of the phrases. */
void phrases_compile(struct phrases *set);

/* Which phrases of a compiled set occur in TEXT (already folded, LENGTH bytes). Linear in LENGTH: a phrase goes through its
 * parts only forward and costs nothing more once it's found, so a text that repeats a part gains nothing by it. The result
 * belongs to CTX. */
struct phrase_hits *phrases_search(const void *ctx, const struct phrases *set, const char *text, size_t length);

/* The phrases found, as a list of numbers in no particular order; *COUNT their number. */
const int *phrase_hits_list(const struct phrase_hits *hits, size_t *count);

/* Whether phrase NUMBER was found. Constant time. */
bool phrase_hits_has(const struct phrase_hits *hits, int number);

#endif
