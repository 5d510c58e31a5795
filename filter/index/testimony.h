/* What a report says, as it is stored on the report in the index: enough to link it to a mail and to
 * update that mail without reading the report again. */
#ifndef TESTIMONY_H
#define TESTIMONY_H

#include "index/index.h"
#include "judge/judge.h"

/* All lists are NULL-terminated; all but `says` are sorted and have each string once. */
struct testimony {
	time_t time; /* see header_time() */
	char **says; /* one for each recipient; see said_read() */
	/* the ids that the report names, the likeliest first: `order step id`, with the id as
	 * notmuch has it */
	char **about;
	char **addresses;    /* who did not get the mail; in a report of success, who did */
	const char *subject; /* a digest of the mail's subject; NULL: not known */
};

struct said {
	enum action action;
	enum reason reason; /* REASON_COUNT: none */
	char address[17];   /* a digest; "": the report has no address */
	char typed[17];     /* a digest of what the sender wrote instead; "": not said */
};

/* Reads one of the strings in `says`. A string that is not valid is about an address that nobody
 * has. */
struct said said_read(const char *says);

/* Returns the id in one of the strings in `about`; "" if it is not valid. */
const char *reference_id(const char *about);

/* Returns the digest of SUBJECT, folded (text_fold()), owned by CTX; NULL if SUBJECT is empty. */
char *testimony_subject(const void *ctx, const char *subject);

/* Returns what JUDGEMENT says, of a report written at TIME; owned by CTX. */
struct testimony testimony_of(const void *ctx, const struct judgement *judgement, time_t time);

/* Returns what is stored on REPORT; owned by CTX. */
struct testimony testimony_read(const void *ctx, struct mail *report);

/* Returns whether MAIL has testimony stored on it. */
bool testimony_is_there(struct mail *mail);

/* Stores TESTIMONY on REPORT instead of what is there, and of JUDGEMENT what people search for. */
void testimony_put(
        struct mail *report, const struct testimony *testimony, const struct judgement *judgement);

/* Removes all of that from MAIL. */
void testimony_clear(struct mail *mail);

/* Returns whether two files of one mail say the same, whatever their times. Sorts their `says`. */
bool testimony_is_same(struct testimony *a, struct testimony *b);

#endif
