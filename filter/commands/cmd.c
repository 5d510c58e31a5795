#include "commands/cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "judge/log-line.h"
#include "text/text.h"

/* See cmd_say_to(); NULL: messages go to stderr. */
static char **messages_kept;
static const void *messages_ctx;

void cmd_say_to(const void *ctx, char **said)
{
	*said = NULL;
	messages_kept = said;
	messages_ctx = ctx;
}

/* The language of messages, as wording_choose() takes it (NULL: the environment's), and its texts
 * once they are read. Both live as long as the program. */
static const char *messages_language;
static struct wording *messages_words;

void cmd_language(const char *wanted)
{
	static char copy[32];

	if (wanted != NULL)
		g_strlcpy(copy, wanted, sizeof copy);
	messages_language = wanted != NULL ? copy : NULL;
	talloc_free(messages_words != NULL ? talloc_parent(messages_words) : NULL);
	messages_words = NULL;
}

struct wording *cmd_words(void)
{
	if (messages_words != NULL)
		return messages_words;
	struct problems *problems = problems_new(NULL); /* owns all of it */
	const char *const *choices = (const char *const *)source_languages(problems),
	                  *chosen = wording_choose(messages_language, NULL, choices);

	if (chosen == NULL)
		chosen = wording_choose(NULL, NULL, choices);
	messages_words = wording_open(problems, chosen, problems);
	return messages_words;
}

char *call_say(const struct call *call, const char *key, const struct wording_value *values)
{
	return wording_say(call->ctx, call->wording, key, values);
}

const char *cmd_text(const char *english)
{
	if (messages_language != NULL && strcmp(messages_language, "en") == 0)
		return english;
	return wording_message(cmd_words(), english);
}

void cmd_say_kept(const char *said)
{
	cmd_progress_clear();
	fputs(said, stderr);
}

static void say_line(const char *line)
{
	cmd_progress_clear();
	if (messages_kept == NULL)
		fprintf(stderr, "%s\n", line);
	else
		*messages_kept = talloc_asprintf(
		        messages_ctx, "%s%s\n", *messages_kept != NULL ? *messages_kept : "", line);
}

void cmd_say(const char *format, ...)
{
	va_list arguments;
	SCOPED char *text = talloc_strdup(NULL, "notmuch-bounce: ");

	va_start(arguments, format);
	text = talloc_vasprintf_append(text, cmd_text(format), arguments);
	va_end(arguments);
	/* Names of files and arguments may contain anything; a terminal must not obey it. */
	say_line(text_one_line(text, text, VALUE_MAX));
}

void cmd_say_at_once(const char *text)
{
	int terminal = messages_kept != NULL ? open("/dev/tty", O_WRONLY | O_CLOEXEC | O_NOCTTY)
	                                     : dup(STDERR_FILENO);

	cmd_progress_clear();
	if (terminal >= 0 && isatty(terminal))
		dprintf(terminal, "notmuch-bounce: %s\r\n", cmd_text(text));
	if (terminal >= 0)
		close(terminal);
}

void cmd_say_problems(struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->list[i];
		SCOPED char *text = talloc_strdup(NULL, problem->file);

		if (problem->line > 0)
			text = talloc_asprintf_append(text, ":%d", problem->line);
		text = talloc_asprintf_append(text, ": %s", cmd_text(problem->text));
		say_line(text_one_line(text, text, 2 * VALUE_MAX));
	}
	problems->count = 0;
	problems->list = NULL;
}

enum status cmd_print(const char *text)
{
	return cmd_write(text, strlen(text));
}

enum status cmd_print_line(const char *text)
{
	SCOPED char *line = talloc_asprintf(NULL, "%s\n", text);

	return cmd_print(line);
}

enum status cmd_write(const char *bytes, size_t length)
{
	enum status status = io_write(STDOUT_FILENO, bytes, length);

	if (status != STATUS_OK && errno != EPIPE) /* `| head` has seen enough */
		cmd_say("can't write the output: %s", cmd_text(strerror(errno)));
	return status;
}

void cmd_complain(void *argument, const char *name, const char *what)
{
	(void)argument;
	cmd_say("%s: %s", name, cmd_text(what));
}

struct replies {
	const struct input *input;
	struct log_deliveries *deliveries; /* NULL: a reply alone */
};

static enum status see_reply(void *argument, const char *name, const char *line, size_t length)
{
	struct replies *replies = argument;
	SCOPED char *body = log_line_status(NULL, line, replies->deliveries);

	(void)length;
	if (body == NULL)
		return STATUS_OK;
	SCOPED char *report = log_status_as_mail(NULL, body, strlen(body));

	return replies->input->mail(replies->input->argument, name, report, strlen(report));
}

