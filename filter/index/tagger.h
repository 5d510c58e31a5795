/* Mails of the index judged and tagged, reports tied to the mails they are about; and which mails a
 * run has to look at. All is owned by the tagger's context. */
#ifndef TAGGER_H
#define TAGGER_H

#include "index/index.h"
#include "judge/judge.h"

struct tagger {
	const void *ctx;
	struct index *index;
	struct judge *judge;
	struct ids due; /* mails for which outcome_update() is due, each once or more */
	size_t new;     /* mails that had no tags of ours before, */
	size_t moved;   /* that had, and have others now, */
	size_t linked;  /* and reports that were tied to a mail only now */
	char *changes;  /* a line for each mail that was changed; NULL: not kept */
};

/* Judge the files of the mail ID and bring its tags and properties up to date. It is a report only
 * if all its files say the same: who knows the id of a mail can send another with it. A mail whose
 * files are gone stays as it is. */
enum status tagger_mail(struct tagger *tagger, const char *id);

/* The mail ID was delivered: SPOOL has LENGTH bytes of it, if one of its files is that. JUDGEMENT
 * is of these bytes, and its tags were given to `notmuch insert`. Does what tagger_mail() would. */
enum status tagger_delivered(struct tagger *tagger, const char *id, int spool, size_t length,
        const struct judgement *judgement);

/* Tie the report ID to its mail anew, by what is on record. */
enum status tagger_link(struct tagger *tagger, const char *id);

/* Work out anew what is due. */
enum status tagger_settle(struct tagger *tagger);

/* Returns the query, of digests, for what waits for the mail ID from the addresses in FROM (NULL:
 * none): reports that may be about it, and mails of the user's that a sign of life would settle.
 * Owned by CTX. */
char *tagger_waiting_query(const void *ctx, const char *id, const char *from);

/* MAIL, from the addresses in FROM, turned up: add to REPORTS those that may be about it or are
 * decided by it, to ORIGINALS the user's mails that it is a sign of life for. */
enum status tagger_turned_up(const struct tagger *tagger, struct mail *mail, const char *from,
        struct ids *reports, struct ids *originals);

/* Which mails a run has to look at; each list has an id once. */
struct selection {
	struct ids suspects;  /* mails that may be reports, or were: to be judged */
	struct ids reports;   /* reports that something turned up for: to be tied anew */
	struct ids originals; /* mails of the user's: for outcome_update() */
	struct ids seen;      /* all mails looked at; only if asked for */
};

/* Go through what QUERY finds, by what the index itself holds: no file is opened. EVERYTHING: note
 * all mails in `seen`. PROGRESS is called now and then with the number of mails seen. */
enum status tagger_select(const struct tagger *tagger, const char *query, bool everything,
        void (*progress)(size_t seen), struct selection *selection);

/* Whether a mail that was made as a draft because of REPORT is in the index, and is one no more. */
bool tagger_was_resent(struct mail *report);

/* Note on the bounce ID that the drafts DRAFTS (ids, NULL-terminated) were made of the mail it is
 * about, and that this was sent again for ADDRESSES (NULL-terminated), which failed. */
enum status tagger_note(
        struct index *index, const char *id, char *const *drafts, char *const *addresses);

/* Public for tests: make WANTED (NULL-terminated) the tags that MAIL has because of what it is.
 * What the user took off stays off, and then nothing else of ours comes either. */
void tags_apply(struct mail *mail, const char *const *wanted);

#endif
