/* Formats what is known about a mail that came back. All is owned by CTX. */
#ifndef STATUS_PRINT_H
#define STATUS_PRINT_H

#include "index/outcome.h"
#include "knowledge/wording.h"

/* Returns STATUS for people, for a terminal of 80 columns: a line with date and subject, one for
 * each recipient, and one with the name by which other commands find the mail. Reasons have the
 * names in their texts. */
char *status_text(const void *ctx, const struct message_status *status, struct wording *wording);

/* Returns SENTENCE as a paragraph of that width. */
char *status_line(const void *ctx, const char *sentence);

/* Returns STATUS as a JSON object and a newline, the same in every language. */
char *status_json(const void *ctx, const struct message_status *status);

#endif
