/* Files put into a Maildir: whole, private, and all of them or none. */
#ifndef MAILDIR_H
#define MAILDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "base/status.h"

struct maildir;

/* Open the Maildir at PATH, owned by CTX; what is missing of it is made, for nobody but its owner.
 * STATUS_IO with errno set if that can't be, or if something else is there. */
enum status maildir_open(const void *ctx, const char *path, struct maildir **maildir);

/* Write COUNT pieces as a file of mode 0600 that nobody sees yet. STATUS_DISK_FULL or STATUS_IO
 * with errno set. */
enum status maildir_add(struct maildir *maildir, const struct iovec *pieces, size_t count);

/* Let all that was added be seen, in its order: as new mail or, if there are FLAGS (in the order of
 * their letters: `DS`; NULL: none), as mail that was looked at. *PATHS are theirs, NULL-terminated,
 * owned by CTX. Files that are not let be seen go away with MAILDIR. */
enum status maildir_commit(
        const void *ctx, struct maildir *maildir, const char *flags, char ***paths);

/* Whether PATH is a Maildir. */
bool maildir_is_there(const char *path);

/* Remove the files in new and cur of the Maildir at PATH, of which there may be none. */
void maildir_empty(const char *path);

/* Whether there is no mail in the Maildir at PATH, or no such Maildir. */
bool maildir_is_empty(const char *path);

/* Move the Maildir FROM to TO, in the place of what is there. False if there is none, or that
 * fails. */
bool maildir_move(const char *from, const char *to);

#endif
