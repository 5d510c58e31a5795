#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "io.h"
#include "suggest.h"

#define OPTIONS_MAX 20

void
cmd_say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("notmuch-bounce: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
}

void
cmd_say_problems(struct problems *problems)
{
	size_t i;

	for (i = 0; i < problems->count; i++) {
		const struct problem *problem = &problems->list[i];

		if (problem->line > 0)
			fprintf(stderr, "%s:%d: %s\n", problem->file, problem->line, problem->text);
		else
			fprintf(stderr, "%s: %s\n", problem->file, problem->text);
	}
	problems->count = 0;
	problems->list = NULL;
}

enum status
cmd_print(const char *text)
{
	if (text == NULL)
		return STATUS_TRY_LATER;
	if (io_write(STDOUT_FILENO, text, strlen(text)) == STATUS_OK)
		return STATUS_OK;
	cmd_say("can't write the output: %s", strerror(errno));
	return STATUS_IO;
}

static enum status
unknown_option(const char *command, const char *name, const struct option *options)
{
	const char *names[OPTIONS_MAX + 1] = {NULL}, *meant;
	size_t i;

	for (i = 0; i < OPTIONS_MAX && options[i].name != NULL; i++)
		names[i] = options[i].name;
	meant = suggest(name, names);
	if (meant != NULL)
		cmd_say("%s has no option --%s; did you mean --%s?", command, name, meant);
	else
		cmd_say("%s has no option --%s; see notmuch-bounce %s --help", command, name, command);
	return STATUS_USAGE;
}

static enum status
check_value(const char *command, const struct option *option, const char *value)
{
	const char *meant;
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
	fprintf(stderr, "notmuch-bounce: %s --%s=%s: expected one of", command, option->name, value);
	for (i = 0; option->values[i] != NULL; i++)
		fprintf(stderr, " %s", option->values[i]);
	fputc('\n', stderr);
	return STATUS_USAGE;
}

/* Read the option WORD; NEXT moves on if it takes the following argument as its value. */
static enum status
read_option(const char *command, char *word, char ***next, const struct option *options)
{
	char *name = word + strspn(word, "-"), *value = strchr(name, '=');
	const struct option *option = options;

	if (value != NULL)
		*value++ = '\0';
	while (option->name != NULL && strcmp(option->name, name) != 0)
		option++;
	if (option->name == NULL)
		return unknown_option(command, name, options);
	if (option->flag != NULL && value != NULL) {
		cmd_say("%s --%s takes no value", command, name);
		return STATUS_USAGE;
	}
	if (option->flag != NULL) {
		*option->flag = true;
		return STATUS_OK;
	}
	if (value == NULL)
		value = **next != NULL ? *(*next)++ : NULL;
	if (value == NULL) {
		cmd_say("%s --%s: expected a value", command, name);
		return STATUS_USAGE;
	}
	*option->value = value;
	return check_value(command, option, value);
}

enum status
cmd_options(const char *command, char **arguments, const struct option *options)
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
