/* What the commands share: what they read, and how they speak to a person. */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>

#include "base/problem.h"
#include "base/status.h"
#include "mail/input.h"

/* Say something on stderr, after the program's name. */
void cmd_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From now on keep in *SAID (owned by CTX, NULL while there is nothing) what would be said on stderr. */
void cmd_say_to(const void *ctx, char **said);

/* Say TEXT now to the person at the terminal, if there is one, also while what is said is kept. */
void cmd_say_at_once(const char *text);

/* Give INPUT->mail a delivery status for REPLY, what a server replied or a line of a log, or if that is "" for each such line in PATHS. A line that
 * tells of no failure is passed over. */
enum status cmd_replies(const void *ctx, const struct input *input, const char *reply, char **paths);

/* Returns ARGUMENTS, or if there are none `-`, for standard input; and then says on a terminal that a mail is expected from there. */
char **cmd_paths(char **arguments);

/* Say WHAT is wrong with the file NAME: for a struct input. */
void cmd_complain(void *argument, const char *name, const char *what);

/* Whether stdout is a terminal whose owner wants colour. */
bool cmd_wants_colour(void);

/* Say on stderr what is wrong in rules and formats files, and forget it, so that nothing is said twice. */
void cmd_say_problems(struct problems *problems);

/* Write TEXT to stdout. STATUS_DISK_FULL or STATUS_IO after saying why on stderr. */
enum status cmd_print(const char *text);

#endif
