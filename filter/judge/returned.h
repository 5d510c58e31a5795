/* The returned mail at the end of a report, found without taking it apart: it may be large, and only its header is needed. */
#ifndef RETURNED_H
#define RETURNED_H

#include "mail/message.h"

struct returned {
	size_t part;        /* offset in the message of the part that holds the returned mail: what lies before is the report */
	const char *header; /* the returned mail's header; NULL: not found this way, the MIME tree has to tell */
	bool whole;         /* it came with its body */
};

/* Look in a multipart/report for the third part, not encoded, behind its delivery status (RFC 6522 section 3). */
struct returned returned_find(const struct message *message);

#endif
