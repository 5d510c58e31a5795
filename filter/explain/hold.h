/* What one run of the program keeps for the next, in the same terminal session: how the macro packs
 * get an explanation into a pager that shows only what a filter prints, and where they go from
 * there. */
#ifndef HOLD_H
#define HOLD_H

#include <stdbool.h>

#include "base/status.h"

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

#endif
