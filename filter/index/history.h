/* What passed between the user and one address, as the index has it. */
#ifndef HISTORY_H
#define HISTORY_H

#include "index/index.h"

struct history {
	time_t last_from; /* the newest mail from there; 0: none */
	/* the newest mail of the user's to there that did not come back, as far as is known; 0:
	 * none */
	time_t last_reached;
	/* the newest mail of the user's to there that came back because there is no such mailbox;
	 * 0: none */
	time_t last_gone;
	/* mails of the user's to there that were looked at: the newest HISTORY_MAX */
	unsigned sent;
	unsigned failed; /* how many of these came back */
};

/* The history with ADDRESS. Finds mail by the ASCII letters and digits of ADDRESS only: whatever it
 * holds, it can be no query. */
struct history history_read(struct index *index, const char *address);

#endif
