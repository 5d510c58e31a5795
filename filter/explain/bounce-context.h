/* What came back, and what can be found out about it. */
#ifndef BOUNCE_CONTEXT_H
#define BOUNCE_CONTEXT_H

#include "index/history.h"
#include "index/index.h"
#include "index/settings.h"
#include "judge/judge.h"

enum genuine {
	GENUINE_NOT_ASKED, /* no bounce */
	GENUINE_NO_INDEX,
	GENUINE_LINKED,
	GENUINE_PROBABLE,
	GENUINE_UNLINKED,
	GENUINE_BACKSCATTER,
};

struct bounce_context {
	const struct judgement *judgement;
	char *id; /* of the bounce; NULL: it has none */
	enum genuine genuine;
	/* The mail that came back: from the index or, if it is not there, as the report says. NULL or 0: not known. */
	char *original_id, *subject, *to;
	time_t date;
	long long size; /* in bytes */
	/* The user's address it was sent from: by the index or, if there is none, by $EMAIL or the report. */
	char *sender;
	/* Those the mail went to of whom nothing is reported, neither here nor in the index; NULL: none, or not known. */
	char **unheard;
	struct history *history; /* a recipient each; NULL: there is no index, or there are too many */
};

/* Find out what INDEX (NULL: there is none, SETTINGS then too) knows of the bounce that JUDGEMENT is about. MAIL is the bounce in the index; NULL: it is not
 * there. All is owned by CTX; JUDGEMENT must live as long. */
struct bounce_context *bounce_context_read(const void *ctx, const struct judgement *judgement, struct index *index,
        const struct settings *settings, struct mail *mail);

#endif