static void complain_of_replies(void *argument, const char *name, const char *what)
{
	const struct replies *replies = argument;

	replies->input->complain(replies->input->argument, name, what);
}

enum status cmd_replies(const void *ctx, const struct input *input, const char *reply, char **paths)
{
	struct replies replies = {
	        input, reply[0] == '\0' ? talloc_zero(ctx, struct log_deliveries) : NULL};
	const struct input lines = {see_reply, complain_of_replies, &replies};
	enum status status = STATUS_OK;

	if (reply[0] != '\0')
		return see_reply(&replies, "-", reply, strlen(reply));
	for (; *paths != NULL; paths++)
		status = status_first(status, input_lines(&lines, *paths));
	return status;
}

char **cmd_paths(char **arguments, const char *reply)
{
	static char standard_input[] = "-", *only_stdin[] = {standard_input, NULL};

	if (arguments[0] != NULL)
		return arguments;
	if (isatty(STDIN_FILENO) && (reply == NULL || reply[0] == '\0'))
		cmd_say(reply == NULL ? "reading a mail from the terminal; end it with Ctrl-D"
		                      : "reading lines from the terminal; end them with Ctrl-D");
	return only_stdin;
}

bool cmd_wants_colour(void)
{
	const char *objection = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && (objection == NULL || objection[0] == '\0') &&
	       terminal != NULL && strcmp(terminal, "dumb") != 0;
}

/* Whether progress is shown, and the columns of what is shown now. */
static bool progress_is_shown;
static int progress_width;

void cmd_progress_begin(void)
{
	progress_is_shown = isatty(STDERR_FILENO);
}

void cmd_progress(const char *format, ...)
{
	va_list arguments;
	int old = progress_width;

	if (!progress_is_shown)
		return;
	va_start(arguments, format);
	SCOPED char *text = talloc_vasprintf(NULL, cmd_text(format), arguments);
	va_end(arguments);
	progress_width = (int)text_width(text);
	fprintf(stderr, "\r%s%*s", text, progress_width < old ? old - progress_width : 0, "");
	fflush(stderr);
}

void cmd_progress_clear(void)
{
	if (progress_width > 0)
		fprintf(stderr, "\r%*s\r", progress_width, "");
	progress_width = 0;
}

int cmd_terminal(void)
{
	if (!isatty(STDOUT_FILENO))
		return -1;
	return isatty(STDIN_FILENO) ? STDIN_FILENO : open("/dev/tty", O_RDONLY | O_CLOEXEC);
}

bool cmd_answer(int terminal, char *answer, size_t size)
{
	size_t length = 0;
	ssize_t n;
	char c = '\0';

	while ((n = read(terminal, &c, 1)) == 1 && c != '\n')
		if (length < size - 1)
			answer[length++] = c;
	answer[length] = '\0';
	return n == 1;
}

/* Returns whether ANSWER is the word YES, or its first letter. */
static bool is_yes(const char *answer, const char *yes)
{
	SCOPED void *ctx = talloc_new(NULL);
	const char *said = text_fold(ctx, answer, strlen(answer)),
	           *word = text_fold(ctx, yes, strlen(yes));
	size_t first = (size_t)(g_utf8_next_char(word) - word);

	return said[0] != '\0' &&
	       (strcmp(said, word) == 0 ||
	               (strlen(said) == first && strncmp(said, word, first) == 0));
}

bool cmd_ask(int terminal, const char *question)
{
	const char *yes = cmd_text("yes");
	SCOPED char *choice = talloc_asprintf(
	        NULL, "%s [%.*s/N] ", question, (int)(g_utf8_next_char(yes) - yes), yes);
	char answer[64];

	if (cmd_print(choice) != STATUS_OK)
		return false;
	if (cmd_answer(terminal, answer, sizeof answer))
		return is_yes(answer, yes) || is_yes(answer, "yes");
	cmd_print("\n");
	return false;
}

static void go_on(int signal)
{
	(void)signal;
}

void cmd_survive_interrupts(void)
{
	sigaction(SIGINT, &(struct sigaction){.sa_handler = go_on}, NULL);
}

enum status cmd_wording(struct call *call, const char *setting)
{
	char **choices = source_languages(call->ctx), *all = g_strjoinv(" ", choices);
	const char *option = call->language,
	           *chosen = wording_choose(option, setting, (const char *const *)choices);

	if (chosen != NULL) {
		call->wording = wording_open(call->ctx, chosen, call->problems);
		cmd_language(chosen);
	} else if (option != NULL)
		cmd_say("%s --%s=%s: expected one of %s", call->command->name, "lang", option, all);
	else
		cmd_say("notmuch config: bounce.language=%s: expected one of %s", setting, all);
	g_free(all);
	return chosen != NULL ? STATUS_OK : option != NULL ? STATUS_USAGE : STATUS_BAD_RULES;
}
