/* Which mails of the index a run has to look at. Chosen by what the index itself holds: no file is
 * opened. */
#ifndef SELECT_H
#define SELECT_H

#include "index/tagger.h"

/* Each has an id once. */
struct selection {
	struct ids suspects; /* mails that may be reports, or were: to be judged */
	struct ids reports;  /* reports that something turned up for: to be tied anew */
	/* mails of the user's: what became of them is to be worked out anew */
	struct ids originals;
	struct ids seen; /* all mails looked at; only if asked for */
};

/* Go through what QUERY finds. EVERYTHING: note all mails in `seen`. All owned by CTX. PROGRESS is
 * called now and then with the number of mails seen. */
enum status select_mails(const void *ctx, const struct tagger *tagger, const char *query,
        bool everything, void (*progress)(size_t seen), struct selection *selection);

#endif
