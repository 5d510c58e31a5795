/* What a report says, in the form in which it is kept on the report in the index: enough to tie it
 * to a mail, and to tell that mail, without reading the report again. */
#ifndef TESTIMONY_H
#define TESTIMONY_H

#include "index/index.h"
#include "judge/judge.h"

/* All lists are NULL-terminated, and but for `says` sorted, with each string once. */
struct testimony {
	time_t time; /* see header_time() */
	/* what is said of each recipient, in the report's order: see said_read() */
	char **says;
	/* how the report names the mail, the likeliest first: see reference_read() */
	char **about;
	char **addresses;    /* who did not get the mail; of a report of success: who did */
	const char *subject; /* a digest of the subject of the mail; NULL: not known */
};

struct said {
	enum action action;
	enum reason reason; /* REASON_COUNT: none */
	char address[17];   /* a digest; "": the report names nobody */
	char typed[17];     /* a digest of what the sender wrote for it; "": not said */
};

struct reference_said {
	char *step, *id; /* how the report names the mail, and its id as notmuch has it */
};

/* Read one of the strings in `says`. False: it is none of ours. */
bool said_read(const char *says, struct said *said);

/* Read one of the strings in `about`, as above; owned by CTX. */
bool reference_read(const void *ctx, const char *about, struct reference_said *reference);

/* Returns the digest by which a mail with SUBJECT is found: of what is left of it without case and
 * the like. NULL: nothing is. Owned by CTX. */
char *testimony_subject(const void *ctx, const char *subject);

/* Returns what JUDGEMENT, of a mail written at TIME, says; owned by CTX. */
struct testimony testimony_of(const void *ctx, const struct judgement *judgement, time_t time);

/* Returns what REPORT has on record; owned by CTX. */
struct testimony testimony_read(const void *ctx, struct mail *report);

/* Whether MAIL has testimony on record at all. */
bool testimony_is_there(struct mail *mail);

/* Put TESTIMONY on record on REPORT, and what JUDGEMENT says for people who search. */
void testimony_write(const void *ctx, struct mail *report, const struct testimony *testimony,
        const struct judgement *judgement);

/* Take all of that off MAIL, and what it was tied to. */
void testimony_clear(struct mail *mail);

/* Whether two files of one mail say the same; the time, which depends on the way a copy took, may
 * differ. Sorts what they say of the recipients. */
bool testimony_is_same(struct testimony *a, struct testimony *b);

#endif
