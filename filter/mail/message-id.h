/* Message-IDs as notmuch keeps them. */
#ifndef MESSAGE_ID_H
#define MESSAGE_ID_H

#include <stddef.h>

/* The id in ID, a field or what stands between its angle brackets, as notmuch stores it, owned by CTX: without brackets, white space, and comments
 * in front. NULL when nothing is left. */
char *message_id_plain(const void *ctx, const char *id);

/* The id that notmuch makes up for a mail without one, of its LENGTH bytes; owned by CTX. */
char *message_id_of_bytes(const void *ctx, const char *bytes, size_t length);

/* The same, of the LENGTH bytes in FD, whose place is not changed; owned by CTX. */
char *message_id_of_file(const void *ctx, int fd, size_t length);

#endif
