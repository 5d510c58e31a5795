/* A judgement as tags for the index, and as header fields. */
#ifndef TAGS_H
#define TAGS_H

#include "judge/judge.h"

/* The tags of a judged mail, NULL-terminated, owned by CTX: `bounce`, `bounce/<reason>` for each reason, `bounce/permanent` or `bounce/temporary`,
 * `bounce/delayed`; or `complaint`, `auto-reply`, `receipt`, `delivery-receipt`; none for ordinary mail. */
const char **tags_list(const void *ctx, const struct judgement *judgement);

/* The X-Bounce- fields of a bounce with their newlines, owned by CTX: US-ASCII (RFC 2047 where the mail has other text), folded;
 * an empty string for other mail. EOL is the newline to use. */
char *tags_header(const void *ctx, const struct judgement *judgement, const char *eol);

#endif
