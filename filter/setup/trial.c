#include "setup/trial.h"

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/child.h"
#include "base/limits.h"
#include "judge/sandbox.h"
#include "text/text.h"

struct trying {
	const char *folder;
	char *const *command;
};

static void try(void *argument, int answer)
{
	const struct trying *trying = argument;
	int nothing = open("/dev/null", O_RDWR);

	if (!sandbox_enter_folder(trying->folder) || setpgid(0, 0) != 0 ||
	        dup2(nothing, STDIN_FILENO) < 0 || dup2(answer, STDOUT_FILENO) < 0 ||
	        dup2(nothing, STDERR_FILENO) < 0)
		return;
	child_become(trying->command);
}

/* Takes the next word off *LINE, up to a tab, as clean text. */
static char *next_word(const void *ctx, char **line)
{
	char *word = strsep(line, "\t");

	return word != NULL ? text_one_line(ctx, word, VALUE_MAX) : talloc_strdup(ctx, "");
}

bool trial_read(const void *ctx, char *said, struct trial *trial)
{
	char *line;
	bool is_over = false;

	*trial = (struct trial){.said = talloc_strdup(ctx, "")};
	while ((line = strsep(&said, "\n")) != NULL) {
		char *what = strsep(&line, "\t");
		struct trial_mail *mail = strcmp(what, "message") == 0  ? &trial->message
		                          : strcmp(what, "bounce") == 0 ? &trial->bounce
		                                                        : NULL;

		if (strcmp(what, "said") == 0) {
			is_over = true;
			trial->said = next_word(ctx, &line);
		} else if (mail != NULL) {
			mail->folder = next_word(ctx, &line);
			mail->tags = next_word(ctx, &line);
			mail->reason = next_word(ctx, &line);
		}
	}
	return is_over && trial->message.folder != NULL && trial->bounce.folder != NULL;
}

bool trial_run(const struct setup *setup, const char *agent, const char *file, char *const *lines,
        struct trial *trial)
{
	const void *ctx = setup->ctx;
	const char *temporary = getenv("TMPDIR");
	char *folder = talloc_asprintf(ctx, "%s/notmuch-bounce-XXXXXX",
	        temporary != NULL && temporary[0] == '/' ? temporary : "/tmp");
	bool exists;
	char *script = setup_source(setup, "recipes/trial", &exists), *said;

	if (!exists || setup->home == NULL || mkdtemp(folder) == NULL)
		return false;
	char *added = lines != NULL ? g_strjoinv("\n", (char **)lines) : NULL;
	char *const command[] = {
	        script, folder, talloc_strdup(ctx, agent), talloc_strdup(ctx, file), added, NULL};
	char *const removal[] = {talloc_strdup(ctx, "rm"), talloc_strdup(ctx, "-rf"), folder, NULL};
	struct trying trying = {folder, command};
	struct child child = child_start(try, &trying);
	int outcome;

	said = child_answer(
	        ctx, &child, TRIAL_BYTES_MAX, child_clock() + 1000LL * TRIAL_SECONDS_MAX);
	if (child.pid > 0)
		kill(-child.pid, SIGKILL);
	child_end(&child);
	g_free(added);
	program_run(&(struct program){.words = removal, .input = -1, .output = -1}, &outcome);
	return said != NULL && trial_read(ctx, said, trial);
}
