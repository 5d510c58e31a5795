/* The way of a mail, and where it stopped. */
#ifndef WAY_H
#define WAY_H

#include "judge/facts.h"
#include "knowledge/reason.h"

enum station {
	STATION_YOU,
	STATION_YOUR_SERVER,
	STATION_THEIR_SERVER,
	STATION_MAILBOX,
	STATION_COUNT,
};

struct way {
	enum station stopped_before; /* STATION_YOU: not known; the mail got to the station before this one */
	bool waiting;                /* it is still on its way there */
};

/* Where the mail for RECIPIENT stopped, by REASON and by who refused it. SENDER (NULL: not known) is the user's address: a server of its domain is the
 * user's own. */
struct way way_of(const struct facts *facts, const struct recipient *recipient, enum reason reason, const char *sender);

#endif
