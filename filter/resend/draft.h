/* A mail made ready to be sent again: the bytes of the mail, with other recipients and repaired as
 * the plan says. All that the plan does not touch is copied byte for byte. */
#ifndef DRAFT_H
#define DRAFT_H

#include <time.h>

#include "knowledge/wording.h"
#include "mail/header.h"

/* The bytes of the mail, as they lie in its file. */
struct draft_source {
	struct bytes fields; /* of its header, without the empty line */
	struct bytes body;
	const char *eol;
	bool is_returned; /* it came back with the bounce, through other hands */
};

/* Who gets it, with their names as they were. */
struct recipients {
	char *const *only; /* whose addresses stay, NULL-terminated; NULL: all */
	struct correction {
		/* NULL: an address that the mail did not go to is put into its To field */
		const char *wrong;
		const char *right;
	} * corrections;
	size_t correction_count;
};

/* Returns what ADDRESS is to become; NULL: it stays. */
const char *recipients_right(const struct recipients *recipients, const char *address);

struct draft_plan {
	struct draft_source source;
	struct recipients recipients;
	const char *from; /* the address it is from; NULL: unknown */
	/* for the lines that it may get on top, and names in it: for those who get it */
	struct wording *words;
	struct wording *wording; /* for what is said to the user */
	bool note;               /* a line on top: this is sent again */
	bool quote_recipients;   /* a line on top: to whom the first went */
	bool plain;              /* text only */
	const char *charset;     /* for that; NULL: US-ASCII or UTF-8 */
	bool no_attachments, zip;
	size_t split;    /* several drafts of at most so many bytes; 0: one */
	size_t max_size; /* 0: any */
	/* Called with each part that goes out, its name and its bytes, before it is packed; false
	 * with *WHY (owned by somebody who lives as long): it must not. NULL: none. */
	bool (*check)(void *argument, const char *name, struct bytes bytes, const char **why);
	void *check_argument;
	time_t now;
};

struct draft {
	char *id;             /* its Message-ID, without angle brackets */
	struct bytes *pieces; /* of the mail, or new; the first begins with the whole header */
	size_t count;
	size_t size; /* of all pieces */
};

struct drafts {
	struct draft *list;
	size_t count;
	char **remarks; /* what the user should know about them; NULL-terminated */
	size_t remark_count;
};

/* Take LENGTH bytes of a mail apart; a From_ line in front is not of the mail. */
struct draft_source draft_source(const char *bytes, size_t length);

/* Make the drafts of PLAN, which must live as long; owned by CTX. Returns NULL, or why it can't be
 * done that way, owned by CTX. */
const char *draft_make(const void *ctx, const struct draft_plan *plan, struct drafts *drafts);

/* Which repairs would change the mail SOURCE, and not be refused. */
struct draft_repairs {
	bool plain;       /* there is HTML, or another form of the text */
	bool attachments; /* there are some */
};

struct draft_repairs draft_repairs(const void *ctx, const struct draft_source *source);

/* DRAFT as a person reads it on a terminal, owned by CTX: to whom, the subject, its text, and the
 * names of its attachments, all cleaned. */
char *draft_text(const void *ctx, const struct draft *draft);

/* SIZE in a form for people, `1.5 MB`, owned by CTX. */
char *size_words(const void *ctx, size_t size);

#endif
