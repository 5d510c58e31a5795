#include "setup/shell.h"

#include <errno.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

#include "setup/user-file.h"

extern char **environ;

static char *add_word(char *line, const char *word)
{
	size_t piece;

	if (word[0] != '\0' && word[strcspn(word, " \t\n\"'`$&|;<>()*?[]~#!\\{}^=")] == '\0')
		return talloc_strdup_append_buffer(line, word);
	for (line = talloc_strdup_append_buffer(line, "'"); word[0] != '\0'; word += piece) {
		piece = strcspn(word, "'");
		if (piece > 0)
			line = talloc_strndup_append_buffer(line, word, piece);
		else {
			line = talloc_strdup_append_buffer(line, "'\\''");
			piece = 1;
		}
	}
	return talloc_strdup_append_buffer(line, "'");
}

char *shell_line(const void *ctx, char *const *command)
{
	char *line = talloc_strdup(ctx, "");
	size_t i;

	for (i = 0; command[i] != NULL; i++) {
		if (i > 0)
			line = talloc_strdup_append_buffer(line, " ");
		line = add_word(line, command[i]);
	}
	return line;
}

enum status shell_run(const void *ctx, char *const *command, const char *file, char **copy, const char **why)
{
	struct user_file kept = {.exists = false};
	enum status status = file != NULL ? user_file_read(ctx, file, &kept, why) : STATUS_OK;
	int outcome = 0, error;
	pid_t pid;

	*copy = NULL;
	if (status == STATUS_OK)
		status = user_file_keep(ctx, &kept, copy, why);
	if (status != STATUS_OK)
		return status;
	error = posix_spawnp(&pid, command[0], NULL, NULL, command, environ);
	*why = error != 0 ? strerror(error) : "the command failed";
	while (error == 0 && waitpid(pid, &outcome, 0) != pid)
		error = errno == EINTR ? 0 : errno;
	return error == 0 && outcome == 0 ? STATUS_OK : STATUS_IO;
}
