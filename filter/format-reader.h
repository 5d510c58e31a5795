/* Within format.c and its helpers: a formats file that is being read. */
#ifndef FORMAT_READER_H
#define FORMAT_READER_H

#include "format.h"

struct reader {
	const void *ctx;
	struct phrases *set;
	struct problems *problems;
	struct source_lines lines;
	struct format format;
};

/* Note that the line is wrong because of LENGTH bytes of WORD; always false. */
bool reader_fail(struct reader *reader, const char *word, size_t length, const char *expected);

/* Add the condition that VALUE is for VIEW; UNLESS: it must not hold. False if it is wrong, which is then noted. */
bool reader_add_condition(struct reader *reader, enum view view, char *value, bool unless);

#endif
