/* Header fields where they lie, with their folding and their newlines (LF or CRLF), to be read or
 * copied (RFC 5322 section 2.2); and what looks like them: groups of a delivery status, a returned
 * header in running text. Whoever reads fields, reads them by header_next(). */
#ifndef MAIL_HEADER_H
#define MAIL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;

/* Bytes that somebody else owns. */
struct bytes {
	const char *start;
	size_t length;
};

struct header_field {
	const char *text; /* the name, the colon, the value, and the newline; folded lines too */
	size_t length;
	size_t name_length;
	bool is_odd; /* others may take it for something else: a line of it has lost its indent, or
	                white space stands before the colon */
};

enum header_rule {
	HEADER_STRICT,  /* a header ends at the first line that is no field, unless another field
	                   follows soon: folding that lost its indent */
	HEADER_LENIENT, /* a group of a delivery status: a line that is no field continues the one
	                   before it */
};

/* Find the next field at or behind *AT, which then is behind it. Returns false at the end of the
 * header: *AT is then behind its empty line, at the line that is no field, or END. */
bool header_next(
        const char **at, const char *end, enum header_rule rule, struct header_field *field);

/* Take MAIL apart: FIELDS is its header without the empty line, BODY what follows. A From_ line
 * must not stand in front. */
void header_split(struct bytes mail, struct bytes *fields, struct bytes *body);

/* How many of LENGTH bytes stand before a mail's header: a byte order mark, lines of nothing but
 * white space, From_ lines (quoted or not), and white space before the first field. NEWLINE is '\n'
 * or '\r'. */
size_t header_preamble(const char *bytes, size_t length, char newline);

/* How long the field name at TEXT is, which must be followed by a colon (white space before it is
 * allowed); 0: no field. */
size_t header_name_length(const char *text, size_t length);

/* Whether LENGTH bytes of NAME are a field that headers of mails have, and hardly anything else. */
bool header_name_is_of_mail(const char *name, size_t length);

/* Whether the line at LINE, which follows a field (LENGTH bytes are left of it), belongs to that
 * field: it is indented, or it lost its indent, as the field that follows soon shows. */
bool header_line_continues(const char *line, size_t length);

/* Whether FIELD is called NAME, without case; NAME may end in `*`, which is anything. */
bool header_field_is(const struct header_field *field, const char *name);

/* Whether FIELD is one that says to whom the mail goes: To, Cc or Bcc. */
bool header_field_is_recipients(const struct header_field *field);

/* What stands behind the colon of FIELD, with its folding; the last newline is not among it. */
struct bytes header_field_value(const struct header_field *field);

/* The same in one line: without newlines and NULs, and without white space at its ends. Owned by
 * CTX. */
char *header_field_line(const void *ctx, const struct header_field *field);

/* Add FIELD to TO: without NULs, at which a string would end, with the indent that its folding may
 * have lost, and with a newline, should the mail end without one. */
void header_field_copy(struct buffer *to, const struct header_field *field);

/* The line of the first field NAME in HEADER, owned by CTX; NULL if there is none. */
char *header_line(const void *ctx, struct bytes header, const char *name);

/* The fields of a header, or of what looks like one, as strings. */
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
