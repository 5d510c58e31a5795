/* Patterns of words (notmuch-bounce-rules(5)), searched for all at once: one pass over a text,
 * linear, however many there are.
 *
 * A pattern is a row of steps. A step is a set of terms (`mailbox`, `exist*`, `no longer`, `受信拒否`,
 * "spf=fail") or classes of them, and how many words may stand between it and the step before. For
 * each step the search keeps where a text had come that far last: that is all it needs, as nothing
 * but the distance to the step before counts.
 *
 * The tables hold numbers and no pointers, so that those of the rules built in can be written down
 * when the program is built. */
#ifndef PATTERNS_H
#define PATTERNS_H

#include "knowledge/numbering.h"
#include "knowledge/tokens.h"

#define PATTERN_FILTER_BITS (1u << 15)

/* A gap that any number of words, and sentences, may fill. */
#define PATTERN_GAP_ANY 0xFFFFu

/* Terms are ways through a trie of atoms; where one ends, its groups are found. Node 0 begins those
 * of words, node 1 those of literals. */
struct pattern_node {
	uint32_t fires; /* the first, as index + 1; 0: none */
	uint32_t edges; /* the first; they end where those of the next node begin */
};

struct pattern_edge {
	uint32_t node, atom, to;
};

struct pattern_fire {
	uint32_t group, literal; /* LITERAL: as number + 1, what has to stand there; 0: words */
	uint32_t next;
};

/* What is asked of each step comes with it: the step before, and the room that may lie between. */
struct pattern_step {
	uint32_t place;
	uint32_t before; /* as index + 1; 0: it is the first */
	uint32_t gap;
};

/* A step behind another; rows that begin alike share their steps. */
struct pattern_place {
	uint32_t ends; /* the patterns that end here: the first, as index + 1; 0: none */
	bool goes_on;  /* a step follows it in some row */
};

struct pattern_end {
	uint32_t pattern, next;
};

struct patterns {
	struct numbering atoms; /* words, and beginnings of words: `exist*` */
	/* a byte that says how many stand before the first letter or digit, and the text */
	struct numbering literals;
	/* by atom: the nodes behind it at node 0, and at node 1; 0: none */
	const uint32_t *begins;
	/* bits by the hash of a word's first bytes: whether they may be an atom with a `*` */
	const uint32_t *may_begin;
	const struct pattern_node *nodes; /* one more than there are */
	const struct pattern_edge *edges; /* by node, then by atom */
	const struct pattern_fire *fires;
	/* sets of terms: where the steps of each begin, and where those of the last end */
	const uint32_t *groups;
	const struct pattern_step *steps;
	const struct pattern_place *places;
	const struct pattern_end *ends;
	uint32_t node_count, edge_count, fire_count, group_count, step_count, place_count,
	        end_count, pattern_count;
};

/* A pattern that was found, the bytes of the text that it took, from its first word to its last,
 * and the sentence where it ends. */
struct pattern_hit {
	uint32_t pattern, start, end, sentence;
};

struct pattern_hits {
	const struct pattern_hit *list; /* each pattern once a sentence, sentence by sentence */
	size_t count;
	const unsigned char *found; /* a bit for each pattern */
};

/* What a search needs to remember while it runs, kept from one search to the next. */
struct pattern_search;

/* For searches of PATTERNS, which must live as long. */
struct pattern_search *pattern_search_new(const void *ctx, const struct patterns *patterns);

/* Which patterns are in TOKENS, owned by CTX. */
struct pattern_hits pattern_search_run(
        const void *ctx, struct pattern_search *search, const struct tokens *tokens);

bool pattern_hits_has(const struct pattern_hits *hits, uint32_t pattern);

/* The bit in MAY_BEGIN for HASH. */
static inline uint32_t pattern_filter_bit(uint32_t hash)
{
	return (hash ^ hash >> 15) & (PATTERN_FILTER_BITS - 1);
}

/* Whether PATTERN was found in the sentence of hit NUMBER. */
bool pattern_hits_beside(const struct pattern_hits *hits, size_t number, uint32_t pattern);

#endif
