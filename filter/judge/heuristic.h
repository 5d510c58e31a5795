/* Whom a notice means, and what it says of each, when no format describes it.
 *
 * It needs no layout. An address failed if the notice names it and the returned mail was addressed
 * to it; else if it stands where only a failed one does (alone at the start of a line, behind a
 * label, in a session); else if it is the only one that is not somebody else's. */
#ifndef HEURISTIC_H
#define HEURISTIC_H

#include "judge/notice.h"
#include "judge/recipient.h"
#include "mail/message.h"

/* What is read. */
struct heuristic_source {
	const struct message *message;
	const struct notice *notice;
	const struct fields *returned; /* header of the returned mail, may be empty */
	const struct fields *groups;   /* of the delivery status */
	size_t group_count;
	struct general_words words;
};

struct heuristic {
	struct recipient_list recipients; /* that were not reached */
	bool has_mention;                 /* the notice names any of them */
	const char *shared; /* a server's reply, or a reason, wherever it stands; NULL: none */
	unsigned features;  /* of the notice: bits of enum feature but for FEATURE_RETURNED */
};

/* Reads lines FROM to END of the notice in SOURCE; owned by CTX. */
struct heuristic *heuristic_read(
        const void *ctx, const struct heuristic_source *source, size_t from, size_t end);

#endif
