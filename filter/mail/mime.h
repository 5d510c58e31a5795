/* The MIME tree of a mail (RFC 2045, 2046), as spans over the mail's bytes. Written one after the
 * other in the order LEAD, HEADER, BODY, children, TAIL, the spans of a tree are the mail. LF and
 * CRLF may be mixed.
 *
 * Bounces are often broken, so more is accepted than the RFCs allow: if a multipart's boundary is
 * missing or wrong, the one that its body shows is used; a folded line of a header may have lost
 * its indent; a boundary that is used again inside its own parts belongs to the innermost. Time is
 * linear in the mail's size. At PARTS_MAX and PART_DEPTH_MAX the rest stays in one part. */
#ifndef MIME_H
#define MIME_H

#include <stdbool.h>

#include "mail/decode.h"
#include "mail/header.h"

struct part {
	/* in lower case; `text/plain` also if none is given, or one that can't be read */
	char *type;
	struct bytes content_type, disposition; /* values of these fields; empty: absent */
	enum encoding encoding;
	char *boundary; /* of a multipart; NULL: it has none */
	/* the line with the boundary before the part, and the newline before that; empty for a
	 * root */
	struct bytes lead;
	struct bytes header; /* with the empty line */
	struct bytes body;   /* of a multipart: what stands before its first boundary */
	struct bytes tail;   /* of a multipart: its last boundary and what follows */
	struct part *parent, *first, *next;
	unsigned depth; /* how many parts and mails are around it */
	/* For writing the tree with changes; mime_read() leaves them empty. */
	struct bytes added; /* put before the body */
	bool is_new;        /* not from the mail, or changed */
	bool dropped;       /* left out, with all its parts */
	unsigned share;     /* the draft it goes into when a mail is split, from 1; 0: into all */
};

struct mime {
	const void *ctx; /* owns the parts */
	struct part *root;
	size_t count;  /* of parts, with those of the attached mails that were read */
	unsigned caps; /* that were reached: see enum cap */
	/* another reader may see other parts: a boundary is missing, wrong or used twice, or a cap
	 * was reached */
	bool is_unclear;
};

/* Reads a mail, given as HEADER (with its empty line, if it has one) and BODY, into MIME. Both must
 * live as long as MIME; CTX owns the parts. Attached mails are left as one part. */
void mime_read(const void *ctx, struct bytes header, struct bytes body, struct mime *mime);

/* Reads the mail that is attached as PART, decoding it if need be, and returns the root of its
 * tree, which is not linked to PART; NULL if it is empty or a cap is reached. */
struct part *mime_attached(struct mime *mime, const struct part *part);

/* Returns the part after PART in the order of the mail; NULL after the last below ROOT. */
struct part *part_next(const struct part *root, const struct part *part);

/* Reads PART's header again, after a change; TYPE is its type if the header gives none. CTX owns
 * the strings. */
void part_describe(const void *ctx, struct part *part, const char *type);

bool part_is(const struct part *part, const char *type); /* `text/plain`, or `text/` for any */

#endif
