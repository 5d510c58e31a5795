/* Decides whether a mail that came back may be sent again, which mail that is, and to whom. Writes
 * nothing. */
#ifndef RESEND_H
#define RESEND_H

#include "index/index.h"
#include "index/link.h"
#include "judge/judge.h"
#include "resend/candidates.h"
#include "resend/draft.h"

/* What the user asks for. Lists end with NULL; a list that is NULL is empty. */
struct resend_options {
	char **to;   /* corrected addresses: `new`, or `old=new` */
	char **skip; /* addresses that are left out */
	/* bits, 1u << reason: only recipients that failed for one of these; 0: for any reason */
	unsigned reasons;
	bool all;           /* to all recipients, not only to those who did not get it */
	bool again;         /* even if it was sent again before */
	bool anyway;        /* even if that makes it worse, or the address is wrong or closed */
	bool from_returned; /* what came back may be sent, if there is no copy of the user's own */
};

struct resend_bounce {
	struct mail *mail; /* NULL: it is not in the index */
	const char *bytes;
	size_t length;
	struct judgement judgement;
	struct link link;
};

struct resend_failure {
	const char *address; /* as the user wrote it */
	const char *digest;  /* of that */
	enum reason reason;
	bool is_left_out; /* the draft does not go there: the address is wrong or closed */
};

struct resend {
	/* Set by the caller. */
	const void *ctx;     /* owns all */
	struct index *index; /* NULL: there is none */
	struct judge *judge;
	struct resend_options options;
	/* The repairs, and the words for what is said to the user. resend_decide() sets the mail,
	 * its sender and its recipients: the user's own copy or, without one, what came back. */
	struct draft_plan plan;

	/* Set by resend_read(). */
	struct resend_bounce *bounces; /* all about one mail */
	size_t bounce_count;

	/* Set by resend_decide(). */
	const char *why; /* the reason why nothing is to be sent; NULL: none was given */
	char **ids;      /* of the bounces in the index that are settled by sending it again */
	struct resend_failure
	        *failures; /* the recipients who did not get it, as the options choose */
	size_t failure_count;
	bool has_done;  /* others did not get it either, but it was sent to them again already */
	char **remarks; /* what the user should know */
};

/* Reads the bounce of LENGTH bytes, which are not copied and are MAIL in the index (NULL: not
 * there); or, if MAIL is the user's own, the bounces that the index knows of it. */
enum status resend_read(struct resend *resend, const char *bytes, size_t length, struct mail *mail);

/* Decides about the mail that was read; can be called again with other options. STATUS_REFUSED or
 * STATUS_USAGE if nothing is to be sent; the failures are set even then. */
enum status resend_decide(struct resend *resend);

/* Returns what came back of the mail in the bounce of LENGTH bytes that has FACTS. Its bytes are
 * those of BOUNCE, or owned by CTX. */
struct draft_source original_returned(
        const void *ctx, const char *bounce, size_t length, const struct facts *facts);

/* Returns which addresses may have been meant instead of that of FAILURE, owned by RESEND's ctx. */
struct candidates resend_candidates(const struct resend *resend,
        const struct resend_failure *failure, struct problems *problems);

/* Returns the likeliest right address for the one that failed; NULL if none is known, or several
 * failed. Never an address that a stranger could have brought in: it is one that the user wrote to
 * before, or that has a well-known domain instead of its misspelling. */
const char *resend_suggestion(const struct resend *resend, struct problems *problems);

/* Returns whether the draft goes to none of the addresses that failed: all are wrong or closed. */
bool resend_is_gone(const struct resend *resend);

/* Returns the first few ADDRESSES and how many more there are, as a line for people, owned by
 * CTX. */
char *resend_addresses(const void *ctx, char *const *addresses);

#endif
