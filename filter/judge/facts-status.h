/* Facts from the groups of a delivery status (RFC 3464 section 2, RFC 6533). */
#ifndef FACTS_STATUS_H
#define FACTS_STATUS_H

#include "judge/facts.h"

/* Add the recipients of REPORT's groups to FACTS, and what the group about the message says. */
void facts_read_status(struct facts *facts, const struct report *report);

#endif
