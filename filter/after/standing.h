/* What all bounces in the index together say about an address: whether it is dead, or fails now and
 * then. */
#ifndef STANDING_H
#define STANDING_H

#include <time.h>

#include "after/silence.h"
#include "knowledge/vocabulary.h"
#include "knowledge/wording.h"

enum standing_kind {
	STANDING_DEAD, /* wrong or gone, with no sign of life since */
	/* wrong or gone, or the recipient's settings refuse the sender: the user has to ask */
	STANDING_ASK,
	STANDING_FAILING, /* three temporary failures or more, over two weeks or longer */
	/* the sender, its server or the mail was refused; the address may be right */
	STANDING_REFUSED,
	STANDING_FAILED, /* any other failure */
	STANDING_ALIVE,  /* it failed, and there was a sign of life later */
	STANDING_SILENT, /* mail went there, and neither an answer nor a bounce came */
	STANDING_COUNT,
};

struct standing {
	char *address;
	enum standing_kind kind;
	enum reason reason; /* of the newest failure; REASON_COUNT: it is silent */
	/* what came back for the newest mail, if the address is silent */
	enum silence_kind silence;
	size_t failures;      /* or mails without an answer, if the address is silent */
	time_t first, last;   /* of these */
	size_t passing;       /* the temporary ones among the failures */
	time_t passing_first; /* the first of these */
	/* the newest mail from the address, or report of success, if newer than `last`; 0: none */
	time_t alive;
	bool genuine; /* all failures counted are about the user's own mails */
};

struct standings {
	struct standing **list;
	size_t count;
};

/* The name of each kind: `dead`. */
extern const char *const standing_names[STANDING_COUNT];

/* Adds to LIST, owned by CTX, each address that failed since SINCE by the reports that QUERY finds
 * (NULL: all), sorted by kind, and within a kind the newest failure first. Counts genuine bounces,
 * which are of a mail that the user sent to that address. With UNVERIFIED also counts others, which
 * anybody can forge, for addresses without a genuine one. Returns false if QUERY is wrong:
 * index_why(). */
bool standings_read(const void *ctx, struct index *index, struct wording *wording,
        const char *query, time_t since, bool unverified, struct standings *list);

/* Adds to LIST, owned by CTX, each address that did not answer a mail that QUERY finds (NULL: all)
 * and that was sent from START to END; the longest silence first. Returns what standings_read()
 * does. */
bool standings_silent(const void *ctx, struct index *index, const char *query, time_t start,
        time_t end, struct standings *list);

/* Returns the standing of ADDRESS, owned by CTX, if genuine bounces say that it is dead; else
 * NULL. */
const struct standing *standing_dead(
        const void *ctx, struct index *index, struct wording *wording, const char *address);

#endif
