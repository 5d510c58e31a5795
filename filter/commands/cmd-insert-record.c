#include "commands/cmd-insert-record.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/io.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/properties.h"
#include "index/tagger.h"

struct recording {
	struct tagger tagger;
	struct problems *problems;
	const struct insert_record *record;
};

/* Returns whether we had already judged a mail with this id. */
static bool is_second(struct recording *recording, const char *id)
{
	SCOPED struct mail *mail = index_find(NULL, recording->tagger.index, id);

	return mail != NULL && mail_value(mail, mail, PROPERTY_TAG) != NULL;
}

/* Returns whether there is anything to write to the index, as it was before the delivery or is
 * after it. A mail that is new there gets its tags by being delivered. */
static bool is_news(struct recording *recording)
{
	const struct judgement_wire *mail = &recording->record->judged;
	struct index *index = recording->tagger.index;

	return mail->judgement.facts->kind != KIND_NONE || is_second(recording, mail->id) ||
	       index_count(index, tagger_waiting_query(recording, mail->id, mail->from)) > 0 ||
	       (mail->from != NULL && settings_finds_own(index_settings(index), mail->from) &&
	               index_count(index, "property:" PROPERTY_IS "=" IS_REPORT) > 0);
}

/* Writes to the index what the mail is, and updates what waits for it. */
static enum status tell_index(struct recording *recording)
{
	const struct insert_record *record = recording->record;
	const struct judgement_wire *judged = &record->judged;
	struct tagger *tagger = &recording->tagger;
	struct ids reports = {NULL, 0};
	enum status status = tagger_delivered(
	        tagger, judged->id, record->spool, record->length, &judged->judgement);
	SCOPED struct mail *mail = index_find(NULL, tagger->index, judged->id);

	if (status == STATUS_OK && mail != NULL)
		status = tagger_turned_up(tagger, mail, judged->from, &reports, &tagger->outdated);
	for (size_t i = 0; status == STATUS_OK && i < reports.count; i++)
		status = tagger_link(tagger, reports.list[i]);
	return status == STATUS_OK ? tagger_settle(tagger) : status;
}

static struct recording *recording_open(const struct insert_record *record, const char **why)
{
	struct recording *recording = talloc_zero(record->ctx, struct recording);

	recording->record = record;
	recording->tagger.ctx = recording;
	recording->problems = problems_new(recording);
	if (index_open(recording, recording->problems, &recording->tagger.index, why) != STATUS_OK)
		return NULL;
	return recording;
}

static void recording_finish(struct recording *recording)
{
	struct tagger *tagger = &recording->tagger;

	if (cmd_index_write("insert", tagger->index) != STATUS_OK)
		return;
	enum status status = tell_index(recording);

	if (cmd_index_close(tagger->index, status) != STATUS_OK)
		cmd_say("insert: delivered, but not linked to other mail: the index can't be "
		        "written");
}

void insert_record_run(struct insert_record *record, int answer)
{
	const char *why = NULL;
	struct recording *recording = recording_open(record, &why);
	char text[16] = "\n", word;
	size_t n;

	if (recording != NULL) {
		cmd_say_problems(recording->problems);
		snprintf(text, sizeof text, "%u\n",
		        index_settings(recording->tagger.index)->lock_timeout);
	}
	(void)io_write(answer, text, strlen(text));
	if (recording == NULL || (record->is_judged && is_news(recording))) {
		if (io_read(record->go, &word, 1, &n) != STATUS_OK || n == 0)
			return; /* not delivered; notmuch says why */
		if (recording != NULL)
			recording_finish(recording);
		else
			cmd_say("insert: delivered, but the index was not told what it is: %s",
			        why);
	}
	(void)io_write(answer, "\n", 1);
}
