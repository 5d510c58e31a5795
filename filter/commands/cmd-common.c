#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd-progress.h"
#include "commands/cmd.h"
#include "judge/log-line.h"
#include "text/text.h"

/* Where what is said is kept; NULL: it goes to stderr. */
static char **kept;
static const void *keeper;

void cmd_say_to(const void *ctx, char **said)
{
	*said = NULL;
	kept = said;
	keeper = ctx;
}

static void say_line(const char *line)
{
	cmd_progress_clear();
	if (kept == NULL)
		fprintf(stderr, "%s\n", line);
	else
		*kept = talloc_asprintf(keeper, "%s%s\n", *kept != NULL ? *kept : "", line);
}

void cmd_say(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = talloc_strdup(NULL, "notmuch-bounce: ");
	text = talloc_vasprintf_append(text, format, arguments);
	va_end(arguments);
	/* Names of files and words of a command line may hold anything; a terminal must not obey them. */
	say_line(text_one_line(text, text, strlen(text), VALUE_MAX));
	talloc_free(text);
}

void cmd_say_at_once(const char *text)
{
	int terminal = kept != NULL ? open("/dev/tty", O_WRONLY | O_CLOEXEC | O_NOCTTY) : dup(STDERR_FILENO);

	cmd_progress_clear();
	if (terminal >= 0 && isatty(terminal))
		dprintf(terminal, "notmuch-bounce: %s\r\n", text);
	if (terminal >= 0)
		close(terminal);
}

static void say_problem(const struct problem *problem)
{
	char *text = problem->line > 0 ? talloc_asprintf(NULL, "%s:%d: %s", problem->file, problem->line, problem->text)
	                               : talloc_asprintf(NULL, "%s: %s", problem->file, problem->text);

	say_line(text_one_line(text, text, strlen(text), 2 * VALUE_MAX));
	talloc_free(text);
}

void cmd_say_problems(struct problems *problems)
{
	size_t i;

	for (i = 0; i < problems->count; i++)
		say_problem(&problems->list[i]);
	problems->count = 0;
	problems->list = NULL;
}

enum status cmd_print(const char *text)
{
	enum status status = io_write(STDOUT_FILENO, text, strlen(text));

	if (status != STATUS_OK && errno != EPIPE) /* `| head` has seen enough */
		cmd_say("can't write the output: %s", strerror(errno));
	return status;
}

void cmd_complain(void *argument, const char *name, const char *what)
{
	(void)argument;
	cmd_say("%s: %s", name, what);
}

struct replies {
	const void *ctx;
	const struct input *input;
	struct log_deliveries *deliveries; /* NULL: a reply alone */
};

static enum status see_reply(void *argument, const char *name, const char *line, size_t length)
{
	struct replies *replies = argument;
	char *body = log_line_status(replies->ctx, line, replies->deliveries);
	enum status status = body != NULL ? replies->input->mail(replies->input->argument, name, body, strlen(body)) : STATUS_OK;

	(void)length;
	talloc_free(body);
	return status;
}

enum status cmd_replies(const void *ctx, const struct input *input, const char *reply, char **paths)
{
	struct replies replies = {ctx, input, reply[0] == '\0' ? talloc_zero(ctx, struct log_deliveries) : NULL};
	const struct input lines = {see_reply, input->complain, &replies};
	enum status first = STATUS_OK, status;

	if (reply[0] != '\0')
		return see_reply(&replies, "-", reply, strlen(reply));
	for (; *paths != NULL; paths++) {
		status = input_lines(ctx, &lines, *paths);
		first = first == STATUS_OK ? status : first;
	}
	return first;
}

char **cmd_paths(char **arguments)
{
	static char standard_input[] = "-", *only_stdin[] = {standard_input, NULL};

	if (arguments[0] != NULL)
		return arguments;
	if (isatty(STDIN_FILENO))
		cmd_say("reading a mail from the terminal; end it with Ctrl-D, or name a file");
	return only_stdin;
}

/* Colour is for a terminal that has it, whose owner does not object: no-color.org. */
bool cmd_wants_colour(void)
{
	const char *objection = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && (objection == NULL || objection[0] == '\0') && terminal != NULL &&
	       strcmp(terminal, "dumb") != 0;
}
