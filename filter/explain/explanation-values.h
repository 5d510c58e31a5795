/* What the placeholders of the texts stand for in the case at hand. For explanation.c. */
#ifndef EXPLANATION_VALUES_H
#define EXPLANATION_VALUES_H

#include "explain/explanation.h"

/* The values for RECIPIENT; if it is not ALONE, those that are about one address only are not known. What a mail says is in them only if it can't be taken
 * for words of ours: an address without blanks, a host name. All owned by CTX. */
struct wording_value *explanation_values(
        const void *ctx, const struct incident *incident, struct wording *wording, const struct recipient *recipient, bool alone);

/* ADDRESS if it can be shown within a sentence of ours, else NULL. */
const char *explanation_address(const char *address);

/* The first of LIST (NULL-terminated; NULL: empty) in one line, and how many more there are; owned by CTX. NULL if there are none. */
const char *explanation_addresses(const void *ctx, struct wording *wording, char *const *list);

/* TIME as a day in the words of a language, owned by CTX. NULL if it is 0. */
char *explanation_day(const void *ctx, struct wording *wording, time_t time);

#endif
