/* A mail handed to `notmuch insert`: whole, once, and never while we can't tell what becomes of
 * it. */
#ifndef DELIVERY_H
#define DELIVERY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/status.h"

/* Take all of FROM in before anything is done with it; *SPOOL is a nameless file of *LENGTH bytes,
 * at its beginning. */
enum status delivery_spool(int from, int *spool, size_t *length);

/* Whether ARGUMENT of `notmuch insert` is a tag to set or to take off. */
bool delivery_is_tag_change(const char *argument);

struct delivery;

/* Start ARGUMENTS (NULL-terminated, the first is the program, sought in PATH), which does not
 * outlive us, with SPOOL, LENGTH bytes from its beginning, as standard input. From here on SIGTERM,
 * SIGINT and SIGHUP wait for delivery_end(). *DELIVERY and *WHY it can't be started are owned by
 * CTX. */
enum status delivery_start(const void *ctx, char *const *arguments, int spool, size_t length,
        struct delivery **delivery, const char **why);

/* Wait for its end. As long as nothing of SPOOL is read, notmuch waits for the index's lock and has
 * delivered nothing: TIMEOUT seconds after it was started, or when we are told to end, it is
 * stopped, and whatever it has started (a script of that name may not be notmuch itself), but for
 * our own child OTHER. Once the mail is read it is let finish. If it is killed then, the mail
 * folder tells whether it had delivered.
 *
 * STATUS_OK: delivered; *WHY (owned by DELIVERY) is then what is to be said of it, if anything.
 * STATUS_TRY_LATER with *WHY: nothing was delivered, and nothing will be. */
enum status delivery_end(
        struct delivery *delivery, unsigned timeout, pid_t other, const char **why);

/* Whether the file PATH is what `notmuch insert` makes of SPOOL, LENGTH bytes: the same, but for
 * the From_ line of an mbox, which becomes a field. */
bool delivery_is_file(const char *path, int spool, size_t length);

#endif
