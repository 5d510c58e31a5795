/* What phrases.c builds and phrases-search.c reads: no one else's business. */
#ifndef PHRASES_SET_H
#define PHRASES_SET_H

#include "knowledge/phrases-trie.h"

/* A phrase without its edges' `%`, `*` and blanks: LENGTH bytes of the pool from TEXT on. */
struct phrase {
	uint32_t text, length;
	bool edge_before, edge_after;
	uint32_t hash;
	uint32_t steps, step_count; /* its parts in order: [steps … steps + step_count) of the set's steps */
	uint32_t next;              /* the next phrase that begins with the same part, as number + 1; 0 ends */
};

/* What a part of the trie means to the phrases. */
struct part_use {
	uint32_t first; /* a phrase that begins with it, as number + 1; 0 is none */
	uint32_t slot;  /* where phrases wait that have it further on, 1 …; 0 is none */
};

struct phrases {
	char *pool;
	size_t pool_length, pool_room;
	struct phrase *phrases;
	size_t phrase_count, phrase_room;
	uint32_t *table; /* phrases by hash, as number + 1; TABLE_ROOM is a power of two */
	size_t table_room;

	/* From phrases_compile() on. */
	struct trie *trie;
	struct part_use *uses; /* by part */
	uint32_t *steps;       /* parts, phrase after phrase */
	uint32_t step_count, slot_count;
	uint32_t always; /* a phrase without parts, as number + 1; 0 is none */
};

#endif
