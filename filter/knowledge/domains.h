/* Domains that are often misspelt: share/addresses/, and the user's own files. */
#ifndef DOMAINS_H
#define DOMAINS_H

#include <stdbool.h>

#include "knowledge/source.h"

struct domains;

/* Reads all of them; owned by CTX. Lines with errors are noted in PROBLEMS and left out. */
struct domains *domains_read(const void *ctx, struct problems *problems);

/* Returns the domain that was probably meant by DOMAIN, owned by CTX; NULL if DOMAIN itself, as far
 * as is known. *LISTED: a file lists the mistake; else DOMAIN is only very similar to a common
 * domain. */
char *domains_meant(
        const void *ctx, const struct domains *domains, const char *domain, bool *listed);

/* Returns whether DOMAIN is known to be right. */
bool domains_has(const struct domains *domains, const char *domain);

#endif
