/* A header as it lies in the bytes of a mail: field by field, with its folding and its newlines, to be copied and not rewritten. */
#ifndef RAW_HEADER_H
#define RAW_HEADER_H

#include <stdbool.h>
#include <stddef.h>

struct raw_field {
	const char *text; /* the name, the colon, the value, and the newline; folded lines too */
	size_t length;
	size_t name_length;
};

/* Where the header at BYTES ends: behind its empty line, or at END if it has none. *FIELDS_END is before that empty line. */
const char *raw_header_end(const char *bytes, const char *end, const char **fields_end);

/* The next field at or behind *AT, which then is behind it. Lines that belong to no field are passed over. False: there is none before END. */
bool raw_header_next(const char **at, const char *end, struct raw_field *field);

/* Whether FIELD is called NAME, without case; NAME may end in `*`, which is anything. */
bool raw_field_is(const struct raw_field *field, const char *name);

/* Whether FIELD is one that says to whom the mail goes: To, Cc or Bcc. */
bool raw_field_is_recipients(const struct raw_field *field);

/* TEXT, a talloc string, with FIELD behind it: without NULs, at which a string would end, and with a newline, should the mail end without one. */
char *raw_field_append(char *text, const struct raw_field *field);

/* What stands behind the colon, as it is; *LENGTH bytes, the newline not among them. */
const char *raw_field_value(const struct raw_field *field, size_t *length);

/* The same in one line: without newlines, and without white space at its ends. Owned by CTX. */
char *raw_field_line(const void *ctx, const struct raw_field *field);

/* The line of the first field NAME from BYTES to END, owned by CTX; NULL if there is none. */
char *raw_header_find(const void *ctx, const char *bytes, const char *end, const char *name);

#endif
