#include "explain/way.h"

#include <string.h>
#include <talloc.h>

#include "mail/address.h"

/* A reason says more about the place than the hosts do; which hosts a report names depends on who wrote it. */
static enum station place_of_reason(enum reason reason)
{
	switch (reason) {
	case REASON_SENDER_SUSPENDED:
	case REASON_SUPPRESSED: return STATION_YOUR_SERVER;
	case REASON_HOST_UNKNOWN:
	case REASON_NO_MAIL_SERVICE:
	case REASON_NETWORK:
	case REASON_TLS:
	case REASON_EXPIRED: return STATION_THEIR_SERVER;
	case REASON_USER_UNKNOWN:
	case REASON_MAILBOX_FULL:
	case REASON_SUSPENDED:
	case REASON_MOVED:
	case REASON_FILTERED:
	case REASON_NOT_AUTHORIZED: return STATION_MAILBOX;
	case REASON_UNKNOWN:
	case REASON_COUNT: return STATION_YOU;
	default: return STATION_COUNT; /* refused by a server: by which? */
	}
}

/* Whether HOST is below the domain of ADDRESS, or below the same one. */
static bool is_of(const char *host, const char *address)
{
	char *domain = host != NULL && address != NULL ? address_domain(NULL, address) : NULL;
	size_t length = domain != NULL ? strlen(domain) : 0, host_length = host != NULL ? strlen(host) : 0;
	bool same = length > 0 && host_length >= length && strcasecmp(host + host_length - length, domain) == 0 &&
	            (host_length == length || host[host_length - length - 1] == '.');

	talloc_free(domain);
	return same;
}

struct way way_of(const struct facts *facts, const struct recipient *recipient, enum reason reason, const char *sender)
{
	struct way way = {place_of_reason(reason), recipient->action == ACTION_DELAYED};

	if (way.stopped_before != STATION_COUNT)
		return way;
	/* A host that answered a command of SMTP, and is not the user's, is theirs. The server that reports without having asked anyone is the user's own,
	 * or already theirs. */
	if (recipient->remote_mta != NULL && !is_of(recipient->remote_mta, sender))
		way.stopped_before = STATION_MAILBOX;
	else if (is_of(facts->reporting_mta, recipient->address))
		way.stopped_before = STATION_MAILBOX;
	else if (recipient->remote_mta != NULL || is_of(facts->reporting_mta, sender))
		way.stopped_before = STATION_THEIR_SERVER;
	else
		way.stopped_before = STATION_YOU;
	return way;
}
