#include "index/fate.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/list.h"
#include "index/marks.h"
#include "mail/address-list.h"
#include "mail/address.h"

#define STATE_PROPERTY "bounce.state"
#define WAITS_PROPERTY "bounce.waits"

/* Bytes of an address that fit into a property beside the rest. */
#define ADDRESS_KEPT_MAX 180

static const char *const names[FATE_STATE_COUNT] = {"-", "delayed", "failed", "confirmed", "replied", "resent"};

/* What follows on each event. A reply to a failure counts only if the reason passes by itself: see fate_after(). */
static const enum fate_state transitions[FATE_STATE_COUNT][FATE_EVENT_COUNT] = {
        /*                    a delay         a failure    a success       a reply         a resend */
        [FATE_NOTHING] = {FATE_DELAYED, FATE_FAILED, FATE_CONFIRMED, FATE_NOTHING, FATE_NOTHING},
        [FATE_DELAYED] = {FATE_DELAYED, FATE_FAILED, FATE_CONFIRMED, FATE_REPLIED, FATE_DELAYED},
        [FATE_FAILED] = {FATE_FAILED, FATE_FAILED, FATE_CONFIRMED, FATE_REPLIED, FATE_RESENT},
        [FATE_CONFIRMED] = {FATE_CONFIRMED, FATE_FAILED, FATE_CONFIRMED, FATE_CONFIRMED, FATE_CONFIRMED},
        [FATE_REPLIED] = {FATE_DELAYED, FATE_FAILED, FATE_CONFIRMED, FATE_REPLIED, FATE_REPLIED},
        [FATE_RESENT] = {FATE_RESENT, FATE_RESENT, FATE_CONFIRMED, FATE_RESENT, FATE_RESENT},
};

/* The event that says again what a state says already, and may say it better. */
static const enum fate_event told_by[FATE_STATE_COUNT] = {
        [FATE_NOTHING] = FATE_EVENT_COUNT,
        [FATE_DELAYED] = FATE_DELAY,
        [FATE_FAILED] = FATE_FAILURE,
        [FATE_CONFIRMED] = FATE_SUCCESS,
        [FATE_REPLIED] = FATE_EVENT_COUNT,
        [FATE_RESENT] = FATE_RESEND,
};

const char *fate_name(enum fate_state state)
{
	return names[state];
}

/* What passes by itself; of the unknown nobody knows. */
static bool passes(enum reason reason)
{
	return reason < REASON_UNKNOWN && !reason_is_permanent(reason);
}

/* Whether a sign of life from the recipient would settle it. */
static bool fate_waits(const struct fate *fate)
{
	return fate->state == FATE_DELAYED || (fate->state == FATE_FAILED && passes(fate->reason));
}

static enum fate_state fate_after(const struct fate *fate, enum fate_event event, time_t time)
{
	if (event == FATE_FAILURE && fate->state == FATE_DELAYED)
		return FATE_FAILED; /* mail is not indexed in the order of its dates: final is final */
	if (event == FATE_RESEND)
		return transitions[fate->state][event]; /* it was sent after the bounce came, whatever the server's clock said */
	if (time < fate->since || (event == FATE_REPLY && (!fate_waits(fate) || time == fate->since)))
		return fate->state;
	if (time == fate->since &&
	        ((event == FATE_SUCCESS && fate->state == FATE_FAILED) || (event == FATE_DELAY && fate->state == FATE_REPLIED)))
		return fate->state; /* of what is dated alike the same counts in whichever order it is told */
	return transitions[fate->state][event];
}

static bool fate_parse(const void *ctx, char *value, struct fate *fate)
{
	char *since, *reason, *address;
	int state;

	since = strchr(value, ' ');
	reason = since != NULL ? strchr(since + 1, ' ') : NULL;
	address = reason != NULL ? strchr(reason + 1, ' ') : NULL;
	if (address == NULL)
		return false;
	*since++ = *reason++ = *address++ = '\0';
	for (state = FATE_DELAYED; state < FATE_STATE_COUNT; state++)
		if (strcmp(names[state], value) == 0)
			break;
	if (state == FATE_STATE_COUNT)
		return false;
	*fate = (struct fate){(enum fate_state)state, (time_t)strtoll(since, NULL, 10), reason_by_name(reason, strlen(reason)),
	        talloc_strdup(ctx, address)};
	return true;
}

struct fate *fate_read(const void *ctx, struct mail *mail, size_t *count)
{
	char **values = mail_values(NULL, mail, STATE_PROPERTY);
	size_t n = list_length(values), i;
	struct fate *fates = array_new(ctx, struct fate, n + 1);

	*count = 0;
	for (i = 0; i < n; i++)
		*count += fate_parse(fates, values[i], &fates[*count]);
	talloc_free(values);
	return fates;
}

