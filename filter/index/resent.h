/* What the index knows of mails that were sent again. On the bounce stands bounce.resent-as=<id of the draft>, and bounce.resent=waiting until a
 * mail with that id turns up in the index: then it was sent. */
#ifndef RESENT_H
#define RESENT_H

#include "index/index.h"

#define RESENT_AS "bounce.resent-as"

/* On a mail that was sent in the place of another: that one's id. The other then has RESENT_AS too. */
#define RESENT_FOR "bounce.resent-for"

/* How often one mail is sent again until nobody follows it any more. */
#define RESENT_MAX 20

/* Note on the bounces BOUNCES that the drafts DRAFTS (ids, NULL-terminated) were made. INDEX must be writable. STATUS_IO: that could not be
 * written. */
enum status resent_note(const void *ctx, struct index *index, char *const *bounces, char *const *drafts);

/* The ids of bounces of which a draft was sent since, NULL-terminated, owned by CTX. */
char **resent_find(const void *ctx, struct index *index);

/* Note that the mail that BOUNCE (an id) is about was sent again: on both. INDEX must be writable, or pretend. */
enum status resent_confirm(const void *ctx, struct index *index, const char *bounce);

#endif
