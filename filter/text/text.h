/* Text from mails: made UTF-8 (charset.c), folded for comparing, and made harmless for showing.
 *
 * All functions take bytes that an attacker chose. Strings returned are NUL-terminated, valid
 * UTF-8, contain no NUL inside, and belong to CTX (talloc). */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Returns LENGTH bytes of BYTES, which are said to be in CHARSET (may be NULL, empty, wrong or
 * unknown), as UTF-8. The declared charset is believed while the bytes fit it, or nearly so; else UTF-8, ISO-2022-JP
 * (by its escapes), EUC-JP, Shift_JIS, GB18030 and at last Windows-1252 are tried, and the first
 * likely one is it. Names mean what senders mean by them: iso-8859-1 is Windows-1252, gb2312 is
 * GB18030 (the table is in charset.c). What no charset explains becomes U+FFFD; a character cut off
 * at the end is dropped. ESC sequences of ISO-2022-* never survive; NUL is dropped. */
char *text_to_utf8(const void *ctx, const char *bytes, size_t length, const char *charset);

/* Charsets by the names that iconv has for them, and bytes of such a name. */
#define CHARSET_UTF8 "UTF-8"
#define CHARSET_JIS "ISO-2022-JP"
#define CHARSET_EUC_JP "EUC-JP-MS"
#define CHARSET_SHIFT_JIS "CP932"
#define CHARSET_CHINESE "GB18030"
#define CHARSET_LATIN "CP1252"
#define CHARSET_MAX 40

/* Loads what iconv needs for CHARSET now, rather than with the first text. */
void charset_load(const char *charset);

/* Returns whether LENGTH bytes are well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool text_is_utf8(const char *bytes, size_t length);

/* Returns UTF8 for comparing. Full-width forms and half-width katakana are as NFKC has them, accents
 * and sound marks joined to their letter, letters of any alphabet in lower case (Turkish ı and İ as
 * i), typographic quotes and dashes ASCII, and every run of white space (ASCII, U+00A0, U+2000-200A,
 * U+3000, newlines) is one space, with none at the ends. Controls and invisible characters (soft
 * hyphen, zero-width ones) are dropped, and so is a blank between two East Asian characters, whose
 * lines are broken anywhere. A byte that is not UTF-8 is `?`. The result is never longer than UTF8.
 * Idempotent; linear in LENGTH. */
char *text_fold(const void *ctx, const char *utf8, size_t length);

/* Writes the same into OUT (room for LENGTH + 1 bytes), without an allocation. Returns its
 * length. */
size_t text_fold_into(char *out, const char *utf8, size_t length);

/* Returns UTF8 for showing (NULL: NULL), as one line of at most MAX bytes (cut at a character's edge,
 * with "…" at the end). C0, C1 (U+0080-009F), DEL and invisible characters (utf8_is_invisible()) are
 * removed, runs of white space with newlines (U+2028/9 too) are one space, and a letter bears at
 * most three combining marks. Idempotent. */
char *text_one_line(const void *ctx, const char *utf8, size_t max);

/* Returns the same for LENGTH bytes. */
char *text_one_line_of(const void *ctx, const char *utf8, size_t length, size_t max);

/* Returns the same for an address, which an invisible character makes another address: it is written
 * as `\u200b` or `\U000e0001`. */
char *text_address(const void *ctx, const char *utf8, size_t length, size_t max);

/* Returns whether neither of these would remove or escape anything in UTF8: then it can be shown as
 * it is, with all its blanks. */
bool text_is_clean(const char *utf8);

/* Returns how many columns UTF8 takes on a terminal: wide characters (East Asian Wide/Fullwidth,
 * emoji) take two, combining marks none. Needs no locale. */
size_t text_width(const char *utf8);

/* Returns text_one_line() of UTF8 in at most COLUMNS columns: cut at a character's edge, with … at
 * the end if it was cut. */
char *text_in_columns(const void *ctx, const char *utf8, size_t columns);

/* Returns whether the whole of VALUE matches PATTERN, where `*` is any run of bytes and all else is
 * literal but for the case of ASCII letters. Letters beyond ASCII are to be folded before
 * (text_fold()). Takes at most VALUE's length times the longest literal: there is no backtracking. */
bool text_glob(const char *pattern, const char *value);

#endif
