/* What a macro of mutt or neomutt shows after a command that was not allowed to print. */
#ifndef CMD_HELD_H
#define CMD_HELD_H

#include "base/status.h"
#include "explain/counterpart.h"

/* Forget all that is kept. */
void held_forget(void);

/* Keep TEXT, and where COUNTERPARTS are, for held_print(). */
enum status held_put(const void *ctx, const char *text, const struct counterparts *counterparts);

/* Print what is kept: WHAT is `text`, and standard input is read to its end and left out; `neomutt`
 * or `mutt`: the command that opens the other mail. */
enum status held_print(const void *ctx, const char *what);

/* Returns the last line of SAID (NULL: nothing), which COMMAND said on stderr, without the names of
 * the program and of COMMAND; NULL if there is none. Owned by CTX. It fits the last line of the
 * screen, whole or cut at the end of a clause, and is clean UTF-8 without anything that mutt would
 * look at within quotes, or in the keys of a push. */
char *held_line(const void *ctx, const char *command, const char *said);

/* The command of mutt's that shows that line. */
char *held_echo(const void *ctx, const char *command, const char *said);

#endif
