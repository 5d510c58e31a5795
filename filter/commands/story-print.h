/* What is known of a mail that came back, in a form to be printed. Owned by CTX. */
#ifndef STORY_PRINT_H
#define STORY_PRINT_H

#include "index/story.h"
#include "knowledge/wording.h"

/* For people, as wide as a terminal of 80 columns: a line with date and subject, one for each recipient. In English reasons have the names that tags and
 * rules have for them; in other languages, the `name` of their texts. */
char *story_text(const void *ctx, const struct story *story, struct wording *wording);

/* As a JSON object and a newline: the same in every language. */
char *story_json(const void *ctx, const struct story *story);

#endif
