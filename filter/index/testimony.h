/* What a report says, in the form in which it is kept on the report in the index: enough to tie it
 * to a mail, and to tell that mail, without reading the report again. */
#ifndef TESTIMONY_H
#define TESTIMONY_H

#include "index/index.h"
#include "judge/judge.h"

/* All lists are NULL-terminated, and but for `says` sorted, with each string once. */
struct testimony {
	time_t time; /* see header_time() */
	char **says; /* of each recipient, in the report's order; see said_read() */
	/* how the report names the mail, the likeliest first: `order step id`, with the id as
	 * notmuch has it */
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

/* Read one of the strings in `says`; what is none of ours is said of nobody. */
struct said said_read(const char *says);

/* Returns the id in one of the strings in `about`; "" if it is none of ours. */
const char *reference_id(const char *about);

/* Returns the digest by which a mail with SUBJECT is found, whatever its case and the like; NULL:
 * it is empty. Owned by CTX. */
char *testimony_subject(const void *ctx, const char *subject);

/* Returns what JUDGEMENT, of a mail written at TIME, says; owned by CTX. */
struct testimony testimony_of(const void *ctx, const struct judgement *judgement, time_t time);

/* Returns what REPORT has on record; owned by CTX. */
struct testimony testimony_read(const void *ctx, struct mail *report);

/* Whether MAIL has testimony on record at all. */
bool testimony_is_there(struct mail *mail);

/* Put TESTIMONY on record on REPORT, instead of what is there, and what JUDGEMENT says for people
 * who search. */
void testimony_put(
        struct mail *report, const struct testimony *testimony, const struct judgement *judgement);

/* Take all of that off MAIL. */
void testimony_clear(struct mail *mail);

/* Whether two files of one mail say the same; the time, which depends on the way a copy took, may
 * differ. Sorts what they say of the recipients. */
bool testimony_is_same(struct testimony *a, struct testimony *b);

#endif
