/* All that we write to the index: the names of properties and tags, and what their values mean.
 * What stands on a report (a bounce, or a report of success) is what its file says, and which mail
 * that is about; what stands on a mail of the user's is a cache (index/outcome.h). */
#ifndef PROPERTIES_H
#define PROPERTIES_H

/* What the name of each begins with. */
#define PROPERTY_PREFIX "bounce."

/* -- on a report and on a mail of the user's: for finding them */
#define PROPERTY_IS "bounce.is"
#define IS_REPORT "report"
#define IS_ORIGINAL "original"
#define IS_WAITING "waiting" /* a mail of the user's that a sign of life would settle */

/* -- on a report: what it says */
#define PROPERTY_TAG "bounce.tag"             /* a tag that we set because of what the mail is */
#define PROPERTY_RECIPIENT "bounce.recipient" /* an address that failed, as the report has it */
#define PROPERTY_FAILED "bounce.failed"       /* a digest of it, to find by */
#define PROPERTY_STATUS "bounce.status"       /* its enhanced status code */
#define PROPERTY_REASON "bounce.reason"
/* `action reason digest digest`: of an address, and of what the sender wrote for it (- if it is not
 * said) */
#define PROPERTY_SAYS "bounce.says"
#define PROPERTY_TIME "bounce.time"   /* seconds since 1970: when, at the latest, it was written */
#define PROPERTY_ABOUT "bounce.about" /* `order step id`: which mail it may be about */
/* a digest of each such id, of the subject of that mail, and of the ids of drafts made of it: a
 * mail that turns up finds the report */
#define PROPERTY_WANTS "bounce.wants"
/* the day on which an unlinked report becomes backscatter, YYYY-MM-DD in UTC */
#define PROPERTY_DUE "bounce.due"

/* -- on a report: which mail it is about */
#define PROPERTY_GENUINE "bounce.genuine" /* see enum genuine */
#define PROPERTY_LINK "bounce.link" /* how that mail was found: a step, `probable` or `none` */
#define PROPERTY_OF "bounce.of"     /* its id */
#define PROPERTY_FORWARD "bounce.forward" /* `a b`: what went to a was forwarded to b */

/* -- on a mail of the user's */
/* `state since reason address`: see index/recipient-state.h */
#define PROPERTY_STATE "bounce.state"
#define PROPERTY_BY "bounce.by"   /* the id of a report about it */
#define PROPERTY_OFF "bounce.off" /* the id of a report whose tag the user took off this mail */
/* a tag that we set because of what became of it; on a report: of the mail it is about */
#define PROPERTY_MARK "bounce.mark"
/* a digest of an address from which a sign of life is awaited */
#define PROPERTY_WAITS "bounce.waits"

/* -- a mail that was sent again */
/* on the bounce, and on the mail it is about: the id of the draft */
#define PROPERTY_RESENT_AS "bounce.resent-as"
/* on the bounce: a digest of an address for which resend itself has sent the mail again */
#define PROPERTY_SENT_FOR "bounce.sent-for"
/* on what was sent: the id of the mail in whose place */
#define PROPERTY_RESENT_FOR "bounce.resent-for"

/* -- tags. Those by what a mail is: judge/judge.h. */
#define TAG_UNDELIVERED "undelivered"
#define TAG_DELAYED "delayed"
#define TAG_RESENT "resent"
#define TAG_DRAFT "draft" /* as notmuch has it */
/* on a report: the user's; on a mail of the user's: ours, when nothing about it is left to do */
#define TAG_HANDLED "bounce/handled"
#define TAG_BOUNCE "bounce"
#define TAG_BACKSCATTER "bounce/backscatter"
#define TAG_BOUNCE_RESENT "bounce/resent"

/* How far the index bears a report out. */
enum genuine {
	GENUINE_NOT_ASKED, /* the mail is no report */
	GENUINE_NO_INDEX,  /* there is no index to ask */
	GENUINE_LINKED,    /* it names a mail that the user sent to the address it speaks of */
	GENUINE_PROBABLE,  /* it names none, but the user sent one with that subject there */
	GENUINE_OTHER_RECIPIENT, /* it names a mail that the user sent, but not to that address */
	GENUINE_FOREIGN,         /* it names a mail of which no copy is known to be the user's */
	GENUINE_UNLINKED,        /* the mail it names, if any, is not in the index */
	GENUINE_BACKSCATTER,     /* nor did it turn up, while others sent at that time are there */
	GENUINE_COUNT,
};

/* What became of a mail for one recipient. */
enum recipient_state {
	STATE_NOTHING, /* nothing was heard */
	STATE_DELAYED,
	STATE_FAILED,
	STATE_CONFIRMED, /* a report of success came */
	STATE_REPLIED,   /* delayed, or failed for a reason that passes, but mail came from there */
	STATE_RESENT,    /* it was sent again: what becomes of that is told of the other mail */
	STATE_HANDLED,   /* delayed or failed, and the user dealt with it */
	STATE_COUNT,
};

/* What changes it, those of one time in this order: of two copies in one report the one that failed
 * counts. */
enum recipient_event {
	EVENT_DELAY,
	EVENT_SUCCESS,
	EVENT_FAILURE,
	EVENT_RESEND, /* the user sent it again */
	EVENT_HAND,   /* the user dealt with the report, or took our tag off */
	EVENT_REPLY,  /* mail from that address */
	EVENT_COUNT,
};

#endif
