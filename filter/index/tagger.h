/* Judges and tags mails in the index, links reports to the mails that they are about, and selects
 * which mails a run has to look at. All is owned by the tagger's context. */
#ifndef TAGGER_H
#define TAGGER_H

#include "index/index.h"
#include "judge/judge.h"

struct tagger {
	const void *ctx;
	struct index *index;
	struct judge *judge;
	char **outdated; /* ids of mails for outcome_update(), some perhaps repeated; NULL: none */
	size_t new;      /* mails that had no tags of ours before */
	size_t moved;    /* mails that had tags of ours, and now have others */
	size_t linked;   /* reports that were linked to a mail only now */
	char *changes;   /* a line for each mail that was changed; NULL: not kept */
};

/* Judges the files of the mail ID and updates its tags and properties. It is a report only if all
 * files say the same, as anybody can send another with its id. Without files it stays as it is. */
enum status tagger_mail(struct tagger *tagger, const char *id);

/* Does the same for the mail ID after its delivery, if one of its files is SPOOL, LENGTH bytes, of
 * which JUDGEMENT is. Its tags were given to `notmuch insert`. */
enum status tagger_delivered(struct tagger *tagger, const char *id, int spool, size_t length,
        const struct judgement *judgement);

/* Links the report ID to its mail anew, by what is stored on the report. */
enum status tagger_link(struct tagger *tagger, const char *id);

/* Notes the mail that REPORT is about, if any, as outdated. */
void tagger_outdate(struct tagger *tagger, struct mail *report);

/* Runs outcome_update() for all that are outdated. */
enum status tagger_settle(struct tagger *tagger);

/* Returns the query for what may wait for the mail ID from FROM (may be NULL), owned by CTX: reports
 * about it, and mails of the user's that a sign of life would settle. */
char *tagger_waiting_query(const void *ctx, const char *id, const char *from);

/* MAIL turned up, from FROM: adds to REPORTS those that may be about it or are decided by it, and to
 * ORIGINALS the user's mails for which it is a sign of life. */
enum status tagger_turned_up(const struct tagger *tagger, struct mail *mail, const char *from,
        char ***reports, char ***originals);

/* The mails that a run has to look at, in this order. */
enum selected {
	SELECTED_SUSPECTS,  /* mails that may be reports, or were: for tagger_mail() */
	SELECTED_REPORTS,   /* reports for which something turned up: for tagger_link() */
	SELECTED_ORIGINALS, /* mails of the user's: for outcome_update() */
	SELECTED_SEEN,      /* all mails; only if asked for */
	SELECTED_COUNT,
};

struct selection {
	char **ids[SELECTED_COUNT]; /* each has an id once; NULL: none */
	size_t counts[SELECTED_COUNT];
};

/* Selects from what QUERY finds, opening no file; with EVERYTHING, notes all mails. Calls
 * PROGRESS now and then with the number of mails seen. */
enum status tagger_select(const struct tagger *tagger, const char *query, bool everything,
        void (*progress)(size_t seen), struct selection *selection);

/* Returns whether a draft that was made because of REPORT is in the index and has been sent. */
bool tagger_was_resent(struct mail *report);

/* Notes on the bounce ID that DRAFTS (ids) were made of the mail that it is about, and that this was
 * sent again to ADDRESSES, which had failed. Both end with NULL. */
enum status tagger_note(
        struct index *index, const char *id, char *const *drafts, char *const *addresses);

/* Makes WANTED (NULL-terminated) the tags that MAIL has because of what it is. What the user
 * removed stays off, and then none of our other tags is added. Public for tests. */
void tags_apply(struct mail *mail, const char *const *wanted);

#endif
