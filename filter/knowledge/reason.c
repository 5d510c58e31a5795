#include "knowledge/reason.h"

#include <string.h>

static const struct {
	const char *name;
	const char *who;
	const char *meaning;
	const char *advice;
	bool permanent;
} reasons[REASON_COUNT] = {
        [REASON_USER_UNKNOWN] = {"user-unknown", "you (address)", "nothing exists left of the @ at that host",
                "check the spelling left of the @, or ask for the right address", true},
        [REASON_HOST_UNKNOWN] = {"host-unknown", "you (address)",
                "the domain, right of the @, does not exist or has no mail host", "check the spelling right of the @", true},
        [REASON_NO_MAIL_SERVICE] = {"no-mail-service", "you (address)", "the domain exists and takes no mail",
                "ask for another address: this domain takes no mail", true},
        [REASON_MAILBOX_FULL] = {"mailbox-full", "recipient", "the mailbox is over its quota",
                "tell them by another way, and send it again later", false},
        [REASON_SUSPENDED] = {"suspended", "recipient", "the account is disabled, inactive or closed",
                "ask for another address, by another way", true},
        [REASON_MOVED] = {"moved", "you (address)", "the person moved; a new address is or may be given",
                "send it to the new address", true},
        [REASON_FILTERED] = {"filtered", "recipient", "the recipient's own settings refuse you",
                "ask them to allow your address or domain", true},
        [REASON_SENDER_REJECTED] = {"sender-rejected", "you (sender)",
                "your sender address is refused: unknown, unverifiable or malformed",
                "check your own From address; send from one that takes mail", true},
        [REASON_NOT_AUTHORIZED] = {"not-authorized", "list/owner", "only members or permitted senders may write there",
                "subscribe, or ask the owner to let you write there", true},
        [REASON_SPAM] = {"spam", "you (content)", "this mail's content was judged spam",
                "write it differently: fewer links, plain text; not again unchanged", true},
        [REASON_VIRUS] = {"virus", "you (content)", "malware was found in it",
                "scan your machine and the attachment before anything else", true},
        [REASON_BLOCKED] = {"blocked", "your server", "your server's address or domain has a bad reputation",
                "ask your mail provider to have its server unlisted", true},
        [REASON_AUTH_FAILURE] = {"auth-failure", "your domain", "SPF, DKIM or DMARC failed",
                "have your domain's SPF, DKIM and DMARC records set right", true},
        [REASON_POLICY] = {"policy", "receiver", "refused by a rule of the receiver", "ask the receiver what they do not allow",
                true},
        [REASON_CONTENT] = {"content", "you (content)", "a forbidden attachment, or malformed MIME, header or charset",
                "send it without the attachment, or as plain text", true},
        [REASON_TOO_LARGE] = {"too-large", "you (content)", "the message exceeds a size limit",
                "compress or split the attachment, or share it by a link", true},
        [REASON_RATE_LIMITED] = {"rate-limited", "wait", "too many mails in a time: throttled or greylisted",
                "wait, then send it again, to fewer people at a time", false},
        [REASON_RELAY_DENIED] = {"relay-denied", "your server/you", "that server does not relay for you",
                "use your own provider's server to send; check your login", true},
        [REASON_TLS] = {"tls", "servers", "a secure connection was required, or failed",
                "ask your provider; the two servers agree on no secure connection", true},
        [REASON_EXPIRED] = {"expired", "wait/other way", "given up after retrying, no deeper cause named",
                "send it again later, or use another way", false},
        [REASON_NETWORK] = {"network", "wait", "no connection, connection lost, or a temporary DNS failure",
                "wait and send it again; check the domain if it stays so", false},
        [REASON_SYSTEM] = {"system", "receiver", "a software or configuration error at a mail server",
                "send it again later; tell the receiver if it stays so", false},
        [REASON_SYSTEM_FULL] = {"system-full", "receiver", "a server, not the mailbox, is out of disk or resources",
                "send it again later", false},
        [REASON_LOOP] = {"loop", "receiver", "too many hops: the mail loops",
                "tell the receiver: their forwarding goes in a circle", true},
        [REASON_PROTOCOL] = {"protocol", "servers", "an SMTP syntax error or a feature that is not supported",
                "ask your provider; the servers do not understand each other", true},
        [REASON_SENDER_SUSPENDED] = {"sender-suspended", "you, at once",
                "your own provider stopped your account: change the password",
                "change your password at once, then call your provider", true},
        [REASON_SUPPRESSED] = {"suppressed", "your service", "your sending service did not even try: suppression list",
                "if the address is right, take it off the suppression list", true},
        [REASON_UNKNOWN] = {"unknown", "-", "the report does not say", "read what the server said", true},
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

const char *reason_advice(enum reason r)
{
	return reasons[r].advice;
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
