/* What became of a mail for each recipient. It depends on what happened, not on the order in which
 * that became known. */
#ifndef RECIPIENT_STATE_H
#define RECIPIENT_STATE_H

#include <time.h>

#include "index/properties.h"
#include "knowledge/vocabulary.h"

struct event {
	size_t recipient; /* the number of the recipient */
	enum recipient_event kind;
	time_t time;
	enum reason reason; /* REASON_COUNT: none */
};

struct recipient_fate {
	enum recipient_state state;
	time_t since;       /* the time of the last report of this state, or of the sending again */
	enum reason reason; /* REASON_COUNT: none */
	const char *address;
};

/* Returns the name of STATE in the index; "nothing" for STATE_NOTHING, which is not stored. */
const char *recipient_state_name(enum recipient_state state);

/* Returns whether a recipient in STATE is left to be dealt with. */
bool recipient_state_is_open(enum recipient_state state);

/* Returns whether at NOW it is worth sending the mail again unchanged: the failure is a passing one
 * and has had the time to pass. */
bool recipient_state_is_due(const struct recipient_fate *fate, time_t now);

/* Applies COUNT events, in any order and some perhaps twice, to FATES, which are at STATE_NOTHING.
 * Sorts EVENTS. */
void recipient_states_apply(struct recipient_fate *fates, struct event *events, size_t count);

/* Applies the newest mail from the recipient, sent at TIME. Call this after all other events. */
void recipient_state_reply(struct recipient_fate *fate, time_t time);

/* Returns whether mail from that recipient would settle the matter. */
bool recipient_state_waits(const struct recipient_fate *fate);

/* Returns FATE as a value of bounce.state, owned by CTX. Long addresses are cut. */
char *recipient_state_write(const void *ctx, const struct recipient_fate *fate);

/* Reads such a value; FATE->address is owned by CTX. Returns false if VALUE is not valid. */
bool recipient_state_read(const void *ctx, const char *value, struct recipient_fate *fate);

#endif
