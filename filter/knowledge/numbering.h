/* Gives numbers to keys, which are any bytes: 0, 1, 2 … in the order in which they are added. It
 * has no pointers into itself, so that a finished one can be written down as C. */
#ifndef NUMBERING_H
#define NUMBERING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct numbering_key {
	uint32_t at, length; /* in the pool */
};

struct numbering {
	const char *pool;
	const struct numbering_key *keys;
	const uint32_t *slots;             /* by hash, as number + 1; 0: free */
	uint32_t pool_length, count, room; /* ROOM: of the slots, a power of two */
};

#define NUMBERING_NONE UINT32_MAX

/* Returns the FNV-1a hash of LENGTH bytes after what gave HASH so far. */
#define NUMBERING_HASH 2166136261u

static inline uint32_t numbering_hash(uint32_t hash, const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ ((const unsigned char *)bytes)[i]) * 16777619u;
	return hash;
}

/* Returns the number of KEY, whose hash is HASH; NUMBERING_NONE if it was not added. IS_OPEN: KEY
 * is looked up as if a `*` stood after it. */
uint32_t numbering_find(const struct numbering *numbering, uint32_t hash, const void *key,
        size_t length, bool is_open);

/* Returns the number of KEY, which is added if it is new: then the number is the COUNT that was.
 * What NUMBERING, zeroed at first, needs is owned by CTX. */
uint32_t numbering_add(
        const void *ctx, struct numbering *numbering, const void *key, size_t length);

#endif
