#include "commands/cmd-index.h"

#include <signal.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/list.h"
#include "commands/cmd-insert-record.h"
#include "commands/cmd.h"
#include "mail/message.h"

static char *last_words;

/* Ends libnotmuch's wait for the lock, which another program may have taken after we looked at it.
 */
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
	const char *why, *name = call->command->name;
	enum status status = index_open(call->ctx, call->problems, &call->index, &why);

	if (status == STATUS_OK) {
		call->settings = *index_settings(call->index);
		if (call->language == NULL)
			cmd_language(call->settings.language);
		return call->problems->count > known && (call->command->needs & NEEDS_SETTINGS)
		               ? STATUS_BAD_RULES
		               : STATUS_OK;
	}
	call->index = NULL;
	call->no_index = why;
	if (call->command->needs & NEEDS_INDEX)
		cmd_say("%s: %s", name, cmd_text(why));
	else if (status == STATUS_IO)
		cmd_say("%s: %s; going on without the index", name, cmd_text(why));
	return status == STATUS_TRY_LATER || (call->command->needs & NEEDS_INDEX) ? status
	                                                                          : STATUS_OK;
}

enum status call_open(struct call *call)
{
	unsigned needs = call->command->needs;
	enum status index = STATUS_OK, status = STATUS_OK;

	call->settings = settings_default;
	if (needs & (NEEDS_INDEX | USES_INDEX))
		index = open_index(call);
	if ((index == STATUS_OK || index == STATUS_NO_INPUT) && (needs & NEEDS_WORDING))
		status = cmd_wording(call->ctx, call->command->name, call->language,
		        call->settings.language, call->problems, &call->wording);
	if (needs & NEEDS_JUDGE)
		call->judge = judge_open(call->ctx, call->problems);
	cmd_say_problems(call->problems);
	return index != STATUS_OK ? index : status;
}

enum status call_run(struct call *call)
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

char *cmd_query(const void *ctx, char **words, const char *fallback)
{
	char *query = talloc_strdup(ctx, words[0] != NULL ? words[0] : fallback);

	while (words[0] != NULL && *++words != NULL)
		query = talloc_asprintf_append_buffer(query, " %s", *words);
	return query;
}

void cmd_query_failed(const char *command, struct index *index, const char *query)
{
	const char *why = index_why(index);

	/* After its first line it repeats the query. */
	if (why != NULL)
		cmd_say("%s: the index can't be searched for %s: %s", command, query,
		        talloc_strndup(index, why, strcspn(why, "\n")));
	else
		cmd_say("%s: the index can't be searched for %s", command, query);
}

/* Returns the mail whose id is NAME, perhaps as copied from a header; NULL if there is none. */
static struct mail *find_id(const void *ctx, struct index *index, const char *name)
{
	struct mail *mail = index_find(ctx, index, strncmp(name, "id:", 3) == 0 ? name + 3 : name);

	return mail != NULL || name[0] != '<' ? mail
	                                      : index_find(ctx, index, message_id_plain(ctx, name));
}

enum status cmd_find(
        const void *ctx, const char *command, struct index *index, const char *name, char ***ids)
{
	struct ids found = {list_new(ctx), 0};
	struct mail *mail = find_id(ctx, index, name);
	enum status status = STATUS_OK;

	if (mail != NULL)
		ids_add(ctx, &found, mail_id(mail));
	else
		status = index_ids(ctx, index, name, &found);
	talloc_free(mail);
	*ids = found.list;
	if (status != STATUS_OK)
		cmd_query_failed(command, index, name);
	else if (found.count == 0)
		cmd_say("%s: %s: there is no such file, and no such mail in the index", command,
		        name);
	return status == STATUS_OK && found.count == 0 ? STATUS_NO_INPUT : status;
}

bool cmd_is_file(const char *name)
{
	return name[0] == '/' || strncmp(name, "./", 2) == 0 || strncmp(name, "../", 3) == 0 ||
	       strcmp(name, "-") == 0 || (strncmp(name, "id:", 3) != 0 && access(name, F_OK) == 0);
}

static const struct command *const commands[] = {
        &command_addresses,
        &command_clean,
        &command_explain,
        &command_forget,
        &command_handled,
        &command_report,
        &command_resend,
        &command_sample,
        &command_send,
        &command_setup,
        &command_silent,
        &command_status,
        &command_tag,
        NULL,
};

const struct index_module module_index = {commands, call_run, insert_record_run};
