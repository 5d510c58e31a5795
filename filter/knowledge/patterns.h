/* Searches for patterns of words (notmuch-bounce-rules(5)), all at once: one pass over a text,
 * linear, however many patterns there are.
 *
 * A pattern is a row of steps. A step is a set of terms (`mailbox`, `exist*`, `*regel`, `no longer`,
 * `受信拒否`, "spf=fail") or classes of them, and how many words may stand between it and the step before. For
 * each step the search remembers where the text had last come that far. That is enough, because
 * only the distance to the step before counts.
 *
 * The tables have numbers and no pointers, so that those of the built-in rules can be written down
 * when the program is built. All fields are uint32_t for that: see prepare.c. A field called FIRST
 * or NEXT is an index + 1; 0: no more. */
#ifndef PATTERNS_H
#define PATTERNS_H

#include "knowledge/numbering.h"
#include "knowledge/phrases.h"
#include "knowledge/tokens.h"

#define PATTERN_FILTER_BITS (1u << 15)

/* A gap of any number of words and sentences. */
#define PATTERN_GAP_ANY 0xFFFFu

/* The end of words (`*regel`) has as its key this byte and its letters from the last to the first,
 * at least and at most so many. */
#define PATTERN_ENDING 2
#define PATTERN_ENDING_MIN 4u
#define PATTERN_ENDING_MAX 24u

/* A word, the beginning or end of words, or an atom and the word that follows it. */
struct pattern_atom {
	uint32_t first_term; /* of those that are it */
	uint32_t goes_on;    /* in some term a word follows it */
};

struct pattern_term {
	uint32_t first_step; /* of those that search for it */
	uint32_t next;
};

/* A step comes with its condition: the step before, and the room that may be between. */
struct pattern_step {
	uint32_t place;
	uint32_t before; /* as index + 1; 0: this is the first */
	uint32_t gap;
	uint32_t next;
};

/* A step after another. Rows that begin alike share their steps. */
struct pattern_place {
	uint32_t first_end; /* the patterns that end here */
	uint32_t goes_on;   /* in some row a step follows it */
};

struct pattern_end {
	uint32_t pattern, next;
};

struct patterns {
	/* the atoms: words, beginnings of words (`exist*`), their ends, and pairs of an atom and the
	 * word after it: their numbers in four bytes each, of which one is a NUL, as in no word */
	struct numbering words;
	const struct phrases *literals;
	uint32_t *literal_terms; /* by literal: the first of the terms that are it */
	/* a bit for each hash of an atom that is a pair, or has a `*` (which isn't counted):
	 * without it, there is none */
	uint32_t *may_be;
	struct pattern_atom *atoms;
	struct pattern_term *terms;
	struct pattern_step *steps;
	struct pattern_place *places;
	struct pattern_end *ends;
	uint32_t atom_count, term_count, step_count, place_count, end_count, pattern_count;
};

/* A pattern that was found, the bytes of the text from its first word to its last, and the sentence
 * where it ends. */
struct pattern_hit {
	uint32_t pattern, start, end, sentence;
};

struct pattern_hits {
	const struct pattern_hit *list; /* each pattern once in a sentence, sentence by sentence */
	size_t count;
	const unsigned char *found; /* a bit for each pattern */
};

/* What a search remembers, kept from one search to the next. */
struct pattern_search;

/* Returns what it takes to search for PATTERNS, which must live as long; owned by CTX. */
struct pattern_search *pattern_search_new(const void *ctx, const struct patterns *patterns);

/* Returns which patterns are in TOKENS, owned by CTX. */
struct pattern_hits pattern_search_run(
        const void *ctx, struct pattern_search *search, const struct tokens *tokens);

bool pattern_hits_has(const struct pattern_hits *hits, uint32_t pattern);

/* Returns whether PATTERN was found in the sentence of hit NUMBER. */
bool pattern_hits_beside(const struct pattern_hits *hits, size_t number, uint32_t pattern);

/* Returns the bit in MAY_BE for HASH. */
static inline uint32_t pattern_filter_bit(uint32_t hash)
{
	return (hash ^ hash >> 15) & (PATTERN_FILTER_BITS - 1);
}

#endif
