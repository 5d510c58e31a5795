/* The other mail of a pair: of a bounce, the mail that came back; of a mail that came back, its
 * bounces. And the command by which mutt or neomutt opens it. */
#ifndef COUNTERPART_H
#define COUNTERPART_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "index/index.h"

struct counterpart {
	char *thread; /* letters and digits */
	long long date;
	bool is_bounce;
	char *file; /* NULL: it has none any more */
};

struct counterparts {
	struct counterpart *list;
	size_t count;
	/* What came back of a mail that is not in the index; NULL: nothing. */
	char *returned;
	size_t returned_length;
};

/* Add MAIL; nothing beyond COUNTERPARTS_MAX. All is owned by CTX. */
void counterpart_add(const void *ctx, struct counterparts *counterparts, struct mail *mail);

/* Put copies of COUNTERPARTS into the Maildir at PATH, in the place of what is there. False if that
 * fails, or if there are none. */
bool counterpart_put(const void *ctx, const struct counterparts *counterparts, const char *path);

/* MAIL as a counterpart; what it holds is owned by CTX. */
struct counterpart counterpart_of(const void *ctx, struct mail *mail);

/* Returns a query for COUNTERPART in which nothing stands that its sender chose, owned by CTX; NULL
 * if it has no thread. */
char *counterpart_term(const void *ctx, const struct counterpart *counterpart);

/* One line for neomutt's `source` that opens COUNTERPARTS by their threads and dates in the index.
 * No text of a mail is in it. Owned by CTX; NULL if they are not in the index. */
char *counterpart_in_index(const void *ctx, const struct counterparts *counterparts);

/* One line for mutt's or neomutt's `source` that opens the Maildir at PATH, owned by CTX. NULL: PATH
 * is, or can't stand in a command. */
char *counterpart_in_folder(const void *ctx, const char *path);

#define COUNTERPARTS_MAX 20

#endif
