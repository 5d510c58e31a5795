/* Facts about the mail that came back. */
#ifndef FACTS_ORIGINAL_H
#define FACTS_ORIGINAL_H

#include "judge/facts.h"

/* Read what REPORT says of the original into FACTS: the returned header first, then the notice's WORDS, then what this mail is a reply to. */
void facts_read_original(struct facts *facts, const struct report *report, const struct original *words);

/* The first message id in the field value VALUE, without angle brackets, owned by CTX; NULL if there is none, or VALUE is NULL. */
char *facts_message_id(const void *ctx, const char *value);

#endif
