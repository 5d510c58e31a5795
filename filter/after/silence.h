/* Mails of the user's that nothing came of: neither an answer nor a bounce. */
#ifndef SILENCE_H
#define SILENCE_H

#include <stdbool.h>
#include <time.h>

#include "index/index.h"

enum silence_kind {
	SILENCE_NOTHING, /* nothing was heard */
	SILENCE_ARRIVED, /* a report of success came */
	SILENCE_READ,    /* a receipt came: it was opened, or at least the program says so */
	SILENCE_AWAY,    /* an automatic reply came, and no other */
};

struct silent_recipient {
	const char *address;
	enum silence_kind kind;
	time_t date; /* of the mail */
};

struct silence {
	char *id, *subject;
	char *folded; /* the subject, for comparing */
	time_t date;
	struct silent_recipient *recipients; /* those that are silent */
	size_t silent, recipient_count;      /* and how many there are in all who can answer */
	size_t mails;                        /* with the same subject, of which this is one */
	/* many mails with the same subject, or one to many people */
	bool is_mass;
};

/* Returns the name of KIND for programs: `nothing`; the label of it for people. */
const char *silence_name(enum silence_kind kind);
const char *silence_label(enum silence_kind kind);

/* Returns the mails sent from START to END to which a recipient has neither answered nor bounced,
 * among those that QUERY finds (NULL: all); *COUNT of them, the longest silence first, all owned by
 * CTX. Mail from a recipient that is newer than the mail is an answer. A mail to many (Bcc too),
 * and a subject sent many times, is one entry; all mails of that subject also if QUERY finds only
 * one of them. Opens the headers of these mails, and looks at From of all that came since START.
 * NULL, with an error of QUERY in index_why(), if it can't be searched for. */
struct silence *silences_read(const void *ctx, struct index *index, const struct settings *settings,
        const char *query, time_t start, time_t end, size_t *count);

#endif
