#include "commands/cmd-delivered.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/fate.h"
#include "index/sort.h"
#include "index/sweep.h"
#include "judge/sandbox.h"
#include "mail/message-id.h"

struct delivered {
	struct sorter sorter;
	struct problems *problems;
	const struct handover *mail;
	char **arguments;
};

/* The first bytes of the mail. */
static char *read_spool(const void *ctx, int spool, size_t length, size_t *got)
{
	size_t wanted = length < MAIL_JUDGED_MAX ? length : MAIL_JUDGED_MAX;
	char *bytes = talloc_size(ctx, wanted + 1);
	ssize_t n = 1;

	for (*got = 0; *got < wanted && n > 0; *got += n > 0 ? (size_t)n : 0)
		n = pread(spool, bytes + *got, wanted - *got, (off_t)*got);
	bytes[*got] = '\0';
	return bytes;
}

static bool read_header(const void *ctx, int spool, size_t length, const char *bytes, size_t got, struct handover *mail)
{
	struct message *message;
	const char *id;

	if (message_read(ctx, bytes, got, &message) != STATUS_OK)
		return false;
	id = fields_value(&message->header, "Message-ID");
	mail->id = id != NULL ? message_id_plain(ctx, id) : NULL;
	if (mail->id == NULL)
		mail->id = message_id_of_file(ctx, spool, length);
	mail->from = message_header(ctx, message, "From");
	return mail->id != NULL;
}

enum status delivered_judge(const void *ctx, int spool, size_t length, char **text)
{
	struct problems *problems = problems_new(ctx);
	struct handover mail = {.id = NULL};
	struct judge *judge = judge_open(ctx, problems);
	enum status status;
	size_t got;
	char *bytes;

	judge_gather(judge);
	sandbox_limit(PROCESSOR_SECONDS_MAX);
	sandbox_enter(SANDBOX_SEALED);
	bytes = read_spool(ctx, spool, length, &got);
	if (!read_header(ctx, spool, length, bytes, got, &mail))
		return STATUS_NOT_MAIL;
	status = judge_mail(ctx, judge, bytes, got, &mail.judgement);
	cmd_say_problems(problems);
	*text = status == STATUS_OK ? handover_write(ctx, &mail) : NULL;
	return status;
}

bool delivered_is_tag_change(const char *argument)
{
	return argument[0] == '+' || (argument[0] == '-' && argument[1] != '-' && argument[1] != '\0');
}

static void apply_users_tags(struct delivered *delivered, struct mail *mail)
{
	char **next;

	for (next = delivered->arguments; *next != NULL; next++)
		if (delivered_is_tag_change(*next) && **next == '+')
			mail_add_tag(mail, *next + 1);
		else if (delivered_is_tag_change(*next))
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

struct delivered *delivered_open(const void *ctx, char **arguments, const char **why)
{
	struct delivered *delivered = talloc_zero(ctx, struct delivered);

	delivered->arguments = arguments;
	if (index_open(delivered, INDEX_READ, &delivered->sorter.index, why) != STATUS_OK)
		return NULL;
	delivered->problems = problems_new(delivered);
	delivered->sorter.settings = settings_read(delivered, delivered->sorter.index, delivered->problems);
	return delivered;
}

unsigned delivered_lock_timeout(const struct delivered *delivered)
{
	cmd_say_problems(delivered->problems);
	return delivered->sorter.settings.lock_timeout;
}

bool delivered_prepare(struct delivered *delivered, const struct handover *handover)
{
	bool news;

	delivered->mail = handover;
	index_pretend(delivered->sorter.index, true);
	news = is_news(delivered);
	index_pretend(delivered->sorter.index, false);
	return news;
}

void delivered_finish(struct delivered *delivered)
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
