/* The other mail of a pair: of a bounce, the mail that came back; of a mail that came back, its
 * bounces. */
#ifndef COUNTERPART_H
#define COUNTERPART_H

#include <stddef.h>

#include "index/index.h"

#define COUNTERPARTS_MAX 20

struct counterpart {
	char *term; /* see counterpart_term() */
	char *file; /* NULL: it has none any more */
};

struct counterparts {
	struct counterpart list[COUNTERPARTS_MAX];
	size_t count;
	/* The returned copy of a mail that is not in the index; NULL: there is none. */
	char *returned;
	size_t returned_length;
};

/* Adds MAIL, unless there are COUNTERPARTS_MAX. Its strings are owned by CTX. */
void counterpart_add(const void *ctx, struct counterparts *counterparts, struct mail *mail);

/* Returns a query for MAIL that contains no text chosen by its sender, owned by CTX; NULL if MAIL has
 * no thread. */
char *counterpart_term(const void *ctx, struct mail *mail);

#endif
