#include "fate.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "address.h"
#include "array.h"
#include "marks.h"

#define STATE_PROPERTY "bounce.state"
#define WAITS_PROPERTY "bounce.waits"

/* Bytes of an address that fit into a property beside the rest. */
#define ADDRESS_KEPT_MAX 180

static const char *const names[FATE_STATE_COUNT] = {"-", "delayed", "failed", "confirmed", "replied"};

/* What follows on each event. A reply to a failure counts only if the reason passes by itself: see fate_after(). */
static const enum fate_state transitions[FATE_STATE_COUNT][FATE_EVENT_COUNT] = {
        /*                    a delay         a failure    a success       a reply */
        [FATE_NOTHING] = {FATE_DELAYED, FATE_FAILED, FATE_CONFIRMED, FATE_NOTHING},
        [FATE_DELAYED] = {FATE_DELAYED, FATE_FAILED, FATE_CONFIRMED, FATE_REPLIED},
        [FATE_FAILED] = {FATE_FAILED, FATE_FAILED, FATE_CONFIRMED, FATE_REPLIED},
        [FATE_CONFIRMED] = {FATE_CONFIRMED, FATE_FAILED, FATE_CONFIRMED, FATE_CONFIRMED},
        [FATE_REPLIED] = {FATE_DELAYED, FATE_FAILED, FATE_CONFIRMED, FATE_REPLIED},
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
	if (time < fate->since || (event == FATE_REPLY && (!fate_waits(fate) || time == fate->since)))
		return fate->state;
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
	return fate->address != NULL;
}

struct fate *fate_read(const void *ctx, struct mail *mail, size_t *count)
{
	char **values = mail_values(NULL, mail, STATE_PROPERTY);
	size_t n = 0, i;
	struct fate *fates;

	while (values != NULL && values[n] != NULL)
		n++;
	*count = 0;
	fates = array_new(ctx, struct fate, n + 1);
	for (i = 0; fates != NULL && i < n; i++)
		*count += fate_parse(fates, values[i], &fates[*count]);
	talloc_free(values);
	return fates;
}

static char *fate_value(const void *ctx, const struct fate *fate)
{
	return talloc_asprintf(ctx, "%s %lld %s %s", names[fate->state], (long long)fate->since,
	        fate->reason < REASON_COUNT ? reason_name(fate->reason) : "-", fate->address);
}

/* Write FATES to MAIL: the states, whom it waits for, and its tags. */
static void fate_write(struct mail *mail, const struct fate *fates, size_t count, bool news)
{
	const char **states = talloc_zero_array(NULL, const char *, (unsigned)count + 1);
	const char **waits = talloc_zero_array(states, const char *, (unsigned)count + 1);
	const char *tags[2] = {NULL, NULL};
	size_t i, waiting = 0;

	if (waits == NULL)
		return;
	for (i = 0; i < count; i++) {
		states[i] = fate_value(states, &fates[i]);
		if (fate_waits(&fates[i]))
			waits[waiting++] = address_digest(states, fates[i].address);
		if (fates[i].state == FATE_FAILED)
			tags[0] = "undelivered";
		else if (fates[i].state == FATE_DELAYED && tags[0] == NULL)
			tags[0] = "delayed";
	}
	mail_set_values(mail, STATE_PROPERTY, states);
	mail_set_values(mail, WAITS_PROPERTY, waits);
	marks_apply(mail, tags, news ? MARKS_NEWS : MARKS_AGAIN);
	talloc_free(states);
}

void fate_happen(struct mail *original, enum fate_event event, const char *address, time_t time, enum reason reason)
{
	size_t count, i = 0;
	struct fate *fates = fate_read(NULL, original, &count), before;
	char *kept = talloc_strndup(fates, address, ADDRESS_KEPT_MAX);

	while (kept != NULL && i < count && !address_equal(fates[i].address, kept))
		i++;
	if (fates == NULL || kept == NULL)
		return;
	if (i == count)
		fates[count++] = (struct fate){FATE_NOTHING, 0, REASON_COUNT, kept};
	before = fates[i];
	fates[i].state = fate_after(&before, event, time);
	if (time >= before.since && (fates[i].state != before.state || event != FATE_REPLY))
		fates[i].since = time;
	if (event == FATE_FAILURE || event == FATE_DELAY)
		fates[i].reason = fates[i].state == before.state && time < before.since ? before.reason : reason;
	if (fates[i].state != FATE_NOTHING)
		fate_write(original, fates, count, fates[i].state != before.state);
	talloc_free(fates);
}

struct awaited {
	const void *ctx;
	char **ids;
	size_t count;
};

static bool awaited_add(void *argument, struct mail *mail)
{
	struct awaited *awaited = argument;
	char **ids = array_grow(awaited->ctx, awaited->ids, char *, awaited->count);

	if (ids == NULL)
		return false;
	awaited->ids = ids;
	ids[awaited->count] = talloc_strdup(awaited->ctx, mail_id(mail));
	return ids[awaited->count++] != NULL;
}

/* The query holds a number made of the address, never the address. */
static char *awaited_query(const void *ctx, const char *address)
{
	char *digest = address_digest(ctx, address);

	return digest != NULL ? talloc_asprintf(ctx, "property:" WAITS_PROPERTY "=%s", digest) : NULL;
}

bool fate_is_awaited(struct index *index, const char *sender)
{
	char **addresses = address_list(NULL, sender);
	char *query = addresses != NULL && addresses[0] != NULL ? awaited_query(addresses, addresses[0]) : NULL;
	bool awaited = query != NULL && index_count(index, query) > 0;

	talloc_free(addresses);
	return awaited;
}

enum status fate_reply(struct index *index, const char *sender, time_t time)
{
	char **addresses = address_list(NULL, sender);
	struct awaited awaited = {.ctx = addresses};
	char *query = addresses != NULL && addresses[0] != NULL ? awaited_query(addresses, addresses[0]) : NULL;
	enum status status = query != NULL ? index_each(index, query, awaited_add, &awaited) : STATUS_OK;
	size_t i;

	for (i = 0; status == STATUS_OK && i < awaited.count; i++) {
		struct mail *original = index_find(addresses, index, awaited.ids[i]);

		if (original == NULL)
			continue;
		fate_happen(original, FATE_REPLY, addresses[0], time, REASON_COUNT);
		status = mail_status(original);
		talloc_free(original);
	}
	talloc_free(addresses);
	return status;
}
