/* Reads the options of a command, and says them in its help. */
#ifndef OPTION_H
#define OPTION_H

#include "commands/command.h"

/* Takes the options out of CALL's arguments and puts their values into its struct. `--` ends the
 * options; `-` is an argument. STATUS_USAGE, after saying what is wrong and what may be meant. */
enum status options_read(struct call *call);

/* Returns the help of COMMAND in the words of WORDING, owned by CTX: its usage, what it is for, its
 * options. At most 80 columns wide. */
char *options_help(const void *ctx, const struct command *command, struct wording *wording);

/* Returns the help of the program, owned by CTX: what each of COMMANDS (NULL-terminated) is for. */
char *commands_help(
        const void *ctx, const struct command *const *commands, struct wording *wording);

/* Returns COMMAND and its options for programs, in the words of WORDING, owned by CTX. There is a line for each, of six fields
 * separated by tabs: the name of the command; that of the option (empty: the command itself); `flag`,
 * `value`, `maybe` (with or without a value) or `list` (can be given several times); what the value
 * is called (of a command: its arguments); the values that it can have; what it is for. */
char *options_list(const void *ctx, const struct command *command, struct wording *wording);

#endif
