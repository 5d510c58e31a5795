/* A report in its plainest form, as most mail servers write it: a multipart/report of a plain text, a delivery status and the returned
 * mail, in this order, none of them encoded (RFC 6522 section 3). It is cut at its boundaries, without a MIME parser. */
#ifndef SIMPLE_H
#define SIMPLE_H

#include "judge/parts.h"

/* Read MESSAGE into PARTS if it is such a report; false if it is not, or not exactly. */
bool simple_read(const void *ctx, const struct message *message, struct parts *parts);

#endif
