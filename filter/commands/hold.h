/* Keeps texts from one run of the program for the next, in the same terminal session. In this way
 * the macro packs bring an explanation into a pager that shows only what a filter prints, open the
 * mail that it is about, and show what a command said that must not print. */
#ifndef HOLD_H
#define HOLD_H

#include "base/status.h"
#include "index/index.h"

/* Keeps TEXT under NAME (for all sessions if that begins with `any-`) instead of what was kept
 * before: in a file that only the user can read, in a folder that only the user can enter, below
 * $XDG_RUNTIME_DIR, $XDG_CACHE_HOME or ~/.cache. STATUS_IO or STATUS_DISK_FULL if that fails;
 * STATUS_NO_INPUT if there is no such folder. */
enum status hold_put(const void *ctx, const char *name, const char *text);

/* Returns what was kept last under NAME, owned by CTX; NULL if nothing was, or it can't be read. */
char *hold_get(const void *ctx, const char *name);

/* Forgets what is kept under NAME. */
void hold_forget(const void *ctx, const char *name);

/* Returns the path of what is kept under NAME, owned by CTX; NULL if there is no folder for it. */
char *hold_path(const void *ctx, const char *name);

/* Returns whether PATH can stand in a mutt command as it is. */
bool hold_is_plain(const char *path);

/* Returns the last line of SAID (NULL: nothing), which COMMAND said on stderr, without the names of
 * the program and of COMMAND; NULL if there is none. Owned by CTX. It fits the last line of the
 * screen, if need be cut at the end of a clause, and is clean UTF-8 without any character that mutt
 * would interpret within quotes, or in the keys of a push. */
char *hold_line(const void *ctx, const char *command, const char *said);

/* Returns the mutt command that shows hold_line() of the same, owned by CTX. */
char *hold_echo(const void *ctx, const char *command, const char *said);

/* Returns the mutt commands that are kept under the name of COMMAND, and forgets them; if there are
 * none, the one that shows the message NOTHING. Owned by CTX. */
char *hold_take(const void *ctx, const char *command, const char *nothing);

/* Returns a query for MAIL that contains no text chosen by its sender, owned by CTX; NULL if there is
 * none. */
char *hold_term(const void *ctx, struct mail *mail);

#endif
