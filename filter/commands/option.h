/* The options of a command: read, and said in its help. */
#ifndef OPTION_H
#define OPTION_H

#include "commands/command.h"

/* Take the options out of CALL's arguments and put their values into its struct. `--` ends the
 * options, `-` is none. What is wrong is said, with what was meant: STATUS_USAGE. */
enum status options_read(struct call *call);

/* Returns the help of COMMAND in the words of WORDING, owned by CTX: how it is called, what it is
 * for, its options. At most 80 columns wide. */
char *options_help(const void *ctx, const struct command *command, struct wording *wording);

/* The same of all COMMANDS, NULL-terminated: what each is for. */
char *commands_help(
        const void *ctx, const struct command *const *commands, struct wording *wording);

/* Returns COMMAND and its options for programs, owned by CTX. A line each, with tabs between the
 * name of the command, that of the option (empty: this is the command itself), flag, value, maybe
 * (a value or none) or list (it can be given several times), what the value is called (of a
 * command: its arguments), which values there are, and what it is for. */
char *options_list(const void *ctx, const struct command *command);

#endif
