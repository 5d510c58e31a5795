/* All attachments in one archive. Only draft-zip.c knows libarchive. */
#ifndef DRAFT_ZIP_H
#define DRAFT_ZIP_H

#include "resend/draft-making.h"

void draft_zip(struct making *making);

#endif
