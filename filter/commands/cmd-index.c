#include "commands/cmd-index.h"

#include <signal.h>
#include <talloc.h>
#include <unistd.h>

#include "commands/cmd.h"

/* Between our look at the lock and libnotmuch's wait for it another program can be faster: this ends that wait. */
static void give_up(int number)
{
	static const char words[] = "notmuch-bounce: another program is writing to the index; try again later\n";

	(void)number;
	(void)!write(STDERR_FILENO, words, sizeof words - 1);
	_exit(status_exit_code(STATUS_LOCKED));
}

enum status cmd_index_open(
        const void *ctx, const char *command, enum index_mode mode, struct index **index, struct settings *settings, bool *wrong)
{
	struct problems *problems = problems_new(ctx);
	const char *why;
	enum status status = index_open(ctx, mode, index, &why);

	if (status != STATUS_OK) {
		cmd_say("%s: %s", command, why);
		return status;
	}
	*settings = settings_read(ctx, *index, problems);
	if (wrong != NULL) {
		*wrong = problems->count > 0;
		cmd_say_problems(problems);
	}
	return status;
}

enum status cmd_index_write(const char *command, struct index *index, const struct settings *settings)
{
	const char *why;
	enum status status;

	signal(SIGALRM, give_up);
	alarm(settings->lock_timeout + 1);
	status = index_write(index, settings->lock_timeout, &why);
	alarm(0);
	if (status != STATUS_OK)
		cmd_say("%s: %s", command, why);
	return status;
}

char *cmd_query(const void *ctx, char **words, const char *fallback)
{
	char *query = talloc_strdup(ctx, words[0] != NULL ? words[0] : fallback);

	while (words[0] != NULL && *++words != NULL)
		query = talloc_asprintf_append_buffer(query, " %s", *words);
	return query;
}
