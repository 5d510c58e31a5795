#include "knowledge/phrases-trie.h"

#include <string.h>
#include <talloc.h>

/* So many children are looked for one after the other; a node with more gets a row of its own. */
#define ROW_FROM 4

static void row_new(struct trie *trie, uint32_t node)
{
	if (trie->row_count == trie->row_room) {
		trie->row_room *= 2;
		trie->rows = talloc_realloc_size(trie, trie->rows, trie->row_room * sizeof *trie->rows);
	}
	uint32_t *row = trie->rows[trie->row_count];
	memset(row, 0, sizeof *trie->rows);
	for (uint32_t child = trie->nodes[node].child; child; child = trie->nodes[child].sibling)
		row[trie->nodes[child].byte] = child;
	trie->nodes[node].row = trie->row_count++;
}

struct trie *trie_new(const void *ctx, const char *pool, size_t pool_length, size_t parts)
{
	struct trie *trie = talloc_zero(ctx, struct trie);
	/* Room for a node per byte is asked for at once: memory never written to costs nothing. */
	trie->nodes = talloc_array_size(trie, sizeof *trie->nodes, (unsigned)pool_length + 1);
	trie->parts = talloc_array_size(trie, sizeof *trie->parts, (unsigned)parts + 1);
	trie->row_room = 64;
	trie->rows = talloc_array_size(trie, sizeof *trie->rows, 64);
	trie->pool = pool;
	trie->nodes[0] = (struct trie_node){0};
	trie->node_count = trie->part_count = trie->row_count = 1;
	row_new(trie, 0);
	return trie;
}

static bool has_many_children(const struct trie *trie, uint32_t node)
{
	int count = 0;
	for (uint32_t child = trie->nodes[node].child; child && count < ROW_FROM; child = trie->nodes[child].sibling)
		count++;
	return count == ROW_FROM;
}

/* A new child of NODE for BYTE. Those of the root have a row from the beginning: a search is mostly there. */
static uint32_t child_new(struct trie *trie, uint32_t node, unsigned char byte)
{
	struct trie_node *parent = &trie->nodes[node];
	if (!parent->row && has_many_children(trie, node))
		row_new(trie, node);
	uint32_t child = trie->node_count++;
	trie->nodes[child] = (struct trie_node){.sibling = parent->child, .byte = byte};
	parent->child = child;
	parent->mask |= 1u << byte % 32;
	if (parent->row)
		trie->rows[parent->row][byte] = child;
	if (node == 0)
		row_new(trie, child);
	return child;
}

static uint32_t child_find(const struct trie *trie, uint32_t node, unsigned char byte)
{
	uint32_t row = trie->nodes[node].row;
	return row ? trie->rows[row][byte] : trie_child(trie, node, byte);
}

static unsigned char part_byte(const struct trie *trie, const struct part *part, uint32_t at)
{
	return (unsigned char)trie->pool[part->text + at];
}

static bool is_same_text(const struct trie *trie, const struct part *a, const struct part *b)
{
	return a->length == b->length && memcmp(trie->pool + a->text, trie->pool + b->text, a->length) == 0;
}

/* The parts at NODE have tails and another string comes this way: put them one node further down. */
static void parts_push_down(struct trie *trie, uint32_t node)
{
	uint32_t first = trie->nodes[node].parts;
	uint32_t child = child_new(trie, node, part_byte(trie, &trie->parts[first], trie->parts[first].depth));
	for (uint32_t i = first; i; i = trie->parts[i].next_at_node)
		trie->parts[i].depth++;
	trie->nodes[child].parts = first;
	trie->nodes[node].parts = 0;
}

/* The node at which PART is to be reported: where its way is its own, or where it ends. PART's depth is set. */
static uint32_t node_find(struct trie *trie, struct part *part)
{
	uint32_t node = 0;
	for (part->depth = 0;; part->depth++) {
		const struct part *there = trie->nodes[node].parts ? &trie->parts[trie->nodes[node].parts] : NULL;
		if (there && is_same_text(trie, there, part))
			return node;
		if (there && there->length > part->depth)
			parts_push_down(trie, node);
		if (part->depth == part->length)
			return node;
		uint32_t child = child_find(trie, node, part_byte(trie, part, part->depth));
		if (!child) {
			child = child_new(trie, node, part_byte(trie, part, part->depth));
			part->depth++;
			return child;
		}
		node = child;
	}
}

uint32_t trie_add(struct trie *trie, struct part part)
{
	uint32_t node = node_find(trie, &part);
	for (uint32_t i = trie->nodes[node].parts; i; i = trie->parts[i].next_at_node)
		if (trie->parts[i].edge_before == part.edge_before && trie->parts[i].edge_after == part.edge_after)
			return i;
	part.next_at_node = trie->nodes[node].parts;
	trie->nodes[node].parts = trie->part_count;
	trie->parts[trie->part_count] = part;
	return trie->part_count++;
}

/* Where NODE's row has no child, it goes on as the node's `fail` does. */
static void row_link(struct trie *trie, uint32_t node)
{
	uint32_t *row = trie->rows[trie->nodes[node].row], fail = trie->nodes[node].fail;
	const uint32_t *other = trie->rows[trie->nodes[fail].row];
	bool is_ready = trie->nodes[fail].row != 0;

	for (unsigned byte = 0; byte < 256; byte++)
		if (!row[byte])
			row[byte] = is_ready ? other[byte] : trie_step(trie, fail, (unsigned char)byte);
}

static void children_link(struct trie *trie, uint32_t node)
{
	uint32_t fail = trie->nodes[node].fail;
	for (uint32_t child = trie->nodes[node].child; child; child = trie->nodes[child].sibling) {
		struct trie_node *n = &trie->nodes[child];
		n->fail = node == 0 ? 0 : trie_step(trie, fail, n->byte);
		n->report = n->parts ? child : trie->nodes[n->fail].report;
	}
}

/* Breadth first, so that the shorter strings that a node fails to are finished before it. */
void trie_link(struct trie *trie)
{
	uint32_t *queue = talloc_array(trie, uint32_t, trie->node_count);
	uint32_t queued = 1;
	queue[0] = 0;
	for (uint32_t i = 0; i < queued; i++) {
		uint32_t node = queue[i];
		if (node != 0 && trie->nodes[node].row)
			row_link(trie, node);
		children_link(trie, node);
		for (uint32_t child = trie->nodes[node].child; child; child = trie->nodes[child].sibling)
			queue[queued++] = child;
	}
	talloc_free(queue);
	for (uint32_t i = 1; i < trie->part_count; i++)
		if (trie->parts[i].depth < trie->parts[i].length)
			trie->parts[i].tail = part_byte(trie, &trie->parts[i], trie->parts[i].depth);
}
