/* The third stage: what a report says about each recipient and about the mail that came back. */
#ifndef FACTS_H
#define FACTS_H

#include <time.h>

#include "judge/recipient.h"
#include "knowledge/vocabulary.h"

/* A Message-ID that may be the original mail's, and where it stood. */
struct reference {
	char *id; /* without angle brackets */
	/* rfc822 headers text original-message-id x-original-message-id in-reply-to references
	 * envelope-id */
	const char *step;
};

struct original {
	char *message_id; /* without angle brackets; all may be NULL: not said */
	char *from;
	char *to; /* the value of To */
	/* the values of all other fields with recipients; NULL: not known */
	char *to_others;
	char *subject;
	char *date;
	struct reference references[REFERENCES_MAX]; /* the likeliest first */
	size_t reference_count;
};

struct notice;

struct facts {
	enum kind kind;
	const char *format;  /* rfc3464, arf, mdn, or the name of a format; NULL: none */
	char *reporting_mta; /* NULL: not said */
	time_t date;         /* of this mail, as its Date claims; 0: not said */
	char *message_id;    /* of this mail, without angle brackets; NULL: it has none */
	struct original original;
	struct recipient *recipients; /* of a bounce (failed, delayed) or a success report */
	size_t recipient_count;
	size_t recipients_left_out;  /* beyond RECIPIENTS_MAX */
	unsigned caps;               /* the caps that were reached, see enum cap */
	const struct notice *notice; /* what the mailer wrote for a person; NULL: not known */
};

struct report;

/* Returns what REPORT says, owned by CTX. REPORT must live as long. */
struct facts *facts_read(const void *ctx, struct report *report);

/* Returns the beginning of what the mailer wrote for a person, as one line, owned by CTX; NULL if
 * it wrote nothing. */
char *facts_words(const void *ctx, const struct facts *facts);

#endif