static char *fate_value(const void *ctx, const struct fate *fate)
{
	return talloc_asprintf(ctx, "%s %lld %s %s", names[fate->state], (long long)fate->since,
	        fate->reason < REASON_COUNT ? reason_name(fate->reason) : "-", fate->address);
}

struct fates {
	struct mail *original;
	struct fate *list;
	size_t count;
	bool news; /* a state changed */
};

struct fates *fates_open(const void *ctx, struct mail *original)
{
	struct fates *fates = talloc_zero(ctx, struct fates);

	fates->original = original;
	fates->list = fate_read(fates, original, &fates->count);
	return fates;
}

/* The fate of ADDRESS, a new one if there is none. */
static struct fate *fates_find(struct fates *fates, const char *address)
{
	char *kept = talloc_strndup(fates, address, ADDRESS_KEPT_MAX);
	size_t i;

	for (i = 0; i < fates->count; i++)
		if (address_equal(fates->list[i].address, kept))
			return &fates->list[i];
	fates->list = talloc_realloc(fates, fates->list, struct fate, (unsigned)fates->count + 1);
	fates->list[fates->count] = (struct fate){FATE_NOTHING, 0, REASON_COUNT, kept};
	return &fates->list[fates->count++];
}

void fates_happen(struct fates *fates, enum fate_event event, const char *address, time_t time, enum reason reason)
{
	struct fate *fate = fates_find(fates, address), before = *fate;

	fate->state = fate_after(&before, event, time);
	if (fate->state != before.state || (time >= before.since && told_by[fate->state] == event)) {
		fate->since = time > before.since ? time : before.since;
		fate->reason = event == FATE_REPLY ? before.reason : reason;
	} else if (event == FATE_DELAY && time > before.since)
		fate->since = time; /* what is dated earlier counts no more, as if the delay had been told first */
	fates->news = fates->news || fate->state != before.state;
}

void fates_write(struct fates *fates)
{
	const char **states = talloc_zero_array(fates, const char *, (unsigned)fates->count + 1);
	const char **waits = talloc_zero_array(fates, const char *, (unsigned)fates->count + 1);
	const char *tags[2] = {NULL, NULL};
	size_t i, known = 0, waiting = 0;

	for (i = 0; i < fates->count; i++) {
		const struct fate *fate = &fates->list[i];

		if (fate->state != FATE_NOTHING)
			states[known++] = fate_value(states, fate);
		if (fate_waits(fate))
			waits[waiting++] = address_digest(waits, fate->address);
		if (fate->state == FATE_FAILED)
			tags[0] = "undelivered";
		else if (fate->state == FATE_DELAYED && tags[0] == NULL)
			tags[0] = "delayed";
	}
	mail_set_values(fates->original, STATE_PROPERTY, states);
	mail_set_values(fates->original, WAITS_PROPERTY, waits);
	marks_apply(fates->original, tags, fates->news ? MARKS_NEWS : MARKS_AGAIN);
}

struct awaited {
	const void *ctx;
	char **ids;
	size_t count;
};

static bool awaited_add(void *argument, struct mail *mail)
{
	struct awaited *awaited = argument;

	list_add(awaited->ctx, &awaited->ids, &awaited->count, mail_id(mail));
	return true;
}

/* The query holds a number made of the address, never the address. */
static char *awaited_query(const void *ctx, const char *address)
{
	return talloc_asprintf(ctx, "property:" WAITS_PROPERTY "=%s", address_digest(ctx, address));
}

bool fate_is_awaited(struct index *index, const char *sender)
{
	char **addresses = address_list(NULL, sender);
	char *query = addresses[0] != NULL ? awaited_query(addresses, addresses[0]) : NULL;
	bool awaited = query != NULL && index_count(index, query) > 0;

	talloc_free(addresses);
	return awaited;
}

enum status fate_reply(struct index *index, const char *sender, time_t time)
{
	char **addresses = address_list(NULL, sender);
	struct awaited awaited = {.ctx = addresses};
	char *query = addresses[0] != NULL ? awaited_query(addresses, addresses[0]) : NULL;
	enum status status = query != NULL ? index_each(index, query, awaited_add, &awaited) : STATUS_OK;
	size_t i;

	for (i = 0; status == STATUS_OK && i < awaited.count; i++) {
		struct mail *original = index_find(addresses, index, awaited.ids[i]);
		struct fates *fates;

		if (original == NULL)
			continue;
		fates = fates_open(addresses, original);
		fates_happen(fates, FATE_REPLY, addresses[0], time, REASON_COUNT);
		fates_write(fates);
		status = mail_status(original);
		talloc_free(original);
	}
	talloc_free(addresses);
	return status;
}
