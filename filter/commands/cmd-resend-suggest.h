/* resend --suggest: which addresses may have been meant for those that failed. */
#ifndef CMD_RESEND_SUGGEST_H
#define CMD_RESEND_SUGGEST_H

#include "commands/cmd-resend.h"

/* Print them for the mail that was read; AS_JSON: an object a line. Nothing is sent again, and nothing changed. */
enum status resend_suggest(const void *ctx, struct resending *resending, struct problems *problems, bool as_json);

/* The likeliest for the one address that failed, owned by CTX; NULL: none is known, or several failed. Never one that only the report names,
 * or that has only the same name and was never written to: anybody could have seen to that. */
const char *resend_suggestion(const void *ctx, const struct resending *resending, struct problems *problems);

#endif
