#include "commands/cmd-index.h"

#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/io.h"
#include "base/list.h"
#include "commands/cmd.h"
#include "index/properties.h"
#include "index/tagger.h"
#include "mail/message.h"

static char *last_words;

/* Handles SIGALRM: ends libnotmuch's wait for the lock, which another program may have taken after
 * index_write() found it free. */
static void give_up(int number)
{
	(void)number;
	(void)!write(STDERR_FILENO, last_words, strlen(last_words));
	_exit(status_exit_code(STATUS_LOCKED));
}

enum status cmd_index_open(
        const void *ctx, const char *command, struct problems *problems, struct index **index)
{
	const char *why;
	enum status status = index_open(ctx, problems, index, &why);

	if (status != STATUS_OK)
		cmd_say("%s: %s", command, cmd_text(why));
	return status;
}

static enum status open_index(struct call *call)
{
	size_t known = call->problems->count;
	unsigned needs = call->command->needs;
	enum status status = index_open(call->ctx, call->problems, &call->index, &call->no_index);

	if (status == STATUS_OK) {
		call->settings = *index_settings(call->index);
		if (call->language == NULL)
			cmd_language(call->settings.language);
		return call->problems->count > known && (needs & NEEDS_SETTINGS) ? STATUS_BAD_RULES
		                                                                 : STATUS_OK;
	}
	call->index = NULL;
	if (needs & NEEDS_INDEX)
		cmd_index_missing(call);
	else if (status == STATUS_IO)
		cmd_say("%s: %s; going on without the index", call->command->name,
		        cmd_text(call->no_index));
	return status == STATUS_TRY_LATER || (needs & NEEDS_INDEX) ? status : STATUS_OK;
}

enum status call_open(struct call *call)
{
	unsigned needs = call->command->needs;
	enum status index = STATUS_OK, status = STATUS_OK;

	call->settings = settings_default;
	if (needs & (NEEDS_INDEX | USES_INDEX))
		index = open_index(call);
	if ((index == STATUS_OK || index == STATUS_NO_INPUT) && (needs & NEEDS_WORDING))
		status = cmd_wording(call, call->settings.language);
	if (needs & NEEDS_JUDGE)
		call->judge = judge_open(call->ctx, call->problems);
	cmd_say_problems(call->problems);
	return index != STATUS_OK ? index : status;
}

static enum status call_run(struct call *call)
{
	enum status status = call->command->needs & OPENS_LATER ? STATUS_OK : call_open(call);

	if (status == STATUS_OK)
		status = call->command->run(call);
	cmd_say_problems(call->problems);
	return status;
}

enum status cmd_index_write(const char *command, struct index *index)
{
	unsigned timeout = index_settings(index)->lock_timeout;
	const char *why;
	enum status status;

	last_words = talloc_asprintf(index, "notmuch-bounce: %s: %s\n", command,
	        cmd_text("another program is writing to the index"));
	signal(SIGALRM, give_up);
	alarm(timeout + 1);
	status = index_write(index, timeout > 1 ? 1 : timeout, &why);
	if (status == STATUS_LOCKED && timeout > 1) {
		cmd_say_at_once(
		        "waiting for another program that writes to the index; ^C ends that");
		status = index_write(index, timeout - 1, &why);
	}
	alarm(0);
	if (status != STATUS_OK)
		cmd_say("%s: %s", command, cmd_text(why));
	return status;
}

enum status cmd_index_close(struct index *index, enum status status)
{
	if (status == STATUS_OK)
		status = index_end(index);
	return status_first(status, index_close(index));
}

enum status cmd_index_missing(const struct call *call)
{
	cmd_say("%s: %s", call->command->name, cmd_text(call->no_index));
	return STATUS_NO_INPUT;
}

char *cmd_query(const struct call *call)
{
	char *joined = g_strjoinv(" ", call->arguments),
	     *query = call->arguments[0] != NULL ? talloc_strdup(call->ctx, joined) : NULL;

	g_free(joined);
	return query;
}

