/* All that we write to the index: the names of properties and tags, and what their values mean. On
 * a report (a bounce, or a report of success) they repeat what its file says, and tell which mail
 * it is about. On a mail of the user's they are a cache (index/outcome.h). */
#ifndef PROPERTIES_H
#define PROPERTIES_H

/* Each property's name begins with this. */
#define PROPERTY_PREFIX "bounce."

/* -- on a report and on a mail of the user's: what it is */
#define PROPERTY_IS "bounce.is"
#define IS_REPORT "report"
#define IS_ORIGINAL "original"
/* a mail of the user's whose state would change if mail came from a recipient */
#define IS_WAITING "waiting"

/* -- on a report: what it says */
#define PROPERTY_TAG "bounce.tag"             /* a tag that we set because of what the mail is */
#define PROPERTY_RECIPIENT "bounce.recipient" /* an address that failed, as the report has it */
#define PROPERTY_FAILED "bounce.failed"       /* a digest of that address, to search for */
#define PROPERTY_STATUS "bounce.status"       /* its enhanced status code */
#define PROPERTY_REASON "bounce.reason"
/* `action reason digest digest` for a recipient: of the address, and of what the sender wrote
 * instead of it; - where not known */
#define PROPERTY_SAYS "bounce.says"
#define PROPERTY_TIME "bounce.time"   /* header_time() in seconds since 1970 */
#define PROPERTY_ABOUT "bounce.about" /* `order step id`: a mail that it may be about */
/* digests of each such id, of that mail's subject, and of the ids of drafts made of it, by which
 * the report is found when a mail with them comes into the index */
#define PROPERTY_WANTS "bounce.wants"
/* the day on which an unlinked report becomes backscatter, YYYY-MM-DD in UTC */
#define PROPERTY_UNTIL "bounce.until"

/* -- on a report: which mail it is about */
#define PROPERTY_GENUINE "bounce.genuine" /* see enum genuine */
/* how that mail was found: a step of struct reference, `probable` or `none` */
#define PROPERTY_LINK "bounce.link"
#define PROPERTY_OF "bounce.of"           /* its id */
#define PROPERTY_FORWARD "bounce.forward" /* `a b`: mail to a was forwarded to b */

/* -- on a mail of the user's */
/* `state since reason address`: see index/outcome.h */
#define PROPERTY_STATE "bounce.state"
#define PROPERTY_BY "bounce.by" /* the id of a report about it */
/* the id of a report that was there when the user removed our tag */
#define PROPERTY_OFF "bounce.off"
/* a tag that we set because of what became of the mail (on a report: of the mail that it is
 * about) */
#define PROPERTY_MARK "bounce.mark"
/* a digest of the address of a recipient from whom mail would change the state */
#define PROPERTY_WAITS "bounce.waits"

/* -- a mail that was sent again */
/* on the bounce, and on the mail that it is about: the id of the draft */
#define PROPERTY_RESENT_AS "bounce.resent-as"
/* on the bounce: a digest of an address to which resend itself has sent the mail again */
#define PROPERTY_SENT_FOR "bounce.sent-for"
/* on what was sent: the id of the mail that it replaces */
#define PROPERTY_RESENT_FOR "bounce.resent-for"

/* -- tags. Those that say what a mail is: judge/judge.h. */
#define TAG_UNDELIVERED "undelivered"
#define TAG_DELAYED "delayed"
#define TAG_RESENT "resent"
#define TAG_DRAFT "draft" /* notmuch's own */
/* on a report: set by the user; on a mail of the user's: set by us when all its reports are dealt
 * with */
#define TAG_HANDLED "bounce/handled"
#define TAG_BOUNCE "bounce"
#define TAG_BACKSCATTER "bounce/backscatter"
#define TAG_BOUNCE_RESENT "bounce/resent"

/* How far the index confirms a report. */
enum genuine {
	GENUINE_NOT_ASKED, /* the mail is not a report */
	GENUINE_NO_INDEX,  /* there is no index to ask */
	GENUINE_LINKED,    /* it names a mail that the user sent to that address */
	/* it names no mail, but the user sent one with that subject to that address */
	GENUINE_PROBABLE,
	GENUINE_OTHER_RECIPIENT, /* it names a mail that the user sent, but not to that address */
	/* it names a mail that is in the index, but only as it came from others */
	GENUINE_FOREIGN,
	GENUINE_UNLINKED, /* the mail that it names, if any, is not in the index */
	/* so it stayed, though other mail that the user sent around that time is there */
	GENUINE_BACKSCATTER,
	GENUINE_COUNT,
};

#endif
