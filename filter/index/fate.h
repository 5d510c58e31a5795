/* What became of a mail that the user sent, recipient by recipient, and which events change it.
 *
 * Kept in the property bounce.state of the mail, one value a recipient: `<state> <seconds since 1970> <reason or -> <address>`. */
#ifndef FATE_H
#define FATE_H

#include "index/index.h"
#include "knowledge/reason.h"

enum fate_state {
	FATE_NOTHING, /* nothing was heard */
	FATE_DELAYED,
	FATE_FAILED,
	FATE_CONFIRMED, /* a report of success came */
	FATE_REPLIED,   /* failed for the time being or delayed, but the person wrote since */
	FATE_RESENT,    /* failed, and was sent again: whatever becomes of that is told of the other mail */
	FATE_STATE_COUNT,
};

enum fate_event {
	FATE_DELAY,   /* a report of delay */
	FATE_FAILURE, /* a report of failure */
	FATE_SUCCESS, /* a report of success */
	FATE_REPLY,   /* mail from that person, dated later */
	FATE_RESEND,  /* the user sent it again */
	FATE_EVENT_COUNT,
};

struct fate {
	enum fate_state state;
	time_t since;       /* when it was reported */
	enum reason reason; /* REASON_COUNT: none */
	char *address;
};

const char *fate_name(enum fate_state state);

/* The fates recorded on MAIL, *COUNT of them, owned by CTX. */
struct fate *fate_read(const void *ctx, struct mail *mail, size_t *count);

/* The fates of ORIGINAL, to be changed: all owned by CTX. */
struct fates *fates_open(const void *ctx, struct mail *original);

/* EVENT happened at TIME to the copy of the mail for ADDRESS. */
void fates_happen(struct fates *fates, enum fate_event event, const char *address, time_t time, enum reason reason);

/* Write to the mail what happened: its properties, and its tags `undelivered` and `delayed`. */
void fates_write(struct fates *fates);

/* Mail from SENDER of TIME came: find the mails that wait for a sign of life from there and note it. */
enum status fate_reply(struct index *index, const char *sender, time_t time);

/* Whether any mail waits for a sign of life from SENDER, a From field. */
bool fate_is_awaited(struct index *index, const char *sender);

#endif
