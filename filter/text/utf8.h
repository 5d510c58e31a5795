/* UTF-8 (RFC 3629), one character at a time. */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xFFFDu

/* Most bytes a character takes. */
#define UTF8_MAX 4

/* The character at P (which lies before END) into *C; how many bytes it takes. 0 if no well-formed
 * character stands there. */
size_t utf8_decode(const char *p, const char *end, uint32_t *c);

/* The character at *P (before END), which moves behind it; a byte that begins none is
 * UTF8_REPLACEMENT. */
uint32_t utf8_next(const char **p, const char *end);

/* Whether what lies between P and END begins a character, but not all of it. */
bool utf8_is_cut(const char *p, const char *end);

/* Columns that C takes on a terminal. */
size_t utf8_width(uint32_t c);

bool utf8_is_control(uint32_t c); /* C0, DEL or C1 */

/* Whether C takes no place where it stands, but may change what stands around it or hide there:
 * Unicode's Default_Ignorable_Code_Point, and U+FFF9-B. */
bool utf8_is_invisible(uint32_t c);

/* The first byte from P on (before END) that is not ASCII; END if all are. */
const char *utf8_ascii_end(const char *p, const char *end);

#endif
