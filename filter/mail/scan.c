#include "mail/scan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/child.h"
#include "text/text.h"

struct scanner {
	char **words;
	bool wants_file;
};

struct scanner *scanner_new(const void *ctx, const char *command)
{
	struct scanner *scanner = talloc_zero(ctx, struct scanner);
	char *copy = talloc_strdup(scanner, command), *rest;

	for (const char *word = strtok_r(copy, " \t", &rest); word != NULL;
	        word = strtok_r(NULL, " \t", &rest)) {
		list_add(scanner, &scanner->words, word);
		scanner->wants_file |= strcmp(word, "{}") == 0;
	}
	return scanner->words != NULL ? scanner : NULL;
}

/* Opens a temporary file that only the user can read; *PATH is its name. */
static int scan_file_open(const void *ctx, char **path)
{
	const char *directory = getenv("TMPDIR");

	*path = talloc_asprintf(ctx, "%s/notmuch-bounce.XXXXXX",
	        directory != NULL && directory[0] == '/' ? directory : "/tmp");
	return mkostemp(*path, O_CLOEXEC);
}

/* Runs the scanner to its end, with PATH for each `{}`. Returns its exit status; -1 with errno set
 * if it could not be run, or with errno 0 if a signal ended it. */
static int scanner_run(struct scanner *scanner, char *path, int input, int output)
{
	size_t count = list_length(scanner->words);
	SCOPED char **words = talloc_zero_array(NULL, char *, (unsigned)count + 1);
	const struct program program = {.words = words, .input = input, .output = output};
	int outcome;

	for (size_t i = 0; i < count; i++)
		words[i] = strcmp(scanner->words[i], "{}") == 0 ? path : scanner->words[i];
	int error = program_run(&program, &outcome);
	errno = error;
	return error == 0 && WIFEXITED(outcome) ? WEXITSTATUS(outcome) : -1;
}

/* Returns the last line of the scanner's OUTPUT that is not empty, fit to be shown. */
static char *last_line(const void *ctx, int output)
{
	char text[4096], *line = text;
	ssize_t length = pread(output, text, sizeof text - 1, 0);

	text[length > 0 ? length : 0] = '\0';
	for (char *p = text; *p != '\0'; p++)
		if (*p == '\n' && p[1] != '\n' && p[1] != '\0')
			line = p + 1;
	char *utf8 = text_to_utf8(ctx, line, strcspn(line, "\n"), NULL);
	return text_one_line(ctx, utf8, VALUE_MAX / 4);
}

struct scan scanner_look(struct scanner *scanner, const char *bytes, size_t length)
{
	struct scan scan = {.status = -1, .program = scanner->words[0], .said = ""};
	char *path = NULL;
	int output = io_nameless();
	int input = scanner->wants_file ? scan_file_open(scanner, &path) : io_nameless();

	if (input >= 0 && output >= 0 && io_write(input, bytes, length) == STATUS_OK &&
	        lseek(input, 0, SEEK_SET) == 0)
		scan.status = scanner_run(scanner, path, input, output);
	scan.error = scan.status < 0 ? errno : 0;
	if (scan.status != 0 && output >= 0)
		scan.said = last_line(scanner, output);
	if (path != NULL && input >= 0)
		unlink(path);
	if (input >= 0)
		close(input);
	if (output >= 0)
		close(output);
	return scan;
}
