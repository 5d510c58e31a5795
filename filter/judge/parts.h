/* The parts of a mail that matter for a report, sorted by what they are for. */
#ifndef PARTS_H
#define PARTS_H

#include <stdbool.h>

#include "mail/fields.h"
#include "mail/message.h"

struct parts {
	char *plain; /* text of the human part, UTF-8; from HTML if there is no other. NULL: none */
	char *status;      /* delivery status: the text of its groups; NULL: none */
	char *feedback;    /* feedback report; NULL: none */
	char *disposition; /* disposition notification; NULL: none */
	char *returned;    /* header of the returned mail, raw; NULL: none */
	bool whole;        /* the returned mail came with its body */
	unsigned caps;     /* at which reading stopped, see cap.h */
};

/* Visit the MIME tree of MESSAGE. AUTOMATIC: a machine wrote it, so a report inside an attached
 * mail (a gateway's or list manager's wrapper), or within its text, is looked for too; in a
 * person's mail it is a bounce that was forwarded or pasted. */
void parts_read(
        const void *ctx, const struct message *message, bool automatic, struct parts *parts);

#endif
