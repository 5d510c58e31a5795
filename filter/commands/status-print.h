/* What is known of a mail that came back, in a form to be printed. Owned by CTX. */
#ifndef STATUS_PRINT_H
#define STATUS_PRINT_H

#include "index/outcome.h"
#include "knowledge/wording.h"

/* For people, as wide as a terminal of 80 columns: a line with date and subject, one for each
 * recipient, and by what name other commands take the mail. In English reasons have the names that
 * tags and rules have for them; in other languages, the `name` of their texts. */
char *status_text(const void *ctx, const struct message_status *status, struct wording *wording);

/* SENTENCE as a paragraph as wide as that. */
char *status_line(const void *ctx, const char *sentence);

/* As a JSON object and a newline: the same in every language. */
char *status_json(const void *ctx, const struct message_status *status);

#endif
