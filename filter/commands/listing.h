/* What `status` and `resend --suggest` print: for people, in 80 columns and the words of a language;
 * and as JSON objects, each with a newline. All is owned by CTX. */
#ifndef LISTING_H
#define LISTING_H

#include "index/outcome.h"
#include "knowledge/wording.h"
#include "resend/candidates.h"

/* Returns SENTENCE as a paragraph. */
char *listing_line(const void *ctx, const char *sentence);

/* Return what is known about a mail that came back: a line with its date and subject, one for each
 * recipient, and one with the name by which other commands find it. The JSON is the same in every
 * language. */
char *status_text(const void *ctx, const struct message_status *status, struct wording *wording);
char *status_json(const void *ctx, const struct message_status *status);

/* Return CANDIDATES and what speaks for each. People see domains as they write them, JSON has
 * addresses as mail has them. */
char *candidates_text(
        const void *ctx, struct wording *wording, const struct candidates *candidates);
char *candidates_json(
        const void *ctx, struct wording *wording, const struct candidates *candidates);

#endif
