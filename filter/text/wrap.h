/* Text broken into lines for a terminal, also where there are no blanks: between Chinese and
 * Japanese characters, minding which of them may not begin or end a line (JIS X 4051, kinsoku). */
#ifndef WRAP_H
#define WRAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"

/* How wide lines for people are. */
#define WRAP_COLUMNS 79

/* Returns whether the character at UTF8 is written next to others of its kind without a blank, as
 * Chinese, Japanese and their punctuation are, and Hangul is not. */
bool wrap_is_solid(const char *utf8);

/* Adds TEXT (UTF-8) to BUFFER, whose last line is COLUMN columns wide, without a newline at the
 * end. Every further line begins with PREFIX, and none gets wider than WIDTH, unless there is not
 * even room for one character. Linear in TEXT's length. */
void wrap_add(
        struct buffer *buffer, const char *text, size_t column, const char *prefix, size_t width);

/* Adds FIRST, TEXT and a newline; every further line begins with NEXT. */
void wrap_paragraph(
        struct buffer *buffer, const char *first, const char *next, const char *text, size_t width);

#endif