enum status cmd_query_failed(const struct call *call, const char *query)
{
	const char *command = call->command->name, *why = index_why(call->index);

	if (query == NULL)
		query = "";
	/* The lines after the first repeat the query. */
	if (why != NULL)
		cmd_say("%s: the index can't be searched for %s: %s", command, query,
		        talloc_strndup(call->ctx, why, strcspn(why, "\n")));
	else
		cmd_say("%s: the index can't be searched for %s", command, query);
	return STATUS_IO;
}

/* Returns the mail with the id NAME, which may have an `id:` or the brackets of a header; NULL if
 * there is none. */
static struct mail *find_id(const void *ctx, struct index *index, const char *name)
{
	struct mail *mail = index_find(ctx, index, strncmp(name, "id:", 3) == 0 ? name + 3 : name);

	return mail != NULL || name[0] != '<' ? mail
	                                      : index_find(ctx, index, message_id_plain(ctx, name));
}

enum status cmd_find(const struct call *call, const char *name, char ***ids)
{
	const char *command = call->command->name;

	*ids = list_new(call->ctx);
	if (call->index == NULL) {
		cmd_say("%s: %s: no such file, and %s", command, name, cmd_text(call->no_index));
		return STATUS_NO_INPUT;
	}
	SCOPED struct mail *mail = find_id(call->ctx, call->index, name);

	if (mail != NULL)
		list_add(call->ctx, ids, mail_id(mail));
	else if (index_ids(call->ctx, call->index, name, ids) != STATUS_OK)
		return cmd_query_failed(call, name);
	if ((*ids)[0] != NULL)
		return STATUS_OK;
	cmd_say("%s: %s: there is no such file, and no such mail in the index", command, name);
	return STATUS_NO_INPUT;
}

enum status cmd_each(const struct call *call, const char *name,
        enum status (*each)(void *argument, struct mail *mail), void *argument)
{
	char **ids;
	enum status status = cmd_find(call, name, &ids);

	for (; status == STATUS_OK && *ids != NULL; ids++) {
		SCOPED struct mail *mail = index_find(NULL, call->index, *ids);

		if (mail != NULL)
			status = each(argument, mail);
	}
	return status;
}

bool cmd_is_file(const char *name)
{
	return name[0] == '/' || strncmp(name, "./", 2) == 0 || strncmp(name, "../", 3) == 0 ||
	       strcmp(name, "-") == 0 || (strncmp(name, "id:", 3) != 0 && access(name, F_OK) == 0);
}

/* -- for `insert`: what a mail that is being delivered means for the index */

/* Returns whether the mail gives anything to write to INDEX. For most mail it does not. The tags of
 * a new mail are set by the delivery itself. */
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

/* Notes in the index what the mail is, links it, and updates mails that it concerns. */
static enum status tell_index(const struct insert_record *record, struct tagger *tagger)
{
	const struct judgement_wire *judged = &record->judged;
	char **reports = list_new(record->ctx);
	enum status status = tagger_delivered(
	        tagger, judged->id, record->spool, record->length, &judged->judgement);
	SCOPED struct mail *mail = index_find(NULL, tagger->index, judged->id);

	if (status == STATUS_OK && mail != NULL)
		status = tagger_turned_up(tagger, mail, judged->from, &reports, &tagger->outdated);
	for (; status == STATUS_OK && *reports != NULL; reports++)
		status = tagger_link(tagger, *reports);
	return status == STATUS_OK ? tagger_settle(tagger) : status;
}

static void index_record(struct insert_record *record, int answer)
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

static const struct command *const index_commands[] = {
        &command_addresses,
        &command_classify,
        &command_clean,
        &command_explain,
        &command_filter,
        &command_forget,
        &command_handled,
        &command_insert,
        &command_report,
        &command_resend,
        &command_rules,
        &command_sample,
        &command_send,
        &command_setup,
        &command_silent,
        &command_status,
        &command_tag,
        NULL,
};

const struct index_module module_index = {index_commands, call_run, index_record};
