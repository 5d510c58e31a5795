/* The second stage: finds the notice, the delivery status and the returned mail in a mail.
 *
 * The standards come first, wherever their parts are in the MIME tree: RFC 3464, 6522, 6533
 * (delivery status), 5965 (feedback reports) and 8098 (dispositions). Otherwise the notice is
 * compared with the formats. */
#ifndef REPORT_H
#define REPORT_H

#include "judge/heuristic.h"
#include "knowledge/formats.h"
#include "mail/message.h"

enum report_type {
	REPORT_NONE,   /* not a report */
	REPORT_STATUS, /* delivery status groups */
	REPORT_FEEDBACK,
	REPORT_DISPOSITION,
	REPORT_NOTICE, /* only words, in a known format */
};

enum returned_as {
	RETURNED_TEXT,    /* quoted in the notice */
	RETURNED_HEADERS, /* in a part of its own, without its body */
	RETURNED_WHOLE,
};

struct report {
	enum report_type type;
	const struct message *message;
	struct notice *notice; /* never NULL */
	struct formats *formats;
	const struct format *format; /* see report_format() */
	struct phrase_hits *hits;    /* phrases in the notice */
	bool is_detected;
	struct heuristic *heuristic; /* see report_heuristic() */
	struct fields *groups;       /* REPORT_STATUS: the groups, with raw values */
	size_t group_count;
	struct fields details;  /* REPORT_FEEDBACK, REPORT_DISPOSITION: the fields of that part */
	struct fields returned; /* header of the returned mail, raw values; empty: none */
	enum returned_as returned_as;
	bool automatic; /* the mail's header says that a machine wrote it */
	unsigned caps;  /* the caps that were reached, see enum cap */
};

/* Returns whether MESSAGE can be a report, by its header and first bytes. False for nearly all
 * ordinary mail, which is then never parsed. */
bool report_is_possible(const struct message *message, struct formats *formats);

/* Reads MESSAGE, which must live as long as the report. The report is owned by CTX. */
struct report *report_read(const void *ctx, const struct message *message, struct formats *formats);

/* Returns the format of the notice, whether or not there is a delivery status too; NULL if none is
 * known. It is searched for at the first call, because a complete delivery status needs no other
 * words. */
const struct format *report_format(struct report *report);

/* Returns what the general reader finds in the notice, which is read at the first call. */
const struct heuristic *report_heuristic(struct report *report);

#endif
