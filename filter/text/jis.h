/* ISO-2022-JP as mails have it, rather than as RFC 1468 has it: with 8-bit bytes in between, left
 * open at the end, with the vendors' characters, half-width katakana, JIS X 0212. iconv's
 * converters refuse much of that. */
#ifndef JIS_H
#define JIS_H

#include <stdbool.h>
#include <stddef.h>

/* Whether BYTES have escape sequences of ISO-2022-JP in them; WITH_SHIFTS, Shift Out counts as
 * well: seven-bit katakana. */
bool jis_has_escapes(const char *bytes, size_t length, bool with_shifts);

/* The length of the escape sequence at P (before END); 0 if none stands there. */
size_t jis_escape_length(const char *p, const char *end);

/* BYTES with the escape sequences worked into the bytes: EUC-JP, *EUC_LENGTH bytes, owned by
 * CTX. */
char *jis_to_euc(const void *ctx, const char *bytes, size_t length, size_t *euc_length);

#endif
