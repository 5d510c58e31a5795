/* What the repairs of a draft share: the tree that they change, and what they say. Only for draft.c
 * and draft-*.c. */
#ifndef DRAFT_MAKING_H
#define DRAFT_MAKING_H

#include "resend/draft.h"

struct making {
	const void *ctx;
	const struct draft_plan *plan;
	struct part *root;
	bool is_unclear; /* which parts the mail has */
	const char *why; /* NULL: nothing is refused */
	struct drafts *drafts;
	char **top; /* the lines that come on top, NULL-terminated */
	size_t top_count;
	bool failed; /* the system gave no random numbers, or no converter into the charset */
};

/* Note the refusal LABEL with VALUES, of which the first counts; a remark for the user; a line for
 * the top of the text. */
void making_refuse(struct making *making, const char *label, const struct wording_value *values);
void making_remark(struct making *making, const char *label, const struct wording_value *values);
void making_top(struct making *making, const char *line);

#endif
