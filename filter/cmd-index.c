#include "cmd-index.h"

#include <signal.h>
#include <talloc.h>
#include <unistd.h>

#include "cmd.h"

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
	struct index *writable;
	const char *why;
	enum status status = index_open(ctx, mode == INDEX_WRITE ? INDEX_READ : mode, 0, index, &why);

	if (status == STATUS_OK && problems != NULL)
		*settings = settings_read(ctx, *index, problems);
	if (wrong != NULL) {
		*wrong = problems != NULL && problems->count > 0;
		if (problems != NULL)
			cmd_say_problems(problems);
	}
	if (status == STATUS_OK && mode == INDEX_WRITE) {
		signal(SIGALRM, give_up);
		alarm(settings->lock_timeout + 1);
		status = index_open(ctx, mode, settings->lock_timeout, &writable, &why);
		alarm(0);
		talloc_free(*index);
		*index = writable;
	}
	if (status != STATUS_OK)
		cmd_say("%s: %s", command, why);
	return status;
}

char *cmd_query(const void *ctx, char **words, const char *fallback)
{
	char *query = talloc_strdup(ctx, words[0] != NULL ? words[0] : fallback);

	while (query != NULL && words[0] != NULL && *++words != NULL)
		query = talloc_asprintf_append_buffer(query, " %s", *words);
	return query;
}
