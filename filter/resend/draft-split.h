/* A mail made several: each attachment whole, in one of them. */
#ifndef DRAFT_SPLIT_H
#define DRAFT_SPLIT_H

#include "resend/draft-making.h"

/* Give each part the number of its draft, so that none is larger than the plan says. How many drafts there are: 1 if the mail fits into one, or
 * if it can't be done, which is then refused. */
unsigned draft_split(struct making *making);

#endif
