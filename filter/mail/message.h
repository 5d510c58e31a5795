/* The first stage of judging: a mail's bytes and its header. Newlines may be LF, CRLF or bare CR; a
 * From_ line or empty lines may stand in front. At most MAIL_JUDGED_MAX bytes are looked at. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include <stddef.h>

#include "base/status.h"
#include "mail/header.h"

struct message {
	const char *bytes; /* from the first header field on, LF newlines, NUL-terminated */
	size_t length;
	size_t body;          /* where the body begins */
	struct fields header; /* raw values: see message_header() */
};

/* Reads LENGTH bytes as a mail, owned by CTX. STATUS_NOT_MAIL if they don't begin with a header. */
enum status message_read(
        const void *ctx, const char *bytes, size_t length, struct message **message);

/* Returns the decoded value (RFC 2047, any charset) of the first field NAME, owned by CTX, or
 * NULL. */
char *message_header(const void *ctx, const struct message *message, const char *name);

/* -- Message-IDs as notmuch keeps them */

/* Returns the id in ID, a field's value with or without its angle brackets, as notmuch stores it:
 * without brackets, white space and leading comments. Owned by CTX. NULL if nothing is left. */
char *message_id_plain(const void *ctx, const char *id);

/* Returns the id that notmuch gives to a mail without one, from its LENGTH bytes. Owned by CTX. */
char *message_id_of_bytes(const void *ctx, const char *bytes, size_t length);

/* The same for the LENGTH bytes in FD, whose offset is not changed; NULL if reading fails. */
char *message_id_of_file(const void *ctx, int fd, size_t length);

#endif
