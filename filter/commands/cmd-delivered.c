#include "commands/cmd-delivered.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/outcome.h"
#include "index/properties.h"
#include "index/tagger.h"
#include "mail/address.h"

struct delivered {
	struct tagger tagger;
	struct problems *problems;
	const struct delivery_record *record;
};

static bool finds_any(struct delivered *delivered, const char *query)
{
	return query != NULL && index_count(delivered->tagger.index, query) > 0;
}

/* Whether we said what a mail is that has this id already. */
static bool is_second(struct delivered *delivered, const char *id)
{
	struct mail *mail = index_find(delivered, delivered->tagger.index, id);
	bool second = mail != NULL && mail_value(mail, mail, PROPERTY_TAG) != NULL;

	talloc_free(mail);
	return second;
}

/* Whether the index, as it was before the delivery or is after it, has to be told anything: a mail
 * that was not there gets its tags by being delivered. */
static bool is_news(struct delivered *delivered)
{
	const struct handover *mail = &delivered->record->handover;

	if (mail->judgement.facts->kind != KIND_NONE || is_second(delivered, mail->id))
		return true;
	if (mail->from != NULL &&
	        finds_any(delivered, outcome_waiting_query(delivered, mail->from)))
		return true;
	if (mail->from != NULL && settings_finds_own(&delivered->tagger.settings, mail->from))
		return finds_any(delivered, "property:" PROPERTY_IS "=" IS_REPORT);
	return finds_any(delivered, talloc_asprintf(delivered, "property:" PROPERTY_WANTS "=%s",
	                                    address_digest(delivered, mail->id)));
}

/* What the mail itself is, and what waits for it: reports, and mails of the user's for a sign of
 * life. */
static enum status tell_of_mail(struct delivered *delivered, struct mail *mail, struct ids *reports)
{
	const struct delivery_record *record = delivered->record;
	struct tagger *tagger = &delivered->tagger;
	enum status status = tagger_delivered(delivered, tagger, mail, record->spool,
	        record->length, &record->handover.judgement);
	char *waiting = record->handover.from != NULL
	                        ? outcome_waiting_query(delivered, record->handover.from)
	                        : NULL;

	if (status == STATUS_OK)
		status = tagger_awaited(delivered, tagger, mail, reports);
	if (status == STATUS_OK && waiting != NULL)
		status = index_ids(delivered, tagger->index, waiting, &tagger->originals);
	return status;
}

static enum status tell_index(struct delivered *delivered)
{
	struct tagger *tagger = &delivered->tagger;
	struct mail *mail = index_find(delivered, tagger->index, delivered->record->handover.id);
	struct ids reports = {NULL, 0};
	size_t i;
	struct tagged tagged;
	enum status status;

	if (mail == NULL)
		return STATUS_OK;
	status = tell_of_mail(delivered, mail, &reports);
	talloc_free(mail);
	for (i = 0; status == STATUS_OK && i < reports.count; i++)
		status = tagger_link(delivered, tagger, reports.list[i], &tagged);
	ids_sort(&tagger->originals);
	for (i = 0; status == STATUS_OK && i < tagger->originals.count; i++)
		status = outcome_update(delivered, tagger->index, &tagger->settings, tagger->now,
		        tagger->originals.list[i]);
	return status;
}

static struct delivered *delivered_open(const struct delivery_record *record, const char **why)
{
	struct delivered *delivered = talloc_zero(record->ctx, struct delivered);

	delivered->record = record;
	delivered->tagger.ctx = delivered;
	if (index_open(delivered, INDEX_READ, &delivered->tagger.index, why) != STATUS_OK)
		return NULL;
	delivered->problems = problems_new(delivered);
	delivered->tagger.settings =
	        settings_read(delivered, delivered->tagger.index, delivered->problems);
	return delivered;
}

static unsigned delivered_lock_timeout(const struct delivered *delivered)
{
	cmd_say_problems(delivered->problems);
	return delivered->tagger.settings.lock_timeout;
}

static void delivered_finish(struct delivered *delivered)
{
	enum status status;

	delivered->tagger.now = time(NULL);
	if (cmd_index_write("insert", delivered->tagger.index, &delivered->tagger.settings) !=
	        STATUS_OK)
		return;
	status = index_begin(delivered->tagger.index);
	if (status == STATUS_OK)
		status = tell_index(delivered);
	if (status == STATUS_OK)
		status = index_end(delivered->tagger.index);
	if (index_close(delivered->tagger.index) != STATUS_OK || status != STATUS_OK)
		cmd_say("insert: delivered, but not tied to other mail: the index can't be "
		        "written");
}

void delivered_record(struct delivery_record *record, int answer)
{
	const char *why = NULL;
	struct delivered *delivered = delivered_open(record, &why);
	char text[16] = "\n", word;
	size_t n;

	if (delivered != NULL)
		snprintf(text, sizeof text, "%u\n", delivered_lock_timeout(delivered));
	(void)io_write(answer, text, strlen(text));
	if (delivered == NULL || (record->is_judged && is_news(delivered))) {
		if (io_read(record->go, &word, 1, &n) != STATUS_OK || n == 0)
			return; /* not delivered: notmuch says why */
		if (delivered != NULL)
			delivered_finish(delivered);
		else
			cmd_say("insert: delivered, but the index was not told what it is: %s",
			        why);
	}
	(void)io_write(answer, "\n", 1);
}
