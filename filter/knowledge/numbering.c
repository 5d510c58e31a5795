#include "knowledge/numbering.h"

#include <string.h>
#include <talloc.h>

#define ROOM_FIRST 64

static uint32_t slot_first(const struct numbering *n, uint32_t hash)
{
	return (hash ^ hash >> 15) & (n->room - 1);
}

static uint32_t slot_next(const struct numbering *n, uint32_t slot)
{
	return (slot + 1) & (n->room - 1);
}

uint32_t numbering_find(
        const struct numbering *n, uint32_t hash, const void *key, size_t length, bool is_open)
{
	if (is_open)
		hash = numbering_hash(hash, "*", 1);
	for (uint32_t slot = slot_first(n, hash); n->room > 0 && n->slots[slot] != 0;
	        slot = slot_next(n, slot)) {
		const struct numbering_key *its = &n->keys[n->slots[slot] - 1];

		if (its->length == length + is_open &&
		        memcmp(n->pool + its->at, key, length) == 0 &&
		        (!is_open || n->pool[its->at + length] == '*'))
			return n->slots[slot] - 1;
	}
	return NUMBERING_NONE;
}

/* Returns LIST with room for NEED elements of SIZE bytes. */
static void *list_grow(const void *ctx, const void *list, size_t need, size_t size)
{
	return need * size <= talloc_get_size(list)
	               ? (void *)list
	               : talloc_realloc_size(ctx, (void *)list, (2 * need + ROOM_FIRST) * size);
}

static void slot_fill(struct numbering *n, uint32_t number)
{
	const struct numbering_key *key = &n->keys[number];
	uint32_t slot =
	        slot_first(n, numbering_hash(NUMBERING_HASH, n->pool + key->at, key->length));

	while (n->slots[slot] != 0)
		slot = slot_next(n, slot);
	((uint32_t *)n->slots)[slot] = number + 1;
}

/* Keeps half of the slots free. */
static void slots_grow(const void *ctx, struct numbering *n)
{
	if (2 * n->count < n->room)
		return;
	talloc_free((void *)n->slots);
	n->room = n->room > 0 ? 2 * n->room : ROOM_FIRST;
	n->slots = talloc_zero_size(ctx, n->room * sizeof *n->slots);
	for (uint32_t i = 0; i < n->count; i++)
		slot_fill(n, i);
}

uint32_t numbering_add(const void *ctx, struct numbering *n, const void *key, size_t length)
{
	uint32_t found =
	        numbering_find(n, numbering_hash(NUMBERING_HASH, key, length), key, length, false);
	struct numbering_key *keys;
	char *pool;

	if (found != NUMBERING_NONE)
		return found;
	n->keys = keys = list_grow(ctx, n->keys, n->count + 1, sizeof *keys);
	n->pool = pool = list_grow(ctx, n->pool, n->pool_length + length, 1);
	keys[n->count] = (struct numbering_key){n->pool_length, (uint32_t)length};
	memcpy(pool + n->pool_length, key, length);
	n->pool_length += (uint32_t)length;
	slots_grow(ctx, n);
	slot_fill(n, n->count);
	return n->count++;
}
