/* The second stage: where in a mail the notice, the delivery status and the returned mail are.
 *
 * RFC 3464, 6522, 6533 (delivery status), 5965 (feedback reports) and 8098 (dispositions) first,
 * wherever in the MIME tree they are; else the notice is matched against the formats. */
#ifndef REPORT_H
#define REPORT_H

#include "judge/heuristic.h"
#include "knowledge/formats.h"
#include "mail/message.h"

enum report_type {
	REPORT_NONE,   /* nothing of the kind */
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
	struct fields *groups;       /* REPORT_STATUS: groups as they came; raw values */
	size_t group_count;
	struct fields details;  /* REPORT_FEEDBACK, REPORT_DISPOSITION: the fields of that part */
	struct fields returned; /* header of the returned mail, raw values; empty: none came */
	enum returned_as returned_as;
	bool automatic; /* the mail's header says that no person wrote it */
	unsigned caps;  /* at which reading stopped, see cap.h */
};

/* Whether MESSAGE can be a report at all, by its header and first bytes. False for nearly all
 * ordinary mail, which is then never parsed. */
bool report_is_possible(const struct message *message, struct formats *formats);

/* Find the parts of MESSAGE, which must live as long as the report. */
struct report *report_read(const void *ctx, const struct message *message, struct formats *formats);

/* The format that the notice is written in, also beside a delivery status; NULL: none. Found when
 * first asked for: what a delivery status says in full needs no other words. */
const struct format *report_format(struct report *report);

/* What the general reader finds in the notice; found when first asked for. */
const struct heuristic *report_heuristic(struct report *report);

#endif
