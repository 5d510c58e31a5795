/* UTF-8 (RFC 3629), one character at a time. */
#ifndef UTF8_H
#define UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_REPLACEMENT 0xFFFDu

/* Most bytes a character takes. */
#define UTF8_MAX 4

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

bool utf8_is_control(uint32_t c); /* C0, DEL or C1 */

/* Returns whether C takes no room, but may change what stands around it or hide there: Unicode's
 * Default_Ignorable_Code_Point, and U+FFF9-B. */
bool utf8_is_invisible(uint32_t c);

/* Returns the first byte between P and END that is not ASCII; END if all are. */
const char *utf8_ascii_end(const char *p, const char *end);

#endif
