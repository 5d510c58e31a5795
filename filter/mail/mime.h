/* The MIME tree of a mail (RFC 2045, 2046): its parts where they lie in its bytes. All spans of a
 * tree, one behind the other in the order LEAD, HEADER, BODY, the parts within, TAIL, are the mail;
 * LF and CRLF may be mixed.
 *
 * Bounces are often broken, so more is read than the RFCs allow: a multipart without its boundary,
 * or with another, has the one that its body shows; a field of a part may have lost its indent; a
 * boundary that is used again within its own parts is that of the innermost. Reading takes time
 * linear in the mail. At PARTS_MAX and PART_DEPTH_MAX what follows, or lies deeper, stays in one
 * part. */
#ifndef MIME_H
#define MIME_H

#include <stdbool.h>

#include "mail/decode.h"
#include "mail/header.h"

struct part {
	char *type; /* `text/plain`, in lower case; that is also what a part is that says nothing,
	               or nothing that can be understood */
	struct bytes content_type, disposition; /* the values of these fields; empty: none */
	enum encoding encoding;
	char *boundary;      /* of a multipart; NULL */
	struct bytes lead;   /* the line with the boundary before the part, and the newline before
	                        that; empty for a root */
	struct bytes header; /* with the empty line */
	struct bytes body;   /* of a multipart: what stands before its first boundary */
	struct bytes tail;   /* of a multipart: its last boundary and what follows */
	struct part *parent, *first, *next;
	unsigned depth; /* parts and mails around it */
	/* For those who write the tree out again with changes; reading leaves them empty. */
	struct bytes added; /* put before the body */
	bool is_new;        /* it did not stand in the mail like this */
	bool dropped;       /* left out, with all its parts */
	unsigned share;     /* the draft it goes into when a mail is split, from 1; 0: into all */
};

struct mime {
	const void *ctx; /* owns the parts */
	struct part *root;
	size_t count;    /* parts, those of attached mails included once they were read */
	unsigned caps;   /* at which reading stopped, see cap.h */
	bool is_unclear; /* another reader may see other parts: a boundary is missing, wrong or
	                    given twice, or a cap was reached */
};

/* Read the mail of which HEADER, with its empty line if it has one, and BODY are given; both must
 * live as long as MIME, whose parts CTX owns. Attached mails are not read into. */
void mime_read(const void *ctx, struct bytes header, struct bytes body, struct mime *mime);

/* The root of the mail that is attached as PART, decoded if need be; NULL if there is none, or it
 * lies too deep. It is no child of PART. */
struct part *mime_attached(struct mime *mime, const struct part *part);

/* The part behind PART in the order of the mail, NULL after the last; ROOT is where it began. */
struct part *part_next(const struct part *root, const struct part *part);

/* Find out what PART is by its header, when that was changed; otherwise it is of TYPE. CTX owns
 * what it is told. */
void part_describe(const void *ctx, struct part *part, const char *type);

bool part_is(const struct part *part, const char *type); /* `text/plain`, or `text/` for any */

#endif
