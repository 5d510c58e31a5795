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
	const char *meaning;
	bool permanent;
} reasons[REASON_COUNT] = {
        [REASON_USER_UNKNOWN] = {"user-unknown", "you (address)",
                "nothing exists left of the @ at that host", true},
        [REASON_HOST_UNKNOWN] = {"host-unknown", "you (address)",
                "the domain, right of the @, does not exist or has no mail host", true},
        [REASON_NO_MAIL_SERVICE] = {"no-mail-service", "you (address)",
                "the domain exists and takes no mail", true},
        [REASON_MAILBOX_FULL] = {"mailbox-full", "recipient", "the mailbox is over its quota",
                false},
        [REASON_SUSPENDED] = {"suspended", "recipient",
                "the account is disabled, inactive or closed", true},
        [REASON_MOVED] = {"moved", "you (address)",
                "the person moved; a new address is or may be given", true},
        [REASON_FILTERED] = {"filtered", "recipient", "the recipient's own settings refuse you",
                true},
        [REASON_SENDER_REJECTED] = {"sender-rejected", "you (sender)",
                "your sender address is refused: unknown, unverifiable or malformed", true},
        [REASON_NOT_AUTHORIZED] = {"not-authorized", "list/owner",
                "only members or permitted senders may write there", true},
        [REASON_SPAM] = {"spam", "you (content)", "this mail's content was judged spam", true},
        [REASON_VIRUS] = {"virus", "you (content)", "malware was found in it", true},
        [REASON_BLOCKED] = {"blocked", "your server",
                "your server's address or domain has a bad reputation", true},
        [REASON_AUTH_FAILURE] = {"auth-failure", "your domain", "SPF, DKIM or DMARC failed", true},
        [REASON_POLICY] = {"policy", "receiver", "refused by a rule of the receiver", true},
        [REASON_CONTENT] = {"content", "you (content)",
                "a forbidden attachment, or malformed MIME, header or charset", true},
        [REASON_TOO_LARGE] = {"too-large", "you (content)", "the message exceeds a size limit",
                true},
        [REASON_RATE_LIMITED] = {"rate-limited", "wait",
                "too many mails in a time: throttled or greylisted", false},
        [REASON_RELAY_DENIED] = {"relay-denied", "your server/you",
                "that server does not relay for you", true},
        [REASON_TLS] = {"tls", "servers", "a secure connection was required, or failed", true},
        [REASON_EXPIRED] = {"expired", "wait/other way",
                "given up after retrying, no deeper cause named", false},
        [REASON_NETWORK] = {"network", "wait",
                "no connection, connection lost, or a temporary DNS failure", false},
        [REASON_SYSTEM] = {"system", "receiver",
                "a software or configuration error at a mail server", false},
        [REASON_SYSTEM_FULL] = {"system-full", "receiver",
                "a server, not the mailbox, is out of disk or resources", false},
        [REASON_LOOP] = {"loop", "receiver", "too many hops: the mail loops", true},
        [REASON_PROTOCOL] = {"protocol", "servers",
                "an SMTP syntax error or a feature that is not supported", true},
        [REASON_SENDER_SUSPENDED] = {"sender-suspended", "you, at once",
                "your own provider stopped your account: change the password", true},
        [REASON_SUPPRESSED] = {"suppressed", "your service",
                "your sending service did not even try: suppression list", true},
        [REASON_UNKNOWN] = {"unknown", "-", "the report does not say", true},
};

const char *reason_name(enum reason r)
{
	return reasons[r].name;
}

const char *reason_who(enum reason r)
{
	return reasons[r].who;
}

const char *reason_meaning(enum reason r)
{
	return reasons[r].meaning;
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
