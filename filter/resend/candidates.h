/* Finds out which address may have been meant instead of one that failed. It is only a proposal. */
#ifndef CANDIDATES_H
#define CANDIDATES_H

#include "index/outcome.h"
#include "knowledge/wording.h"

/* The strongest evidence for an address. */
enum candidate_evidence {
	CANDIDATE_SLIP,   /* it is in use, and a slip away from the failed address */
	CANDIDATE_NAME,   /* it is in use, and by the name the same person's */
	CANDIDATE_DOMAIN, /* its domain is often misspelled as that of the failed address */
	CANDIDATE_REPORT, /* the report names it, which anybody may have written */
};

/* How it is known that a domain is a misspelling of another. */
enum domain_knowledge {
	DOMAIN_LISTED, /* share/addresses lists it as one */
	DOMAIN_COMMON, /* it looks like a domain that is listed there */
	DOMAIN_SEEN,   /* it looks like a domain that mail comes from */
};

struct candidate {
	char *address;
	char *name; /* the one that it was last seen with; "": none */
	enum candidate_evidence evidence;
	unsigned cost; /* of the slips (slip.h); 0: no slip is needed; SLIP_NONE: it is no slip */
	bool is_same_name;  /* it has the name that the failed address was written to with */
	bool is_newer;      /* it was in use after the newest mail from the failed address */
	bool is_reported;   /* the report names it */
	const char *domain; /* of the failed address, if it is a misspelling; NULL: it is not */
	enum domain_knowledge knowledge; /* of that misspelling */
	time_t seen;                     /* the newest mail that has the address; 0: none */
	struct history history;
	int score; /* only to sort by */
};

struct candidates {
	const char *failed;
	struct candidate *list; /* the best first */
	size_t count;
};

struct candidates_wish {
	const char *failed;      /* the address that failed */
	const char *name;        /* the name that it was written to with; NULL: none */
	const char *diagnostic;  /* what the server said, if the person moved; NULL: nothing */
	struct wording *wording; /* as for history_read(); not needed without an index */
};

/* Returns candidates, owned by CTX: addresses in INDEX (NULL: there is none) that mail came from or
 * arrived at; the failed address with the domain that was meant; and the address that the report
 * names, which comes last unless it is in use. Never one of the user's own, nor one that is
 * closed. */
struct candidates candidates_find(const void *ctx, struct index *index,
        const struct candidates_wish *wish, struct problems *problems);

/* Return CANDIDATES and what speaks for each. People see domains as they write them, JSON has
 * addresses as mail has them. */
char *candidates_text(
        const void *ctx, struct wording *wording, const struct candidates *candidates);
char *candidates_json(
        const void *ctx, struct wording *wording, const struct candidates *candidates);

#endif
