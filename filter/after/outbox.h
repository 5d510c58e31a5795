/* What the user sent, for a survey of what came back to be compared with. */
#ifndef OUTBOX_H
#define OUTBOX_H

#include <glib.h>

#include "index/index.h"
#include "knowledge/vocabulary.h"

struct outbox;

/* Returns the mails that the user sent, the newest OUTBOX_MAILS_MAX of them; opens their files.
 * NULL if the index can't be searched, or has no sent mail. Owned by CTX. */
struct outbox *outbox_read(const void *ctx, struct index *index, const struct settings *settings);

/* Recipients. */
struct outbox_share {
	size_t all;    /* since the mail that first failed for a reason, */
	size_t failed; /* how many of them failed for it, */
	size_t before; /* and how many there were before that mail */
};

/* Returns the share that failed for REASON; all 0 if none did. With SERVER, `all` and `failed` are
 * only those at domains that SERVERS (by the domain, in lower case) says are its. */
struct outbox_share outbox_since(
        const struct outbox *outbox, enum reason reason, GHashTable *servers, const char *server);

/* A mail to many, or many mails with one subject. */
struct mailing {
	const char *subject; /* NULL: there is none */
	time_t date;         /* of its first mail */
	size_t failed, all;  /* recipients */
	int usual; /* so many in a hundred came back of those before; -1: there were none */
};

/* Returns the newest mailing. */
struct mailing outbox_mailing(const struct outbox *outbox);

#endif
