/* What kind of message a mail is. Only failed and delayed are bounces. */
#ifndef KIND_H
#define KIND_H

#include <stdbool.h>

enum kind {
	KIND_NONE,       /* ordinary mail */
	KIND_FAILED,     /* a mail could not be delivered */
	KIND_DELAYED,    /* not yet delivered, still being tried */
	KIND_DELIVERED,  /* a report of success */
	KIND_COMPLAINT,  /* a feedback report (ARF, RFC 5965) */
	KIND_AUTO_REPLY, /* a vacation notice and the like (RFC 3834) */
	KIND_RECEIPT,    /* a disposition notification (MDN, RFC 8098) */
	KIND_COUNT,
};

const char *kind_name(enum kind kind);

/* The kind called NAME; KIND_COUNT if there is none. */
enum kind kind_by_name(const char *name);

bool kind_is_bounce(enum kind kind);

#endif
