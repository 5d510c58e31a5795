/* What the commands share: what they read, messages, questions, and the language. */
#ifndef CMD_H
#define CMD_H

#include "commands/command.h"
#include "mail/input.h"

/* Prints a message on stderr, after the program's name. FORMAT is English, and is translated by
 * messages.txt in share/explain/. Control characters in the message are replaced. */
void cmd_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* From now on adds messages to *SAID (owned by CTX; NULL while there are none) instead of printing
 * them. This lasts to the end of the program, and so must SAID. */
void cmd_say_to(const void *ctx, char **said);

/* Prints messages that another process collected with cmd_say_to(). */
void cmd_say_kept(const char *said);

/* Prints TEXT on the terminal, if there is one, even after cmd_say_to(). */
void cmd_say_at_once(const char *text);

/* Calls INPUT->mail with a report made of REPLY, a server's reply or a line of its log, as if the
 * server had sent it; if REPLY is "", of each such line in the files PATHS. Skips lines that report
 * no failure. */
enum status cmd_replies(
        const void *ctx, const struct input *input, const char *reply, char **paths);

/* Returns ARGUMENTS or, if there are none, `-` for standard input. If that is a terminal, prints
 * what it expects there: a mail (REPLY is NULL), or lines (REPLY is ""). */
char **cmd_paths(char **arguments, const char *reply);

/* Prints WHAT is wrong with the file NAME. For `complain` of a struct input. */
void cmd_complain(void *argument, const char *name, const char *what);

/* Returns whether stdout is a terminal that has colours and whose user does not object
 * (no-color.org). */
bool cmd_wants_colour(void);

/* Prints PROBLEMS, which are errors in the user's files and settings, and empties the list. */
void cmd_say_problems(struct problems *problems);

/* Write TEXT, TEXT and a newline, or LENGTH BYTES to stdout. STATUS_DISK_FULL or STATUS_IO, after a
 * message, if that fails. */
enum status cmd_print(const char *text);
enum status cmd_print_line(const char *text);
enum status cmd_write(const char *bytes, size_t length);

/* -- progress of a long command: one line on stderr, if that is a terminal, which is removed before
 * any message */

/* Lets cmd_progress() show something. */
void cmd_progress_begin(void);

/* Shows this in place of the last progress. FORMAT is as for cmd_say(), and short. */
void cmd_progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Removes the progress that is shown. */
void cmd_progress_clear(void);

/* -- asking the person at the terminal */

/* Opens the terminal to read answers from. Returns -1 if there is none, or if stdout is not a
 * terminal, so that nobody would see the question. */
int cmd_terminal(void);

/* Reads a line from TERMINAL into ANSWER (SIZE bytes; the rest of the line is dropped). Returns
 * false if the input ends before, or reading is interrupted. */
bool cmd_answer(int terminal, char *answer, size_t size);

/* Prints QUESTION and reads a line from TERMINAL. Returns whether it is yes or y, or the
 * translation of yes or its first letter. */
bool cmd_ask(int terminal, const char *question);

/* Makes ^C interrupt a read() or a wait instead of ending the program. */
void cmd_survive_interrupts(void);

/* -- the language of messages */

/* From now on messages are in LANGUAGE, if there are texts in it; NULL: in that of the environment,
 * as at first. */
void cmd_language(const char *language);

/* Returns the texts of that language, which are read when first needed. */
struct wording *cmd_words(void);

/* Returns the text of the label KEY in CALL's wording, with VALUES, owned by the call. */
char *call_say(const struct call *call, const char *key, const struct wording_value *values);

/* Returns the translation of the message ENGLISH. */
const char *cmd_text(const char *english) __attribute__((format_arg(1)));

/* Sets CALL's wording, and the language of messages, to the language of --lang, else of SETTING
 * (bounce.language; NULL: not set), else of the environment. STATUS_USAGE or STATUS_BAD_RULES,
 * after a message, if there are no texts in it. */
enum status cmd_wording(struct call *call, const char *setting);

#endif
