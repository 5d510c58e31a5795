/* Works out what became of the user's mails, for each recipient. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "index/index.h"
#include "index/properties.h"
#include "knowledge/wording.h"

/* -- the states of a recipient. They are the same in whatever order the mails came into the
 * index. */

/* What became of a mail for one recipient. */
enum recipient_state {
	STATE_NOTHING, /* nothing is known */
	STATE_DELAYED,
	STATE_FAILED,
	STATE_CONFIRMED, /* a report of success came */
	/* delayed, or failed for a passing reason, but mail came from the address */
	STATE_REPLIED,
	STATE_RESENT,  /* it was sent again: what became of that is stored on the other mail */
	STATE_HANDLED, /* delayed or failed, and the user dealt with it */
	STATE_COUNT,
};

/* What changes a state. Events of the same time are applied in this order, so a failure counts more
 * than a success in the same report. */
enum recipient_event {
	EVENT_DELAY,
	EVENT_SUCCESS,
	EVENT_FAILURE,
	EVENT_RESEND, /* the user sent it again */
	EVENT_HAND,   /* the user dealt with the report, or removed our tag */
	EVENT_REPLY,  /* mail from that address */
	EVENT_COUNT,
};

struct event {
	size_t recipient; /* the number of the recipient */
	enum recipient_event kind;
	time_t time;
	enum reason reason; /* REASON_COUNT: none */
};

struct recipient_fate {
	enum recipient_state state;
	time_t since;       /* the time of the last report of this state, or of the sending again */
	enum reason reason; /* REASON_COUNT: none */
	const char *address;
};

/* The names in the index; "nothing" for STATE_NOTHING, which is not stored. */
extern const char *const recipient_state_names[STATE_COUNT];

/* Applies COUNT EVENTS, in any order, to FATES, which are at STATE_NOTHING. Sorts EVENTS. An event
 * that is there twice counts once. */
void recipient_states_apply(struct recipient_fate *fates, struct event *events, size_t count);

/* Applies that the newest mail from the recipient was sent at TIME. To be called after all other
 * events. */
void recipient_state_reply(struct recipient_fate *fate, time_t time);

/* Returns FATE as a value of bounce.state, owned by CTX. Long addresses are cut. */
char *recipient_state_write(const void *ctx, const struct recipient_fate *fate);

/* Reads such a value; FATE->address is owned by CTX. Returns false if VALUE is not valid. */
bool recipient_state_read(const void *ctx, const char *value, struct recipient_fate *fate);

/* -- a mail of the user's */

/* Works out anew what became of the mail ID, from the reports about it, mail from its recipients,
 * and mails sent in its place. Stores that on the mail and sets its tags. If the user removed one
 * of our tags, the reports so far count as dealt with. */
enum status outcome_update(struct index *index, const char *id);

/* Sets or removes TAG on MAIL, and notes a tag that we set. A tag that the user set or removed
 * stays as it is. */
void outcome_tag(struct mail *mail, const char *tag, bool wanted);

/* Returns what outcome_update() stored about MAIL's recipients, *COUNT of them, owned by CTX. */
struct recipient_fate *outcome_read(const void *ctx, struct mail *mail, size_t *count);

/* Returns the one of COUNT FATES that is about ADDRESS; NULL if there is none. */
struct recipient_fate *outcome_find(
        struct recipient_fate *fates, size_t count, const char *address);

/* What mail the user and one address exchanged, as the index has it. */
struct history {
	time_t last_from; /* the newest mail from the address; 0: none */
	/* the dates of the user's newest mail to the address that did not come back, as far as we
	 * know, and of the newest that came back because nobody can be reached there; 0: none */
	time_t last_reached, last_gone;
	/* how many of the newest HISTORY_MAX mails to the address are the user's, and how many of
	 * these failed */
	unsigned sent, failed;
};

/* Returns the history of ADDRESS. Only the ASCII letters and digits of ADDRESS get into the query.
 * WORDING knows where nobody can be reached: wording_is_gone(). */
struct history history_read(struct index *index, struct wording *wording, const char *address);

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
	/* recipients for whom it is delayed or failed, and that the user has not dealt with */
	EXTENT_OPEN,
	EXTENT_DUE,      /* recipients for whom it is worth sending it again now */
	EXTENT_REPORTED, /* all recipients of whom something is known */
	EXTENT_SENT,     /* all recipients in its header; opens the file */
	EXTENT_ALL,      /* the same, with those who answered in its thread, which is read */
};

/* Returns what is known about MAIL, owned by CTX. If MAIL is a bounce, that is about the mail that
 * came back or, if that is not known, what the bounce says. NULL if there are no recipients that
 * EXTENT asks for. */
struct message_status *message_status_read(
        const void *ctx, struct mail *mail, enum status_extent extent);

#endif
