/* A text as a part of a mail: read from one, and made into one. */
#ifndef DRAFT_TEXT_H
#define DRAFT_TEXT_H

#include "resend/draft-making.h"

/* The text of PART, plain or HTML as it is, as UTF-8 with LF newlines, owned by CTX. */
char *part_text(const void *ctx, const struct part *part);

/* Make TEXT (UTF-8, LF newlines) all that PART is: in CHARSET (NULL: US-ASCII or UTF-8), as TYPE
 * with PARAMETERS (`; format=flowed`, or ""). *LOST counts what the charset has not. False if the
 * charset is not known. */
bool text_into_part(const struct making *making, struct part *part, const char *text,
        const char *charset, const char *type, const char *parameters, size_t *lost);

/* Put the lines of MAKING on top of the text, which otherwise stays byte for byte unless it can't
 * hold them; into a text of their own if there is none. */
void draft_top(struct making *making);

/* A text part that holds nothing but LINE. */
struct part *top_part(struct making *making, const char *line);

#endif
