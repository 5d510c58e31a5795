#include "explain/path.h"

#include <string.h>
#include <talloc.h>

#include "mail/address.h"

/* A reason says more about the place than the hosts do; which hosts a report names depends on who
 * wrote it. */
static enum hop place_of_reason(enum reason reason)
{
	switch (reason) {
	case REASON_SENDER_SUSPENDED:
	case REASON_SUPPRESSED: return HOP_YOUR_SERVER;
	case REASON_HOST_UNKNOWN:
	case REASON_NO_MAIL_SERVICE:
	case REASON_NETWORK:
	case REASON_TLS:
	case REASON_EXPIRED: return HOP_THEIR_SERVER;
	case REASON_USER_UNKNOWN:
	case REASON_MAILBOX_FULL:
	case REASON_SUSPENDED:
	case REASON_MOVED:
	case REASON_FILTERED:
	case REASON_NOT_AUTHORIZED: return HOP_MAILBOX;
	case REASON_UNKNOWN:
	case REASON_COUNT: return HOP_YOU;
	default: return HOP_COUNT; /* refused by a server: by which? */
	}
}

/* Whether HOST is below the domain of ADDRESS, or below the same one. */
static bool is_of(const char *host, const char *address)
{
	char *domain = host != NULL && address != NULL ? address_domain(NULL, address) : NULL;
	size_t length = domain != NULL ? strlen(domain) : 0,
	       host_length = host != NULL ? strlen(host) : 0;
	bool same = length > 0 && host_length >= length &&
	            strcasecmp(host + host_length - length, domain) == 0 &&
	            (host_length == length || host[host_length - length - 1] == '.');

	talloc_free(domain);
	return same;
}

struct path path_of(const struct facts *facts, const struct recipient *recipient,
        enum reason reason, const char *sender)
{
	struct path path = {place_of_reason(reason), recipient->action == ACTION_DELAYED};

	if (path.stopped_before != HOP_COUNT)
		return path;
	if (recipient->reply == 530 ||
	        recipient->reply ==
	                535) { /* RFC 4954: only the server that one sends by asks for a login */
		path.stopped_before = HOP_YOUR_SERVER;
		return path;
	}
	/* A host that answered a command of SMTP, and is not the user's, is theirs. The server that
	 * reports without having asked anyone is the user's own, or already theirs. */
	if (recipient->remote_mta != NULL && !is_of(recipient->remote_mta, sender))
		path.stopped_before = HOP_MAILBOX;
	else if (is_of(facts->reporting_mta, recipient->address))
		path.stopped_before = HOP_MAILBOX;
	else if (recipient->remote_mta != NULL || is_of(facts->reporting_mta, sender))
		path.stopped_before = HOP_THEIR_SERVER;
	else
		path.stopped_before = HOP_YOU;
	return path;
}
