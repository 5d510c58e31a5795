/* The text that a mailer wrote for a person, as lines, and where in it the returned mail begins. */
#ifndef NOTICE_H
#define NOTICE_H

#include <stdbool.h>
#include <stddef.h>

#include "knowledge/formats.h"
#include "mail/header.h"

struct notice_line {
	/* without white space at the ends, else folded; at most NOTICE_LINE_MAX bytes */
	const char *text;
	const char *raw; /* unchanged, without the newline */
};

struct notice {
	const char *source;
	struct notice_line *lines;
	size_t count;
	/* the line where the mailer's words end: at the returned header, or a signature */
	size_t end;
	size_t length; /* the bytes of SOURCE before that */
	char *folded;  /* all lines before END, after text_fold() */
};

/* In so many lines and bytes at the beginning of a notice, a mailer says what it is. */
#define NOTICE_START_LINES 15
#define NOTICE_START_BYTES 4096

/* U+FF1A, a colon as wide as the letters around it. */
#define WIDE_COLON "\xef\xbc\x9a"

/* Returns SOURCE (UTF-8, which must live as long) as lines owned by CTX. Reads at most NOTICE_MAX
 * bytes. */
struct notice *notice_read(const void *ctx, const char *source);

/* Returns whether LINE separates two paragraphs: it is empty, is a row of signs (`-----`), begins
 * with such a row, or has words between two of them. */
bool notice_is_rule(const char *line);

/* Returns whether LINE announces what follows: it ends with a colon. */
bool notice_is_heading(const char *line);

/* Returns what follows the label at the start of LINE, if it has one of the words for USE; else
 * NULL. */
const char *notice_label(const struct format_words *words, enum words_for use, const char *line);

/* Returns the value of LINE if it is a field of the returned mail, such as `Subject: …` or
 * `Betreff: …`, and so not about a reason; else NULL. */
const char *notice_field(const struct format_words *words, const char *line);

/* Returns the mailer's words without empty lines and fields, owned by CTX. */
char *notice_text(const void *ctx, const struct notice *notice, const struct format_words *words);

/* Returns the first lines of LENGTH bytes of TEXT, after text_fold(), owned by CTX: there a mailer
 * says what it is. Empty lines are not counted. */
char *notice_start(const void *ctx, const char *text, size_t length);

/* Returns the beginning of the mailer's words, NOTICE_QUOTED_MAX bytes, as one line owned by
 * CTX. */
char *notice_words(const void *ctx, const struct notice *notice);

/* Tells which lines a format with WORDS reads, *FROM up to *END: after its `begin`, up to its `end`
 * or the end of the mailer's words. */
void notice_section(
        const struct notice *notice, const struct format_words *words, size_t *from, size_t *end);

/* Reads the header of the returned mail, which may be quoted or indented. FIELDS is empty if there
 * is none. */
void notice_returned(const void *ctx, const struct notice *notice, struct fields *fields);

#endif
