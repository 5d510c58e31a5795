/* What the placeholders of the texts stand for in the case at hand. For explanation.c. */
#ifndef PLACEHOLDERS_H
#define PLACEHOLDERS_H

#include "explain/explanation.h"

/* The values for RECIPIENT, and the cases that hold of it (`own-server`: `for` in a text may name
 * them); if it is not ALONE, those that are about one address only are not known. What a mail says
 * is in them only if it can't be taken for words of ours: an address without blanks, a host name.
 * All owned by CTX. */
struct wording_value *placeholder_values(const void *ctx, const struct bounce_context *context,
        struct wording *wording, const struct recipient *recipient, bool alone);

/* ADDRESS if it can be shown within a sentence of ours, its domain as people write it (RFC 5891),
 * else NULL. Owned by CTX, or ADDRESS itself. */
const char *placeholder_address(const void *ctx, const char *address);

/* HOST if it is a host name that can be shown within a sentence of ours, else NULL. */
const char *placeholder_host(const char *host);

/* The first of LIST (NULL-terminated; NULL: empty) in one line, and how many more there are; owned
 * by CTX. NULL if there are none. */
const char *placeholder_addresses(const void *ctx, struct wording *wording, char *const *list);

/* TIME as a day in the words of a language, owned by CTX. NULL if it is 0. */
char *placeholder_day(const void *ctx, struct wording *wording, time_t time);

#endif
