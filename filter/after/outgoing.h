/* A mail on its way to sendmail: to whom it goes, and which of them had better not be written
 * to. */
#ifndef OUTGOING_H
#define OUTGOING_H

#include <stddef.h>

#include "index/index.h"
#include "knowledge/domains.h"
#include "knowledge/wording.h"

/* Returns the addresses that ARGUMENTS (of sendmail(8), NULL-terminated, without the program) name
 * or, if there are none or -t is among them, those in To, Cc and Bcc of the mail whose first LENGTH
 * BYTES are given; NULL-terminated, owned by CTX. */
char **outgoing_recipients(
        const void *ctx, char *const *arguments, const char *bytes, size_t length);

/* Returns what speaks against RECIPIENTS, a paragraph each in the words of WORDING: an address is
 * dead by genuine bounces, or its domain is a well-known one written wrong, and no mail ever came
 * from it. Owned by CTX; "" if nothing does. */
char *outgoing_objections(const void *ctx, struct index *index, const struct domains *domains,
        struct wording *wording, char *const *recipients);

/* Returns the words in OUTPUT, of a sendmail program that failed, with which a server refused: the
 * reply, with the address before it if one is named. NULL if there are none. Owned by CTX. */
char *outgoing_reply(const void *ctx, const char *output);

#endif
