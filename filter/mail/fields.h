/* The fields of a header, or of what looks like one, as strings. */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdbool.h>
#include <stddef.h>

#include "mail/header.h"

struct field {
	const char *name;  /* as written, without the colon */
	const char *value; /* unfolded, without white space at the ends; bytes as they came */
	size_t name_length;
};

struct fields {
	struct field *list;
	size_t count;
};

/* Read fields from TEXT (LENGTH bytes, LF newlines) by RULE, up to an empty line or the end, at
 * most HEADER_FIELDS_MAX of them, into FIELDS (owned by CTX). Returns the bytes read, the empty
 * line included. */
size_t fields_read(const void *ctx, const char *text, size_t length, enum header_rule rule,
        struct fields *fields);

/* Whether there is a field NAME and its value begins with PREFIX (without case). */
bool fields_begins(const struct fields *fields, const char *name, const char *prefix);

/* The value of the first field NAME (without case); NULL if there is none. */
const char *fields_value(const struct fields *fields, const char *name);

#endif
