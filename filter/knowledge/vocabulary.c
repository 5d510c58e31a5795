#include "knowledge/vocabulary.h"

#include <string.h>

static const char *const kind_names[KIND_COUNT] = {
        [KIND_NONE] = "none",
        [KIND_FAILED] = "failed",
        [KIND_DELAYED] = "delayed",
        [KIND_DELIVERY_RECEIPT] = "delivered",
        [KIND_COMPLAINT] = "complaint",
        [KIND_AUTO_REPLY] = "auto-reply",
        [KIND_READ_RECEIPT] = "receipt",
};

const char *kind_name(enum kind kind)
{
	return kind_names[kind];
}

enum kind kind_by_name(const char *name)
{
	int kind = 0;

	while (kind < KIND_COUNT && strcmp(kind_names[kind], name) != 0)
		kind++;
	return (enum kind)kind;
}

bool kind_is_bounce(enum kind kind)
{
	return kind == KIND_FAILED || kind == KIND_DELAYED;
}

enum { PERMANENT = 1, GONE = 2, YOURS = 4 };

static const struct {
	const char *name;
	const char *who;
	int is; /* a set of the above */
} reasons[REASON_COUNT] = {
        [REASON_USER_UNKNOWN] = {"user-unknown", "you (address)", PERMANENT | GONE | YOURS},
        [REASON_HOST_UNKNOWN] = {"host-unknown", "you (address)", PERMANENT | GONE | YOURS},
        [REASON_NO_MAIL_SERVICE] = {"no-mail-service", "you (address)", PERMANENT | GONE | YOURS},
        [REASON_MAILBOX_FULL] = {"mailbox-full", "recipient", 0},
        [REASON_SUSPENDED] = {"suspended", "recipient", PERMANENT | GONE},
        [REASON_MOVED] = {"moved", "you (address)", PERMANENT | GONE | YOURS},
        [REASON_FILTERED] = {"filtered", "recipient", PERMANENT},
        [REASON_SENDER_REJECTED] = {"sender-rejected", "you (sender)", PERMANENT | YOURS},
        [REASON_NOT_AUTHORIZED] = {"not-authorized", "list/owner", PERMANENT},
        [REASON_SPAM] = {"spam", "you (content)", PERMANENT | YOURS},
        [REASON_VIRUS] = {"virus", "you (content)", PERMANENT | YOURS},
        [REASON_BLOCKED] = {"blocked", "your server", PERMANENT},
        [REASON_AUTH_FAILURE] = {"auth-failure", "your domain", PERMANENT},
        [REASON_POLICY] = {"policy", "receiver", PERMANENT},
        [REASON_CONTENT] = {"content", "you (content)", PERMANENT | YOURS},
        [REASON_TOO_LARGE] = {"too-large", "you (content)", PERMANENT | YOURS},
        [REASON_RATE_LIMITED] = {"rate-limited", "wait", YOURS},
        [REASON_RELAY_DENIED] = {"relay-denied", "your server/you", PERMANENT},
        [REASON_TLS] = {"tls", "servers", PERMANENT},
        [REASON_EXPIRED] = {"expired", "wait/other way", YOURS},
        [REASON_NETWORK] = {"network", "wait", 0},
        [REASON_SYSTEM] = {"system", "receiver", 0},
        [REASON_SYSTEM_FULL] = {"system-full", "receiver", 0},
        [REASON_LOOP] = {"loop", "receiver", PERMANENT},
        [REASON_PROTOCOL] = {"protocol", "servers", PERMANENT},
        [REASON_SENDER_SUSPENDED] = {"sender-suspended", "you, at once", PERMANENT | YOURS},
        [REASON_SUPPRESSED] = {"suppressed", "your service", PERMANENT | GONE},
        [REASON_UNKNOWN] = {"unknown", "-", PERMANENT | YOURS},
};

const char *reason_name(enum reason r)
{
	return reasons[r].name;
}

const char *reason_who(enum reason r)
{
	return reasons[r].who;
}

/* Returns whether R is WHAT; false for REASON_COUNT, a reason that is not known. */
static bool reason_is(enum reason r, int what)
{
	return r < REASON_COUNT && (reasons[r].is & what) != 0;
}

bool reason_is_permanent(enum reason r)
{
	return reason_is(r, PERMANENT);
}

bool reason_is_gone(enum reason r)
{
	return reason_is(r, GONE);
}

bool reason_is_yours(enum reason r)
{
	return reason_is(r, YOURS);
}

enum reason reason_by_name(const char *name, size_t length)
{
	int r = 0;

	while (r < REASON_COUNT &&
	        (strncmp(reasons[r].name, name, length) != 0 || reasons[r].name[length] != '\0'))
		r++;
	return (enum reason)r;
}

enum reason reason_of_file(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;

	return reason_by_name(name, strcspn(name, "."));
}
