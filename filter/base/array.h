/* Arrays on talloc, which counts in unsigned int; all our sizes are capped far below that
 * (limits.h). */
#ifndef ARRAY_H
#define ARRAY_H

#include <talloc.h>

/* Returns an array of COUNT elements of TYPE, owned by CTX. */
#define array_new(ctx, type, count) talloc_array(ctx, type, (unsigned)(count))

/* Returns LIST with room for one more than the COUNT elements it has. The room doubles, so that
 * adding n elements one by one costs O(n). LIST must have grown by this only. */
#define array_grow(ctx, list, type, count)                                                         \
	(((count) & ((count)-1)) != 0 ? (list)                                                     \
	                              : talloc_realloc(ctx, list, type,                            \
	                                        (unsigned)((count) != 0 ? 2 * (count) : 1)))

#endif
