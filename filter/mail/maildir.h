/* Puts files into a Maildir: whole, private, and all of them or none. */
#ifndef MAILDIR_H
#define MAILDIR_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "base/status.h"

struct maildir;

/* Opens the Maildir at PATH, owned by CTX, and makes what is missing of it, for nobody but its
 * owner. STATUS_IO with errno set if that fails, or if PATH is something else. */
enum status maildir_open(const void *ctx, const char *path, struct maildir **maildir);

/* Writes COUNT pieces as a file of mode 0600 that nobody sees yet. STATUS_TRY_LATER if there is no
 * random number; STATUS_DISK_FULL or STATUS_IO with errno set. */
enum status maildir_add(struct maildir *maildir, const struct iovec *pieces, size_t count);

/* Makes all files that were added visible, in their order: as new mail or, with FLAGS (sorted:
 * `DS`; NULL: none), as mail that was looked at. *PATHS are their names, NULL-terminated, owned
 * by CTX. STATUS_DISK_FULL or STATUS_IO with errno set: none is visible, and all go away with
 * MAILDIR. */
enum status maildir_commit(
        const void *ctx, struct maildir *maildir, const char *flags, char ***paths);

/* Returns whether PATH is a Maildir. */
bool maildir_is_there(const char *path);

/* Removes the files in new and cur of the Maildir at PATH, if there is one. */
void maildir_empty(const char *path);

/* Returns whether there is no mail in the Maildir at PATH, or no such Maildir. */
bool maildir_is_empty(const char *path);

/* Moves the Maildir FROM to TO, and removes the one that is there. Returns false if that fails. */
bool maildir_move(const char *from, const char *to);

#endif
