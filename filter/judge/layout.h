/* What a notice states, read as its format says: by the format's own lines, else as the general
 * reader (named.h) reads it. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "judge/heuristic.h"

/* NULL: not stated. */
struct statement {
	enum kind kind;
	struct recipient_list recipients;
	char *reporting_mta;
	char *message_id, *from, *to, *subject, *date; /* of the original */
};

struct report;

/* Returns what the notice of REPORT, which is in FORMAT, states; owned by CTX and by REPORT. */
struct statement *layout_read(const void *ctx, struct report *report, const struct format *format);

#endif
