/* What a report says, in the form in which it is kept on the report in the index: enough to tie it to a mail, and to tell that mail, without reading the
 * report again. */
#ifndef TESTIMONY_H
#define TESTIMONY_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/limits.h"
#include "index/index-mail.h"
#include "judge/judge.h"

struct testimony_recipient {
	enum action action;
	enum reason reason;  /* REASON_COUNT: none */
	const char *address; /* a digest; NULL: the report names nobody */
	const char *typed;   /* a digest of what the sender wrote for it; NULL: not said */
};

struct testimony_reference {
	const char *step, *id; /* how the report names the mail, and its id as notmuch has it */
};

struct testimony {
	time_t time; /* see header_time() */
	struct testimony_recipient *recipients; /* as many as the report has, in its order; without order when read from the index */
	size_t recipient_count;
	struct testimony_reference references[REFERENCES_MAX]; /* the likeliest first */
	size_t reference_count;
	char **addresses;    /* those that did not get the mail, or of a report of success those that did, sorted; NULL-terminated */
	const char *subject; /* a digest of the subject of the mail that came back; NULL: not known */
};

/* Returns the digest by which a mail with SUBJECT is found: of what is left of it without case and the like. NULL: nothing is. Owned by CTX. */
char *testimony_subject(const void *ctx, const char *subject);

/* Returns what JUDGEMENT, of a mail written at TIME, says; all owned by CTX. */
struct testimony testimony_of(const void *ctx, const struct judgement *judgement, time_t time);

/* Returns what REPORT has on record; all owned by CTX. */
struct testimony testimony_read(const void *ctx, struct mail *report);

/* Whether MAIL has testimony on record at all. */
bool testimony_is_there(struct mail *mail);

/* Put TESTIMONY on record on REPORT, and what JUDGEMENT says for people who search. */
void testimony_write(const void *ctx, struct mail *report, const struct testimony *testimony, const struct judgement *judgement);

/* Take all of that off MAIL, and what it was tied to. */
void testimony_clear(struct mail *mail);

/* Whether two files of one mail say the same; the time, which depends on the way a copy took, may differ. */
bool testimony_is_same(const void *ctx, const struct testimony *a, const struct testimony *b);

#endif
