/* Message-IDs as notmuch keeps them. */
#ifndef MESSAGE_ID_H
#define MESSAGE_ID_H

#include <stddef.h>

/* Returns the id in ID, a field's value with or without its angle brackets, as notmuch stores it:
 * without brackets, white space and leading comments. Owned by CTX. NULL if nothing is left. */
char *message_id_plain(const void *ctx, const char *id);

/* Returns the id that notmuch gives to a mail without one, from its LENGTH bytes. Owned by CTX. */
char *message_id_of_bytes(const void *ctx, const char *bytes, size_t length);

/* The same for the LENGTH bytes in FD, whose offset is not changed; NULL if reading fails. */
char *message_id_of_file(const void *ctx, int fd, size_t length);

#endif
