/* The mailboxes in a From or To field, addresses with the names that stand before them; and whether two names are of one person. */
#ifndef MAILBOX_H
#define MAILBOX_H

#include <stdbool.h>

struct mailbox {
	char *address;
	char *name; /* one harmless line; "" if it has none */
};

/* The next mailbox at or behind *AT in a decoded field, owned by CTX. False: there is none. */
bool mailbox_next(const void *ctx, const char **at, struct mailbox *mailbox);

/* Whether A and B, names in UTF-8, are the same person's for sure, as far as names go: the same words in any order, at least two, or three characters of another
 * script. */
bool mailbox_same_name(const char *a, const char *b);

/* Whether no person reads what comes to ADDRESS: no-reply, mailer-daemon and the like. */
bool mailbox_is_deaf(const char *address);

#endif
