/* What mail the user and one address exchanged, as the index has it. */
#ifndef HISTORY_H
#define HISTORY_H

#include "index/index.h"

struct history {
	time_t last_from; /* the newest mail from the address; 0: none */
	/* the user's newest mail to the address that did not come back, as far as is known; 0:
	 * none */
	time_t last_reached;
	/* the user's newest mail to the address that came back because there is no such mailbox; 0:
	 * none */
	time_t last_gone;
	/* how many of the user's mails to the address were looked at: the newest HISTORY_MAX */
	unsigned sent;
	unsigned failed; /* how many of these came back */
};

/* Returns the history with ADDRESS. Only the ASCII letters and digits of ADDRESS get into the
 * query. */
struct history history_read(struct index *index, const char *address);

#endif
