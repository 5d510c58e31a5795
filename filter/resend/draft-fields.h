/* The header of a draft: which fields of the mail go over, and which are new. */
#ifndef DRAFT_FIELDS_H
#define DRAFT_FIELDS_H

#include <time.h>

#include "resend/draft-recipients.h"
#include "resend/draft-tree.h"

struct draft_fields {
	struct bytes from; /* the fields of the mail */
	const char *eol;
	bool is_returned; /* others had their hands on them: only the plainest go over */
	const struct recipients *recipients;
	const char *id; /* the new Message-ID, without angle brackets */
	time_t now;
	const char *subject;     /* the new value of Subject; NULL: as it was */
	const char *subject_end; /* added to it, US-ASCII; NULL: nothing */
	const char *content;     /* the new fields that describe the body; NULL: as they were */
};

/* The header of the draft, without the empty line. Owned by CTX. */
char *fields_for_draft(const void *ctx, const struct draft_fields *fields);

/* A new Message-ID that nobody can guess, in the domain of the From address FROM (NULL: unknown), without angle brackets, owned by CTX. NULL
 * if the system has no random numbers. */
char *draft_message_id(const void *ctx, const char *from);

#endif
