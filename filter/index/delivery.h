/* Hands a mail to `notmuch insert` so that it is delivered whole and only once, and that it is
 * always known whether it was. */
#ifndef DELIVERY_H
#define DELIVERY_H

#include <sys/types.h>

#include "base/status.h"

/* Reads all of standard input into *SPOOL, a nameless file of *LENGTH bytes that is then read from
 * its beginning. */
enum status delivery_spool(int *spool, size_t *length);

/* Returns whether ARGUMENT of `notmuch insert` is a tag to set or to remove. */
bool delivery_is_tag_change(const char *argument);

struct delivery;

/* Starts ARGUMENTS (NULL-terminated; the first is a program in PATH) with SPOOL, LENGTH bytes, as
 * standard input. The program is killed if we end. Signals that would end us are held back until
 * delivery_end(). STATUS_TRY_LATER with *WHY if it can't be started. All is owned by CTX. */
enum status delivery_start(const void *ctx, char *const *arguments, int spool, size_t length,
        struct delivery **delivery, const char **why);

/* Waits for the program's end. Until it reads from SPOOL, it waits for the index's lock and has
 * delivered nothing; so at a signal, or TIMEOUT seconds after its start, it is killed with all that
 * it has started, but not our own child OTHER. Once it has read, it may finish; if it fails then,
 * the mail folder shows whether it had delivered, and unless it had, what it has started is killed.
 * Returns STATUS_OK if the mail is delivered; *WHY (owned by DELIVERY) is then a remark or NULL.
 * Returns STATUS_TRY_LATER with *WHY if nothing was delivered, nor will be. */
enum status delivery_end(
        struct delivery *delivery, unsigned timeout, pid_t other, const char **why);

/* Returns whether the file PATH is what `notmuch insert` makes of SPOOL: the same, but for the
 * From_ line of an mbox, which becomes a field. */
bool delivery_is_file(const char *path, int spool, size_t length);

#endif
