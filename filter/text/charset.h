/* From a charset by its name to UTF-8. */
#ifndef CHARSET_H
#define CHARSET_H

#include <stddef.h>

/* Charsets by the names that text_convert() has for them. */
#define CHARSET_UTF8 "UTF-8"
#define CHARSET_JIS "ISO-2022-JP"
#define CHARSET_EUC_JP "EUC-JP-MS"
#define CHARSET_SHIFT_JIS "CP932"
#define CHARSET_CHINESE "GB18030"
#define CHARSET_LATIN "CP1252"

/* The charset that CHARSET (a mail's word, may be NULL) means, in a name for text_convert(). What
 * is unknown or says that the sender didn't know (us-ascii, unknown-8bit, x-unknown) is
 * CHARSET_UTF8. BUFFER may be used for the name. */
#define CHARSET_MAX 40
const char *charset_find(const char *charset, char buffer[CHARSET_MAX + 1]);

/* LENGTH bytes of CHARSET as UTF-8; *ERRORS counts what did not fit: it is U+FFFD there. The end
 * may be cut off in the middle of a character. Owned by CTX, *OUT_LENGTH bytes (NULs and all) and a
 * NUL. */
char *text_convert(const void *ctx, const char *bytes, size_t length, const char *charset,
        size_t *out_length, size_t *errors);

/* Load what iconv needs for CHARSET, at most CHARSET_MAX bytes: a name that iconv knows. */
void text_charset_load(const char *charset);

#endif
