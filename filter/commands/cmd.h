/* What the commands share: the table of them, their options, and how they speak to a person. */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>

#include "base/problem.h"
#include "base/status.h"

struct command {
	const char *name;
	const char *arguments; /* for the usage line */
	const char *summary;
	const char *help; /* the options, a line each */
	/* ARGUMENTS are those behind the command's name, NULL-terminated. CTX owns what it allocates. */
	enum status (*run)(const void *ctx, char **arguments);
};

extern const struct command command_addresses, command_classify, command_clean, command_explain,
        command_filter, command_forget, command_handled, command_insert, command_report,
        command_resend, command_rules, command_sample, command_send, command_setup, command_silent,
        command_status, command_tag;

/* An option of a command: a flag, one that takes a value of its own (`--format=json` or `--format json`), or both (`--held` or `--held=mutt`). */
struct option {
	const char *name;          /* without the dashes */
	bool *flag;                /* set to true, or */
	const char **value;        /* set to the value, or */
	char ***list;              /* given a value more: it may be said several times */
	const char *const *values; /* the values there are, NULL-terminated; NULL: any */
};

/* Take the options out of ARGUMENTS, which then hold the rest, NULL-terminated. `--` ends the options, `-` is none. OPTIONS end
 * with an empty one. On an error it is said on stderr with the name of COMMAND and what was meant, and STATUS_USAGE returned. */
enum status cmd_options(const char *command, char **arguments, const struct option *options);

/* Say something on stderr, after the program's name. */
void cmd_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From now on keep in *SAID (owned by CTX, NULL while there is nothing) what would be said on stderr. */
void cmd_say_to(const void *ctx, char **said);

/* Whether stdout is a terminal whose owner wants colour. */
bool cmd_wants_colour(void);

/* Say on stderr what is wrong in rules and formats files, and forget it, so that nothing is said twice. */
void cmd_say_problems(struct problems *problems);

/* Write TEXT to stdout. STATUS_DISK_FULL or STATUS_IO after saying why on stderr. */
enum status cmd_print(const char *text);

#endif
