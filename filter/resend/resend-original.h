/* The mail that is to be sent again: the user's own copy of it, or what came back with the
 * bounce. */
#ifndef RESEND_ORIGINAL_H
#define RESEND_ORIGINAL_H

#include <stdbool.h>

#include "index/index.h"
#include "judge/facts.h"
#include "resend/draft.h"

struct original_copy {
	const char *bytes; /* NULL: there is none */
	size_t length;
	const char *path; /* of its file; NULL: it has none of its own */
	/* nothing speaks against its being the file that the user sent; else it came in through a
	 * mail server */
	bool is_own;
	bool is_whole; /* not only a header */
};

/* Read the copy of MAIL that the user sent, or the likeliest of several files; owned by CTX.
 * STATUS_REFUSED: larger than RESEND_MAX. */
enum status original_own(const void *ctx, struct mail *mail, const struct settings *settings,
        struct original_copy *copy);

/* What of the mail came back in the bounce of LENGTH bytes that has FACTS: it lies in these bytes,
 * or is owned by CTX. */
struct original_copy original_returned(
        const void *ctx, const char *bounce, size_t length, const struct facts *facts);

#endif
