/* The part of a delivery that looks into the mail: what it is, and what the index is told once it is there. */
#ifndef CMD_DELIVERED_H
#define CMD_DELIVERED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "judge/handover.h"

/* Whether ARGUMENT of `notmuch insert` is a tag to set or to take off. */
bool delivered_is_tag_change(const char *argument);

/* Judge the mail of LENGTH bytes in SPOOL, whose place is not changed, for another process: *TEXT is a handover, owned by CTX. Nothing can be opened or written
 * any more by the process that calls this, nor can it start a program. */
enum status delivered_judge(const void *ctx, int spool, size_t length, char **text);

struct delivered;

/* The index, about to be told of a mail that `notmuch insert` delivers with ARGUMENTS meanwhile. NULL if it can't be opened; *WHY says why. Owned by CTX. */
struct delivered *delivered_open(const void *ctx, char **arguments, const char **why);

/* Seconds that a delivery may wait for the index's lock; what is wrong with the settings is said. */
unsigned delivered_lock_timeout(const struct delivered *delivered);

/* Get ready to tell the index about the mail of HANDOVER. False if it has to be told nothing, which is so for most mail. */
bool delivered_prepare(struct delivered *delivered, const struct handover *handover);

/* The mail is in the index: tag it (as notmuch does not, for a second copy), tie it to the mail it is about, and note a sign of life. */
void delivered_finish(struct delivered *delivered);

#endif
