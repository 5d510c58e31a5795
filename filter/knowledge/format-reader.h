/* Within format.c and its helpers: a formats file that is being read. */
#ifndef FORMAT_READER_H
#define FORMAT_READER_H

#include "knowledge/format.h"

struct reader {
	const void *ctx;
	const struct format_sink *sink;
	struct source_lines lines;
	struct format format;
};

/* Note that the line is wrong because of LENGTH bytes of WORD; always false. */
bool reader_fail(struct reader *reader, const char *word, size_t length, const char *expected);

/* Add the condition that VALUE is for VIEW; UNLESS: it must not hold. False if it is wrong, which is then noted. */
bool reader_add_condition(struct reader *reader, enum view view, char *value, bool unless);

/* Add CONDITION, whose group is found here. */
bool reader_copy_condition(struct reader *reader, struct condition condition);

/* Add VALUE to the NULL-terminated LIST of pointers. */
void reader_add_pointer(struct reader *reader, void ***list, void *value);

/* Add LINE. */
void reader_copy_line(struct reader *reader, struct line line);

/* Whether lines that say how a text is read may wait. */
bool reader_defers(const struct reader *reader);

/* Put off reading VALUE with READ until format_prepare(). */
void reader_defer(struct reader *reader, bool (*read)(struct reader *reader, char *value), char *value);

/* Take over what VALUE, `NAME PART...`, says. False if it is wrong, which is then noted. */
bool reader_like(struct reader *reader, char *value);

#endif
