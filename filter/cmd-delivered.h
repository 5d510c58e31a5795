/* The part of a delivery that looks into the mail: what it is, and what the index is told once it is there. */
#ifndef CMD_DELIVERED_H
#define CMD_DELIVERED_H

#include <stdbool.h>
#include <stddef.h>

#include "status.h"

struct delivered;

/* Whether ARGUMENT of `notmuch insert` is a tag to set or to take off. */
bool delivered_is_tag_change(const char *argument);

/* Seconds that a delivery may wait for the index's lock; what is wrong with the settings is said. */
unsigned delivered_lock_timeout(const void *ctx);

/* Judge the mail of LENGTH bytes in SPOOL, whose place is not changed. ARGUMENTS are those of `notmuch insert`, of which the user's tags are kept.
 * *TAGS: the tags to deliver it with, separated by blanks; all owned by CTX. */
enum status delivered_judge(
        const void *ctx, int spool, size_t length, char **arguments, struct delivered **delivered, const char **tags);

/* The mail is in the index: tag it (as notmuch does not, for a second copy), tie it to the mail it is about, and note a sign of life. */
void delivered_finish(struct delivered *delivered);

#endif
