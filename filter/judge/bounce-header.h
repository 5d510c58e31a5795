/* The X-Bounce- fields of a mail: made, and put into its header on the bytes as they came. Nothing
 * but these fields is touched. */
#ifndef BOUNCE_HEADER_H
#define BOUNCE_HEADER_H

#include <stddef.h>

#include "judge/judge.h"

/* Where things are in the first bytes of a mail. */
struct bounce_header {
	size_t start; /* of the first field, behind a From_ line */
	/* The blank line that ends the header, for every program that may read the mail next. Lines
	 * that are no fields don't end it. Blank lines don't either while every field so far is
	 * ours: once ours are gone, another program would take what follows for the header. */
	size_t end;
	const char *eol; /* as most of its lines end: static */
};

/* Find the header in LENGTH bytes. */
struct bounce_header bounce_header_find(const char *bytes, size_t length);

/* BYTES from 0 to HEADER->end with every X-Bounce- field removed and ADDED in front of the first
 * field (behind a From_ line): *LENGTH bytes owned by CTX. */
char *bounce_header_edit(const void *ctx, const char *bytes, const struct bounce_header *header,
        const char *added, size_t *length);

/* The X-Bounce- fields of a bounce with their newlines, EOL, owned by CTX: US-ASCII (RFC 2047 where
 * the mail has other text), folded; an empty string for other mail. */
char *bounce_header_fields(const void *ctx, const struct judgement *judgement, const char *eol);

#endif
