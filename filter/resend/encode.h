/* Bytes and text as a mail carries them, and text in the charset of a mail. */
#ifndef ENCODE_H
#define ENCODE_H

#include <stdbool.h>

#include "base/buffer.h"

/* Base64 (RFC 2045 section 6.8) that is made bit by bit. */
struct base64 {
	struct buffer *out;
	const char *eol;
	unsigned char line[57]; /* make a line of 76 characters */
	size_t length;
};

void base64_add(struct base64 *base64, const char *bytes, size_t length);
void base64_end(struct base64 *base64);

/* LENGTH bytes in lines that end with EOL, owned by CTX. */
char *encode_base64(const void *ctx, const char *bytes, size_t length, const char *eol);

/* Quoted-printable (RFC 2045 section 6.7); LENGTH bytes of TEXT have newlines already, which stay,
 * and EOL is one more. Owned by CTX. */
char *encode_quoted(const void *ctx, const char *text, size_t length, const char *eol);

bool charset_is_known(const char *charset);

/* LENGTH bytes of UTF8 in CHARSET, *OUT_LENGTH bytes, owned by CTX. What CHARSET does not have is
 * written in another way if there is one that anyone reads as the same, and else counted in *LOST.
 * NULL if the charset is not known. */
char *charset_encode(const void *ctx, const char *utf8, size_t length, const char *charset,
        size_t *out_length, size_t *lost);

#endif
