/* notmuch-bounce: recognise mail that came back, and say why. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/child.h"
#include "base/list.h"
#include "base/module.h"
#include "commands/cmd.h"
#include "commands/command.h"
#include "commands/option.h"

#ifndef VERSION
#define VERSION "0.1"
#endif

/* Those that need no index, and are started by the thousand. The others are in the module that is
 * linked with libnotmuch. */
static const struct command *const light[] = {
        &command_classify,
        &command_filter,
        &command_insert,
        &command_rules,
        NULL,
};

#define LIGHT_COUNT (sizeof light / sizeof *light - 1)

static int by_name(const void *a, const void *b)
{
	const struct command *const *first = a, *const *second = b;

	return strcmp((*first)->name, (*second)->name);
}

/* All commands by name, NULL-terminated, owned by CTX. NULL, and it was said why, if the module
 * can't be loaded. */
static const struct command **commands_list(const void *ctx)
{
	const struct index_module *module = module_load("index");
	const struct command **list;
	size_t count = 0;

	if (module == NULL) {
		cmd_say("a part of the program is missing: %s", module_missing());
		return NULL;
	}
	while (module->commands[count] != NULL)
		count++;
	list = talloc_zero_array(ctx, const struct command *, (unsigned)(count + LIGHT_COUNT + 1));
	memcpy(list, light, LIGHT_COUNT * sizeof *list);
	memcpy(list + LIGHT_COUNT, module->commands, count * sizeof *list);
	qsort(list, count + LIGHT_COUNT, sizeof *list, by_name);
	return list;
}

static enum status print_help(const void *ctx)
{
	const struct command **commands = commands_list(ctx);

	return commands != NULL ? cmd_print(commands_help(ctx, commands, cmd_words())) : STATUS_IO;
}

/* For the completions and the manual. */
static enum status print_options(const void *ctx)
{
	char *text = talloc_strdup(ctx, "");
	const struct command **command = commands_list(ctx);

	if (command == NULL)
		return STATUS_IO;
	for (; *command != NULL; command++)
		text = talloc_strdup_append_buffer(text, options_list(ctx, *command));
	return cmd_print(text);
}

/* The names of COMMANDS, NULL-terminated, owned by CTX. */
static char **names_of(const void *ctx, const struct command *const *commands)
{
	char **names = list_new(ctx);
	size_t count = 0;

	for (; *commands != NULL; commands++)
		list_add(ctx, &names, &count, (*commands)->name);
	return names;
}

static enum status unknown_command(
        const void *ctx, const char *name, const struct command *const *commands)
{
	const char *meant = list_nearest((const char *const *)names_of(ctx, commands), name);

	if (meant != NULL)
		cmd_say("there is no command \"%s\"; did you mean %s?", name, meant);
	else
		cmd_say("there is no command \"%s\"; see notmuch-bounce --help", name);
	return STATUS_USAGE;
}

static enum status missing_command(const void *ctx)
{
	const struct command **commands = commands_list(ctx);
	char **names = commands != NULL ? names_of(ctx, commands) : NULL, *text;

	if (names == NULL)
		return STATUS_IO;
	for (text = talloc_strdup(ctx, *names); *++names != NULL;)
		text = talloc_asprintf_append_buffer(text, ", %s", *names);
	cmd_say("expected a command: %s; see notmuch-bounce --help", text);
	return STATUS_USAGE;
}

static bool asks_for_help(char **arguments)
{
	for (; *arguments != NULL && strcmp(*arguments, "--") != 0; arguments++)
		if (strcmp(*arguments, "--help") == 0 || strcmp(*arguments, "-h") == 0)
			return true;
	return false;
}

/* RUN runs COMMAND, once its options are read. */
static enum status run_command(const void *ctx, const struct command *command, char **arguments,
        enum status (*run)(struct call *call))
{
	struct call call = {.ctx = ctx, .command = command, .arguments = arguments};
	enum status status = STATUS_OK;

	if (asks_for_help(arguments))
		return cmd_print(options_help(ctx, command, cmd_words()));
	if (command->is_logged)
		cmd_language("en");
	call.options = talloc_zero_size(ctx, command->size);
	call.problems = problems_new(ctx);
	if (!command->passes_all)
		status = options_read(&call);
	return status == STATUS_OK ? run(&call) : status;
}

/* The command NAME among COMMANDS; NULL: it is none of them. */
static const struct command *find(const struct command *const *commands, const char *name)
{
	while (*commands != NULL && strcmp((*commands)->name, name) != 0)
		commands++;
	return *commands;
}

static enum status run(const void *ctx, char **arguments)
{
	const char *name = arguments[0];
	const struct command **commands, *command;

	if (name == NULL)
		return missing_command(ctx);
	if (strcmp(name, "--version") == 0)
		return cmd_print("notmuch-bounce " VERSION "\n");
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
		return print_help(ctx);
	if (strcmp(name, "--list-options") == 0)
		return print_options(ctx);
	command = find(light, name);
	if (command != NULL)
		return run_command(ctx, command, arguments + 1, command->run);
	commands = commands_list(ctx);
	if (commands == NULL)
		return STATUS_IO;
	command = find(commands, name);
	if (command == NULL)
		return unknown_command(ctx, name, commands);
	return run_command(ctx, command, arguments + 1,
	        ((const struct index_module *)module_load("index"))->run);
}

/* A descriptor that is closed must not become some file that we open: reading stdin or writing
 * stdout has to fail instead. */
static void descriptors_occupy(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		        open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(status_exit_code(STATUS_IO));
}

static void out_of_memory(void)
{
	/* Loading a library may fail for other reasons. */
	const char *library = module_missing(),
	           *text = library != NULL ? "\n" : "out of memory; try again later\n";

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
	child_ignore_sigpipe(); /* a reader that went away is a failed write, with its exit status */
	status = run(ctx, argc > 0 ? argv + 1 : argv);
	if (status == STATUS_TRY_LATER)
		cmd_say("the system is out of memory or other resources; try again later");
	talloc_free(ctx);
	return status_exit_code(status);
}
