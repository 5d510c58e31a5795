/* notmuch-bounce: recognises mail that came back, and says why. */
#include <fcntl.h>
#include <glib.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/child.h"
#include "base/list.h"
#include "base/module.h"
#include "commands/cmd.h"
#include "mail/slip.h"

#define VERSION "0.1"

/* The commands that work without the index, and are started often. All others are in the module
 * that is linked with libnotmuch, which has the list of all. */
static const struct command *const light_commands[] = {
        &command_classify,
        &command_filter,
        &command_insert,
        &command_rules,
        NULL,
};

/* Prints that NAME (NULL: none was given) is not among COMMANDS. */
static void command_say_unknown(
        const void *ctx, const char *name, const struct command *const *commands)
{
	char **names = list_new(ctx), *all;

	for (; *commands != NULL; commands++)
		list_add(ctx, &names, (*commands)->name);
	all = g_strjoinv(", ", names);
	const char *meant = name != NULL ? slip_nearest(names, name) : NULL;

	if (name == NULL)
		cmd_say("expected a command: %s; see notmuch-bounce --help", all);
	else if (meant != NULL)
		cmd_say("there is no command \"%s\"; did you mean %s?", name, meant);
	else
		cmd_say("there is no command \"%s\"; see notmuch-bounce --help", name);
	g_free(all);
}

static bool asks_for_help(char **arguments)
{
	for (; *arguments != NULL && strcmp(*arguments, "--") != 0; arguments++)
		if (strcmp(*arguments, "--help") == 0 || strcmp(*arguments, "-h") == 0)
			return true;
	return false;
}

/* Reads the options of COMMAND, and calls RUN. */
static enum status command_run(const void *ctx, const struct command *command, char **arguments,
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
	if (status != STATUS_OK)
		return status;
	if (command->takes_stdin && call.arguments[0] != NULL) {
		cmd_say("%s reads standard input and takes no file: notmuch-bounce %s <%s",
		        command->name, command->name, call.arguments[0]);
		return STATUS_USAGE;
	}
	return run(&call);
}

/* Returns the command NAME (may be NULL) among COMMANDS; NULL if it is not there. */
static const struct command *command_find(const struct command *const *commands, const char *name)
{
	while (*commands != NULL && g_strcmp0((*commands)->name, name) != 0)
		commands++;
	return *commands;
}

static enum status main_run(const void *ctx, char **arguments)
{
	const char *name = arguments[0];
	const struct command *command = command_find(light_commands, name);

	if (command != NULL)
		return command_run(ctx, command, arguments + 1, command->run);
	if (g_strcmp0(name, "--version") == 0)
		return cmd_print("notmuch-bounce " VERSION "\n");
	const struct index_module *module = module_load("index");

	if (module == NULL) {
		cmd_say("a part of the program is missing: %s", module_missing());
		return STATUS_IO;
	}
	const struct command *const *commands = module->commands;

	command = command_find(commands, name);
	if (command != NULL)
		return command_run(ctx, command, arguments + 1, module->run);
	if (g_strcmp0(name, "--help") == 0 || g_strcmp0(name, "-h") == 0 ||
	        g_strcmp0(name, "help") == 0)
		return cmd_print(commands_help(ctx, commands, cmd_words()));
	if (g_strcmp0(name, "--list-options") == 0) { /* for the completions and the manual */
		struct wording *wording = wording_open(ctx, "en", problems_new(ctx));
		struct buffer text = buffer_new(ctx);

		for (; *commands != NULL; commands++)
			buffer_add_string(&text, options_list(ctx, *commands, wording));
		return cmd_print(buffer_text(&text));
	}
	command_say_unknown(ctx, name, commands);
	return STATUS_USAGE;
}

/* Opens descriptors 0 to 2 if they are closed, such that reading stdin and writing stdout fail.
 * Else a file that we open later would become stdin or stdout. */
static void descriptors_occupy(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		        open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(status_exit_code(STATUS_IO));
}

static void out_of_memory(void)
{
	/* decode.c also calls memory_out() when GMime can't be loaded. */
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
	child_ignore_sigpipe(); /* a write to a reader that went away fails, with its exit status */
	status = main_run(ctx, argc > 0 ? argv + 1 : argv);
	if (status == STATUS_TRY_LATER)
		cmd_say("the system is out of memory or other resources; try again later");
	talloc_free(ctx);
	return status_exit_code(status);
}
