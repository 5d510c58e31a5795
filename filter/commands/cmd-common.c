#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/suggest.h"
#include "commands/cmd-progress.h"
#include "commands/cmd.h"
#include "text/text.h"

#define OPTIONS_MAX 20

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

/* WORD is the option as it was typed. */
static enum status unknown_option(const char *command, const char *word, const struct option *options)
{
	const char *name = word + strspn(word, "-");
	const char *names[OPTIONS_MAX + 1] = {NULL}, *meant;
	size_t i;

	for (i = 0; i < OPTIONS_MAX && options[i].name != NULL; i++)
		names[i] = options[i].name;
	meant = suggest(name, names);
	if (meant != NULL)
		cmd_say("%s has no option %s; did you mean --%s?", command, word, meant);
	else
		cmd_say("%s has no option %s; see notmuch-bounce %s --help", command, word, command);
	return STATUS_USAGE;
}

static enum status check_value(const char *command, const struct option *option, const char *value)
{
	const char *meant;
	char *list;
	size_t i;

	for (i = 0; option->values != NULL && option->values[i] != NULL; i++)
		if (strcmp(option->values[i], value) == 0)
			return STATUS_OK;
	if (option->values == NULL)
		return STATUS_OK;
	meant = suggest(value, option->values);
	if (meant != NULL) {
		cmd_say("%s --%s=%s: did you mean %s?", command, option->name, value, meant);
		return STATUS_USAGE;
	}
	list = talloc_strdup(NULL, "");
	for (i = 0; option->values[i] != NULL; i++)
		list = talloc_asprintf_append_buffer(list, " %s", option->values[i]);
	cmd_say("%s --%s=%s: expected one of%s", command, option->name, value, list);
	talloc_free(list);
	return STATUS_USAGE;
}

/* Read the option WORD; NEXT moves on if it takes the following argument as its value. */
static enum status read_option(const char *command, char *word, char ***next, const struct option *options)
{
	char *name = word + strspn(word, "-"), *value = strchr(name, '=');
	const struct option *option = options;

	if (value != NULL)
		*value++ = '\0';
	while (option->name != NULL && strcmp(option->name, name) != 0)
		option++;
	if (option->name == NULL)
		return unknown_option(command, word, options);
	if (option->flag != NULL && option->value == NULL && value != NULL) {
		cmd_say("%s --%s takes no value", command, name);
		return STATUS_USAGE;
	}
	if (option->flag != NULL)
		*option->flag = true;
	if (option->flag != NULL && value == NULL)
		return STATUS_OK;
	if (value == NULL)
		value = **next != NULL ? *(*next)++ : NULL;
	if (value == NULL) {
		cmd_say("%s --%s: expected a value", command, name);
		return STATUS_USAGE;
	}
	if (option->list != NULL) {
		size_t count = list_length(*option->list);

		list_add(NULL, option->list, &count, value);
		return STATUS_OK;
	}
	*option->value = value;
	return check_value(command, option, value);
}

enum status cmd_options(const char *command, char **arguments, const struct option *options)
{
	char **rest = arguments, **next = arguments;
	enum status status = STATUS_OK;

	while (status == STATUS_OK && *next != NULL) {
		char *word = *next++;

		if (strcmp(word, "--") == 0) {
			while (*next != NULL)
				*rest++ = *next++;
		} else if (word[0] == '-' && word[1] != '\0')
			status = read_option(command, word, &next, options);
		else
			*rest++ = word;
	}
	*rest = NULL;
	return status;
}

/* Colour is for a terminal that has it, whose owner does not object: no-color.org. */
bool cmd_wants_colour(void)
{
	const char *objection = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && (objection == NULL || objection[0] == '\0') && terminal != NULL &&
	       strcmp(terminal, "dumb") != 0;
}
