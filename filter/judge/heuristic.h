/* Finds out which recipients a notice is about, and what it says about each, when no format
 * describes the notice.
 *
 * Where an address stands in its line, and what headers say about it, decide whether it failed: the
 * table in recipients_add() has these signs in their order. An address at the beginning of a line
 * comes first; elsewhere, one to which the returned mail was sent comes before others. */
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
	struct format_words words; /* of the general format */
	bool is_automatic;         /* the mail's header says that a machine wrote it */
};

struct heuristic {
	struct recipient_list recipients; /* those that were not reached */
	bool has_mention;                 /* the notice names one of them */
	bool is_one_list;   /* it names them side by side: all that it says is about each */
	const char *shared; /* a server's reply or a reason anywhere in the notice; NULL: none */
	unsigned features;  /* bits of enum feature, without FEATURE_RETURNED */
};

/* Reads the notice in SOURCE up to line END. The result is owned by CTX. */
struct heuristic *heuristic_read(
        const void *ctx, const struct heuristic_source *source, size_t end);

#endif
