#include "commands/cmd-insert-record.h"

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

struct recording {
	struct tagger tagger;
	struct problems *problems;
	const struct insert_record *record;
};

static bool finds_any(struct recording *recording, const char *query)
{
	return query != NULL && index_count(recording->tagger.index, query) > 0;
}

/* Whether we said what a mail is that has this id already. */
static bool is_second(struct recording *recording, const char *id)
{
	struct mail *mail = index_find(recording, recording->tagger.index, id);
	bool second = mail != NULL && mail_value(mail, mail, PROPERTY_TAG) != NULL;

	talloc_free(mail);
	return second;
}

/* Whether the index, as it was before the delivery or is after it, has to be told anything: a mail
 * that was not there gets its tags by being delivered. */
static bool is_news(struct recording *recording)
{
	const struct handover *mail = &recording->record->handover;

	if (mail->judgement.facts->kind != KIND_NONE || is_second(recording, mail->id))
		return true;
	if (mail->from != NULL &&
	        finds_any(recording, outcome_waiting_query(recording, mail->from)))
		return true;
	if (mail->from != NULL && settings_finds_own(&recording->tagger.settings, mail->from))
		return finds_any(recording, "property:" PROPERTY_IS "=" IS_REPORT);
	return finds_any(recording, talloc_asprintf(recording, "property:" PROPERTY_WANTS "=%s",
	                                    address_digest(recording, mail->id)));
}

/* What the mail itself is, and what waits for it: reports, and mails of the user's for a sign of
 * life. */
static enum status tell_of_mail(struct recording *recording, struct mail *mail, struct ids *reports)
{
	const struct insert_record *record = recording->record;
	struct tagger *tagger = &recording->tagger;
	enum status status = tagger_delivered(recording, tagger, mail, record->spool,
	        record->length, &record->handover.judgement);
	char *waiting = record->handover.from != NULL
	                        ? outcome_waiting_query(recording, record->handover.from)
	                        : NULL;

	if (status == STATUS_OK)
		status = tagger_awaited(recording, tagger, mail, reports);
	if (status == STATUS_OK && waiting != NULL)
		status = index_ids(recording, tagger->index, waiting, &tagger->originals);
	return status;
}

static enum status tell_index(struct recording *recording)
{
	struct tagger *tagger = &recording->tagger;
	struct mail *mail = index_find(recording, tagger->index, recording->record->handover.id);
	struct ids reports = {NULL, 0};
	size_t i;
	struct tagged tagged;
	enum status status;

	if (mail == NULL)
		return STATUS_OK;
	status = tell_of_mail(recording, mail, &reports);
	talloc_free(mail);
	for (i = 0; status == STATUS_OK && i < reports.count; i++)
		status = tagger_link(recording, tagger, reports.list[i], &tagged);
	ids_sort(&tagger->originals);
	for (i = 0; status == STATUS_OK && i < tagger->originals.count; i++)
		status = outcome_update(recording, tagger->index, &tagger->settings, tagger->now,
		        tagger->originals.list[i]);
	return status;
}

static struct recording *recording_open(const struct insert_record *record, const char **why)
{
	struct recording *recording = talloc_zero(record->ctx, struct recording);

	recording->record = record;
	recording->tagger.ctx = recording;
	if (index_open(recording, INDEX_READ, &recording->tagger.index, why) != STATUS_OK)
		return NULL;
	recording->problems = problems_new(recording);
	recording->tagger.settings =
	        settings_read(recording, recording->tagger.index, recording->problems);
	return recording;
}

static unsigned recording_lock_timeout(const struct recording *recording)
{
	cmd_say_problems(recording->problems);
	return recording->tagger.settings.lock_timeout;
}

static void recording_finish(struct recording *recording)
{
	enum status status;

	recording->tagger.now = time(NULL);
	if (cmd_index_write("insert", recording->tagger.index, &recording->tagger.settings) !=
	        STATUS_OK)
		return;
	status = index_begin(recording->tagger.index);
	if (status == STATUS_OK)
		status = tell_index(recording);
	if (status == STATUS_OK)
		status = index_end(recording->tagger.index);
	if (index_close(recording->tagger.index) != STATUS_OK || status != STATUS_OK)
		cmd_say("insert: delivered, but not tied to other mail: the index can't be "
		        "written");
}

void insert_record_run(struct insert_record *record, int answer)
{
	const char *why = NULL;
	struct recording *recording = recording_open(record, &why);
	char text[16] = "\n", word;
	size_t n;

	if (recording != NULL)
		snprintf(text, sizeof text, "%u\n", recording_lock_timeout(recording));
	(void)io_write(answer, text, strlen(text));
	if (recording == NULL || (record->is_judged && is_news(recording))) {
		if (io_read(record->go, &word, 1, &n) != STATUS_OK || n == 0)
			return; /* not delivered: notmuch says why */
		if (recording != NULL)
			recording_finish(recording);
		else
			cmd_say("insert: delivered, but the index was not told what it is: %s",
			        why);
	}
	(void)io_write(answer, "\n", 1);
}
