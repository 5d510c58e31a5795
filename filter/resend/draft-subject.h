/* The Subject of a mail in another charset. */
#ifndef DRAFT_SUBJECT_H
#define DRAFT_SUBJECT_H

#include "resend/draft-making.h"

/* The Subject in the charset of the plan as encoded words (RFC 2047), owned by the making's context. NULL if it stays as it was: it is ASCII,
 * there is none, or no charset is asked for. */
char *draft_subject(struct making *making);

#endif
