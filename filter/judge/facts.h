/* The third stage: what a report says, of each recipient and of the mail that came back. */
#ifndef FACTS_H
#define FACTS_H

#include <time.h>

#include "base/limits.h"
#include "judge/report.h"

enum action {
	ACTION_FAILED,
	ACTION_DELAYED,
	ACTION_DELIVERED, /* relayed and expanded too */
};

/* Where a text about a recipient stood. */
enum text_source {
	TEXT_DIAGNOSTIC, /* Diagnostic-Code, or the reply that the notice quotes */
	TEXT_TRANSCRIPT, /* what a server said in a session that the notice prints: all lines of a reply */
	TEXT_NOTICE,     /* the notice's own words beside the address; all of them if there is one recipient */
};

/* One text about one recipient. No text about another is among them. */
struct recipient_text {
	enum text_source source;
	const char *text; /* UTF-8; lines are separated by newlines; never empty */
};

struct recipient {
	char *address;          /* "" if the report does not name it */
	char *original_address; /* what the sender typed, if the report tells and it differs; NULL: not said */
	enum action action;
	char *status;            /* the Status field, or the code that the notice gives; NULL: none */
	int reply;               /* SMTP reply code; 0: none */
	const char *command;     /* CONN EHLO MAIL RCPT DATA; NULL: not said */
	char *diagnostic;        /* one line of UTF-8; NULL: none */
	char *diagnostic_status; /* the enhanced code inside the diagnostic; NULL: none */
	char *remote_mta;        /* NULL: not said */
	const char *notice;      /* the notice's own words about this recipient, after text_fold(); NULL: none */
	struct recipient_text texts[RECIPIENT_TEXTS_MAX]; /* all that is said about this recipient, the most exact first */
	size_t text_count;
	time_t retry_until;      /* how long the server goes on trying; 0: not said */
	bool is_sure;            /* read from a notice: where only one that failed can stand */
	unsigned hash;           /* of the address, to find it again */
};

/* An id that may be the original's, and where it stood. */
struct reference {
	char *id;         /* without angle brackets */
	const char *step; /* rfc822 headers text original-message-id x-original-message-id in-reply-to references envelope-id */
};

struct original {
	char *message_id; /* without angle brackets; all may be NULL: not said */
	char *from;
	char *to; /* field value */
	char *subject;
	char *date;
	struct reference references[REFERENCES_MAX]; /* the likeliest first */
	size_t reference_count;
};

struct facts {
	enum kind kind;
	const char *format;  /* rfc3464, arf, mdn, or the name of a format; NULL: none */
	char *reporting_mta; /* NULL: not said */
	time_t date;         /* of this mail, as its Date claims; 0: not said */
	char *message_id;    /* of this mail, without angle brackets; NULL: it has none */
	char *words;         /* the beginning of what the mailer wrote for a person, in one line; NULL: none */
	struct original original;
	struct recipient *recipients; /* only of a bounce (failed, delayed) or a delivery */
	size_t recipient_count;
	size_t recipients_left_out; /* beyond RECIPIENTS_MAX */
	unsigned caps;              /* at which the reading of the mail stopped, see cap.h */
};

/* What REPORT says, owned by CTX; REPORT must live as long. */
struct facts *facts_read(const void *ctx, struct report *report);

/* That recipient, or a new one at the end of the list. NULL when RECIPIENTS_MAX is reached. */
struct recipient *facts_recipient(struct facts *facts, const char *address);

/* Add TEXT (not copied) to what is said about RECIPIENT, behind texts of the same SOURCE; what is there already, or empty, is not added. */
void facts_add_text(struct recipient *recipient, enum text_source source, const char *text);

/* Give RECIPIENT the diagnostic TEXT and the codes that are in it. */
void facts_set_diagnostic(struct facts *facts, struct recipient *recipient, const char *text);

#endif
