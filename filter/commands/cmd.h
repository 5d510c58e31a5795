/* What the commands share: what they read, and how they speak to a person. */
#ifndef CMD_H
#define CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "base/status.h"
#include "knowledge/wording.h"
#include "mail/input.h"

/* Say something on stderr, after the program's name; FORMAT is English, as are the texts that are
 * said, and messages.txt in share/explain/ has them in other languages. */
void cmd_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From now on keep in *SAID (owned by CTX, NULL while there is nothing) what would be said on
 * stderr. */
void cmd_say_to(const void *ctx, char **said);

/* Say TEXT now to the person at the terminal, if there is one, also while what is said is kept. */
void cmd_say_at_once(const char *text);

/* Give INPUT->mail a delivery status for REPLY, what a server replied or a line of a log, or if
 * that is "" for each such line in PATHS. A line that tells of no failure is passed over. */
enum status cmd_replies(
        const void *ctx, const struct input *input, const char *reply, char **paths);

/* Returns ARGUMENTS, or if there are none `-`, for standard input; and then says on a terminal what
 * is expected from there: a mail or, with REPLY "", lines. With any other REPLY nothing is. */
char **cmd_paths(char **arguments, const char *reply);

/* Say WHAT is wrong with the file NAME: for a struct input. */
void cmd_complain(void *argument, const char *name, const char *what);

/* Whether stdout is a terminal whose owner wants colour. */
bool cmd_wants_colour(void);

/* Say on stderr what is wrong in rules and formats files, and forget it, so that nothing is said
 * twice. */
void cmd_say_problems(struct problems *problems);

/* Write TEXT to stdout. STATUS_DISK_FULL or STATUS_IO after saying why on stderr. */
enum status cmd_print(const char *text);

/* -- how far a long command is: one line on stderr if that is a terminal, which is taken away
 * before anything else is said there */

/* From now on progress is shown, and time is taken. */
void cmd_progress_begin(void);

/* Show this instead of what was shown before. FORMAT is as for cmd_say(), and short. */
void cmd_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How many in a second, if there were COUNT since the beginning. */
size_t cmd_progress_rate(size_t count);

/* Take away what is shown. */
void cmd_progress_clear(void);

/* -- asking the person at the terminal */

/* Where answers come from; -1 if there is nobody to ask, or nobody who sees what is asked. */
int cmd_terminal(void);

/* A line from TERMINAL into ANSWER (SIZE bytes, what is more is dropped); false if there is none,
 * or it was interrupted. */
bool cmd_answer(int terminal, char *answer, size_t size);

/* Ask, and read a line from ANSWERS. Only a plain y or yes is one, or that in the user's language. */
bool cmd_ask(int answers, const char *question);

/* -- in which language a person is spoken to */

/* From now on speak LANGUAGE, if there are texts in it; NULL: the environment's, as at first. */
void cmd_language(const char *language);

/* The words of the language that is spoken, read when they are first asked for. */
struct wording *cmd_words(void);

/* ENGLISH in that language: what is said within another message. */
const char *cmd_text(const char *english) __attribute__((format_arg(1)));

/* The words of the language asked for by OPTION (--lang of COMMAND), else SETTING
 * (bounce.language), else the environment; OPTION and SETTING may be NULL. STATUS_USAGE or
 * STATUS_BAD_RULES, and it was said on stderr, if there are no texts in what OPTION or SETTING asks
 * for. Owned by CTX; this is what is spoken from now on. */
enum status cmd_wording(const void *ctx, const char *command, const char *option,
        const char *setting, struct problems *problems, struct wording **wording);

#endif
