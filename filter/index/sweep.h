/* Which mails of the index a run has to look at. Chosen by what the index itself holds: no file is opened. */
#ifndef SWEEP_H
#define SWEEP_H

#include "index/sort.h"

struct reply {
	char *sender;
	time_t time;
};

struct sweep {
	char **suspects; /* ids of mails that may be bounces or other reports: to be sorted */
	size_t suspect_count;
	char **resent; /* ids of bounces whose mail was sent again since: a copy of that turned up */
	size_t resent_count;
	struct reply *replies; /* mail from people from whom a sign of life is awaited */
	size_t reply_count;
	char **seen; /* ids of all mails looked at; only if asked for */
	size_t seen_count;
};

/* Go through what QUERY finds; besides, those bounces are suspects about which something has to be decided by now, or whose original turned up.
 * EVERYTHING: note all mails in `seen`. All owned by CTX. PROGRESS (may be NULL) is called now and then with the number of mails seen. */
enum status sweep_index(const void *ctx, const struct sorter *sorter, const char *query, bool everything,
        void (*progress)(size_t seen), struct sweep *sweep);

/* Once more through what QUERY finds, only for the replies in SWEEP: since then suspects turned out to be bounces, and now a sign of life is awaited. */
enum status sweep_replies(const void *ctx, const struct sorter *sorter, const char *query, struct sweep *sweep);

#endif
