/* The parts of a mail that matter for a report, sorted by what they are for. */
#ifndef PARTS_H
#define PARTS_H

#include <stdbool.h>

#include "mail/fields.h"
#include "mail/message.h"

struct parts {
	char *plain;       /* text of the human part, UTF-8; from HTML if there is no other. NULL: none */
	char *status;      /* delivery status: the text of its groups; NULL: none */
	char *feedback;    /* feedback report; NULL: none */
	char *disposition; /* disposition notification; NULL: none */
	char *returned;    /* header of the returned mail, raw; NULL: none */
	bool whole;        /* the returned mail came with its body */
	unsigned caps;     /* at which reading stopped, see cap.h */
};

/* Visit the MIME tree of MESSAGE. OPEN_WRAPPED: look for a report inside an attached mail too (a gateway's or list
 * manager's wrapper), which a person's forwarded bounce must not be. STATUS_TRY_LATER when no tree can be made of it. */
enum status parts_read(const void *ctx, const struct message *message, bool open_wrapped, struct parts *parts);

#endif
