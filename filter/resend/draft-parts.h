/* What the parts of a mail are for: its text, its attachments, what seals it. */
#ifndef DRAFT_PARTS_H
#define DRAFT_PARTS_H

#include "resend/draft-making.h"

bool part_is_text(const struct part *part);       /* a piece of the mail's text, plain or HTML */
bool part_is_attachment(const struct part *part); /* and not a picture that the text shows */

/* What to call PART: the name of its file without folders, or one made up; one line of UTF-8, never empty, owned by CTX. */
char *part_name(const void *ctx, const struct part *part);

/* How many bytes it has when decoded. */
size_t part_content_size(const struct part *part);

/* SIZE in a form for people, `1.5 MB`, owned by CTX. */
char *size_words(const void *ctx, size_t size);

/* Refuse if what the plan asks for would break a signature, or change what is encrypted. */
void parts_check_seal(struct making *making);

/* Leave all attachments out, with a line for each on top of the text. */
void parts_drop_attachments(struct making *making);

/* Make the root a multipart/mixed that more can be put into, if it is none. False if the system has no random numbers, which is then noted. */
bool parts_wrap(struct making *making);

#endif
