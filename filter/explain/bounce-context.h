/* What a bounce, the mail that came back and the index tell about each other. */
#ifndef BOUNCE_CONTEXT_H
#define BOUNCE_CONTEXT_H

#include "index/outcome.h"
#include "index/properties.h"
#include "judge/judge.h"

struct bounce_context {
	const struct judgement *judgement;
	char *id; /* of the bounce; NULL: it has none */
	enum genuine genuine;
	bool names_mail;    /* the bounce has an id that may be the mail's */
	char *author;       /* of that mail, with GENUINE_FOREIGN; NULL: not known */
	bool author_is_own; /* the author is one of the user's addresses */
	/* The mail that came back: from the index or, if it is not there, as the report says. NULL
	 * or 0: not known. */
	char *original_id, *subject, *to;
	/* the recipients that its header names; NULL: not known, or it names nobody but the user */
	char **named;
	/* for each recipient, the one of that mail that it is about, see struct link; NULL: the mail
	 * is not in the index */
	const char **reached;
	time_t date;
	long long size; /* in bytes */
	/* The user's address from which it was sent: by the index; if it is not there, by the report,
	 * the user's addresses, or $EMAIL. */
	char *sender;
	/* The recipients of the mail about whom neither this report nor the index says anything;
	 * NULL: none, or not known. */
	char **unheard;
	/* one for each recipient; NULL: there is no index, or there are too many */
	struct history *history;
};

/* Returns what INDEX (NULL: there is none) and JUDGEMENT tell about a bounce, owned by CTX; JUDGEMENT
 * must live as long. OWN are the user's addresses (NULL: not known). MAIL is the bounce in the index
 * (NULL: it is not there). */
struct bounce_context *bounce_context_read(const void *ctx, const struct judgement *judgement,
        struct index *index, char *const *own, struct mail *mail);

#endif
