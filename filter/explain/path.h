/* Where on its path a mail stopped. */
#ifndef PATH_H
#define PATH_H

#include "judge/facts.h"
#include "knowledge/vocabulary.h"

enum hop {
	HOP_YOU,
	HOP_YOUR_SERVER,
	HOP_THEIR_SERVER,
	HOP_MAILBOX,
	HOP_COUNT,
};

struct path {
	enum hop stopped_before; /* HOP_YOU: not known; the mail got to the hop before this one */
	bool waiting;            /* it is still on its way there */
};

/* Where the mail for RECIPIENT stopped, by REASON and by who refused it. SENDER (NULL: not known)
 * is the user's address: a server of its domain is the user's own. */
struct path path_of(const struct facts *facts, const struct recipient *recipient,
        enum reason reason, const char *sender);

#endif
