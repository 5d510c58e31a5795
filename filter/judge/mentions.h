/* Where a notice names addresses, and what the headers say of each: of the notice, and of the mail
 * that came back. */
#ifndef MENTIONS_H
#define MENTIONS_H

#include "judge/notice.h"
#include "mail/message.h"

/* What the headers say of an address: bits. */
enum role {
	ROLE_ADDRESSED = 1, /* the returned mail went there */
	ROLE_FAILED = 2,    /* X-Failed-Recipients or a delivery status name it */
	ROLE_OTHER = 4,     /* the sender's, the reporter's, an office's */
	ROLE_READER = 8,    /* the notice went there */
};

/* Where in its line an address stands, the surest last. */
enum mention_place {
	PLACE_ORIGIN,  /* the mail went there, and from there to the one before */
	PLACE_OTHER,   /* the line speaks of somebody else */
	PLACE_REPLY,   /* within a server's reply */
	PLACE_WITHIN,  /* in a sentence */
	PLACE_LABEL,   /* behind a word such as `Recipient:` */
	PLACE_HEAD,    /* the line begins with it */
	PLACE_SESSION, /* RCPT TO */
};

/* A place of the notice that names an address. */
struct mention {
	const char *address;
	size_t line;
	const char *behind; /* what follows in the line */
	enum mention_place place;
	unsigned roles;
};

/* What is searched. */
struct mentions_source {
	const struct message *message; /* the notice */
	struct notice *notice;
	const struct fields *returned; /* header of the returned mail, may be empty */
	const struct fields *groups;   /* of the delivery status */
	size_t group_count;
	struct general_words words; /* what stands before which address */
};

struct mentions {
	const struct mentions_source *source;
	size_t from, end; /* lines that were searched */
	struct mention *list;
	size_t count;
	bool has_returned; /* the header of a mail came back, and not what a notice tells of it */
	void *roles;       /* of all addresses in the headers */
};

/* The addresses that lines FROM to END name, owned by CTX; at most 2 * RECIPIENTS_MAX. Where no
 * line names one, the local part of an address that the mail went to counts, or a single word in a
 * list, to which the reporter's domain is added. */
struct mentions *mentions_find(
        const void *ctx, const struct mentions_source *source, size_t from, size_t end);

/* Whether MENTION may be of one that was not reached, at a place no less sure than PLACE, with one
 * of ROLES (0: any). */
bool mention_may_fail(const struct mention *mention, enum mention_place place, unsigned roles);

/* The only address with ROLE in the headers; NULL if there are several or none. */
const char *mentions_only(const struct mentions *mentions, enum role role);

/* The next address in TEXT: how many bytes there are up to its end, with *START and *LENGTH naming
 * the address; 0: there is none. Linear. */
size_t mentions_next(const char *text, const char **start, size_t *length);

#endif
