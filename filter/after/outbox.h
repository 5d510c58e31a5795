/* What the user sent, for a survey of what came back to be compared with. */
#ifndef OUTBOX_H
#define OUTBOX_H

#include <stdbool.h>

#include "index/index.h"
#include "index/settings.h"
#include "knowledge/vocabulary.h"

struct outbox;

/* Returns the mails that the user sent, the newest OUTBOX_MAILS_MAX of them; opens their files.
 * NULL if the index can't be searched, or has no sent mail. Owned by CTX. */
struct outbox *outbox_read(const void *ctx, struct index *index, const struct settings *settings);

/* Whether addresses at DOMAIN count. */
typedef bool outbox_fn(const void *argument, const char *domain);

struct outbox_share {
	size_t failed, all; /* recipients */
};

/* Returns how many recipients there were since the mail that first failed for REASON, and how many
 * of them failed for it; of those that count. None if the first can't be told, because older mails
 * were not read. */
struct outbox_share outbox_since(
        const struct outbox *outbox, enum reason reason, outbox_fn *counts, const void *argument);

/* Returns how many recipients there were before that mail. */
size_t outbox_before(const struct outbox *outbox, enum reason reason);

/* A mail to many, or many mails with one subject. */
struct mailing {
	const char *subject; /* NULL: there is none */
	time_t date;         /* of its first mail */
	size_t failed, all;  /* recipients */
	bool has_usual;      /* there were others before, */
	size_t usual;        /* of which so many in a hundred came back */
};

/* Returns the newest mailing. */
struct mailing outbox_mailing(const struct outbox *outbox);

#endif
