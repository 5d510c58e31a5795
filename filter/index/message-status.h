/* What is known of one mail that came back: for each recipient what became of it. */
#ifndef MESSAGE_STATUS_H
#define MESSAGE_STATUS_H

#include "index/index.h"
#include "index/recipient-state.h"
#include "index/settings.h"

struct message_status {
	char *id;
	char *thread; /* the identifier of its thread: letters and digits */
	char *subject;
	time_t date;
	/* a mail of the user's; else a bounce that is tied to none */
	bool is_original;
	struct recipient_fate *fates; /* a recipient each */
	size_t count;
};

enum status_extent {
	/* recipients that it did not reach, as far as is known now, and that nobody dealt with */
	EXTENT_OPEN,
	/* those of them that it is worth sending it to again now; nothing of a bounce that is tied
	 * to no mail */
	EXTENT_DUE,
	EXTENT_REPORTED, /* all that something was reported of */
	EXTENT_ALL,      /* all that its header names; opens the file */
};

/* Returns what is known of MAIL, owned by CTX: if it is a bounce, of the mail it is about, or its
 * own if there is none. NULL if nothing is that EXTENT asks for, or MAIL is none of the user's. */
struct message_status *message_status_read(const void *ctx, struct index *index,
        const struct settings *settings, struct mail *mail, enum status_extent extent);

#endif
