/* A mail made text only. */
#ifndef DRAFT_PLAIN_H
#define DRAFT_PLAIN_H

#include "resend/draft-making.h"

/* Leave of the text what is plain; where there is none, HTML becomes plain text. Attachments stay.
 * Without them the mail is one text and nothing else. */
void draft_plain(struct making *making);

#endif
