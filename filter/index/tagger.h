/* One mail of the index judged and tagged; a report tied to the mail it is about. */
#ifndef TAGGER_H
#define TAGGER_H

#include "index/index.h"
#include "index/settings.h"
#include "judge/judge.h"

struct tagger {
	const void *ctx;
	struct index *index; /* writable, or pretend */
	struct judge *judge;
	struct settings settings;
	time_t now;
	/* of mails for which outcome_update() is due, each once or more; owned by CTX */
	struct ids originals;
};

struct tagged {
	bool is_new;    /* it had no tags of ours before */
	bool is_moved;  /* it had, and has others now */
	bool is_linked; /* it was tied to a mail only now */
	char *tags;     /* what was changed, ` -old +new` */
};

/* Judge the files of MAIL and bring its tags and properties up to date. It is a report only if all
 * its files say the same: who knows the id of a mail can send another with it. A mail whose files
 * are gone stays as it is. What TAGGED holds is owned by CTX. */
enum status tagger_mail(
        const void *ctx, struct tagger *tagger, struct mail *mail, struct tagged *tagged);

/* A mail was delivered, of which SPOOL has LENGTH bytes: MAIL, if one of its files is that.
 * JUDGEMENT is of these bytes, and its tags were given to `notmuch insert`. Does what tagger_mail()
 * would. */
enum status tagger_delivered(const void *ctx, struct tagger *tagger, struct mail *mail, int spool,
        size_t length, const struct judgement *judgement);

/* Tie the report ID to its mail anew, by what is on record. */
enum status tagger_link(
        const void *ctx, struct tagger *tagger, const char *id, struct tagged *tagged);

/* MAIL turned up: add to IDS, owned by CTX, the reports that may be about it, or are decided by it.
 * Nothing is written. */
enum status tagger_awaited(
        const void *ctx, const struct tagger *tagger, struct mail *mail, struct ids *ids);

/* Whether a mail that was made as a draft because of REPORT is in the index, and is one no more. */
bool tagger_was_resent(struct index *index, struct mail *report);

/* Note on the bounces BOUNCES that the drafts DRAFTS (ids, NULL-terminated) were made of the mail
 * they are about. INDEX must be writable. */
enum status tagger_note_drafts(
        const void *ctx, struct index *index, char *const *bounces, char *const *drafts);

/* Note on the bounce BOUNCE that the mail was sent again for ADDRESSES (NULL-terminated), which
 * failed. INDEX must be writable. */
enum status tagger_note_sent(
        const void *ctx, struct index *index, const char *bounce, char *const *addresses);

/* Public for tests: make WANTED (NULL-terminated) the tags that MAIL has because of what it is.
 * What the user took off stays off, and then nothing else of ours comes either. */
void tags_apply(struct mail *mail, const char *const *wanted);

#endif
