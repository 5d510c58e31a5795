/* Makes a draft of a mail that is sent again, with the recipients and repairs of a plan. What the
 * plan does not change is copied byte for byte. */
#ifndef DRAFT_H
#define DRAFT_H

#include <time.h>

#include "knowledge/wording.h"
#include "mail/header.h"

/* A mail, as its file has it. */
struct draft_source {
	struct bytes fields; /* its header, without the empty line; start NULL: there is no mail */
	struct bytes body;
	const char *eol;  /* the mail's newline */
	const char *path; /* of its file; NULL: it has none */
	bool is_own;      /* the user sent the file: header_is_sent() */
	bool is_returned; /* it is what came back with the bounce, which anybody can have changed */
};

/* The recipients of a draft. Their names stay. */
struct recipients {
	char *const *only; /* the addresses that stay, NULL-terminated; NULL: all */
	struct correction {
		/* NULL: RIGHT is new, and is put into the To field */
		const char *wrong;
		const char *right;
	} * corrections;
	size_t correction_count;
};

/* Returns what ADDRESS is corrected to; NULL: it is not corrected. */
const char *recipients_right(const struct recipients *recipients, const char *address);

struct draft_plan {
	struct draft_source source;
	struct recipients recipients;
	const char *from;        /* the sender's address; NULL: unknown */
	struct wording *words;   /* for the recipients: lines on top, names of files */
	struct wording *wording; /* for the user: refusals and remarks */
	bool note;               /* a line on top says that this is sent again */
	bool quote_recipients;   /* a line on top names the recipients of the first mail */
	bool plain;              /* text only */
	const char *charset;     /* of the plain text; NULL: US-ASCII or UTF-8 */
	bool no_attachments, zip;
	size_t split;    /* make several drafts of at most so many bytes; 0: one */
	size_t max_size; /* refuse a larger draft; 0: any size will do */
	/* Called with the name and the decoded bytes of each part, before it is zipped. Returns
	 * false, with *WHY set, if the part must not be sent. NULL: nothing is checked. */
	bool (*check)(void *argument, const char *name, struct bytes bytes, const char **why);
	void *check_argument;
	time_t now;
};

struct draft {
	char *id;             /* its Message-ID, without angle brackets */
	struct bytes *pieces; /* bytes of the mail, or new ones; the first has the whole header */
	size_t count;
	size_t size; /* of all pieces */
};

struct drafts {
	struct draft *list;
	size_t count;
	char **remarks; /* what the user should know about the drafts; NULL-terminated */
};

/* Splits a mail of LENGTH bytes; a From_ line in front is left out. */
struct draft_source draft_source(const char *bytes, size_t length);

/* Returns all of SOURCE, header and body; NULL and 0 if it has no mail. */
struct bytes draft_source_bytes(const struct draft_source *source);

/* Returns whether SOURCE has a body, not only a header. */
bool draft_source_is_whole(const struct draft_source *source);

/* Makes the drafts of PLAN, which point into its mail. Returns NULL, or why PLAN can't be followed.
 * All is owned by CTX. */
const char *draft_make(const void *ctx, const struct draft_plan *plan, struct drafts *drafts);

/* Which repairs would change a mail, and would not be refused. */
struct draft_repairs {
	bool plain;       /* it has HTML */
	bool attachments; /* it has attachments */
};

struct draft_repairs draft_repairs(const void *ctx, const struct draft_source *source);

/* Returns DRAFT for a terminal, owned by CTX: addresses, subject, text and names of attachments,
 * all cleaned. */
char *draft_text(const void *ctx, const struct draft *draft);

/* Returns SIZE for people, `1.5 MB`, owned by CTX. */
char *size_words(const void *ctx, size_t size);

#endif
