/* Lines on top of a mail's text: in the plain form of it, and in the HTML. */
#ifndef DRAFT_TOP_H
#define DRAFT_TOP_H

#include "resend/draft-making.h"

/* Put the lines of MAKING on top of the text, which otherwise stays byte for byte unless it can't hold them; into a text of their own if there
 * is none. */
void draft_top(struct making *making);

/* A text part that holds nothing but LINE. */
struct part *top_part(struct making *making, const char *line);

#endif
