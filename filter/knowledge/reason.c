#include "knowledge/reason.h"

#include <string.h>

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
        [REASON_MAILBOX_FULL] = {"mailbox-full", "recipient",
                "the mailbox is over its quota", false},
        [REASON_SUSPENDED] = {"suspended", "recipient",
                "the account is disabled, inactive or closed", true},
        [REASON_MOVED] = {"moved", "you (address)",
                "the person moved; a new address is or may be given", true},
        [REASON_FILTERED] = {"filtered", "recipient",
                "the recipient's own settings refuse you", true},
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
        [REASON_TOO_LARGE] = {"too-large", "you (content)",
                "the message exceeds a size limit", true},
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

static bool is_called(enum reason r, const char *name, size_t length)
{
	return reasons[r].name[0] == name[0] && strncmp(reasons[r].name, name, length) == 0 && reasons[r].name[length] == '\0';
}

enum reason reason_by_name(const char *name, size_t length)
{
	static enum reason last; /* who asks for one often asks for it again */
	int r;

	if (is_called(last, name, length))
		return last;
	for (r = 0; r < REASON_COUNT; r++)
		if (is_called((enum reason)r, name, length))
			return last = (enum reason)r;
	return REASON_COUNT;
}

enum reason reason_of_file(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;

	return reason_by_name(name, strcspn(name, "."));
}
