/* What a person needs to know about one bounce, in words: made of a judgement, what the index
 * knows, and the words of a language. Still without any form; page.h gives it one. */
#ifndef EXPLANATION_H
#define EXPLANATION_H

#include "explain/bounce-context.h"
#include "knowledge/wording.h"

enum hop {
	HOP_YOU,
	HOP_YOUR_SERVER,
	HOP_THEIR_SERVER,
	HOP_MAILBOX,
	HOP_COUNT,
};

/* Where on its path a mail stopped. */
struct path {
	enum hop stopped_before; /* HOP_YOU: not known; the mail got to the hop before this one */
	bool waiting;            /* it is still on its way there */
};

struct step {
	char *text;
	const char *action; /* `resend-to`; NULL: none */
	const char *to;     /* the address that it is to be sent to; NULL: not known */
};

/* What the server said of one recipient, and who says so. */
struct saying {
	const char *words; /* as they came, one line */
	char *source;
};

struct detail {
	const char *label, *text;
};

/* The part of an address that is meant. */
enum address_part {
	PART_NONE,
	PART_LOCAL,
	PART_DOMAIN,
};

/* Whose turn it is. */
enum turn {
	TURN_NOBODY,
	TURN_YOU,
	TURN_OTHERS,
};

/* What is said of some recipients that have the same reason. */
struct explained {
	/* of them: its place among the recipients of the facts */
	size_t first;
	enum reason reason;              /* REASON_COUNT: none */
	const char *name;                /* never NULL */
	char *headline, *happened, *who; /* NULL: nothing to say */
	/* that the address is another one than was written to; NULL: not so, or not known */
	char *forwarded;
	enum turn turn;
	char **addresses; /* shown as they are: cleaned, `(address not named)` */
	size_t left_out;  /* further addresses */
	enum address_part part;
	bool has_path;
	struct path path;
	struct step *steps;
	size_t step_count;
	char **avoid, **sample, **history;
	char *brief; /* the sample as a short message; NULL: none */
	struct saying *sayings;
	size_t saying_count;
	struct detail *details;
	size_t detail_count;
};

struct explanation {
	enum kind kind;
	struct wording *wording;
	const struct bounce_context *context;
	const char *alarm;   /* that it is harmless, or urgent; NULL: nothing to say */
	const char *genuine; /* NULL: nothing to say */
	const char *unheard; /* of whom the report says nothing; NULL: nothing to say */
	/* the mail that came back: its subject, marked as a quotation; when, to whom. NULL: not
	 * known */
	const char *subject, *mail;
	struct explained *list;
	size_t count;
};

/* Explain CONTEXT. All is owned by CTX; CONTEXT and WORDING must live as long. */
struct explanation *explanation_make(
        const void *ctx, const struct bounce_context *context, struct wording *wording);

/* Where the mail for RECIPIENT stopped, by REASON and by who refused it. SENDER (NULL: not known)
 * is the user's address: a server of its domain is the user's own. */
struct path path_of(const struct facts *facts, const struct recipient *recipient,
        enum reason reason, const char *sender);

/* ADDRESS if it can be shown within a sentence of ours, its domain as people write it (RFC 5891),
 * else NULL. Owned by CTX, or ADDRESS itself. */
const char *explanation_address(const void *ctx, const char *address);

/* TIME as a day in the words of a language, owned by CTX. NULL if it is 0. */
char *explanation_day(const void *ctx, struct wording *wording, time_t time);

#endif
