/* Keeps texts for a later run of the program in the same terminal session. The macros for mutt need
 * that: in one run a command may not print anything, or mutt would stop; in a later run its
 * explanation, its messages and the commands that mutt is to carry out are read. */
#ifndef HOLD_H
#define HOLD_H

#include "base/status.h"
#include "index/index.h"

/* Keeps TEXT under NAME in place of what was kept there; for all sessions if NAME begins with
 * `any-`. It is in a file that only the user can read, in a folder that only the user can enter,
 * below $XDG_RUNTIME_DIR, $XDG_CACHE_HOME or ~/.cache. STATUS_NO_INPUT if there is no such folder;
 * STATUS_IO or STATUS_DISK_FULL if writing fails. */
enum status hold_put(const void *ctx, const char *name, const char *text);

/* Returns what is kept under NAME, owned by CTX; NULL if nothing is, or it can't be read. */
char *hold_get(const void *ctx, const char *name);

/* Forgets what is kept under NAME. */
void hold_forget(const void *ctx, const char *name);

/* Returns the path of the file for NAME, owned by CTX; NULL if there is no folder for it. */
char *hold_path(const void *ctx, const char *name);

/* Returns whether PATH (may be NULL) can stand in a mutt command without quotes. */
bool hold_is_plain(const char *path);

/* Returns the last line of SAID (may be NULL), which are the messages of COMMAND, without the names
 * of the program and of COMMAND, owned by CTX; NULL if there is none. It is cut to the width of the
 * screen, at the end of a clause if possible, and is clean UTF-8 without characters that mutt would
 * interpret within quotes or in the keys of a push. */
char *hold_line(const void *ctx, const char *command, const char *said);

/* Returns the mutt command that shows that line, owned by CTX. */
char *hold_echo(const void *ctx, const char *command, const char *said);

/* Returns the mutt commands that are kept under the name of COMMAND, owned by CTX, and forgets
 * them. If there are none, returns the one that shows the message NOTHING. */
char *hold_take(const void *ctx, const char *command, const char *nothing);

/* Returns a query that finds MAIL and has no text of its sender's, owned by CTX; NULL if there is
 * none. */
char *hold_term(const void *ctx, struct mail *mail);

#endif
