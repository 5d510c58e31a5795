/* What came back, and what can be found out about it. */
#ifndef BOUNCE_CONTEXT_H
#define BOUNCE_CONTEXT_H

#include "index/history.h"
#include "index/index.h"
#include "index/properties.h"
#include "judge/judge.h"

struct bounce_context {
	const struct judgement *judgement;
	char *id; /* of the bounce; NULL: it has none */
	enum genuine genuine;
	bool names_mail;    /* the bounce has an id that may be the mail's */
	char *author;       /* GENUINE_FOREIGN: whom that mail is from; NULL: not known */
	bool author_is_own; /* that is one of the user's addresses */
	/* The mail that came back: from the index or, if it is not there, as the report says. NULL
	 * or 0: not known. */
	char *original_id, *subject, *to;
	/* all whom its header names; NULL: not known, or it names nobody but the user */
	char **named;
	time_t date;
	long long size; /* in bytes */
	/* The user's address it was sent from: by the index or, if there is none, by $EMAIL or the
	 * report. */
	char *sender;
	/* Those the mail went to of whom nothing is reported, neither here nor in the index; NULL:
	 * none, or not known. */
	char **unheard;
	/* a recipient each; NULL: there is no index, or there are too many */
	struct history *history;
};

/* Find out what INDEX (NULL: there is none) knows of the bounce that JUDGEMENT is about. OWN are the
 * user's addresses (NULL: not known). MAIL is the bounce in the index; NULL: it is not there. All is
 * owned by CTX; JUDGEMENT must live as long. */
struct bounce_context *bounce_context_read(const void *ctx, const struct judgement *judgement,
        struct index *index, char *const *own, struct mail *mail);

#endif
