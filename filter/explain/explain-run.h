/* One mail after another explained: from its bytes or the index to the explanation in its form. */
#ifndef EXPLAIN_RUN_H
#define EXPLAIN_RUN_H

#include <stdbool.h>

#include "base/buffer.h"
#include "explain/page.h"
#include "explain/counterpart.h"
#include "index/index.h"
#include "judge/judge.h"

struct explain_run {
	const void *ctx; /* owns what is made */
	struct judge *judge;
	struct index *index; /* NULL: there is none */
	char *const *own; /* the user's addresses; NULL: not known */
	struct wording *wording;
	struct page_style style;
	/* page_text or another of its kind. */
	char *(*form)(const void *ctx, const struct explanation *explanation,
	        const struct page_style *style);
	const char *name; /* of the mail at hand: its file or id */
	/* the bytes are no mail, but a message/delivery-status part alone */
	bool is_report;
	size_t count;      /* explanations so far: */
	char *only;        /* the first */
	struct buffer all; /* and all of them; in a text with a heading each */
	/* look for them: that takes the bounce apart once more */
	bool wants_counterparts;
	struct counterparts counterparts; /* of what was explained last */
};

/* Explain LENGTH BYTES of a mail. A mail that the user sent and that came back is explained by the
 * bounces about it; if it failed for many recipients, as a text, in groups by reason.
 * STATUS_NOT_MAIL: it is none. */
enum status explain_run_bytes(struct explain_run *run, const char *bytes, size_t length);

/* Explain the mail ID of the index, which there must be. STATUS_NO_INPUT: it is not there; *WHY
 * says what is amiss (static). */
enum status explain_run_id(struct explain_run *run, const char *id, const char **why);

#endif
