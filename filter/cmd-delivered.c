#include "cmd-delivered.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "cmd-index.h"
#include "cmd.h"
#include "fate.h"
#include "limits.h"
#include "message-id.h"
#include "sort.h"
#include "sweep.h"
#include "tags.h"

struct delivered {
	struct sorter sorter;
	struct judgement judgement;
	struct problems *problems;
	char **arguments;
	char *id;   /* by which notmuch knows the mail */
	char *from; /* decoded; NULL: none */
};

unsigned delivered_lock_timeout(const void *ctx)
{
	struct problems *problems = problems_new(ctx);
	struct settings settings = settings_default;
	struct index *index;
	const char *why;

	/* Without an index notmuch insert will say so. */
	if (problems != NULL && index_open(ctx, INDEX_READ, &index, &why) == STATUS_OK) {
		settings = settings_read(ctx, index, problems);
		talloc_free(index);
		cmd_say_problems(problems);
	}
	return settings.lock_timeout;
}

/* The first bytes of the mail. */
static char *read_spool(const void *ctx, int spool, size_t length, size_t *got)
{
	size_t wanted = length < MAIL_JUDGED_MAX ? length : MAIL_JUDGED_MAX;
	char *bytes = talloc_size(ctx, wanted + 1);
	ssize_t n = 1;

	for (*got = 0; bytes != NULL && *got < wanted && n > 0; *got += n > 0 ? (size_t)n : 0)
		n = pread(spool, bytes + *got, wanted - *got, (off_t)*got);
	if (bytes != NULL)
		bytes[*got] = '\0';
	return bytes;
}

static bool read_header(struct delivered *delivered, int spool, size_t length, const char *bytes, size_t got)
{
	struct message *message;
	const char *id;

	if (message_read(delivered, bytes, got, &message) != STATUS_OK)
		return false;
	id = fields_value(&message->header, "Message-ID");
	delivered->id = id != NULL ? message_id_plain(delivered, id) : NULL;
	if (delivered->id == NULL)
		delivered->id = message_id_of_file(delivered, spool, length);
	delivered->from = message_header(delivered, message, "From");
	return delivered->id != NULL;
}

enum status delivered_judge(
        const void *ctx, int spool, size_t length, char **arguments, struct delivered **out, const char **tags)
{
	struct delivered *delivered = talloc_zero(ctx, struct delivered);
	size_t got, i;
	char *bytes = delivered != NULL ? read_spool(delivered, spool, length, &got) : NULL, *line = talloc_strdup(ctx, "");
	const char **list;
	enum status status;

	if (bytes == NULL || line == NULL || (delivered->problems = problems_new(delivered)) == NULL)
		return STATUS_TRY_LATER;
	if (!read_header(delivered, spool, length, bytes, got))
		return STATUS_NOT_MAIL;
	delivered->arguments = arguments;
	status = judge_open(delivered, delivered->problems, &delivered->sorter.judge);
	if (status == STATUS_OK)
		status = judge_mail(delivered, delivered->sorter.judge, bytes, got, &delivered->judgement);
	cmd_say_problems(delivered->problems);
	list = status == STATUS_OK ? tags_list(delivered, &delivered->judgement) : NULL;
	for (i = 0; list != NULL && list[i] != NULL; i++)
		line = talloc_asprintf_append_buffer(line, "%s%s", i > 0 ? " " : "", list[i]);
	*out = delivered;
	*tags = line;
	return status == STATUS_OK && list == NULL ? STATUS_TRY_LATER : status;
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

/* Whether the index has to be told anything about ordinary mail. Asked without keeping others from writing. */
static bool is_news(struct delivered *delivered)
{
	bool news;
	struct mail *mail;

	if (delivered->judgement.facts->kind != KIND_NONE)
		return true;
	if (cmd_index_open(delivered, "insert", INDEX_PRETEND, &delivered->sorter.index, &delivered->sorter.settings, NULL) !=
	        STATUS_OK)
		return false;
	news = delivered->from != NULL && fate_is_awaited(delivered->sorter.index, delivered->from);
	mail = news ? NULL : index_find(delivered, delivered->sorter.index, delivered->id);
	if (mail != NULL) {
		apply_users_tags(delivered, mail);
		news = mail_is_changed(mail);
		talloc_free(mail);
	}
	index_close(delivered->sorter.index);
	return news;
}

static enum status tell_index(struct delivered *delivered)
{
	struct mail *mail = index_find(delivered, delivered->sorter.index, delivered->id);
	struct sorted sorted;
	enum status status = STATUS_OK;
	time_t date;

	if (mail == NULL)
		return STATUS_OK;
	if (delivered->judgement.facts->kind != KIND_NONE)
		status = sort_judged(delivered, &delivered->sorter, mail, &delivered->judgement, MARKS_DELIVERED, &sorted);
	apply_users_tags(delivered, mail);
	date = mail_date(mail);
	status = status == STATUS_OK ? mail_status(mail) : status;
	talloc_free(mail);
	if (status == STATUS_OK && delivered->judgement.facts->kind == KIND_NONE && delivered->from != NULL)
		status = fate_reply(delivered->sorter.index, delivered->from, date);
	return status;
}

void delivered_finish(struct delivered *delivered)
{
	enum status status;

	if (!is_news(delivered))
		return;
	delivered->sorter.now = time(NULL);
	if (cmd_index_open(delivered, "insert", INDEX_READ, &delivered->sorter.index, &delivered->sorter.settings, NULL) !=
	                STATUS_OK ||
	        cmd_index_write("insert", delivered->sorter.index, &delivered->sorter.settings) != STATUS_OK)
		return;
	status = index_begin(delivered->sorter.index);
	if (status == STATUS_OK)
		status = tell_index(delivered);
	if (status == STATUS_OK)
		status = index_end(delivered->sorter.index);
	if (index_close(delivered->sorter.index) != STATUS_OK || status != STATUS_OK)
		cmd_say("insert: delivered, but not tied to other mail: the index can't be written");
}
