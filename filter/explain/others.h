/* The other mail of a pair: of a bounce, the mail that came back; of a mail that came back, its bounces. And the command by which mutt or neomutt opens it. */
#ifndef OTHERS_H
#define OTHERS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "index/index-mail.h"

struct other {
	char *thread; /* letters and digits */
	long long date;
	char *file; /* NULL: it has none any more */
};

struct others {
	struct other *list;
	size_t count;
	/* What came back of a mail that is not in the index; NULL: nothing. */
	char *returned;
	size_t returned_length;
};

/* Add MAIL; nothing beyond OTHERS_MAX. All is owned by CTX. */
void others_add(const void *ctx, struct others *others, struct mail *mail);

/* Put copies of OTHERS into the Maildir at PATH, in the place of what is there. False if that fails, or if there are none. */
bool others_put(const void *ctx, const struct others *others, const char *path);

/* One line for neomutt's `source` that opens OTHERS by their threads and dates in the index. No text of a mail is in it. Owned by CTX; NULL if they are not in
 * the index. */
char *others_in_index(const void *ctx, const struct others *others);

/* One line for mutt's or neomutt's `source` that opens the Maildir at PATH or, if that is NULL, says that there is nothing to open. Owned by CTX. */
char *others_in_folder(const void *ctx, const char *path);

#define OTHERS_MAX 20

#endif
