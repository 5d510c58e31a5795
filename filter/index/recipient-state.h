/* What became of a mail, recipient by recipient: a function of what happened, not of the order in
 * which it became known. */
#ifndef RECIPIENT_STATE_H
#define RECIPIENT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "index/properties.h"
#include "knowledge/vocabulary.h"

struct event {
	size_t recipient; /* which of the recipients it is about */
	enum recipient_event kind;
	time_t time;
	enum reason reason; /* REASON_COUNT: none */
};

struct recipient_fate {
	enum recipient_state state;
	time_t since;       /* when it was last said that it had not arrived, had, or was resent */
	enum reason reason; /* REASON_COUNT: none */
	const char *address;
};

/* Returns the name of STATE in the index; "nothing" for STATE_NOTHING, which is not kept there. */
const char *recipient_state_name(enum recipient_state state);

/* Whether a recipient in that state is to be dealt with. */
bool recipient_state_is_open(enum recipient_state state);

/* Whether at NOW it is worth sending it again unchanged: what made it fail passes, and has had time
 * to. */
bool recipient_state_is_due(const struct recipient_fate *fate, time_t now);

/* Apply COUNT events, in any order and some perhaps twice, to FATES, of whom nothing was heard.
 * Sorts EVENTS. */
void recipient_states_apply(struct recipient_fate *fates, struct event *events, size_t count);

/* Mail from there came at TIME, the newest there is. To be applied behind all other events. */
void recipient_state_reply(struct recipient_fate *fate, time_t time);

/* Whether mail from that recipient would settle it. */
bool recipient_state_waits(const struct recipient_fate *fate);

/* Returns what bounce.state has of FATE, owned by CTX; long addresses are cut. */
char *recipient_state_write(const void *ctx, const struct recipient_fate *fate);

/* Read such a value; FATE->address is owned by CTX. False: it is none. */
bool recipient_state_read(const void *ctx, const char *value, struct recipient_fate *fate);

#endif
