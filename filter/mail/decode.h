/* What mails encode, decoded: bodies (RFC 2045 section 6) and words in headers (RFC 2047). Only
 * decode.c knows GMime. */
#ifndef DECODE_H
#define DECODE_H

#include "mail/header.h"

enum encoding {
	ENCODING_NONE, /* 7bit, 8bit, binary, and any that is not known */
	ENCODING_QUOTED_PRINTABLE,
	ENCODING_BASE64,
	ENCODING_UUENCODE,
};

/* What the value of a Content-Transfer-Encoding says. */
enum encoding decode_encoding(struct bytes value);

/* How many bytes of a body are decoded at once. */
#define DECODE_PIECE (48u << 10)

/* Give EACH the bytes of BODY without ENCODING, piece by piece in their order, until it returns
 * false: then that is what is returned, else true. */
bool decode_each(struct bytes body, enum encoding encoding,
        bool (*each)(void *argument, const char *bytes, size_t length), void *argument);

/* BODY without ENCODING, at least the first MOST bytes if it has them: where it lies, if there is
 * nothing to decode, or owned by CTX. */
struct bytes decode_bytes(const void *ctx, struct bytes body, enum encoding encoding, size_t most);

/* The value of a header field as UTF-8: encoded words, and raw bytes in any charset
 * (text_to_utf8()), decoded; owned by CTX. */
char *decode_words(const void *ctx, const char *value);

/* Load GMime now rather than with the first that is encoded. */
void decode_load(void);

#endif
