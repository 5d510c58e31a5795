/* Header fields and things that look like them: a mail's header (RFC 5322), the groups of a delivery status (RFC 3464), a returned header in running text. */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdbool.h>
#include <stddef.h>

struct field {
	const char *name;  /* as written, without the colon */
	const char *value; /* unfolded, without white space at the ends; bytes as they came */
	size_t name_length;
};

struct fields {
	struct field *list;
	size_t count;
};

enum fields_rule {
	FIELDS_STRICT, /* a header: ends at the first line that is no field, unless another field follows soon: folding that lost its indent */
	FIELDS_LENIENT, /* a status group: a line that is no field continues the one before it */
};

/* Read fields from TEXT (LENGTH bytes, LF newlines) up to an empty line or the end, at most HEADER_FIELDS_MAX of them, into
 * FIELDS (owned by CTX). Returns the bytes read, the empty line included. */
size_t fields_read(const void *ctx, const char *text, size_t length, enum fields_rule rule, struct fields *fields);

/* Whether there is a field NAME and its value begins with PREFIX (without case). */
bool fields_begins(const struct fields *fields, const char *name, const char *prefix);

/* How many of LENGTH bytes stand before a mail's header: a byte order mark, lines of nothing but white space, From_ lines (quoted or not), and white
 * space before the first field. NEWLINE is '\n' or '\r'. */
size_t fields_preamble(const char *bytes, size_t length, char newline);

/* The value of the first field NAME (without case); NULL if there is none. */
const char *fields_value(const struct fields *fields, const char *name);

/* Whether LENGTH bytes of NAME are a field that headers of mails have, and hardly anything else. */
bool fields_name_is_of_mail(const char *name, size_t length);

/* Whether the line at LINE, which follows a field of a header (LENGTH bytes are left of it), belongs to that field: it is indented, or it lost its
 * indent, as the field that follows soon shows. LF newlines. */
bool fields_line_continues(const char *line, size_t length);

/* How long the field name at TEXT is, which must be followed by a colon (white space before it is allowed); 0: no field. */
size_t fields_name_length(const char *text, size_t length);

#endif
