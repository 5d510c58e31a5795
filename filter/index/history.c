#include "index/history.h"

#include <talloc.h>

#include "base/limits.h"
#include "index/mail-files.h"
#include "index/outcome.h"
#include "mail/address.h"
#include "mail/words.h"

struct reading {
	const void *ctx;
	const struct settings *settings;
	const char *address, *digest;
	time_t now;
	struct history history;
	unsigned seen;
};

/* The index finds words; that the mail is from that address is looked at here. */
static bool see_received(void *argument, struct mail *mail)
{
	struct reading *reading = argument;

	reading->history.last_from = mail_time_from(mail, reading->address, false, reading->now);
	return reading->history.last_from == 0 && ++reading->seen < HISTORY_MAX;
}

/* What became of MAIL for the address. */
static struct recipient_fate fate_of(const void *ctx, struct mail *mail, const char *address)
{
	size_t count, i;
	struct recipient_fate *fates = outcome_read(ctx, mail, &count);

	for (i = 0; i < count; i++)
		if (address_equal(fates[i].address, address))
			return fates[i];
	return (struct recipient_fate){.state = STATE_NOTHING};
}

static void note_sent(struct history *history, const struct recipient_fate *fate, time_t date)
{
	bool failed = fate->state == STATE_FAILED || fate->state == STATE_RESENT ||
	              fate->state == STATE_HANDLED;

	history->sent++;
	history->failed += failed;
	if (history->last_reached == 0 && !failed && fate->state != STATE_DELAYED)
		history->last_reached = date;
	if (history->last_gone == 0 && failed && reason_is_gone(fate->reason))
		history->last_gone = date;
}

/* Whether the user sent the mail there say its files: who knows its id can put others beside
 * them. */
static bool see_sent(void *argument, struct mail *mail)
{
	struct reading *reading = argument;
	void *scratch = talloc_new(NULL);
	struct sent sent = {.count = 0};
	struct recipient_fate fate;

	if (settings_finds_own(reading->settings, mail_header(mail, "From")))
		sent = sent_read(scratch, mail, reading->settings, reading->now);
	if (sent_recipient(&sent, reading->digest) != NULL) {
		fate = fate_of(scratch, mail, reading->address);
		note_sent(&reading->history, &fate, mail_date(mail));
	}
	talloc_free(scratch);
	return ++reading->seen < HISTORY_MAX;
}

/* Look through mail FIELD the address, if it can be looked for. */
static void look(struct index *index, struct reading *reading, const char *field,
        const char *condition, bool (*see)(void *argument, struct mail *mail))
{
	struct buffer query = buffer_new(reading->ctx);

	if (!address_is_complete(reading->address) ||
	        words_add(&query, field, reading->address) == WORDS_NONE)
		return;
	buffer_add_string(&query, condition);
	reading->seen = 0;
	index_each(index, buffer_text(&query), see, reading);
}

time_t history_last_from(struct index *index, const char *address)
{
	struct reading reading = {.ctx = talloc_new(NULL), .address = address, .now = time(NULL)};

	look(index, &reading, "from", "", see_received);
	talloc_free((void *)reading.ctx);
	return reading.history.last_from;
}

struct history history_read(
        struct index *index, const struct settings *settings, const char *address)
{
	struct reading reading = {.ctx = talloc_new(NULL),
	        .settings = settings,
	        .address = address,
	        .now = time(NULL)};

	reading.digest = address_digest(reading.ctx, address);
	look(index, &reading, "from", "", see_received);
	look(index, &reading, "to", " and not tag:bounce", see_sent);
	talloc_free((void *)reading.ctx);
	return reading.history;
}
