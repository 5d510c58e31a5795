/* Domains that are often written wrong: share/addresses/, and the user's own. */
#ifndef DOMAINS_H
#define DOMAINS_H

#include <stdbool.h>

#include "base/problem.h"

struct domains;

/* Read them all; owned by CTX. What is wrong with a line is noted in PROBLEMS, and the line left
 * out. */
struct domains *domains_read(const void *ctx, struct problems *problems);

/* What DOMAIN is usually meant for, owned by CTX; NULL: for itself, as far as is known. *LISTED:
 * somebody wrote that down; else it is only very like a domain that many have. */
char *domains_meant(
        const void *ctx, const struct domains *domains, const char *domain, bool *listed);

/* Whether DOMAIN is known to be right. */
bool domains_has(const struct domains *domains, const char *domain);

#endif
