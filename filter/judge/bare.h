/* A mail that is one piece of text and needs no decoding, as a third of all bounces are: read without a MIME parser. */
#ifndef BARE_H
#define BARE_H

#include <stdbool.h>

#include "mail/message.h"

/* Whether MESSAGE's header says that its body is plain text, neither base64 nor quoted-printable. */
bool bare_is_text(const struct message *message);

/* Whether HEADER, a mail's or a part's, says that what follows is in anything but 7bit or 8bit. */
bool bare_is_encoded(const struct fields *header);

/* The body of such a mail as UTF-8, at most NOTICE_MAX bytes of it, owned by CTX; if there are more, that is noted in *CAPS. */
char *bare_text(const void *ctx, const struct message *message, unsigned *caps);

/* Where in plain text a delivery status begins, by lines that only one has: some mailers give that part no type of its own. NULL: nowhere. */
const char *bare_status(const char *text);

/* The value of the parameter NAME (`charset=`) in the Content-Type TYPE (may be NULL), owned by CTX; NULL if there is none. */
char *bare_parameter(const void *ctx, const char *type, const char *name);

#endif
