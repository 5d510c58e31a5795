/* The Aho-Corasick automaton behind phrases.h: a set of strings, and for each place of a text the strings that begin to
 * be unmistakable there.
 *
 * A string has a node for each byte only up to where no other string goes the same way; the rest of it, its tail, is compared
 * when the text gets there. Three quarters of the nodes are never made, which is what start-up time is made of. */
#ifndef PHRASES_TRIE_H
#define PHRASES_TRIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of a phrase as it is to be found: LENGTH bytes of the pool from TEXT on. */
struct part {
	uint32_t text, length;
	uint32_t depth;               /* bytes the automaton has seen when it reports the part; the tail is the rest */
	uint32_t next_at_node;        /* the next part with the same text and other edges; 0 ends */
	bool edge_before, edge_after; /* a word edge must be there */
	unsigned char tail;           /* the first byte of the tail, once linked: most tails differ in it */
};

struct trie_node {
	uint32_t child, sibling; /* first child, next child of the same parent; 0 is none */
	uint32_t mask;           /* which bytes may have children: bit 0 to 31 by the byte's low five bits, 26 letters apart */
	uint32_t row;            /* where many children are: index into ROWS; 0 is none */
	uint32_t fail;           /* the node of the longest string that this one ends with */
	uint32_t report;         /* the first node on the way of FAIL, this one included, with parts; 0 is none */
	uint32_t parts;          /* the parts that are reported here; 0 is none */
	unsigned char byte;
};

struct trie {
	const char *pool;
	struct trie_node *nodes; /* [0] is the root */
	uint32_t node_count;
	uint32_t (*rows)[256]; /* by byte: the child or, once linked, the state after that byte. [0] is not used */
	uint32_t row_count;
	size_t row_room;
	struct part *parts; /* [0] is not used, so that 0 can mean none */
	uint32_t part_count;
};

/* A trie for at most PARTS parts of POOL, which are POOL_LENGTH bytes together. Owned by CTX. */
struct trie *trie_new(const void *ctx, const char *pool, size_t pool_length, size_t parts);

/* The number of the part that is like PART (text, length, edges), added if it's new. LENGTH is not 0. */
uint32_t trie_add(struct trie *trie, struct part part);

/* Set the fail and report links, once all is added. */
void trie_link(struct trie *trie);

/* The child of NODE, which has no row, for BYTE; 0 if none. */
static inline uint32_t trie_child(const struct trie *trie, uint32_t node, unsigned char byte)
{
	if (!(trie->nodes[node].mask >> byte % 32 & 1))
		return 0; /* the commonest answer */
	uint32_t child = trie->nodes[node].child;
	while (child && trie->nodes[child].byte != byte)
		child = trie->nodes[child].sibling;
	return child;
}

/* The state after NODE and BYTE, once linked. Over a text at most two turns a byte, as each `fail` takes back a byte that
 * a child had added. Ends at the root, which has a row. */
static inline uint32_t trie_step(const struct trie *trie, uint32_t node, unsigned char byte)
{
	while (!trie->nodes[node].row) {
		uint32_t child = trie_child(trie, node, byte);
		if (child)
			return child;
		node = trie->nodes[node].fail;
	}
	return trie->rows[trie->nodes[node].row][byte];
}

#endif
