/* A bounce as it can be shown to strangers. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stddef.h>

#include "knowledge/domains.h"

struct sample {
	char *bytes;
	size_t length;
};

/* Returns the mail of LENGTH bytes with its addresses, hosts, IPs, ids and names replaced, each by
 * the same wherever it stands; of the mail that came back only the header is left, without its
 * subject. What servers and mailers say stays, and so do the domains of well-known providers
 * (DOMAINS). Text comes out decoded, in UTF-8; attachments are empty. Owned by CTX. Returns no
 * bytes (NULL) if it is no mail. */
struct sample sample_make(
        const void *ctx, const struct domains *domains, const char *bytes, size_t length);

#endif
