/* Conditions of a query that find addresses by their words. Whatever an address or a name holds, nothing of it gets into a query but ASCII letters,
 * in lower case, and digits. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>

#include "base/buffer.h"

enum words_found {
	WORDS_NONE, /* nothing to look for: nothing was added */
	WORDS_SOME, /* finds the mails, and others too */
	WORDS_ALL,  /* finds the mails where these words stand one after the other */
};

/* Add `FIELD:"…" and …` for TEXT, an address, a half of one, or a name. FIELD is from or to. */
enum words_found words_add(struct buffer *query, const char *field, const char *text);

/* Add `FIELD:word*`: what begins with the first LENGTH bytes of WORD, letters in lower case and digits. */
void words_add_beginning(struct buffer *query, const char *field, const char *word, size_t length);

/* Add `FIELD:…* or …`: all that TEXT, one half of an address, may have been meant for, if one of its words is written wrong. Finds much else. Capped whatever is in
 * TEXT. WORDS_NONE: it has no word that is long enough. */
enum words_found words_add_near(struct buffer *query, const char *field, const char *text);

/* The next run of ASCII letters and digits at or behind *AT, in lower case, into WORD (ROOM bytes; a longer one is cut). False: there is none. */
bool words_next(const char **at, char *word, unsigned room);

#endif
