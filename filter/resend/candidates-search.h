/* For candidates*.c: addresses being gathered. */
#ifndef CANDIDATES_SEARCH_H
#define CANDIDATES_SEARCH_H

#include <stdint.h>

#include "mail/slip.h"
#include "resend/candidates.h"

/* Fields that were seen lately: one in two is like another. */
#define SEEN_FIELDS 1024

/* Mails in which no address counts. */
#define SEARCH_NOT_MEANT " and not tag:bounce and not tag:spam"

struct search {
	const void *ctx;
	struct index *index;
	const struct settings *settings;
	const char *failed, *name; /* NAME "": none */
	char *local, *domain;      /* of FAILED, in lower case */
	struct history history;    /* of FAILED */
	bool is_domain_in_use;     /* mail comes from there: it is no slip */
	bool is_domain_right;      /* it is listed as such */
	struct candidate *list;
	size_t count;
	uint64_t seen[SEEN_FIELDS]; /* numbers made of them */
};

/* The candidate ADDRESS, a new one if need be. NULL: it can't be one, or CANDIDATES_KEPT_MAX others are likelier than what costs COST. */
struct candidate *search_add(struct search *search, const char *address, unsigned cost);

/* Add what in FIELD, an address field of a mail of that DATE, may be one, by its slip or its name. IS_FROM: it is a From field. */
void search_see(struct search *search, const char *field, time_t date, bool is_from);

/* The From field of MAIL; "" if it is so long that it can't be a person's. */
const char *search_from(struct mail *mail);

/* Look in the index for addresses that the failed one may be a slip for; and for others of a person of that name. */
void search_slips(struct search *search);
void search_names(struct search *search);

/* Find out whether mail comes from the domain of the failed address. */
void search_domain(struct search *search);

/* The domain of the failed address without its end, which half of all domains have; owned by the context. */
char *search_domain_name(const struct search *search);

/* Add the failed address with the domain that it is usually meant for; or with one that mail comes from and that is a slip away. */
void search_listed_domains(struct search *search, struct problems *problems);
void search_domains(struct search *search);

/* Whether it is only by CANDIDATE's slip that the failed address is not in use: no, if what would be wrong in it is written so elsewhere too. */
bool search_is_slip(const struct search *search, const struct candidate *candidate);

#endif
