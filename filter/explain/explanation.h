/* What is known about one bounce, and what a person needs to know of it, in words: from a
 * judgement, what the index knows, and the words of a language. page.h gives it a form. */
#ifndef EXPLANATION_H
#define EXPLANATION_H

#include "index/outcome.h"
#include "index/properties.h"
#include "judge/judge.h"
#include "knowledge/wording.h"

/* What a bounce, the mail that came back and the index tell about each other. */
struct bounce_context {
	const struct judgement *judgement;
	char *id; /* of the bounce; NULL: it has none */
	enum genuine genuine;
	bool names_mail;    /* the bounce has an id that may be the mail's */
	char *author;       /* of that mail, with GENUINE_FOREIGN; NULL: not known */
	bool author_is_own; /* the author is one of the user's addresses */
	/* The mail that came back: from the index or, if it is not there, as the report says. NULL
	 * or 0: not known. */
	char *original_id, *subject, *to;
	/* the recipients that its header names; NULL: not known, or it names nobody but the user */
	char **named;
	/* for each recipient, the one of that mail that it is about, see struct link; NULL: the
	 * mail is not in the index */
	const char **reached;
	time_t date;
	long long size; /* in bytes */
	/* The user's address from which it was sent: by the index; if it is not there, by the
	 * report, the user's addresses, or $EMAIL. */
	char *sender;
	/* The recipients of the mail about whom neither this report nor the index says anything;
	 * NULL: none, or not known. */
	char **unheard;
	/* one for each recipient; NULL: there is no index, or there are too many */
	struct history *history;
};

/* Returns what INDEX and JUDGEMENT tell about a bounce, owned by CTX. INDEX is NULL if there is
 * none; then WORDING is not needed. JUDGEMENT must live as long. OWN are the user's addresses
 * (NULL: not known). MAIL is the bounce in the index (NULL: it is not there). */
struct bounce_context *bounce_context_read(const void *ctx, const struct judgement *judgement,
        struct index *index, struct wording *wording, char *const *own, struct mail *mail);

enum hop {
	HOP_YOU,
	HOP_YOUR_SERVER,
	HOP_THEIR_SERVER,
	HOP_MAILBOX,
	HOP_COUNT,
};

/* Where on its path a mail stopped. */
struct path {
	/* the first hop that the mail did not reach; HOP_YOU: not known */
	enum hop stopped_before;
	bool waiting; /* it is still on its way there */
};

struct step {
	char *text;
	const char *action; /* `resend-to`; NULL: none */
	const char *to;     /* the address to which the mail is to be sent; NULL: not known */
};

/* What a server said of a recipient. */
struct saying {
	const char *words; /* as they came, one line */
	char *source;      /* who said it; NULL: not known */
};

struct detail {
	const char *label, *text;
};

/* The part of an address that is wrong. */
enum address_part {
	PART_NONE,
	PART_LOCAL,
	PART_DOMAIN,
};

/* Who must act next. */
enum turn {
	TURN_NOBODY,
	TURN_YOU,
	TURN_OTHERS,
};

/* The words for the recipients to whom the same happened. */
struct explained {
	size_t first;                    /* the first of them: its index in facts->recipients */
	enum reason reason;              /* REASON_COUNT: none */
	enum genuine genuine;            /* the report may name others, too */
	const char *genuine_text;        /* says whether it can be believed; NULL: nothing to say */
	const char *name;                /* never NULL */
	char *headline, *happened, *who; /* NULL: nothing to say */
	/* says that the mail was written to another address; NULL: it was not, or not known */
	char *forwarded;
	enum turn turn;
	char **addresses; /* ready to be shown; some may be `(address not named)` */
	size_t left_out;  /* how many further addresses there are */
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
	const char *alarm;   /* says that it is harmless, or urgent; NULL: nothing to say */
	const char *genuine; /* says whether the report can be believed; NULL: nothing to say */
	const char *unheard; /* says about whom nothing was reported; NULL: nothing to say */
	/* of the mail that came back: its subject, marked as a quotation; its date and recipients.
	 * NULL: not known */
	const char *subject, *mail;
	struct explained *list;
	size_t count;
};

/* Returns the explanation of CONTEXT, owned by CTX; CONTEXT and WORDING must live as long. */
struct explanation *explanation_make(
        const void *ctx, const struct bounce_context *context, struct wording *wording);

/* Returns where the mail for RECIPIENT stopped, by REASON and by the server that refused it. SENDER
 * (NULL: not known) is the user's address: a server of its domain is the user's own. */
struct path path_of(const struct facts *facts, const struct recipient *recipient,
        enum reason reason, const char *sender);

/* Returns ADDRESS, its domain as people write it (RFC 5891), if that can be shown within a sentence
 * of ours, else NULL. Owned by CTX, or ADDRESS itself. */
const char *explanation_address(const void *ctx, const char *address);

#endif
