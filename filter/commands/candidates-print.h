/* The output of resend --suggest. */
#ifndef CANDIDATES_PRINT_H
#define CANDIDATES_PRINT_H

#include "knowledge/wording.h"
#include "resend/candidates.h"

/* Returns CANDIDATES and what speaks for each, owned by CTX, as text for people, with domains as
 * people write them. */
char *candidates_text(
        const void *ctx, struct wording *wording, const struct candidates *candidates);
/* Returns them as a JSON object and a newline, with addresses as mail has them, owned by CTX. */
char *candidates_json(
        const void *ctx, struct wording *wording, const struct candidates *candidates);

#endif
