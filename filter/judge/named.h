/* Whom a notice means, and what it says of each, that no format describes.
 *
 * It needs no layout. An address failed if the notice names it and the returned mail was addressed
 * to it; else if it stands where only a failed one does (alone at the start of a line, behind a
 * label, in a session); else if it is the only one that is not somebody else's. */
#ifndef NAMED_H
#define NAMED_H

#include "judge/mentions.h"
#include "judge/recipient.h"

struct named {
	struct recipient_list recipients; /* that were not reached */
	bool has_mention;                 /* the notice names any of them */
	const char *shared; /* a server's reply, or a reason, wherever it stands; NULL: none */
	unsigned features;  /* of the notice: bits of enum feature but for FEATURE_RETURNED */
};

/* Read lines FROM to END of the notice in SOURCE; owned by CTX. */
struct named *named_read(
        const void *ctx, const struct mentions_source *source, size_t from, size_t end);

#endif
