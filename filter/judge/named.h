/* Whom a notice means, and what it says of each, that no format describes.
 *
 * It needs no layout. An address failed if the notice names it and the returned mail was addressed to it; else if it stands where only a failed one does
 * (alone at the start of a line, behind a label, in a session); else if it is the only one that is not somebody else's. */
#ifndef NAMED_H
#define NAMED_H

#include "judge/mentions.h"

/* A recipient that was not reached. Strings belong to struct named. */
struct named_recipient {
	const char *address;
	const char *original; /* the address that was written to, if the notice says that it leads here; NULL: it does not say */
	char *diagnostic;     /* the server's reply, or what the notice gives as the reason; NULL: neither */
	char *transcript;     /* what servers said of it in a session that the notice shows; NULL: nothing */
	char *paragraph;      /* the words beside the address; NULL: none */
	char *remote;         /* the host that refused; NULL: not said */
	const char *command;  /* what it answered: CONN EHLO MAIL RCPT DATA; NULL: not said */
	bool delayed;         /* the words beside it say that it is only late */
	bool is_sure;         /* it stands where only one that failed can stand, or the mail went there */
};

struct named {
	struct named_recipient *list;
	size_t count;
	bool has_mention;  /* the notice names any of them */
	char *shared;      /* what a server said, or the reason, wherever it stands; NULL: nothing */
	unsigned features; /* of the notice, bits of enum feature but for FEATURE_RETURNED */
};

/* Read lines FROM to END of the notice in SOURCE; owned by CTX. At most RECIPIENTS_MAX recipients. */
struct named *named_read(const void *ctx, const struct mentions_source *source, size_t from, size_t end);

#endif
