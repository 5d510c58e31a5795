/* Which address may have been meant for one that failed. Only proposed: nothing is done with it. */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include <stdbool.h>

#include "base/problem.h"
#include "index/history.h"
#include "index/index.h"

/* What speaks for an address, most of all. */
enum candidate_evidence {
	CANDIDATE_SLIP,   /* it is in use, and a slip away */
	CANDIDATE_NAME,   /* it is in use, and the same person's by name */
	CANDIDATE_DOMAIN, /* its domain is often written as that of the failed one */
	CANDIDATE_REPORT, /* the report names it; anybody may have written that */
};

/* How it is known that a domain is meant for another. */
enum domain_knowledge {
	DOMAIN_LISTED, /* somebody wrote that down, in share/addresses */
	DOMAIN_COMMON, /* it looks like one there */
	DOMAIN_SEEN,   /* it looks like one that mail comes from */
};

struct candidate {
	char *address;
	char *name; /* that it was last seen with; "": none */
	enum candidate_evidence evidence;
	/* of the slips (distance.h); 0: none is needed, SLIP_NONE: none explain it */
	unsigned cost;
	bool is_same_name; /* as that of the failed address */
	bool is_newer;     /* than the newest mail that came from the failed one */
	bool is_reported;  /* named in the report */
	/* of the failed address, if that is often written for this one's; NULL: it isn't */
	const char *domain;
	enum domain_knowledge knowledge;
	time_t seen; /* the newest mail it was seen in; 0: none */
	struct history history;
	int score; /* for comparing only */
};

struct candidates {
	const char *failed;
	struct candidate *list; /* the best first */
	size_t count;
};

struct candidates_wish {
	const char *failed;     /* the address that failed */
	const char *name;       /* with which it was written to; NULL: none */
	const char *diagnostic; /* what the server said of somebody who moved; NULL: nothing */
};

/* Look for candidates: among the addresses in INDEX (NULL: none) that mail came from or went to
 * without coming back; those whose domain is often written so; and what the report says, always
 * last, unless it is in use too. Never the user's own, nor those where nobody is any more. All is
 * owned by CTX. */
struct candidates candidates_find(const void *ctx, struct index *index,
        const struct candidates_wish *wish, struct problems *problems);

#endif
