/* The text a mailer wrote for a person, as lines, and where in it the returned mail begins. */
#ifndef NOTICE_H
#define NOTICE_H

#include <stdbool.h>
#include <stddef.h>

#include "knowledge/formats.h"
#include "mail/header.h"

struct notice_line {
	/* white space folded, none at the ends; at most NOTICE_LINE_MAX bytes */
	const char *text;
	const char *raw; /* as it stood there, without the newline */
};

struct notice {
	const char *source;
	struct notice_line *lines;
	size_t count;
	/* of the mailer's words: the returned header, or a signature, begins there */
	size_t end;
	char *folded; /* all lines before END, after text_fold() */
};

/* By which words a notice is read that no format describes. */
struct general_words {
	const struct format *format;    /* formats_general() */
	const struct phrase_hits *hits; /* phrases in the notice; NULL: it was not searched */
};

/* U+FF1A, a colon as wide as the letters around it. */
#define WIDE_COLON "\xef\xbc\x9a"

/* Returns SOURCE (UTF-8, which must live as long; at most NOTICE_MAX bytes are read) as lines owned
 * by CTX. */
struct notice *notice_read(const void *ctx, const char *source);

/* Returns the line behind the header at which the notice ends. */
size_t notice_behind_header(const struct notice *notice);

/* Goes on behind the header at which the notice ends, with the words up to the next one, if one of
 * these lines has ADDRESS and none before has: some mailers quote the header first. Returns whether
 * it does. */
bool notice_continue(struct notice *notice, const char *address);

/* Returns what follows a label at the start of LINE that has one of the words for USE; NULL if it
 * has none. */
const char *notice_label(const struct general_words *words, enum words_for use, const char *line);

/* Returns whether LINE is a field of the mail that came back, such as `Subject: …` or `Betreff: …`:
 * it says nothing of a reason. */
bool notice_is_field(const struct general_words *words, const char *line);

/* Returns the mailer's words, lines that are empty or fields left out; owned by CTX. */
char *notice_text(const void *ctx, const struct notice *notice, const struct general_words *words);

/* Returns the first lines of TEXT that are not empty, after text_fold(), owned by CTX: where a
 * mailer says who it is. */
char *notice_start(const void *ctx, const char *text);

/* Returns what the notice says, as one line of at most MAX bytes, owned by CTX. */
char *notice_words(const void *ctx, const struct notice *notice, size_t max);

/* Tells which lines FORMAT reads, *FROM up to *END: behind its `begin`, up to its `end` or the
 * returned mail. HITS are the phrases in the notice. */
void notice_section(const struct notice *notice, const struct format *format,
        const struct phrase_hits *hits, size_t *from, size_t *end);

/* Reads the header of a returned mail that begins at or behind line FROM, quoted or indented or
 * not; FIELDS stays empty if there is none. */
void notice_returned(
        const void *ctx, const struct notice *notice, size_t from, struct fields *fields);

#endif
