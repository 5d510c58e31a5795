/* Makes the X-Bounce- fields of a mail and puts them into its header, byte by byte: nothing else in
 * the mail changes. */
#ifndef BOUNCE_HEADER_H
#define BOUNCE_HEADER_H

#include <stddef.h>

#include "judge/judge.h"

/* Where things are in the first bytes of a mail. */
struct bounce_header {
	size_t start; /* of the first field, after a From_ line */
	/* The blank line that ends the header for every program that may read the mail next. Lines
	 * that are not fields don't end it. Blank lines don't either while all fields so far are
	 * ours: once ours are removed, another program would take what follows for the header. */
	size_t end;
	const char *eol; /* the line ending of most lines: static */
};

/* Returns where the header is in LENGTH bytes. */
struct bounce_header bounce_header_find(const char *bytes, size_t length);

/* Returns BYTES from 0 to HEADER->end without the X-Bounce- fields that are there, and with ADDED
 * before the first field (after a From_ line): *LENGTH bytes owned by CTX. */
char *bounce_header_edit(const void *ctx, const char *bytes, const struct bounce_header *header,
        const char *added, size_t *length);

/* Returns the X-Bounce- fields of a bounce, each ended with EOL, owned by CTX: folded US-ASCII (RFC
 * 2047 for other text). Returns an empty string for other mail. */
char *bounce_header_fields(const void *ctx, const struct judgement *judgement, const char *eol);

#endif
