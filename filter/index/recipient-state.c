#include "index/recipient-state.h"

#include <stdlib.h>

#include "base/limits.h"
#include "text/text.h"

/* So many bytes of an address fit into a property with the rest. */
#define ADDRESS_KEPT_MAX 180

static const char *const names[STATE_COUNT] = {
        "nothing", "delayed", "failed", "confirmed", "replied", "resent", "handled"};

/* The state after each event. Events are applied in the order of their times. Mail from the
 * recipient settles only a passing failure, and only what was reported before that mail: see
 * recipient_state_reply(). */
/* clang-format off */
#define NOTHING STATE_NOTHING
#define DELAYED STATE_DELAYED
#define FAILED STATE_FAILED
#define CONFIRMED STATE_CONFIRMED
#define REPLIED STATE_REPLIED
#define RESENT STATE_RESENT
#define HANDLED STATE_HANDLED
static const enum recipient_state transitions[STATE_COUNT][EVENT_COUNT] = {
	/*             a delay    a success  failure  sent again by hand    mail from there */
	[NOTHING]   = {DELAYED,   CONFIRMED, FAILED,  NOTHING,   NOTHING,   NOTHING},
	[DELAYED]   = {DELAYED,   CONFIRMED, FAILED,  DELAYED,   HANDLED,   REPLIED},
	[FAILED]    = {FAILED,    CONFIRMED, FAILED,  RESENT,    HANDLED,   REPLIED},
	[CONFIRMED] = {CONFIRMED, CONFIRMED, FAILED,  CONFIRMED, CONFIRMED, CONFIRMED},
	[REPLIED]   = {DELAYED,   CONFIRMED, FAILED,  RESENT,    REPLIED,   REPLIED},
	[RESENT]    = {RESENT,    CONFIRMED, RESENT,  RESENT,    RESENT,    RESENT},
	[HANDLED]   = {HANDLED,   CONFIRMED, FAILED,  RESENT,    HANDLED,   HANDLED},
};
/* clang-format on */

const char *recipient_state_name(enum recipient_state state)
{
	return names[state];
}

bool recipient_state_is_open(enum recipient_state state)
{
	return state == STATE_FAILED || state == STATE_DELAYED;
}

bool recipient_state_is_due(const struct recipient_fate *fate, time_t now)
{
	/* How long to wait: a full mailbox needs a person who tidies it up. */
	static const int hours[REASON_COUNT] = {[REASON_MAILBOX_FULL] = 48,
	        [REASON_NETWORK] = 6,
	        [REASON_EXPIRED] = 6,
	        [REASON_RATE_LIMITED] = 6,
	        [REASON_SYSTEM] = 6};

	return fate->state == STATE_FAILED && fate->reason < REASON_COUNT &&
	       hours[fate->reason] > 0 && now - fate->since >= hours[fate->reason] * 3600;
}

bool recipient_state_waits(const struct recipient_fate *fate)
{
	/* what failed for a passing reason may arrive later; unknown reasons don't count */
	return fate->state == STATE_DELAYED ||
	       (fate->state == STATE_FAILED && fate->reason < REASON_UNKNOWN &&
	               !reason_is_permanent(fate->reason));
}

static void apply(struct recipient_fate *fate, const struct event *event)
{
	/* for each state, the event that gives its `since` and `reason` */
	static const enum recipient_event tells[STATE_COUNT] = {[STATE_DELAYED] = EVENT_DELAY,
	        [STATE_FAILED] = EVENT_FAILURE,
	        [STATE_CONFIRMED] = EVENT_SUCCESS,
	        [STATE_REPLIED] = EVENT_COUNT,
	        [STATE_RESENT] = EVENT_RESEND,
	        [STATE_HANDLED] = EVENT_COUNT};
	enum recipient_state after = transitions[fate->state][event->kind];

	if (after == STATE_RESENT && fate->state == STATE_RESENT)
		return;
	if (tells[after] == event->kind)
		fate->reason = event->reason;
	/* A delay after a failure only says that the mail has still not arrived. */
	if (tells[after] == event->kind || (after == STATE_FAILED && event->kind == EVENT_DELAY))
		fate->since = event->time;
	fate->state = after;
}

static int compare(const void *a, const void *b)
{
	const struct event *one = a, *other = b;

	if (one->recipient != other->recipient)
		return one->recipient < other->recipient ? -1 : 1;
	if (one->time != other->time)
		return one->time < other->time ? -1 : 1;
	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	/* of two reasons the more specific one counts, by their order in enum reason */
	return (one->reason < other->reason) - (one->reason > other->reason);
}

void recipient_states_apply(struct recipient_fate *fates, struct event *events, size_t count)
{
	if (count > 0)
		qsort(events, count, sizeof *events, compare);
	for (size_t i = 0; i < count; i++)
		apply(&fates[events[i].recipient], &events[i]);
}

void recipient_state_reply(struct recipient_fate *fate, time_t time)
{
	if (recipient_state_waits(fate) && time > fate->since)
		fate->state = transitions[fate->state][EVENT_REPLY];
}

char *recipient_state_write(const void *ctx, const struct recipient_fate *fate)
{
	size_t kept = strnlen(fate->address, ADDRESS_KEPT_MAX);

	while (kept > 0 && ((unsigned char)fate->address[kept] & 0xc0) == 0x80)
		kept--; /* whole characters */
	return talloc_asprintf(ctx, "%s %lld %s %.*s", names[fate->state], (long long)fate->since,
	        fate->reason < REASON_COUNT ? reason_name(fate->reason) : "-", (int)kept,
	        fate->address);
}

bool recipient_state_read(const void *ctx, const char *value, struct recipient_fate *fate)
{
	char name[16], reason[32];
	long long since;
	int state = STATE_DELAYED, at = 0;

	if (sscanf(value, "%15s %lld %31s %n", name, &since, reason, &at) != 3 || at == 0)
		return false;
	while (state < STATE_COUNT && strcmp(names[state], name) != 0)
		state++;
	if (state == STATE_COUNT)
		return false;
	*fate = (struct recipient_fate){(enum recipient_state)state, (time_t)since,
	        reason_by_name(reason, strlen(reason)),
	        text_address(ctx, value + at, strlen(value + at), ADDRESS_MAX)};
	return true;
}
