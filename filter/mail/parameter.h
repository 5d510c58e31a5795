/* The values of Content-Type and Content-Disposition, read by tokens (RFC 2045 section 5.1, RFC
 * 2231): comments, quoted strings and folding may stand anywhere. */
#ifndef PARAMETER_H
#define PARAMETER_H

#include "mail/header.h"

struct parameter {
	char *value;   /* put together and without quotes; bytes as they came, or as their %XX name
	                  them, without NULs; NULL: there is none */
	char *charset; /* that VALUE is in; NULL: it does not say */
	bool is_unclear; /* others may read another value: it is given twice, a piece is missing, or
	                    it does not stand behind a `;` or ends within quotes */
};

/* The parameter NAME of VALUE, owned by CTX. The first counts if it is given twice, and the coded
 * form before the plain one. */
struct parameter parameter_read(const void *ctx, struct bytes value, const char *name);

/* The same in UTF-8, encoded words (which many write there) decoded too; NULL if there is none. */
char *parameter_text(const void *ctx, struct bytes value, const char *name);

/* The type/subtype at the beginning of VALUE, in lower case, owned by CTX; NULL if there is none.
 */
char *parameter_type(const void *ctx, struct bytes value);

#endif
