/* To, Cc and Bcc fields of a draft: only those who are to get it, with their names as they were, and with corrected addresses. */
#ifndef DRAFT_RECIPIENTS_H
#define DRAFT_RECIPIENTS_H

#include "mail/raw-header.h"

struct recipients {
	char *const *only;    /* whose addresses stay, NULL-terminated; NULL: all */
	char *const *wrong;   /* addresses to correct, NULL-terminated; NULL: none */
	char *const *right;   /* and what they become, in the same order */
	char *const *besides; /* addresses that the mail did not go to, for its To field; NULL: none */
};

/* FIELD with those who stay, a whole field with newlines EOL; as it was, byte for byte, if nothing changes. "" if nobody stays. Owned by CTX. */
char *recipients_field(const void *ctx, const struct raw_field *field, const struct recipients *recipients, const char *eol);

#endif
