/* What stands in the index of a mail: a subject, an id, and behind them, NULs between, values of bounce.state, as we wrote them or anybody. They are read, written, and
 * shown as `status` shows them. */
/* What cmd-status.c does within itself is asked: it is here once more, beside the one that is linked. */
#define command_status command_status_here
#include "commands/cmd-status.c"
#include "fuzz.h"
#include "index/outcome.h"
#include "text/text.h"

#define FATES_MAX 50

/* What we wrote is read and written again without a change. What another program wrote may be cut and cleaned before that. */
static void check_fate(const void *ctx, const struct recipient_fate *fate)
{
	struct recipient_fate ours, again;
	char *text;

	CHECK(fate->state < STATE_COUNT && fate->reason <= REASON_COUNT && fate->address != NULL);
	CHECK(recipient_state_names[fate->state] != NULL);
	CHECK(recipient_state_read(ctx, recipient_state_write(ctx, fate), &ours));
	text = recipient_state_write(ctx, &ours);
	CHECK(recipient_state_read(ctx, text, &again) && again.state == fate->state && again.since == fate->since &&
	        again.reason == fate->reason);
	CHECK(strcmp(recipient_state_write(ctx, &again), text) == 0);
}

/* Events make the same of it, in whatever order they come. */
static void check_events(const struct recipient_fate *fate, const uint8_t *data, size_t size)
{
	struct event events[16], backwards[16];
	struct recipient_fate one = {.reason = REASON_COUNT, .address = fate->address}, other = one;
	size_t count = 0;

	for (; count < 16 && 3 * count + 2 < size; count++)
		events[count] = (struct event){0, (enum recipient_event)(data[3 * count] % EVENT_REPLY), data[3 * count + 1],
		        (enum reason)(data[3 * count + 2] % (REASON_COUNT + 1))};
	for (size_t i = 0; i < count; i++)
		backwards[i] = events[count - 1 - i];
	recipient_states_apply(&one, events, count);
	recipient_states_apply(&other, backwards, count);
	CHECK(one.state == other.state && one.since == other.since && one.reason == other.reason);
}

/* Returns STATUS as `status` shows it. */
static char *shown(const void *ctx, struct message_status *status, struct wording *wording)
{
	const struct call call = {.wording = wording};
	const struct telling run = {.call = &call, .mails = &status, .count = 1};

	return status_text(ctx, status, columns_of(&run), wording);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	const uint8_t *all = data;
	size_t all_size = size;
	char *subject = fuzz_part(ctx, &data, &size), *id = fuzz_part(ctx, &data, &size);
	struct recipient_fate fates[FATES_MAX];
	struct message_status status = {.thread = talloc_strdup(ctx, "0000000000000001"),
	        .date = 1790000000,
	        .is_original = all_size % 2,
	        .fates = fates};

	status.subject = text_one_line(ctx, subject, VALUE_MAX);
	status.id = text_to_utf8(ctx, id, strlen(id), NULL);
	while (size > 0 && status.count < FATES_MAX)
		if (recipient_state_read(ctx, fuzz_part(ctx, &data, &size), &fates[status.count]))
			check_fate(ctx, &fates[status.count++]);
	if (status.count > 0) {
		check_events(&fates[0], all, all_size);
		fuzz_check_shown(shown(ctx, &status, fuzz_wording("en")));
		fuzz_check_shown(shown(ctx, &status, fuzz_wording("ja")));
		fuzz_check_json(status_json(ctx, &status));
	}
	talloc_free(ctx);
	return 0;
}
