/* What a report says, which mail it is about, and how far the index confirms that. */
#ifndef LINK_H
#define LINK_H

#include "index/mail-files.h"
#include "index/properties.h"
#include "judge/judge.h"

/* -- a report's testimony: what it says, as stored on it in the index. This is enough to link it to
 * a mail and to update that mail without reading the report's file again */

/* All lists are NULL-terminated; all but `says` are sorted and have each string once. */
struct testimony {
	time_t time; /* see header_time() */
	char **says; /* one for each recipient; see said_read() */
	/* the ids that the report names, the likeliest first: `order step id`, with the id as
	 * notmuch has it */
	char **about;
	/* those that the mail did not reach; in a report of success, those that it reached */
	char **addresses;
	const char *subject; /* a digest of the mail's subject; NULL: not known */
};

struct said {
	enum action action;
	enum reason reason; /* REASON_COUNT: none */
	char address[17];   /* a digest; "": the report has no address */
	char typed[17];     /* a digest of what the sender wrote instead; "": not said */
};

/* Reads one of the strings in `says`. If it is not valid, returns a failure of an address that no
 * mail has. */
struct said said_read(const char *says);

/* Returns the digest of SUBJECT, folded (text_fold()), owned by CTX; NULL if SUBJECT is empty. */
char *testimony_subject(const void *ctx, const char *subject);

/* Returns the testimony of a report that was written at TIME and has JUDGEMENT, owned by CTX. */
struct testimony testimony_of(const void *ctx, const struct judgement *judgement, time_t time);

/* Returns the testimony stored on REPORT, owned by CTX. */
struct testimony testimony_read(const void *ctx, struct mail *report);

/* Returns whether MAIL has testimony stored on it. */
bool testimony_is_there(struct mail *mail);

/* Stores TESTIMONY on REPORT in place of the old one, and from JUDGEMENT the properties that users
 * search for. */
void testimony_put(
        struct mail *report, const struct testimony *testimony, const struct judgement *judgement);

/* Removes all that testimony_put() stored from MAIL. */
void testimony_clear(struct mail *mail);

/* Returns whether A and B, of two files of one mail, say the same, apart from their times. Sorts
 * their `says`. */
bool testimony_is_same(struct testimony *a, struct testimony *b);

/* -- which mail it is about */

struct link {
	enum genuine genuine;
	/* how it was found: a step of struct reference, `probable`, or `none` */
	const char *step;
	struct mail *original; /* NULL: not found */
	/* the author in the user's own copy, else in the first file; NULL: not known */
	const char *author;
	/* for each string in the testimony's `says`, the original's recipient that it is about,
	 * which is the same address or one that forwards to it; NULL: none */
	const char **reached;
	const char *until; /* the day on which it becomes backscatter; NULL: never, or it is */
};

/* Returns the mail that TESTIMONY of REPORT (NULL: not in the index) is about, owned by CTX: of the
 * mails that it names by id, the first that confirms it, else the first that is in the index; if
 * there is none, one with the same recipient, subject and time. */
struct link link_find(const void *ctx, struct index *index, const struct testimony *testimony,
        const struct mail *report);

/* Returns the same for the JUDGEMENT of a report; `reached` is for the recipients of its facts. */
struct link link_find_facts(const void *ctx, struct index *index, const struct judgement *judgement,
        const struct mail *report);

/* Returns the recipient of SENT that SAID is about; NULL if none. */
const struct sent_recipient *link_reached(const struct sent *sent, const struct said *said);

/* Returns the query for mail from the user's addresses, from START to END, owned by CTX; NULL if no
 * address is set. */
char *link_sent_query(const void *ctx, const struct index *index, time_t start, time_t end);

/* Returns whether the index has any mail that the user sent from START to END. */
bool link_has_sent_mail(struct index *index, time_t start, time_t end);

/* The names in the index and in JSON; NULL for GENUINE_NOT_ASKED. */
extern const char *const genuine_names[GENUINE_COUNT];

/* Returns whether GENUINE is noted on REPORT. */
bool link_is(struct mail *report, enum genuine genuine);

/* Returns the query for reports whose `bounce.until` is FIRST to LAST days after TIME, owned by
 * CTX. */
char *link_until_query(const void *ctx, time_t time, int first, int last);

/* An unlinked report becomes backscatter only if the index has mail that the user sent within so
 * many days of it: else sent mail may not be in the index at all. */
#define LINK_SENT_DAYS 7

#endif
