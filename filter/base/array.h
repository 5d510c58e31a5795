/* Arrays on talloc, which counts in unsigned int; all our sizes are capped far below that
 * (limits.h). */
#ifndef ARRAY_H
#define ARRAY_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

/* Returns an array of COUNT elements of TYPE, owned by CTX. */
#define array_new(ctx, type, count) talloc_array(ctx, type, (unsigned)(count))

/* Returns LIST, owned by CTX, with room for one more than the COUNT elements of SIZE bytes that it
 * has. The room doubles, so that adding n elements one by one costs O(n). Use this or array_add()
 * for all growing of LIST, as both know its room from COUNT. */
static inline void *array_grow(const void *ctx, const void *list, size_t count, size_t size)
{
	if ((count & (count - 1)) != 0)
		return (void *)list;
	return talloc_realloc_size(ctx, (void *)list, size * (count != 0 ? 2 * count : 1));
}

/* Adds an element to LIST, which has COUNT: array_add(ctx, list, count) = element. */
#define array_add(ctx, list, count)                                                                \
	(*((list) = array_grow(ctx, list, count, sizeof *(list)), &(list)[(count)++]))

/* Bits, eight in each byte of an array. */
static inline bool bit_get(const unsigned char *bits, size_t i)
{
	return (bits[i / 8] >> i % 8 & 1) != 0;
}

static inline void bit_set(unsigned char *bits, size_t i)
{
	bits[i / 8] |= (unsigned char)(1u << i % 8);
}

#endif
