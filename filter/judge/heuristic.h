/* Finds out which recipients a notice is about, and what it says about each, when no format
 * describes it.
 *
 * It needs no layout. An address failed if the notice names it and the returned mail was addressed
 * to it; else if it stands where only a failed one does (alone at the start of a line, after a
 * label, in a session); else if it is the only one that does not belong to somebody else. */
#ifndef HEURISTIC_H
#define HEURISTIC_H

#include "judge/notice.h"
#include "judge/recipient.h"
#include "mail/message.h"

struct heuristic_source {
	const struct message *message;
	const struct notice *notice;
	const struct fields *returned; /* header of the returned mail; may be empty */
	const struct fields *groups;   /* groups of the delivery status */
	size_t group_count;
	struct general_words words;
	bool is_automatic; /* the mail's header says that a machine wrote it */
};

struct heuristic {
	struct recipient_list recipients; /* those that were not reached */
	bool has_mention;                 /* the notice names any of them */
	bool is_one_list;   /* they stand together, so that the whole notice is about each */
	const char *shared; /* a server's reply or a reason anywhere in the notice; NULL: none */
	unsigned features;  /* bits of enum feature, without FEATURE_RETURNED */
};

/* Reads the notice in SOURCE up to line END. The result is owned by CTX. */
struct heuristic *heuristic_read(
        const void *ctx, const struct heuristic_source *source, size_t end);

#endif
