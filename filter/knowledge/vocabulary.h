/* The vocabulary: what kind of message a mail is, why it came back, and who must act. */
#ifndef VOCABULARY_H
#define VOCABULARY_H

#include <stdbool.h>
#include <stddef.h>

/* Only failed and delayed are bounces. */
enum kind {
	KIND_NONE,    /* ordinary mail */
	KIND_FAILED,  /* a mail could not be delivered */
	KIND_DELAYED, /* not yet delivered, but still tried */
	/* `delivered`, tag delivery-receipt: a server says that it was delivered (DSN, RFC 3464) */
	KIND_DELIVERY_RECEIPT,
	KIND_COMPLAINT,  /* a feedback report (ARF, RFC 5965) */
	KIND_AUTO_REPLY, /* a vacation notice and the like (RFC 3834) */
	/* `receipt`: a mail program says what was done with it (MDN, RFC 8098) */
	KIND_READ_RECEIPT,
	KIND_COUNT,
};

const char *kind_name(enum kind kind);

/* Returns the kind called NAME; KIND_COUNT if there is none. */
enum kind kind_by_name(const char *name);

bool kind_is_bounce(enum kind kind);

enum reason {
	REASON_USER_UNKNOWN,
	REASON_HOST_UNKNOWN,
	REASON_NO_MAIL_SERVICE,
	REASON_MAILBOX_FULL,
	REASON_SUSPENDED,
	REASON_MOVED,
	REASON_FILTERED,
	REASON_SENDER_REJECTED,
	REASON_NOT_AUTHORIZED,
	REASON_SPAM,
	REASON_VIRUS,
	REASON_BLOCKED,
	REASON_AUTH_FAILURE,
	REASON_POLICY,
	REASON_CONTENT,
	REASON_TOO_LARGE,
	REASON_RATE_LIMITED,
	REASON_RELAY_DENIED,
	REASON_TLS,
	REASON_EXPIRED,
	REASON_NETWORK,
	REASON_SYSTEM,
	REASON_SYSTEM_FULL,
	REASON_LOOP,
	REASON_PROTOCOL,
	REASON_SENDER_SUSPENDED,
	REASON_SUPPRESSED,
	REASON_UNKNOWN,
	REASON_COUNT,
};

/* Static strings. */
const char *reason_name(enum reason r); /* `user-unknown`: the tag is bounce/<name> */
const char *reason_who(enum reason r);  /* who must act, in a few words */

/* Returns whether the reason is permanent when the report itself does not say. This and the next
 * two are false for REASON_COUNT. */
bool reason_is_permanent(enum reason r);

/* Returns whether the reason means that nobody can be reached at the address, now or later. */
bool reason_is_gone(enum reason r);

/* Returns whether the sender can do something about it: mend the address or the mail, or wait. */
bool reason_is_yours(enum reason r);

/* Returns the reason called LENGTH bytes of NAME; REASON_COUNT if there is none. */
enum reason reason_by_name(const char *name, size_t length);

/* Returns the reason that a file called <reason>.txt is about; REASON_COUNT if there is none. */
enum reason reason_of_file(const char *path);

#endif
