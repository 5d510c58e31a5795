/* The parts of a mail where they lie in its bytes: to be left out, added to and written out again, while all that stays is copied byte for byte. */
#ifndef DRAFT_TREE_H
#define DRAFT_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/header.h"

/* What of a part is written, in this order: LEAD, HEADER, ADDED, BODY, its parts, TAIL. */
struct part {
	char *type; /* `text/plain`, in lower case; that is also what a part is that says nothing, or nothing that can be understood */
	char *boundary;      /* of a multipart; NULL */
	struct bytes lead;   /* the line with the boundary before it, and the newline before that */
	struct bytes header; /* with the empty line; at the root only the fields that describe the body, and no empty line */
	struct bytes added;  /* put before the body */
	struct bytes body;   /* of a multipart: what stands before its first boundary */
	struct bytes tail;   /* of a multipart: its last boundary and what follows */
	struct part *parent, *first, *next;
	bool is_new;    /* it did not stand in the mail like this */
	bool dropped;   /* left out, with all its parts */
	unsigned share; /* the draft it goes into when a mail is split, from 1; 0: into all */
};

/* The tree of the mail whose header lies from BYTES to FIELDS_END and whose body from BODY to END, owned by CTX. Attached mails are not looked into. At
 * PARTS_MAX and PART_DEPTH_MAX what lies deeper is one part. */
struct part *tree_read(const void *ctx, const char *bytes, const char *fields_end, const char *body, const char *end);

/* The part behind PART in the order of the mail, whatever is dropped, NULL after the last; ROOT is where it began. */
struct part *tree_next(const struct part *root, struct part *part);

/* The value of the field NAME of PART in one line, owned by CTX; NULL if there is none. */
char *part_field(const void *ctx, const struct part *part, const char *name);

bool part_isa(const struct part *part, const char *type);    /* `text/plain`, or `text/` for any */
bool part_is_in(const struct part *part, const char *type); /* it or a part around it */

/* A new part of TYPE with the lines of HEADER, without the empty line, and BODY, both owned by somebody who lives as long; owned by CTX. */
struct part *part_new(const void *ctx, const char *type, const char *header, struct bytes body);

/* A new multipart/mixed without parts, owned by CTX; NULL if the system has no random numbers. EOL is the mail's newline. */
struct part *part_new_mixed(const void *ctx, const char *eol);

/* Put PART into the multipart INTO: before all others, or behind them. It may have been the root of a mail. */
void part_insert(struct part *into, struct part *part, bool at_end, const char *eol);

/* Whether PART is written into the draft SHARE of a split mail, or any part in it is. */
bool part_is_kept(const struct part *part, unsigned share);

#endif
