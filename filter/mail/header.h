/* A header as it lies in the bytes of a mail: field by field, with its folding and its newlines (LF or CRLF), to be read or copied (RFC 5322 section 2.2). */
#ifndef MAIL_HEADER_H
#define MAIL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes that somebody else owns. */
struct bytes {
	const char *start;
	size_t length;
};

struct header_field {
	const char *text; /* the name, the colon, the value, and the newline; folded lines too */
	size_t length;
	size_t name_length;
};

enum header_rule {
	HEADER_STRICT, /* a header ends at the first line that is no field, unless another field follows soon: folding that lost its indent */
	HEADER_LENIENT, /* a group of a delivery status: a line that is no field continues the one before it */
};

/* The next field at or behind *AT, which then is behind it. False at the end of the header: *AT is then behind its empty line, at the line that is no field, or END. */
bool header_next(const char **at, const char *end, enum header_rule rule, struct header_field *field);

/* Whether FIELD is called NAME, without case; NAME may end in `*`, which is anything. */
bool header_field_is(const struct header_field *field, const char *name);

/* What stands behind the colon of FIELD, with its folding; the last newline is not among it. */
struct bytes header_field_value(const struct header_field *field);

#endif
