/* What one run of the program keeps for the next, in the same terminal session: how the macro packs
 * get an explanation into a pager that shows only what a filter prints, where they go from there,
 * and what they show of a command that was not allowed to print. */
#ifndef HOLD_H
#define HOLD_H

#include <stdbool.h>

#include "base/status.h"
#include "explain/counterpart.h"

/* Keep TEXT under NAME (`text`; one that begins with `any-` is for all sessions) in the place of
 * what was kept before: in a file that only the user can read, in a folder that only the user can
 * enter, below $XDG_RUNTIME_DIR, $XDG_CACHE_HOME or ~/.cache. STATUS_IO or STATUS_DISK_FULL if that
 * fails; STATUS_NO_INPUT if there is no place for it. */
enum status hold_put(const char *name, const char *text);

/* What was kept last under NAME, owned by CTX; NULL if nothing was, or it can't be read. */
char *hold_get(const void *ctx, const char *name);

/* Forget what is kept under NAME. */
void hold_forget(const char *name);

/* Where something that is no text can be kept under NAME, owned by CTX; NULL if there is no
 * place. */
char *hold_path(const void *ctx, const char *name);

/* Whether PATH can stand in a command of mutt's as it is. */
bool hold_is_plain(const char *path);

/* Returns the last line of SAID (NULL: nothing), which COMMAND said on stderr, without the names of
 * the program and of COMMAND; NULL if there is none. Owned by CTX. It fits the last line of the
 * screen, whole or cut at the end of a clause, and is clean UTF-8 without anything that mutt would
 * look at within quotes, or in the keys of a push. */
char *hold_line(const void *ctx, const char *command, const char *said);

/* The command of mutt's that shows that line. */
char *hold_echo(const void *ctx, const char *command, const char *said);

/* The commands for mutt that are kept under the name of COMMAND, once; those that show NOTHING (in
 * English), if there are none. */
char *hold_take(const void *ctx, const char *command, const char *nothing);

/* Forget the explanation that is kept. */
void hold_forget_explanation(void);

/* Keep the explanation TEXT, and where COUNTERPARTS are, for hold_print(). */
enum status hold_explanation(
        const void *ctx, const char *text, const struct counterparts *counterparts);

/* Print what is kept: WHAT is `text` or empty, and standard input is read to its end and left out;
 * `neomutt` or `mutt`: the command that opens the other mail. */
enum status hold_print(const void *ctx, const char *what);

#endif
