/* A tree of parts as the bytes of a draft. */
#ifndef DRAFT_WRITE_H
#define DRAFT_WRITE_H

#include "resend/draft-making.h"

/* Add the draft number SHARE (0: the only one) of COUNT to the drafts that are being made. */
void draft_write(struct making *making, unsigned share, unsigned count);

/* How many bytes PART takes, with all that is in it and not dropped. */
size_t part_size(const struct part *part);

#endif
