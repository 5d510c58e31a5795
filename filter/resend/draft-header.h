/* The header of a draft: which fields of the mail go over, to whom it goes, and what is new. */
#ifndef DRAFT_HEADER_H
#define DRAFT_HEADER_H

#include <time.h>

#include "mail/header.h"

/* Who gets it: with their names as they were, and with corrected addresses. */
struct recipients {
	char *const *only;  /* whose addresses stay, NULL-terminated; NULL: all */
	char *const *wrong; /* addresses to correct, NULL-terminated; NULL: none */
	char *const *right; /* and what they become, in the same order */
	char *const
	        *besides; /* addresses that the mail did not go to, for its To field; NULL: none */
};

struct draft_fields {
	struct bytes from; /* the fields of the mail */
	const char *eol;
	bool is_returned; /* others had their hands on them: only the plainest go over */
	const struct recipients *recipients;
	const char *id; /* the new Message-ID, without angle brackets */
	time_t now;
	const char *charset;     /* in which the Subject is written; NULL: as it was */
	const char *subject_end; /* added to it, US-ASCII; NULL: nothing */
	const char *content;     /* the new fields that describe the body; NULL: as they were */
};

/* The header of the draft, without the empty line. A field that nothing changes is as it was, byte
 * for byte. Owned by CTX. */
char *draft_header(const void *ctx, const struct draft_fields *fields);

/* A new Message-ID that nobody can guess, in the domain of the From address FROM (NULL: unknown),
 * without angle brackets, owned by CTX. */
char *draft_message_id(const void *ctx, const char *from);

/* 32 hexadecimal digits that nobody can guess, owned by CTX. */
char *draft_random(const void *ctx);

#endif
