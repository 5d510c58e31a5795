/* Works out what became of the user's mails. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "index/index.h"
#include "index/recipient-state.h"

/* A mail that is sent again so often is not followed any further. */
#define RESENT_MAX 20

/* Works out anew what became of the mail ID, from the reports about it, mail from its recipients,
 * and mails sent in its place; stores that, and sets the tags. If the user removed one of our tags,
 * what was reported until then is dealt with. */
enum status outcome_update(struct index *index, const char *id);

/* Sets or removes TAG on MAIL, and notes it as ours if set. One that the user removed or set stays
 * so. */
void outcome_tag(struct mail *mail, const char *tag, bool wanted);

/* Returns what outcome_update() stored about MAIL's recipients, *COUNT of them, owned by CTX. */
struct recipient_fate *outcome_read(const void *ctx, struct mail *mail, size_t *count);

/* Returns the one of COUNT FATES that is about ADDRESS; NULL if there is none. */
struct recipient_fate *outcome_find(
        struct recipient_fate *fates, size_t count, const char *address);

/* What mail the user and one address exchanged, as the index has it. */
struct history {
	time_t last_from; /* the newest mail from the address; 0: none */
	/* of the user's mails to the address the newest that is not known to have come back, and
	 * that came back because there is no such mailbox; 0: none */
	time_t last_reached, last_gone;
	unsigned sent, failed; /* the newest of these, at most HISTORY_MAX, and how many failed */
};

/* Returns the history with ADDRESS. Only the ASCII letters and digits of ADDRESS get into the
 * query. */
struct history history_read(struct index *index, const char *address);

/* -- for people: what is known about a mail that came back */

struct message_status {
	char *id;
	char *thread; /* see mail_thread() */
	char *subject;
	time_t date;
	bool is_original;             /* a mail of the user's; else a bounce without one */
	struct recipient_fate *fates; /* one for each recipient */
	size_t count;
};

enum status_extent {
	EXTENT_OPEN,     /* recipients that it did not reach and that the user has not dealt with */
	EXTENT_DUE,      /* those of a mail to whom it is worth sending it again now */
	EXTENT_REPORTED, /* all about whom something was reported */
	EXTENT_ALL,      /* all in its header; opens the file */
};

/* Returns what is known about MAIL, owned by CTX; of a bounce about the mail that came back, else
 * what it says itself. NULL if there are no recipients that EXTENT asks for. */
struct message_status *message_status_read(
        const void *ctx, struct mail *mail, enum status_extent extent);

#endif
