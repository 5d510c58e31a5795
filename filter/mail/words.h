/* Makes query terms that find addresses in the index by their words. Nothing of an address or a
 * name gets into a query but ASCII letters, in lower case, and digits; nothing of words in other
 * scripts, of which the index knows parts, or of domains in them. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>

#include "base/buffer.h"

enum words_found {
	WORDS_NONE, /* there is nothing to search for; nothing was added */
	WORDS_SOME, /* the term finds the mails, and others too */
	WORDS_ALL,  /* the term finds exactly the mails with these words in a row */
};

/* Adds `FIELD:"…" and …` to QUERY, for TEXT: an address, half of one, or a name. FIELD is from or
 * to. */
enum words_found words_add(struct buffer *query, const char *field, const char *text);

/* Adds such terms with `or` between them to QUERY, for the first MOST of ADDRESSES (NULL: none).
 * Returns false if there is nothing to search for; then nothing was added. */
bool words_add_any(struct buffer *query, const char *field, char *const *addresses, size_t most);

/* Adds `FIELD:…* or …` to QUERY, which finds every mail with an address that TEXT, half of an
 * address, may be a slip for, and many others. The number of terms is capped. Returns WORDS_NONE if
 * no word is long enough. */
enum words_found words_add_near(struct buffer *query, const char *field, const char *text);

/* Copies the next run of ASCII letters and digits at *AT, in lower case, to WORD (ROOM bytes; a
 * longer run is cut), and moves *AT past it. Returns false if there is none left. */
bool words_next(const char **at, char *word, unsigned room);

#endif
