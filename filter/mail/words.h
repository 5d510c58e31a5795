/* Query terms that find addresses in the index by their words. Of an address or a name only ASCII
 * letters, in lower case, and digits ever get into a query. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>

#include "base/buffer.h"

enum words_found {
	WORDS_NONE, /* there is nothing to search for; nothing was added */
	WORDS_SOME, /* the term finds the mails, and others too */
	WORDS_ALL,  /* the term finds exactly the mails with these words in a row */
};

/* Adds `FIELD:"…" and …` for TEXT: an address, half of one, or a name. FIELD is from or to. */
enum words_found words_add(struct buffer *query, const char *field, const char *text);

/* Adds `FIELD:…* or …` that finds all that TEXT, half of an address, may be a slip for, and much
 * else. The number of terms has a cap. WORDS_NONE if no word is long enough. */
enum words_found words_add_near(struct buffer *query, const char *field, const char *text);

/* Copies the next run of ASCII letters and digits at *AT, in lower case, to WORD (ROOM bytes; a
 * longer run is cut) and moves *AT behind it. Returns false if none is left. */
bool words_next(const char **at, char *word, unsigned room);

#endif
