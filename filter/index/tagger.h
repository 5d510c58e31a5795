/* Judges and tags mails in the index, links reports to the mails that they are about, and selects
 * the mails for which `tag` does that. All is owned by the tagger's context. */
#ifndef TAGGER_H
#define TAGGER_H

#include "index/index.h"
#include "judge/judge.h"

struct tagger {
	const void *ctx;
	struct index *index;
	struct judge *judge;
	char **outdated; /* ids of mails for outcome_update(), perhaps repeated; NULL: none */
	size_t new;      /* mails that had no tags of ours before */
	size_t moved;    /* mails that had tags of ours, and now have others */
	size_t linked;   /* reports that were linked to a mail only now */
	char *changes;   /* a line for each mail that was changed; NULL: not kept */
};

/* Judges the files of the mail ID and updates its tags and properties. It is a report only if all
 * files say the same, as anybody can send a file with its id. Without a file it stays as it is. */
enum status tagger_mail(struct tagger *tagger, const char *id);

/* Does the same for the mail ID after its delivery, unless none of its files is SPOOL, LENGTH
 * bytes, which has JUDGEMENT. `notmuch insert` has set its tags already. */
enum status tagger_delivered(struct tagger *tagger, const char *id, int spool, size_t length,
        const struct judgement *judgement);

/* Links the report ID to its mail anew, by the testimony stored on it. */
enum status tagger_link(struct tagger *tagger, const char *id);

/* Adds the mail that REPORT is about, if any, to those that are outdated. */
void tagger_outdate(struct tagger *tagger, struct mail *report);

/* Runs outcome_update() for all outdated mails. */
enum status tagger_settle(struct tagger *tagger);

/* Returns the query for all that the mail ID from FROM (may be NULL) may concern, owned by CTX:
 * reports about it, and mails of the user's whose state changes if mail comes from FROM. */
char *tagger_waiting_query(const void *ctx, const char *id, const char *from);

/* Looks for what MAIL, from FROM, concerns now that it is in the index: adds to REPORTS those that
 * may be about it, or may become backscatter by it, and to ORIGINALS the user's mails that wait for
 * mail from FROM. */
enum status tagger_turned_up(const struct tagger *tagger, struct mail *mail, const char *from,
        char ***reports, char ***originals);

/* The mails that a run has to look at, in this order. */
enum selected {
	SELECTED_SUSPECTS,  /* mails that may be reports, or were reports: for tagger_mail() */
	SELECTED_REPORTS,   /* reports that may be linked otherwise now: for tagger_link() */
	SELECTED_ORIGINALS, /* mails of the user's: for outcome_update() */
	SELECTED_SEEN,      /* all mails; only if asked for */
	SELECTED_COUNT,
};

struct selection {
	char **ids[SELECTED_COUNT]; /* each has an id once; NULL: none */
	size_t counts[SELECTED_COUNT];
};

/* Selects among the mails that QUERY finds; also all of them if EVERYTHING. Opens no files but
 * those of mails that are from the user, or have several files. Calls PROGRESS now and then with
 * the number of mails seen. */
enum status tagger_select(const struct tagger *tagger, const char *query, bool everything,
        void (*progress)(size_t seen), struct selection *selection);

/* Returns whether a draft that was made because of REPORT is in the index and has been sent. */
bool tagger_was_resent(struct mail *report);

/* Notes on the bounce ID that DRAFTS (ids) were made of its mail, and that it was sent again to
 * ADDRESSES, which had failed. Both lists are NULL-terminated. */
enum status tagger_note(
        struct index *index, const char *id, char *const *drafts, char *const *addresses);

/* Makes WANTED (NULL-terminated) the tags that MAIL has because of what it is. If the user has
 * removed one of these tags, none is added. Public for tests. */
void tags_apply(struct mail *mail, const char *const *wanted);

#endif
