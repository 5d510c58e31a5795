/* Mailboxes of a From or To field, that is addresses with their display names, and comparing
 * names. */
#ifndef MAILBOX_H
#define MAILBOX_H

#include <stdbool.h>

struct mailbox {
	char *address;
	char *name; /* one harmless line; "" if it has none */
};

/* Reads the next mailbox of a decoded field and moves *AT behind it. Returns false if none is left.
 * Its strings belong to CTX. */
bool mailbox_next(const void *ctx, const char **at, struct mailbox *mailbox);

/* Returns whether the names A and B (UTF-8) are certainly one person's, as far as names can tell:
 * the same words in any order, and at least two of them, or three characters of a script like
 * Japanese. */
bool mailbox_same_name(const char *a, const char *b);

/* Returns whether ADDRESS is one that no person reads: no-reply, mailer-daemon and the like. */
bool mailbox_is_deaf(const char *address);

#endif
