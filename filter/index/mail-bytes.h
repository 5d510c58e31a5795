/* The bytes of a mail that is in the index. */
#ifndef MAIL_BYTES_H
#define MAIL_BYTES_H

#include <stddef.h>

#include "index/index.h"
#include "index/settings.h"

/* The first MAIL_JUDGED_MAX bytes of MAIL, from whichever of its files is still there; owned by CTX. NULL if none is. */
char *mail_bytes(const void *ctx, struct mail *mail, size_t *length);

/* The same of the file PATH. */
char *file_bytes(const void *ctx, const char *path, size_t *length);

/* How many bytes MAIL has in all; 0 if no file of it is there. */
long long mail_size(struct mail *mail);

/* The mail in INDEX (NULL: there is none) that LENGTH BYTES are, by their id, or the one that notmuch makes up for a mail without; owned by CTX. NULL if it is not
 * there. A mail that bears the id of one of the user's, and is not from the user, is not that mail. */
struct mail *mail_of_bytes(
        const void *ctx, struct index *index, const struct settings *settings, const char *bytes, size_t length);

#endif
