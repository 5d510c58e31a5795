/* Facts from the words of a notice, by the line patterns of its format. */
#ifndef FACTS_NOTICE_H
#define FACTS_NOTICE_H

#include "judge/facts.h"

/* Add the recipients that REPORT's notice names to FACTS, with their diagnostics, and what it says of the original, as FORMAT reads it; set the kind
 * that FORMAT gives. Nothing happens if FORMAT is NULL. */
void facts_read_notice(struct facts *facts, const struct report *report, const struct format *format);

#endif
