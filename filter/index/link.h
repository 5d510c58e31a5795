/* The mail that a report is about, found in the index, and whether the index bears the report
 * out. */
#ifndef LINK_H
#define LINK_H

#include "index/mail-files.h"
#include "index/properties.h"
#include "index/testimony.h"

struct link {
	enum genuine genuine;
	/* how it was found: a step of struct reference, `probable`, or `none` */
	const char *step;
	struct mail *original; /* NULL: not found */
	const char *author; /* of the user's own copy, or of the first there is; NULL: not known */
	/* for each recipient in the testimony's `says` that of the original: the same, or one that
	 * forwards there; NULL: it is about none */
	const char **reached;
};

/* Find the mail that TESTIMONY of REPORT (NULL: it is not in the index) is about: by each id it
 * names, the first one that bears it out; else by recipient, subject and time. Owned by CTX. */
struct link link_find(const void *ctx, struct index *index, const struct testimony *testimony,
        const struct mail *report);

/* The same by JUDGEMENT of the report; `reached` is for each recipient of its facts. */
struct link link_find_facts(const void *ctx, struct index *index, const struct judgement *judgement,
        const struct mail *report);

/* Returns the recipient of SENT that SAID is about; NULL: none. */
const struct sent_recipient *link_reached(const struct sent *sent, const struct said *said);

/* Returns the query for mail from one of the user's addresses, from START to END, owned by CTX.
 * Only the user's own settings stand in it. NULL if there are none. */
char *link_sent_query(const void *ctx, const struct index *index, time_t start, time_t end);

/* Whether the index has any mail that the user sent from START to END. */
bool link_has_sent_mail(struct index *index, time_t start, time_t end);

/* Returns the name of GENUINE in the index and in JSON; NULL: it was not asked. */
const char *genuine_name(enum genuine genuine);

/* Whether it is on record of REPORT that it is GENUINE. */
bool link_is(struct mail *report, enum genuine genuine);

/* Returns the day DAYS after TIME, YYYY-MM-DD in UTC, owned by CTX; "" if no calendar has it. */
char *link_day(const void *ctx, time_t time, int days);

/* Returns the query for reports whose day is FIRST to LAST days after TIME, owned by CTX. */
char *link_due_query(const void *ctx, time_t time, int first, int last);

/* For so many days before and after a report mail of the user's is looked for, to see whether sent
 * mail is in the index at all. */
#define LINK_SENT_DAYS 7

#endif
