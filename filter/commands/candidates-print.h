/* What resend --suggest prints. */
#ifndef CANDIDATES_PRINT_H
#define CANDIDATES_PRINT_H

#include "knowledge/wording.h"
#include "resend/candidates.h"

/* CANDIDATES and what speaks for them in the words of WORDING, as text for people, 80 columns wide,
 * with domains as people write them; as a JSON object and a newline, with addresses as mail carries
 * them. Owned by CTX. */
char *candidates_text(
        const void *ctx, struct wording *wording, const struct candidates *candidates);
char *candidates_json(
        const void *ctx, struct wording *wording, const struct candidates *candidates);

#endif
