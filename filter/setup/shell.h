/* A command for the user to type, or for us to run with the user's leave. */
#ifndef SHELL_H
#define SHELL_H

#include "base/status.h"

/* COMMAND, NULL-terminated, as a line for a shell, owned by CTX. */
char *shell_line(const void *ctx, char *const *command);

/* Run COMMAND and wait for it. FILE, which it changes (NULL: none), is kept as *COPY (NULL: not kept, there is none). On an error *WHY says why. */
enum status shell_run(const void *ctx, char *const *command, const char *file, char **copy, const char **why);

#endif
