#include "index/history.h"

#include <talloc.h>

#include "base/limits.h"
#include "index/mail-files.h"
#include "index/outcome.h"
#include "mail/address-list.h"
#include "mail/address.h"
#include "mail/words.h"

struct reading {
	const void *ctx;
	const struct settings *settings;
	const char *address;
	time_t now;
	struct history history;
	unsigned seen;
};

/* The index finds words; that the mail is from that address is looked at here. */
static bool see_received(void *argument, struct mail *mail)
{
	struct reading *reading = argument;

	reading->history.last_from = mail_time_from(mail, reading->settings, reading->now, reading->address, false);
	return reading->history.last_from == 0 && ++reading->seen < HISTORY_MAX;
}

/* What became of MAIL for ADDRESS. */
static struct recipient_fate fate_of(const void *ctx, struct mail *mail, const char *address)
{
	size_t count, i;
	struct recipient_fate *fates = outcome_read(ctx, mail, &count);

	for (i = 0; i < count; i++)
		if (address_equal(fates[i].address, address))
			return fates[i];
	return (struct recipient_fate){.state = STATE_NOTHING};
}

/* Whether the user sent MAIL to ADDRESS: by its files, who knows its id can put others beside them. */
static bool went_to(const void *ctx, const struct reading *reading, struct mail *mail)
{
	struct sent sent = sent_read(ctx, mail, reading->settings, reading->now);

	return sent_recipient(&sent, address_digest(ctx, reading->address)) != NULL;
}

/* Whether a mail came back for REASON because nobody is there. */
static bool is_gone(enum reason reason)
{
	return reason == REASON_USER_UNKNOWN || reason == REASON_HOST_UNKNOWN || reason == REASON_NO_MAIL_SERVICE ||
	       reason == REASON_SUSPENDED || reason == REASON_MOVED;
}

static void note_sent(const void *ctx, struct reading *reading, struct mail *mail)
{
	struct history *history = &reading->history;
	const struct recipient_fate fate = fate_of(ctx, mail, reading->address);
	bool failed = fate.state == STATE_FAILED || fate.state == STATE_RESENT || fate.state == STATE_HANDLED;

	history->sent++;
	history->failed += failed;
	if (history->last_reached == 0 && !failed && fate.state != STATE_DELAYED)
		history->last_reached = mail_date(mail);
	if (history->last_gone == 0 && failed && is_gone(fate.reason))
		history->last_gone = mail_date(mail);
}

static bool see_sent(void *argument, struct mail *mail)
{
	struct reading *reading = argument;
	void *scratch = talloc_new(reading->ctx);

	if (settings_finds_own(reading->settings, mail_header(mail, "From")) && went_to(scratch, reading, mail))
		note_sent(scratch, reading, mail);
	talloc_free(scratch);
	return ++reading->seen < HISTORY_MAX;
}

/* The query for mail FIELD ADDRESS, owned by CTX; NULL if it can't be looked for. */
static const char *query_of(const void *ctx, const char *field, const char *address, const char *condition)
{
	struct buffer query = buffer_new(ctx);

	if (!address_is_complete(address) || words_add(&query, field, address) == WORDS_NONE)
		return NULL;
	buffer_add_string(&query, condition);
	return buffer_text(&query);
}

static void read_received(struct index *index, struct reading *reading)
{
	const char *from = query_of(reading->ctx, "from", reading->address, "");

	if (from != NULL)
		index_each(index, from, see_received, reading);
	reading->seen = 0;
}

time_t history_last_from(struct index *index, const struct settings *settings, const char *address)
{
	struct reading reading = {.ctx = talloc_new(NULL), .settings = settings, .address = address, .now = time(NULL)};

	read_received(index, &reading);
	talloc_free((void *)reading.ctx);
	return reading.history.last_from;
}

struct history history_read(struct index *index, const struct settings *settings, const char *address)
{
	struct reading reading = {.ctx = talloc_new(NULL), .settings = settings, .address = address, .now = time(NULL)};
	const char *to = query_of(reading.ctx, "to", address, " and not tag:bounce");

	read_received(index, &reading);
	if (to != NULL)
		index_each(index, to, see_sent, &reading);
	talloc_free((void *)reading.ctx);
	return reading.history;
}
