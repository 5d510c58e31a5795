/* The values of Content-Type and Content-Disposition, read by tokens (RFC 2045 section 5.1, RFC
 * 2231): comments, quoted strings and folding may stand anywhere. */
#ifndef PARAMETER_H
#define PARAMETER_H

#include "mail/header.h"

struct parameter {
	/* all pieces (RFC 2231), unquoted, %XX decoded, without NULs; NULL: absent */
	char *value;
	char *charset; /* of VALUE; NULL: not given */
	/* another reader may get another value: the parameter is given twice, a piece is missing,
	 * no `;` stands before it, or it ends within quotes */
	bool is_unclear;
};

/* Returns the parameter NAME of a field's VALUE, owned by CTX. Of two the first counts, and the RFC
 * 2231 form counts before the plain one. */
struct parameter parameter_read(const void *ctx, struct bytes value, const char *name);

/* Returns the same as UTF-8, encoded words (which many programs put there) decoded; NULL if
 * absent. */
char *parameter_text(const void *ctx, struct bytes value, const char *name);

/* Returns the `type/subtype` that VALUE begins with, in lower case, owned by CTX; NULL if it
 * doesn't begin with one. */
char *parameter_type(const void *ctx, struct bytes value);

#endif
