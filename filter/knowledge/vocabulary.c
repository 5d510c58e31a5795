#include "knowledge/vocabulary.h"

#include <string.h>

static const char *const kind_names[KIND_COUNT] = {
        [KIND_NONE] = "none",
        [KIND_FAILED] = "failed",
        [KIND_DELAYED] = "delayed",
        [KIND_DELIVERED] = "delivered",
        [KIND_COMPLAINT] = "complaint",
        [KIND_AUTO_REPLY] = "auto-reply",
        [KIND_RECEIPT] = "receipt",
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

static const struct {
	const char *name;
	const char *who;
	bool permanent;
} reasons[REASON_COUNT] = {
        [REASON_USER_UNKNOWN] = {"user-unknown", "you (address)", true},
        [REASON_HOST_UNKNOWN] = {"host-unknown", "you (address)", true},
        [REASON_NO_MAIL_SERVICE] = {"no-mail-service", "you (address)", true},
        [REASON_MAILBOX_FULL] = {"mailbox-full", "recipient", false},
        [REASON_SUSPENDED] = {"suspended", "recipient", true},
        [REASON_MOVED] = {"moved", "you (address)", true},
        [REASON_FILTERED] = {"filtered", "recipient", true},
        [REASON_SENDER_REJECTED] = {"sender-rejected", "you (sender)", true},
        [REASON_NOT_AUTHORIZED] = {"not-authorized", "list/owner", true},
        [REASON_SPAM] = {"spam", "you (content)", true},
        [REASON_VIRUS] = {"virus", "you (content)", true},
        [REASON_BLOCKED] = {"blocked", "your server", true},
        [REASON_AUTH_FAILURE] = {"auth-failure", "your domain", true},
        [REASON_POLICY] = {"policy", "receiver", true},
        [REASON_CONTENT] = {"content", "you (content)", true},
        [REASON_TOO_LARGE] = {"too-large", "you (content)", true},
        [REASON_RATE_LIMITED] = {"rate-limited", "wait", false},
        [REASON_RELAY_DENIED] = {"relay-denied", "your server/you", true},
        [REASON_TLS] = {"tls", "servers", true},
        [REASON_EXPIRED] = {"expired", "wait/other way", false},
        [REASON_NETWORK] = {"network", "wait", false},
        [REASON_SYSTEM] = {"system", "receiver", false},
        [REASON_SYSTEM_FULL] = {"system-full", "receiver", false},
        [REASON_LOOP] = {"loop", "receiver", true},
        [REASON_PROTOCOL] = {"protocol", "servers", true},
        [REASON_SENDER_SUSPENDED] = {"sender-suspended", "you, at once", true},
        [REASON_SUPPRESSED] = {"suppressed", "your service", true},
        [REASON_UNKNOWN] = {"unknown", "-", true},
};

const char *reason_name(enum reason r)
{
	return reasons[r].name;
}

const char *reason_who(enum reason r)
{
	return reasons[r].who;
}

bool reason_is_permanent(enum reason r)
{
	return reasons[r].permanent;
}

bool reason_is_gone(enum reason r)
{
	return r == REASON_USER_UNKNOWN || r == REASON_HOST_UNKNOWN ||
	       r == REASON_NO_MAIL_SERVICE || r == REASON_SUSPENDED || r == REASON_MOVED ||
	       r == REASON_SUPPRESSED;
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
