/* The lines that a draft may get on top, for those who read it. */
#ifndef DRAFT_WORDS_H
#define DRAFT_WORDS_H

#include "knowledge/wording.h"

/* UTF-8, each one line. What stands in braces is put in: see draft_words_fill(). */
struct draft_words {
	const char *note;       /* this is sent again */
	const char *recipients; /* to whom the first went: {to} */
	const char *left_out;   /* an attachment that is not in it: {name}, {size} */
	const char *zipped;     /* the name of the archive, without its ending */
	const char *part;       /* in the drafts of a split mail, from the second on: {number}, {count} */
};

/* These lines in the words of WORDING, which must live as long. */
struct draft_words draft_words_in(struct wording *wording);

/* WORDS with `{NAME}` replaced by VALUE, owned by CTX; WORDS without it stay as they are. */
char *draft_words_fill(const void *ctx, const char *words, const char *name, const char *value);

#endif
