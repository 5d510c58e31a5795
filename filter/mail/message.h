/* The first stage: the bytes of a mail, its header.
 *
 * Newlines may be LF, CRLF or bare CR; a From_ line or empty lines may stand in front. At most MAIL_JUDGED_MAX bytes are looked at. */
#ifndef MESSAGE_H
#define MESSAGE_H

#include "base/status.h"
#include "mail/header.h"

struct message {
	const char *bytes; /* from the first header field on, LF newlines, NUL-terminated */
	size_t length;
	size_t body;          /* where the body begins */
	struct fields header; /* raw values: see message_header() */
};

/* Read LENGTH bytes as a mail, owned by CTX. STATUS_NOT_MAIL if they don't begin with a header. */
enum status message_read(const void *ctx, const char *bytes, size_t length, struct message **message);

/* The decoded value (RFC 2047, any charset) of the first field NAME, owned by CTX; NULL if there is none. */
char *message_header(const void *ctx, const struct message *message, const char *name);

/* A raw field value decoded: encoded words and raw 8-bit or ISO-2022-JP bytes become UTF-8. */
char *message_decode(const void *ctx, const char *value);

#endif
