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
#include <stdint.h>

#include "base/array.h"
#include "knowledge/numbering.h"

/* Phrases are found by the first bytes of their first part: eight, four or one, as many as it
 * has. A text is asked for a key only if its bit is set in the filter of the key's kind. */
#define PHRASE_KEY_BITS 12
#define PHRASE_KEYS (1u << PHRASE_KEY_BITS)
#define PHRASE_FILTER_WORDS (8 * PHRASE_KEYS / 32)

/* All fields are uint32_t for prepare.c. */
struct phrase {
	uint32_t head_low, head_high; /* the first eight bytes of the first part */
	uint32_t surplus;             /* the bits of them that are not in it */
	/* where its text is in the pool, without the `%`, `*` and blanks at its ends */
	uint32_t at, length, first; /* FIRST: the length of its first part */
	uint32_t edge_before, edge_after;
	uint32_t next; /* the next phrase with the same key, as number + 1; 0: none */
};

/* The tables have numbers and no pointers, so that the built-in ones can be written down when the
 * program is built. */
struct phrases {
	struct numbering texts; /* of each a byte that tells its edges, and its text */
	const struct phrase *list;
	/* by key: the first phrase, as number + 1; 0: none */
	const uint32_t *by_eight, *by_four, *by_byte;
	const uint32_t *filter_eight, *filter_four;
	uint32_t always; /* the phrases without text */
};

/* Phrases FIRST to LAST, by their numbers. */
struct phrase_run {
	uint32_t first, last;
};

/* The phrases that a text has: a bit for each, 64 to a number. */
struct phrase_hits {
	uint64_t *found;
};

/* Where LENGTH bytes of a phrase stand in a text. */
struct phrase_place {
	uint32_t phrase, start, length;
};

struct phrase_places {
	struct phrase_place *list;
	size_t count;
};

/* Returns an empty set, owned by CTX. */
struct phrases *phrases_new(const void *ctx);

/* Adds a phrase, which is folded here, and returns its number: 0, 1, 2 … in the order of adding.
 * The same phrase keeps its number. A phrase without text (`*` or empty) is in every text. */
uint32_t phrases_add(struct phrases *set, const char *phrase);

/* Adds LITERAL, a folded text whose signs mean nothing, with a word edge BEFORE and AFTER it if
 * asked for. Returns its number. */
uint32_t phrases_add_literal(struct phrases *set, const char *literal, bool before, bool after);

/* Returns all places, in the order of TEXT, of the phrases of SET, which are literals. The list is
 * owned by CTX. */
struct phrase_places phrases_places(
        const void *ctx, const struct phrases *set, const char *text, size_t length);

/* Returns which phrases of SET occur in TEXT (folded, LENGTH bytes), owned by CTX. A phrase of
 * several parts is searched for only after the first place of its first part, which leaves the
 * others the most room; so a text that repeats a part costs no more time. */
struct phrase_hits *phrases_search(
        const void *ctx, const struct phrases *set, const char *text, size_t length);

/* Returns whether one of the phrases from NUMBER up to LAST was found, and sets NUMBER to the first
 * of them. */
static inline bool phrase_hits_next(const struct phrase_hits *hits, uint32_t *number, uint32_t last)
{
	for (; *number <= last; *number = (*number | 63) + 1) {
		uint64_t left = hits->found[*number / 64] >> *number % 64;

		if (left != 0) {
			*number += (uint32_t)__builtin_ctzll(left);
			break;
		}
	}
	return *number <= last;
}

/* Returns whether phrase NUMBER occurs in LENGTH bytes of TEXT. */
bool phrase_is_in(const struct phrases *set, uint32_t number, const char *text, size_t length);

#endif
