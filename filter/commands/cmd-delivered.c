#include "commands/cmd-delivered.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/delivery.h"
#include "index/fate.h"
#include "index/sort.h"
#include "index/sweep.h"

struct delivered {
	struct sorter sorter;
	struct problems *problems;
	const struct handover *mail;
	char **arguments;
};

static void apply_users_tags(struct delivered *delivered, struct mail *mail)
{
	char **next;

	for (next = delivered->arguments; *next != NULL; next++)
		if (delivery_is_tag_change(*next) && **next == '+')
			mail_add_tag(mail, *next + 1);
		else if (delivery_is_tag_change(*next))
			mail_remove_tag(mail, *next + 1);
}

/* Whether the index, as it was before the delivery or is after it, has to be told anything: a mail that was not there gets its tags by being
 * delivered. */
static bool is_news(struct delivered *delivered)
{
	struct mail *mail;
	bool news = false;

	if (delivered->mail->judgement.facts->kind != KIND_NONE)
		return true;
	if (delivered->mail->from != NULL && fate_is_awaited(delivered->sorter.index, delivered->mail->from))
		return true;
	mail = index_find(delivered, delivered->sorter.index, delivered->mail->id);
	if (mail != NULL) {
		apply_users_tags(delivered, mail);
		news = mail_is_changed(mail);
		talloc_free(mail);
	}
	return news;
}

static enum status tell_index(struct delivered *delivered)
{
	struct mail *mail = index_find(delivered, delivered->sorter.index, delivered->mail->id);
	struct sorted sorted;
	enum status status = STATUS_OK;
	time_t date;

	if (mail == NULL)
		return STATUS_OK;
	if (delivered->mail->judgement.facts->kind != KIND_NONE)
		status = sort_judged(delivered, &delivered->sorter, mail, &delivered->mail->judgement, MARKS_DELIVERED, &sorted);
	apply_users_tags(delivered, mail);
	date = mail_date(mail);
	status = status == STATUS_OK ? mail_status(mail) : status;
	talloc_free(mail);
	if (status == STATUS_OK && delivered->mail->judgement.facts->kind == KIND_NONE && delivered->mail->from != NULL)
		status = fate_reply(delivered->sorter.index, delivered->mail->from, date);
	return status;
}

static struct delivered *delivered_open(const void *ctx, char **arguments, const char **why)
{
	struct delivered *delivered = talloc_zero(ctx, struct delivered);

	delivered->arguments = arguments;
	if (index_open(delivered, INDEX_READ, &delivered->sorter.index, why) != STATUS_OK)
		return NULL;
	delivered->problems = problems_new(delivered);
	delivered->sorter.settings = settings_read(delivered, delivered->sorter.index, delivered->problems);
	return delivered;
}

static unsigned delivered_lock_timeout(const struct delivered *delivered)
{
	cmd_say_problems(delivered->problems);
	return delivered->sorter.settings.lock_timeout;
}

static bool delivered_prepare(struct delivered *delivered, const struct handover *handover)
{
	bool news;

	delivered->mail = handover;
	index_pretend(delivered->sorter.index, true);
	news = is_news(delivered);
	index_pretend(delivered->sorter.index, false);
	return news;
}

static void delivered_finish(struct delivered *delivered)
{
	enum status status;

	delivered->sorter.now = time(NULL);
	if (cmd_index_write("insert", delivered->sorter.index, &delivered->sorter.settings) != STATUS_OK)
		return;
	status = index_begin(delivered->sorter.index);
	if (status == STATUS_OK)
		status = tell_index(delivered);
	if (status == STATUS_OK)
		status = index_end(delivered->sorter.index);
	if (index_close(delivered->sorter.index) != STATUS_OK || status != STATUS_OK)
		cmd_say("insert: delivered, but not tied to other mail: the index can't be written");
}

void delivered_record(struct delivery_record *record, int answer)
{
	const char *why = NULL;
	struct delivered *delivered = delivered_open(record->ctx, record->arguments, &why);
	char text[16] = "\n", word;
	size_t n;

	if (delivered != NULL)
		snprintf(text, sizeof text, "%u\n", delivered_lock_timeout(delivered));
	(void)io_write(answer, text, strlen(text));
	if (delivered == NULL || (record->is_judged && delivered_prepare(delivered, &record->handover))) {
		if (io_read(record->go, &word, 1, &n) != STATUS_OK || n == 0)
			return; /* not delivered: notmuch says why */
		if (delivered != NULL)
			delivered_finish(delivered);
		else
			cmd_say("insert: delivered, but the index was not told what it is: %s", why);
	}
	(void)io_write(answer, "\n", 1);
}
