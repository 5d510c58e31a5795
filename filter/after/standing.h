/* What the bounces in the index say together about one address: whether it is dead, or only fails
 * now and then. */
#ifndef STANDING_H
#define STANDING_H

#include <stdbool.h>
#include <time.h>

#include "after/silence.h"
#include "index/index.h"
#include "knowledge/vocabulary.h"

enum standing_kind {
	STANDING_DEAD,    /* wrong or gone, and there was no sign of life since */
	STANDING_FAILING, /* three failures that may pass, over two weeks or longer */
	/* not the address's fault: the sender, its server or the mail was refused */
	STANDING_REFUSED,
	STANDING_FAILED, /* any other failure */
	STANDING_ALIVE,  /* it failed once, and there was a sign of life since */
	STANDING_SILENT, /* mail went there, and neither an answer nor a bounce came */
	STANDING_COUNT,
};

struct standing {
	char *address;
	enum standing_kind kind;
	enum reason reason;        /* of the newest failure; REASON_COUNT if it is silent, */
	enum silence_kind silence; /* and then this is what is known of the newest mail */
	size_t failures;           /* or mails without an answer */
	time_t first, last;        /* of them */
	size_t passing;            /* failures that may pass, */
	time_t passing_first;
	/* the newest mail from there, or report of success, that came after `last`; 0: none */
	time_t alive;
	bool genuine; /* the bounces counted are about mails of the user's */
};

struct standings {
	struct standing **list;
	size_t count;
};

/* Returns the name of KIND: `dead`. */
const char *standing_name(enum standing_kind kind);

/* Add to LIST the standing of all addresses that failed since SINCE, by the reports among those
 * that QUERY finds (NULL: all), the kinds in their order and of each the newest failure first, all
 * owned by CTX. Only genuine bounces count, which name a mail that the user sent to that address;
 * with UNVERIFIED those too that nothing bears out, which anybody can forge, but never for an
 * address that a genuine one is about. False, with an error of QUERY in index_why(), if it can't be
 * searched for. */
bool standings_read(const void *ctx, struct index *index, const char *query, time_t since,
        bool unverified, struct standings *list);

/* Add the addresses that did not answer a mail sent from START to END, by the mails among those
 * that QUERY finds; else as standings_read(), the longest silence first. */
bool standings_silent(const void *ctx, struct index *index, const struct settings *settings,
        const char *query, time_t start, time_t end, struct standings *list);

/* Whether the genuine bounces about ADDRESS, looked up by its digest, say that it is dead; owned by
 * CTX. NULL: it is not. */
const struct standing *standing_dead(const void *ctx, struct index *index, const char *address);

#endif
