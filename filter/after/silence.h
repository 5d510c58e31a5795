/* The user's mails that were neither answered nor returned. */
#ifndef SILENCE_H
#define SILENCE_H

#include "base/date.h"
#include "index/index.h"

/* The ages, in seconds, of the mails that are looked at unless the user says otherwise: younger
 * ones may still be answered, and older ones don't matter any more. */
#define SILENCE_AFTER (7 * DAY)
#define SILENCE_SINCE (60 * DAY)

enum silence_kind {
	SILENCE_NOTHING, /* nothing came back */
	SILENCE_ARRIVED, /* a report of success came */
	SILENCE_READ,    /* a read receipt came: a mail program says that the mail was opened */
	SILENCE_AWAY,    /* an automatic reply came */
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
	size_t silent;                       /* how many `recipients` has */
	size_t recipient_count;              /* all recipients that can answer, silent or not */
	size_t mails;                        /* how many mails were joined into this entry */
	bool is_mass; /* it is several mails with one subject, or one mail to many people */
};

struct silences {
	struct silence *list;
	size_t count;
};

/* Each kind's name for programs (`nothing`), and the label of its text for people. */
extern const struct silence_said {
	const char *name, *label;
} silence_kinds[];

/* Finds the user's mails, among those that QUERY finds (NULL: all) and sent from START to END, that
 * have a silent recipient; the oldest first, all owned by CTX. A recipient is silent if the mail
 * did not fail to reach that address, and no newer mail came from it, apart from read receipts and
 * automatic replies. More than MAILING_MAILS mails with one subject are one entry, also if QUERY
 * finds only one of them. Opens each of these mails, and reads From of all mail that came since
 * START. Returns false if QUERY is wrong: index_why(). */
bool silences_read(const void *ctx, struct index *index, const char *query, time_t start,
        time_t end, struct silences *silences);

#endif
