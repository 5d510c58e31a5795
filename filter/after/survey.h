/* What many bounces say together: how often which reason, whose domains and servers, over time, and
 * what seems to be going on. Memory does not grow with the number of bounces: of more than
 * SURVEY_KEYS_MAX domains, servers or addresses the rarest are forgotten, and the others may count
 * too low by no more than one in SURVEY_KEYS_MAX of all (Misra and Gries, Finding repeated
 * elements, 1982). */
#ifndef SURVEY_H
#define SURVEY_H

#include "after/failure.h"
#include "after/outbox.h"

enum survey_by {
	SURVEY_REASON,
	SURVEY_DOMAIN, /* of the recipient */
	SURVEY_SERVER, /* that refused: its organisation's domain */
	SURVEY_WEEK,   /* its Monday: 2026-11-30 */
	SURVEY_SENDER, /* the address that the mail was sent from */
	SURVEY_ADDRESS,
	SURVEY_BY_COUNT,
};

struct survey_row {
	const char *key;
	size_t count;
	time_t first, last; /* 0: not known */
};

/* Something that a reader should know, which single bounces do not show. */
enum finding_kind {
	FINDING_SENDER_SUSPENDED, /* the sender's own provider stopped the account */
	FINDING_BLOCKED,          /* a server refuses all mail from the sending server */
	FINDING_AUTH,             /* SPF, DKIM or DMARC fail */
	FINDING_SPAM,
	FINDING_RATE,
	FINDING_GONE,    /* addresses that are wrong or closed */
	FINDING_FULL,    /* addresses that were full for two weeks and longer */
	FINDING_MAILING, /* how much of the last mailing came back */
	FINDING_COUNT,
};

struct finding {
	enum finding_kind kind;
	const char *server; /* NULL: several */
	/* of the sending server, where the refusals name one; NULL: they don't */
	const char *ip;
	size_t count, servers;
	size_t all;            /* so many were sent meanwhile, or in the mailing; 0: not known */
	size_t before;         /* so many were sent before the first failed so; 0: not known */
	const char *mechanism; /* SPF, DKIM or DMARC; NULL: not known */
	const char *subject;   /* of the mailing */
	int usual;             /* of mailings so many in a hundred come back; -1: not known */
	time_t since;          /* 0: not known */
};

struct survey;

struct survey *survey_new(const void *ctx);

/* Count FAILURE: a failure_fn. */
void survey_add(void *survey, const struct failure *failure);

/* Compare what came back with what was sent: OUTBOX (NULL: not known), which must live as long as
 * SURVEY. */
void survey_compare(struct survey *survey, const struct outbox *outbox);

/* How many failures and how many delays were counted; the first and last time that one told (0:
 * none did). */
struct survey_row survey_failures(const struct survey *survey);
size_t survey_delays(const struct survey *survey);

/* The rows of one count, owned by CTX: weeks in their order, all others with the highest count
 * first; at most MOST. *TOTAL: how many there are. */
struct survey_row *survey_rows(const void *ctx, const struct survey *survey, enum survey_by by,
        size_t most, size_t *count, size_t *total);

/* What is going on, the most urgent first, *COUNT of them, owned by CTX. */
struct finding *survey_findings(const void *ctx, const struct survey *survey, size_t *count);

#endif
