#include "commands/cmd-insert-record.h"

#include <stdio.h>

#include "base/io.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/properties.h"
#include "index/tagger.h"

/* Returns whether there is anything to write to INDEX, as it was before the delivery or is after it. A
 * mail that is new there gets its tags by being delivered. */
static bool is_news(const struct insert_record *record, struct index *index)
{
	const struct judgement_wire *mail = &record->judged;
	SCOPED struct mail *before = index_find(NULL, index, mail->id);

	return mail->judgement.facts->kind != KIND_NONE ||
	       (before != NULL && mail_value(before, before, PROPERTY_TAG) != NULL) ||
	       index_count(index, tagger_waiting_query(record->ctx, mail->id, mail->from)) > 0 ||
	       (mail->from != NULL && settings_finds_own(index_settings(index), mail->from) &&
	               index_count(index, "property:" PROPERTY_IS "=" IS_REPORT) > 0);
}

/* Writes to the index what the mail is, and updates what waits for it. */
static enum status tell_index(const struct insert_record *record, struct tagger *tagger)
{
	const struct judgement_wire *judged = &record->judged;
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

void insert_record_run(struct insert_record *record, int answer)
{
	struct problems *problems = problems_new(record->ctx);
	struct tagger tagger = {.ctx = record->ctx};
	const char *why;
	bool is_open = index_open(record->ctx, problems, &tagger.index, &why) == STATUS_OK;
	char text[16] = "\n", word;
	size_t n;

	if (is_open) {
		cmd_say_problems(problems);
		snprintf(text, sizeof text, "%u\n", index_settings(tagger.index)->lock_timeout);
	}
	(void)io_write(answer, text, strlen(text));
	if (!is_open || (record->is_judged && is_news(record, tagger.index))) {
		if (io_read(record->go, &word, 1, &n) != STATUS_OK || n == 0)
			return; /* not delivered; notmuch says why */
		if (!is_open)
			cmd_say("insert: delivered, but the index was not told what it is: %s",
			        why);
		else if (cmd_index_write("insert", tagger.index) == STATUS_OK &&
		         cmd_index_close(tagger.index, tell_index(record, &tagger)) != STATUS_OK)
			cmd_say("insert: delivered, but not linked to other mail: the index can't "
			        "be written");
	}
	(void)io_write(answer, "\n", 1);
}
