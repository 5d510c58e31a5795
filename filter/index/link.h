/* The mail that a bounce is about, found in the index, and whether the bounce is genuine. */
#ifndef LINK_H
#define LINK_H

#include "index/index.h"
#include "index/settings.h"
#include "judge/facts.h"

enum link_genuine {
	LINK_UNLINKED,     /* nothing shows that it is about a mail of the user's */
	LINK_LINKED,       /* the mail is in the index, from the user, and went to the address that failed */
	LINK_CONTRADICTED, /* the mail is in the index, and is not the user's */
};

struct link {
	const char *step;      /* how it was found: a step of struct reference, `probable`, or `none` */
	struct mail *original; /* NULL: not found */
	enum link_genuine genuine;
	/* For each recipient of the facts, the recipient of the original whose copy it is about: the same, or one that forwards there. NULL: it is about
	 * none. */
	const char **reached;
};

/* Look for the mail that FACTS of BOUNCE (NULL: it is not in the index) are about: by each id they name, then by recipient, subject and time. All owned by CTX, LINK->original
 * too. Reads the header of the original's file. */
void link_find(const void *ctx, struct index *index, const struct settings *settings, const struct facts *facts,
        const struct mail *bounce, struct link *link);

/* Whether the index has mail that the user sent in the week before or after TIME, so that a mail of that time which is not there was not sent. */
bool link_has_sent_mail(struct index *index, const struct settings *settings, time_t time);

#endif
