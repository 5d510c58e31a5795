/* What a part holds: its bytes decoded, its charset, its name. */
#ifndef DRAFT_CONTENT_H
#define DRAFT_CONTENT_H

#include "resend/draft-tree.h"

/* The body of PART without its Content-Transfer-Encoding: where it lies, if it has none, or owned by CTX. */
struct bytes content_decode(const void *ctx, const struct part *part);

/* The same piece by piece: EACH gets all of it, in its order, and returns false to end it. False: EACH ended it. */
bool content_each(const struct part *part, bool (*each)(void *argument, const char *bytes, size_t length), void *argument);

/* The file name that PART gives itself (RFC 2231, and what others do instead), in UTF-8, owned by CTX; NULL if it has none. */
char *content_name(const void *ctx, const struct part *part);

/* The parameter NAME of the Content-Type of PART, owned by CTX; NULL if there is none. */
char *content_parameter(const void *ctx, const struct part *part, const char *name);

#endif
