/* Header fields as spans over a mail's bytes, with folding and newlines (LF or CRLF) as they came
 * (RFC 5322 section 2.2); also of what looks like a header: the groups of a delivery status, a
 * returned header in running text. */
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
	/* other readers may not take it for this field: a folded line has lost its indent, or white
	 * space stands before the colon */
	bool is_odd;
};

enum header_rule {
	/* a line that isn't a field ends the header, unless a field follows soon: then it is a
	 * folded line that has lost its indent */
	HEADER_STRICT,
	/* for a delivery status: a line that isn't a field continues the one before */
	HEADER_LENIENT,
};

/* Reads the field at *AT and moves *AT behind it. Returns false at the end of the header: *AT is
 * then behind the empty line, at a line that isn't a field, or at END. */
bool header_next(
        const char **at, const char *end, enum header_rule rule, struct header_field *field);

/* Returns the header of a mail, of which the first LENGTH bytes are given, without what stands
 * before it and the empty line behind it. *BODY (may be NULL) is what follows. */
struct bytes header_split(const char *bytes, size_t length, struct bytes *body);

/* Returns how many bytes come before the mail's header: a byte order mark, blank lines, From_ lines
 * (also with `>`), white space before the first field. NEWLINE is '\n' or '\r'. */
size_t header_preamble(const char *bytes, size_t length, char newline);

/* Returns the length of the field name at TEXT, or 0 if no name with a colon behind it (white space
 * may stand between) begins there. */
size_t header_name_length(const char *text, size_t length);

/* Returns whether NAME (LENGTH bytes) is a field that hardly anything but a mail has. */
bool header_name_is_of_mail(const char *name, size_t length);

/* Returns whether LINE, which follows a field, belongs to it: it is indented, or has lost its
 * indent, as a field that follows soon shows. LENGTH bytes can be read. */
bool header_line_continues(const char *line, size_t length);

/* Returns whether FIELD's name is NAME, whatever the case; a `*` at its end matches anything. */
bool header_field_is(const struct header_field *field, const char *name);

/* Returns whether FIELD's name is one of NAMES, which end with NULL. */
bool header_field_is_one_of(const struct header_field *field, const char *const *names);

/* Returns whether FIELD is To, Cc or Bcc. */
bool header_field_is_recipients(const struct header_field *field);

/* Returns what follows the colon, folding included, the last newline excluded. */
struct bytes header_field_value(const struct header_field *field);

/* Returns the value as one line, owned by CTX: without NULs and white space at its ends; a newline
 * and the white space behind it are one space. */
char *header_field_line(const void *ctx, const struct header_field *field);

/* Words of a value (RFC 5322 section 3.2). Return what follows the comment at P, or the white space
 * and comments, which may be none; NULL if a comment does not end before END. */
const char *header_comment_end(const char *p, const char *end);
const char *header_blank_end(const char *p, const char *end);

/* Returns the quote that ends the quoted string at P, or END. */
const char *header_quote_end(const char *p, const char *end);

/* Adds FIELD to TO without its NULs, with the indent that a folded line may have lost, and with a
 * newline at its end. */
void header_field_copy(struct buffer *to, const struct header_field *field);

/* Returns header_field_line() of the first field NAME in HEADER, owned by CTX, or NULL. */
char *header_line(const void *ctx, struct bytes header, const char *name);

/* The fields of a header as strings. */
struct field {
	const char *name;  /* as written, without the colon */
	const char *value; /* as header_field_line() has it */
	size_t name_length;
};

struct fields {
	struct field *list;
	size_t count;
};

/* Reads at most HEADER_FIELDS_MAX fields of TEXT (LENGTH bytes, LF newlines) into FIELDS, owned by
 * CTX. Returns how many bytes the header takes, its empty line included. */
size_t fields_read(const void *ctx, const char *text, size_t length, enum header_rule rule,
        struct fields *fields);

/* Returns whether the Content-Type begins with TYPE, whatever the case. */
bool fields_type_is(const struct fields *fields, const char *type);

/* Returns the value of the first field NAME, whatever the case, or NULL. */
const char *fields_value(const struct fields *fields, const char *name);

#endif
