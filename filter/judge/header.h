/* A mail's header edited in place, on the bytes as they came: nothing but our own fields is touched. */
#ifndef HEADER_H
#define HEADER_H

#include <stdbool.h>
#include <stddef.h>

/* Where things are in the first bytes of a mail. */
struct header {
	size_t start; /* of the first field, behind a From_ line */
	size_t end; /* the empty line. Lines that are no fields may stand before it: who reads the mail next may see fields behind them. Empty ones do where
	             * all fields before them are ours: who reads it without those takes the next for its header */
	bool complete;   /* the end was seen */
	const char *eol; /* the newline that the header uses: static */
};

/* Find the header in LENGTH bytes; START equals END if there is none. */
struct header header_find(const char *bytes, size_t length);

/* BYTES from 0 to HEADER->end with every X-Bounce- field removed and ADDED in front of the first field (behind a From_ line): *LENGTH bytes
 * owned by CTX. */
char *header_edit(const void *ctx, const char *bytes, const struct header *header, const char *added, size_t *length);

#endif
