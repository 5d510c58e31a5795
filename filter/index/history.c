#include "index/history.h"

#include <talloc.h>

#include "base/limits.h"
#include "index/fate.h"
#include "index/mail-bytes.h"
#include "mail/address-list.h"
#include "mail/address.h"
#include "mail/header.h"
#include "mail/words.h"

struct reading {
	const void *ctx;
	const struct settings *settings;
	const char *address;
	struct history history;
	unsigned seen;
};

/* The index finds words; that the address is the same is looked at here. */
static bool see_received(void *argument, struct mail *mail)
{
	struct reading *reading = argument;
	char **from = address_list(reading->ctx, mail_header(mail, "From"));

	if (address_list_has(from, reading->address))
		reading->history.last_from = mail_date(mail);
	talloc_free(from);
	return reading->history.last_from == 0 && ++reading->seen < HISTORY_MAX;
}

/* What became of MAIL for ADDRESS; false if nothing was heard of that. */
static bool fate_of(const void *ctx, struct mail *mail, const char *address, struct fate *fate)
{
	size_t count, i;
	struct fate *fates = fate_read(ctx, mail, &count);
	bool found = false;

	*fate = (struct fate){.state = FATE_NOTHING};
	for (i = 0; i < count; i++)
		if (address_equal(fates[i].address, address)) {
			*fate = (struct fate){.state = fates[i].state, .reason = fates[i].reason};
			found = true;
		}
	talloc_free(fates);
	return found;
}

/* By the file: libnotmuch would read all of it for these fields, which are not in the index. */
static bool went_to(const void *ctx, struct mail *mail, const char *address)
{
	void *scratch = talloc_new(ctx);
	size_t length = 0;
	const char *bytes = mail_head(scratch, mail, &length), *end = bytes + length;
	const char *at = bytes != NULL ? bytes + header_preamble(bytes, length, '\n') : end;
	struct header_field field;
	bool found = false;

	while (!found && header_next(&at, end, HEADER_STRICT, &field))
		if (header_field_is_recipients(&field))
			found = address_list_has(address_list(scratch, header_field_line(scratch, &field)), address);
	talloc_free(scratch);
	return found;
}

/* Whether a mail came back for REASON because nobody is there. */
static bool is_gone(enum reason reason)
{
	return reason == REASON_USER_UNKNOWN || reason == REASON_HOST_UNKNOWN || reason == REASON_NO_MAIL_SERVICE ||
	       reason == REASON_SUSPENDED || reason == REASON_MOVED;
}

static bool see_sent(void *argument, struct mail *mail)
{
	struct reading *reading = argument;
	struct history *history = &reading->history;

	struct fate fate;

	if (settings_is_own(reading->settings, mail_header(mail, "From")) &&
	        (fate_of(reading->ctx, mail, reading->address, &fate) || went_to(reading->ctx, mail, reading->address))) {
		bool failed = fate.state == FATE_FAILED || fate.state == FATE_RESENT;

		history->sent++;
		history->failed += failed;
		if (history->last_reached == 0 && !failed && fate.state != FATE_DELAYED)
			history->last_reached = mail_date(mail);
		if (history->last_gone == 0 && failed && is_gone(fate.reason))
			history->last_gone = mail_date(mail);
	}
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

struct history history_read(struct index *index, const struct settings *settings, const char *address)
{
	struct reading reading = {.ctx = talloc_new(NULL), .settings = settings, .address = address};
	const char *from = query_of(reading.ctx, "from", address, ""),
	           *to = query_of(reading.ctx, "to", address, " and not tag:bounce");

	if (from != NULL)
		index_each(index, from, see_received, &reading);
	reading.seen = 0;
	if (to != NULL)
		index_each(index, to, see_sent, &reading);
	talloc_free((void *)reading.ctx);
	return reading.history;
}
