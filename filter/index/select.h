/* Which mails of the index a run has to look at. Chosen by what the index itself holds: no file is opened. */
#ifndef SELECT_H
#define SELECT_H

#include "index/tagger.h"

struct selection {
	char **suspects; /* ids of mails that may be reports, or were: to be judged */
	size_t suspect_count;
	char **reports; /* ids of reports that something turned up for: to be tied anew */
	size_t report_count;
	char **originals; /* ids of mails of the user's: what became of them is to be worked out anew */
	size_t original_count;
	char **seen; /* ids of all mails looked at; only if asked for */
	size_t seen_count;
};

/* Go through what QUERY finds. EVERYTHING: note all mails in `seen`. All owned by CTX. PROGRESS (may be NULL) is called now and then with the number of mails
 * seen. */
enum status select_mails(const void *ctx, const struct tagger *tagger, const char *query, bool everything,
        void (*progress)(size_t seen), struct selection *selection);

/* Sort LIST, of COUNT ids, and leave each once; returns how many are left. */
size_t select_once(char **list, size_t count);

#endif
