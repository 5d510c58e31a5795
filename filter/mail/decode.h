/* Decodes bodies (RFC 2045 section 6), by GMime, and encoded words in headers (RFC 2047). */
#ifndef DECODE_H
#define DECODE_H

#include "mail/header.h"

enum encoding {
	ENCODING_NONE, /* 7bit, 8bit, binary, and unknown ones */
	ENCODING_QUOTED_PRINTABLE,
	ENCODING_BASE64,
	ENCODING_UUENCODE,
};

/* Returns the encoding that a Content-Transfer-Encoding names. */
enum encoding decode_encoding(struct bytes value);

/* Decodes BODY and calls EACH for piece after piece, until EACH returns false. Returns what the
 * last call returned. */
bool decode_each(struct bytes body, enum encoding encoding,
        bool (*each)(void *argument, const char *bytes, size_t length), void *argument);

/* Returns BODY decoded, up to at least MOST bytes: BODY itself if it is not encoded, else a copy
 * owned by CTX. */
struct bytes decode_bytes(const void *ctx, struct bytes body, enum encoding encoding, size_t most);

/* Returns a header field's VALUE as UTF-8, owned by CTX: encoded words decoded, raw 8-bit text in
 * any charset converted (text_to_utf8()). */
char *decode_words(const void *ctx, const char *value);

/* Loads GMime now, rather than when the first encoded body is met. */
void decode_load(void);

/* The part of the program that is linked with GMime, gmime.c: only decode.c calls it. */
struct gmime_module {
	void (*open)(void); /* once, before all else */
	bool (*each)(struct bytes body, enum encoding encoding,
	        bool (*each)(void *argument, const char *bytes, size_t length), void *argument);
};

extern const struct gmime_module module_gmime;

#endif
