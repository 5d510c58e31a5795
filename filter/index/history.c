#include "index/history.h"

#include "base/limits.h"
#include "index/mail-files.h"
#include "index/outcome.h"
#include "mail/address.h"
#include "mail/words.h"

/* Returns what became of MAIL for the recipient ADDRESS. */
static struct recipient_fate fate_of(struct mail *mail, const char *address)
{
	size_t count;
	struct recipient_fate *fates = outcome_read(mail, mail, &count);

	for (size_t i = 0; i < count; i++)
		if (address_equal(fates[i].address, address))
			return fates[i];
	return (struct recipient_fate){.state = STATE_NOTHING};
}

struct history history_read(struct index *index, const char *address)
{
	SCOPED void *scratch = talloc_new(NULL);
	const char *digest = address_digest(scratch, address);
	struct history history = {.last_from = mail_last_from(index, address, 0, false)};
	struct buffer query = buffer_new(scratch);

	if (address_is_complete(address) && words_add(&query, "to", address) != WORDS_NONE)
		buffer_add_string(&query, " and not tag:bounce");
	struct found *found = index_search(scratch, index, query.text, HISTORY_MAX);
	for (struct mail *mail; (mail = found_next(found)) != NULL;) {
		struct sent sent = {.count = 0};

		/* Only its files tell whether the user sent it there; anybody who knows its id can
		 * send other files with it. */
		if (settings_finds_own(index_settings(index), mail_header(mail, "From")))
			sent = sent_read(mail, mail);
		if (sent_recipient(&sent, digest) == NULL)
			continue;
		struct recipient_fate fate = fate_of(mail, address);
		bool failed = fate.state == STATE_FAILED || fate.state == STATE_RESENT ||
		              fate.state == STATE_HANDLED;
		history.sent++;
		history.failed += failed;
		if (history.last_reached == 0 && !failed && fate.state != STATE_DELAYED)
			history.last_reached = mail_date(mail);
		if (history.last_gone == 0 && failed && reason_is_gone(fate.reason))
			history.last_gone = mail_date(mail);
	}
	return history;
}
