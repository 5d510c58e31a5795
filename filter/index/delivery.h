/* A mail handed to `notmuch insert`: whole, once, and never while we can't tell what becomes of it. */
#ifndef DELIVERY_H
#define DELIVERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* Take all of FROM in before anything is done with it; *SPOOL is a nameless file of *LENGTH bytes, at its beginning. */
enum status delivery_spool(int from, int *spool, size_t *length);

/* In another process: from now on SPOOL can only be read, and its place is this process's own. False if that can't be had. */
bool delivery_spool_to_read(int spool);

/* Run ARGUMENTS (NULL-terminated, the first is the program, sought in PATH) with SPOOL as its standard input, which stands at its beginning. As long as
 * the program has read nothing of it, it waits for the index's lock and has delivered nothing: after TIMEOUT seconds of that, or when we are
 * told to end (SIGTERM, SIGINT, SIGHUP), it is stopped. Once it reads it is let finish. It does not outlive us. STATUS_OK if it exited with 0;
 * STATUS_TRY_LATER with *WHY (static, or owned by CTX) otherwise. */
enum status delivery_run(const void *ctx, char *const *arguments, int spool, unsigned timeout, const char **why);

#endif
