/* A mail of the user's: what became of it. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "index/index.h"
#include "index/recipient-state.h"

/* How often one mail is sent again until nobody follows it any more. */
#define RESENT_MAX 20

/* Work out anew what became of the mail ID, from the reports about it, mail from its recipients,
 * and mails sent in its place; put that on record, and set its tags. A tag that the user took off
 * means that what was reported until then is dealt with. */
enum status outcome_update(struct index *index, const char *id);

/* Set or take off TAG, which we remember having set: one that the user took off or set stays so. */
void outcome_tag(struct mail *mail, const char *tag, bool wanted);

/* Returns what is on record of MAIL's recipients, *COUNT of them, owned by CTX. */
struct recipient_fate *outcome_read(const void *ctx, struct mail *mail, size_t *count);

/* -- for people: what is known of one mail that came back, for each recipient */

struct message_status {
	char *id;
	char *thread; /* see mail_thread() */
	char *subject;
	time_t date;
	bool is_original;             /* a mail of the user's; else a bounce tied to none */
	struct recipient_fate *fates; /* a recipient each */
	size_t count;
};

enum status_extent {
	EXTENT_OPEN,     /* recipients that it did not reach, and that nobody dealt with */
	EXTENT_DUE,      /* of mails: those to whom it is worth sending it again now */
	EXTENT_REPORTED, /* all that something was reported of */
	EXTENT_ALL,      /* all that its header names; opens the file */
};

/* Returns what is known of MAIL, owned by CTX: if it is a bounce, of the mail it is about, or its
 * own if there is none. NULL if nothing is that EXTENT asks for, or MAIL is none of the user's. */
struct message_status *message_status_read(
        const void *ctx, struct mail *mail, enum status_extent extent);

#endif
