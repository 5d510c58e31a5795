/* notmuch-bounce: recognise mail that came back, and say why. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/late.h"
#include "base/suggest.h"
#include "commands/cmd.h"

#ifndef VERSION
#define VERSION "0.1"
#endif

static const struct command *const commands[] = {
        &command_classify,
        &command_explain,
        &command_filter,
        &command_insert,
        &command_resend,
        &command_rules,
        &command_setup,
        &command_status,
        &command_tag,
};

#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static enum status print_help(const void *ctx)
{
	char *text = talloc_strdup(ctx, "usage: notmuch-bounce COMMAND [OPTION]... (or: notmuch bounce COMMAND ...)\n\n");
	size_t i;

	for (i = 0; i < COMMAND_COUNT; i++)
		text = talloc_asprintf_append_buffer(text, "  %-9s  %s\n", commands[i]->name, commands[i]->summary);
	text = talloc_strdup_append_buffer(text, "\nnotmuch-bounce COMMAND --help says more. --version: what this is.\n");
	return cmd_print(text);
}

static enum status print_command_help(const void *ctx, const struct command *command)
{
	return cmd_print(talloc_asprintf(ctx, "usage: notmuch-bounce %s %s\n%s.\n\n%s", command->name, command->arguments,
	        command->summary, command->help));
}

static enum status unknown_command(const char *name)
{
	const char *names[COMMAND_COUNT + 1] = {NULL}, *meant;
	size_t i;

	for (i = 0; i < COMMAND_COUNT; i++)
		names[i] = commands[i]->name;
	meant = suggest(name, names);
	if (meant != NULL)
		cmd_say("there is no command \"%s\"; did you mean %s?", name, meant);
	else
		cmd_say("there is no command \"%s\"; see notmuch-bounce --help", name);
	return STATUS_USAGE;
}

static enum status missing_command(const void *ctx)
{
	char *names = talloc_strdup(ctx, commands[0]->name);
	size_t i;

	for (i = 1; i < COMMAND_COUNT; i++)
		names = talloc_asprintf_append_buffer(names, ", %s", commands[i]->name);
	cmd_say("expected a command: %s; see notmuch-bounce --help", names);
	return STATUS_USAGE;
}

static bool asks_for_help(char **arguments)
{
	for (; *arguments != NULL && strcmp(*arguments, "--") != 0; arguments++)
		if (strcmp(*arguments, "--help") == 0 || strcmp(*arguments, "-h") == 0)
			return true;
	return false;
}

static enum status run(const void *ctx, char **arguments)
{
	const char *name = arguments[0];
	size_t i;

	if (name == NULL)
		return missing_command(ctx);
	if (strcmp(name, "--version") == 0)
		return cmd_print("notmuch-bounce " VERSION "\n");
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
		return print_help(ctx);
	for (i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return asks_for_help(arguments + 1) ? print_command_help(ctx, commands[i])
			                                    : commands[i]->run(ctx, arguments + 1);
	return unknown_command(name);
}

/* A descriptor that is closed must not become some file that we open: reading stdin or writing stdout has to fail instead. */
static void descriptors_occupy(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(status_exit_code(STATUS_IO));
}

static void out_of_memory(void)
{
	/* Loading a library may fail for other reasons. */
	const char *library = late_missing(),
	           *text = library != NULL ? ": it can't be loaded\n" : "out of memory; try again later\n";

	(void)!write(STDERR_FILENO, "notmuch-bounce: ", 16);
	if (library != NULL)
		(void)!write(STDERR_FILENO, library, strlen(library));
	(void)!write(STDERR_FILENO, text, strlen(text));
	_exit(status_exit_code(STATUS_TRY_LATER));
}

int main(int argc, char **argv)
{
	enum status status;
	void *ctx;

	descriptors_occupy();
	memory_on_out(out_of_memory);
	ctx = talloc_new(NULL);
	signal(SIGPIPE, SIG_IGN); /* a reader that went away is a failed write, with its exit status */
	status = run(ctx, argc > 0 ? argv + 1 : argv);
	if (status == STATUS_TRY_LATER)
		cmd_say("out of memory, or of something else that the system gives; try again later");
	talloc_free(ctx);
	return status_exit_code(status);
}
