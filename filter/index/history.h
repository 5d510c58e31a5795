/* What mail the user and one address exchanged, as the index has it. */
#ifndef HISTORY_H
#define HISTORY_H

#include "index/index.h"

struct history {
	time_t last_from; /* the newest mail from the address; 0: none */
	/* of the user's mails to the address the newest that is not known to have come back, and
	 * that came back because there is no such mailbox; 0: none */
	time_t last_reached, last_gone;
	unsigned sent, failed; /* the newest of these, at most HISTORY_MAX, and how many failed */
};

/* Returns the history with ADDRESS. Only the ASCII letters and digits of ADDRESS get into the
 * query. */
struct history history_read(struct index *index, const char *address);

#endif
