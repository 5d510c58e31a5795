/* Text from mails: made UTF-8 (charset.c), folded for comparing, and made harmless for showing.
 *
 * All functions take bytes that an attacker chose. Strings returned are NUL-terminated, valid
 * UTF-8, contain no NUL inside, and belong to CTX (talloc). */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text that stands in the source, and its length, for two members of a table's row. */
#define COUNTED(text) text, sizeof text - 1

/* Returns LENGTH bytes of BYTES as UTF-8. CHARSET is what the mail says (NULL: nothing), by the
 * names that senders use (the table in charset.c). It is believed unless the bytes contradict it;
 * then UTF-8, ISO-2022-JP, EUC-JP, Shift_JIS, GB18030 and Windows-1252 are tried, and the first
 * likely one counts. What no charset explains becomes U+FFFD; NULs, escape sequences of ISO-2022
 * and a character that is cut off at the end are dropped. */
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

/* Returns whether LENGTH bytes are well-formed UTF-8 (RFC 3629). */
bool text_is_utf8(const char *bytes, size_t length);

/* Returns UTF8 for comparing: full-width forms and half-width katakana as NFKC has them, accents
 * and sound marks joined to their letters, all letters in lower case (Turkish ı and İ as i),
 * typographic quotes and dashes in ASCII, white space of any kind as one space, with none at the
 * ends. Controls and invisible characters are dropped, and blanks between two East Asian
 * characters, whose lines are broken anywhere. A byte that is not UTF-8 is `?`. Never longer than
 * UTF8; idempotent; linear. */
char *text_fold(const void *ctx, const char *utf8, size_t length);

/* Writes the same into OUT (room for LENGTH + 1 bytes), without an allocation. Returns its
 * length. */
size_t text_fold_into(char *out, const char *utf8, size_t length);

/* Returns UTF8 (NULL: NULL) for showing, as one line of at most MAX bytes, cut at a character's
 * edge with "…" at the end. Controls and invisible characters (Unicode's
 * Default_Ignorable_Code_Point, and U+FFF9-B) are removed, white space with newlines is one space,
 * and a letter bears at most three combining marks. Idempotent. */
char *text_one_line(const void *ctx, const char *utf8, size_t max);

/* Returns the same for LENGTH bytes. */
char *text_one_line_of(const void *ctx, const char *utf8, size_t length, size_t max);

/* Returns the same for an address, which an invisible character makes another address: it is
 * written as `\u200b` or `\U000e0001`. */
char *text_address(const void *ctx, const char *utf8, size_t length, size_t max);

/* Returns whether neither of these would remove or escape anything in UTF8: then it can be shown as
 * it is, with all its blanks. */
bool text_is_clean(const char *utf8);

/* Returns whether the word UTF8 may be made to pass for another, by letters that look like those of
 * another script (UTS 39): its letters are of scripts that are not written together, as East Asian
 * ones and Latin are, or all of them are Cyrillic ones that look Latin. */
bool text_is_lookalike(const char *utf8);

/* Returns how many columns UTF8 takes on a terminal: wide characters (East Asian Wide/Fullwidth,
 * emoji) take two, combining marks none. Needs no locale. */
size_t text_width(const char *utf8);

/* Returns text_one_line() of UTF8 in at most COLUMNS columns: cut at a character's edge, with … at
 * the end if it was cut. */
char *text_in_columns(const void *ctx, const char *utf8, size_t columns);

/* Returns whether WORD is in LIST: words with blanks between them, in which a `*` at the end stands
 * for any ending. */
bool text_has_word(const char *list, const char *word);

/* Returns whether the whole of VALUE matches PATTERN, where `*` is any run of bytes and all else is
 * literal but for the case of ASCII letters. Letters beyond ASCII are to be folded before
 * (text_fold()). Takes at most VALUE's length times the longest literal. */
bool text_glob(const char *pattern, const char *value);

/* -- UTF-8 (RFC 3629), one character at a time */

#define UTF8_REPLACEMENT 0xFFFDu

/* Reads the character at P (which lies before END) into *C and returns how many bytes it takes; 0
 * if no well-formed character stands there. */
size_t utf8_decode(const char *p, const char *end, uint32_t *c);

/* Returns the character at *P (before END) and moves *P behind it; a byte that begins no character
 * is UTF8_REPLACEMENT. */
uint32_t utf8_next(const char **p, const char *end);

/* Returns whether the bytes between P and END are the beginning of a character that is cut off. */
bool utf8_is_cut(const char *p, const char *end);

/* Returns how many columns C takes on a terminal. */
size_t utf8_width(uint32_t c);

/* Returns the first byte between P and END that is not ASCII; END if all are. */
const char *utf8_ascii_end(const char *p, const char *end);

#endif
