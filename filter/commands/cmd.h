/* What the commands share: what they read, and how they speak to a person. */
#ifndef CMD_H
#define CMD_H

#include "commands/command.h"
#include "mail/input.h"

/* Says something on stderr, behind the program's name. FORMAT is English; it is said in the language
 * that is spoken, by messages.txt in share/explain/. Names in it are made safe to show. */
void cmd_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From now on keeps in *SAID (owned by CTX, NULL while it is empty) what would be said on stderr, up to
 * the end of the program: SAID must live as long. */
void cmd_say_to(const void *ctx, char **said);

/* Says what another process kept. */
void cmd_say_kept(const char *said);

/* Says TEXT to the person at the terminal, if there is one, even while messages are kept. */
void cmd_say_at_once(const char *text);

/* Calls INPUT->mail with the report that a server would have made of REPLY (a server's reply, or a line
 * of a log) or, if REPLY is "", of each such line in PATHS. A line that tells of no failure is passed
 * over. */
enum status cmd_replies(
        const void *ctx, const struct input *input, const char *reply, char **paths);

/* Returns ARGUMENTS or, if there are none, `-` for standard input. If that is a terminal, says what
 * is read from it: a mail (REPLY is NULL), or lines (REPLY is ""). */
char **cmd_paths(char **arguments, const char *reply);

/* Says WHAT is wrong with the file NAME: `complain` of a struct input. */
void cmd_complain(void *argument, const char *name, const char *what);

/* Returns whether stdout is a terminal that has colours and whose user does not object
 * (no-color.org). */
bool cmd_wants_colour(void);

/* Says what is wrong in rules and formats files, and empties PROBLEMS, so that nothing is said
 * twice. */
void cmd_say_problems(struct problems *problems);

/* Writes TEXT to stdout. STATUS_DISK_FULL or STATUS_IO, after saying why, if that fails. */
enum status cmd_print(const char *text);

/* -- how far a long command is: one line on stderr if that is a terminal, which is removed before
 * anything else is said there */

/* From now on progress is shown. */
void cmd_progress_begin(void);

/* Shows this instead of what was shown before. FORMAT is as for cmd_say(), and short. */
void cmd_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Removes what is shown. */
void cmd_progress_clear(void);

/* -- asking the person at the terminal */

/* Opens the terminal from which answers are read; -1 if there is none, or if stdout is none, so that
 * nobody would see the question. */
int cmd_terminal(void);

/* Reads a line from TERMINAL into ANSWER (SIZE bytes; the rest of the line is dropped). Returns false
 * if the input ends before, or reading is interrupted. */
bool cmd_answer(int terminal, char *answer, size_t size);

/* Asks QUESTION and reads a line from TERMINAL. Returns whether it is yes or y, or that word or its
 * first letter in the language that is spoken. */
bool cmd_ask(int terminal, const char *question);

/* From now on ^C ends a read() or a wait, and not the program. */
void cmd_survive_interrupts(void);

/* -- the language that is spoken to a person */

/* From now on speaks LANGUAGE, if there are texts in it. NULL: the environment's, as at first. */
void cmd_language(const char *language);

/* Returns the words of the language that is spoken; reads them when they are first needed. */
struct wording *cmd_words(void);

/* Returns the message ENGLISH in the language that is spoken. */
const char *cmd_text(const char *english) __attribute__((format_arg(1)));

/* Reads CALL's words, of the language that --lang, else SETTING (bounce.language; NULL: it is not set),
 * else the environment asks for, and speaks that language from now on. STATUS_USAGE or
 * STATUS_BAD_RULES, after saying so, if there are no texts in it. */
enum status cmd_wording(struct call *call, const char *setting);

#endif
