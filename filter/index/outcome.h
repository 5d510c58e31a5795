/* A mail of the user's: what became of it. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "index/index.h"
#include "index/recipient-state.h"
#include "index/settings.h"

/* How often one mail is sent again until nobody follows it any more. */
#define RESENT_MAX 20

/* Work out anew what became of the mail ID, from the reports about it, mail from its recipients,
 * and mails sent in its place, as the index has them now; put that on record, and set its tags. A
 * tag that the user took off means that what was reported until then is dealt with. INDEX must be
 * writable, or pretend; no mail of it may be held. */
enum status outcome_update(const void *ctx, struct index *index, const struct settings *settings,
        time_t now, const char *id);

/* Returns what is on record of MAIL's recipients, *COUNT of them, owned by CTX. */
struct recipient_fate *outcome_read(const void *ctx, struct mail *mail, size_t *count);

/* Set or take off TAG, which we remember having set: one that the user took off or set stays so. */
void outcome_tag(struct mail *mail, const char *tag, bool wanted);

/* Returns the query for the mails of the user's that a sign of life from any of the addresses in
 * FROM, a From field, would settle; owned by CTX. NULL: there are no addresses. It holds digests
 * only. */
char *outcome_waiting_query(const void *ctx, const char *from);

#endif
