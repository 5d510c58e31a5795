/* The bytes of a mail that is in the index. */
#ifndef MAIL_BYTES_H
#define MAIL_BYTES_H

#include <stddef.h>

#include "index-mail.h"

/* The first MAIL_JUDGED_MAX bytes of MAIL, from whichever of its files is still there; owned by CTX. NULL if none is, or memory runs out. */
char *mail_bytes(const void *ctx, struct mail *mail, size_t *length);

/* How many bytes MAIL has in all; 0 if no file of it is there. */
long long mail_size(struct mail *mail);

#endif
