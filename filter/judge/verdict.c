#include "judge/verdict.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "judge/diagnostic.h"
#include "mail/address.h"
#include "text/text.h"

/* 4 or 5 as the report says it: the reply the server gave before the code that the reporting server made of it; 0: not said. */
static int severity(const struct recipient *recipient)
{
	if (recipient->diagnostic_status != NULL)
		return recipient->diagnostic_status[0] - '0';
	if (recipient->reply != 0)
		return recipient->reply / 100;
	return recipient->status != NULL ? recipient->status[0] - '0' : 0;
}

/* A full mailbox, a broken connection and a mail that grew too old may all be better tomorrow, whatever code they came with; a
 * wrong address is not. For what a server merely decided, and for what it does not name, its code tells. */
static bool is_permanent(enum reason reason, const struct recipient *recipient)
{
	if (recipient->action == ACTION_DELAYED)
		return false;
	switch (reason) {
	case REASON_SYSTEM:
	case REASON_UNKNOWN:
	case REASON_SENDER_REJECTED:
	case REASON_SPAM:
	case REASON_BLOCKED:
	case REASON_AUTH_FAILURE:
	case REASON_POLICY:
	case REASON_CONTENT:
	case REASON_TLS: return severity(recipient) != 4;
	default: return reason_is_permanent(reason);
	}
}

static char *lower(const void *ctx, const char *host)
{
	char *copy = host != NULL ? talloc_strdup(ctx, host) : NULL, *p;

	for (p = copy; p != NULL && *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	return copy;
}

static struct verdict verdict_of(
        const void *ctx, const struct facts *facts, const struct recipient *recipient, struct rules *rules)
{
	const char *said = recipient->diagnostic != NULL ? diagnostic_inner(ctx, recipient->diagnostic) : NULL;
	const char *folded = said != NULL ? text_fold(ctx, said, strlen(said)) : NULL;
	const struct evidence layers[RULES_LAYERS] = {
	        {folded, recipient->diagnostic_status, recipient->reply, recipient->command},
	        {recipient->notice, recipient->status, recipient->reply, recipient->command},
	};
	const struct circumstances where = {
	        .remote = lower(ctx, recipient->remote_mta),
	        .domain = address_domain(ctx, recipient->address),
	        .format = facts->format,
	        .action = recipient->action == ACTION_DELAYED ? "delayed" : "failed",
	};
	const struct rule *rule = rules_match(rules, layers, &where);
	enum reason reason = rule != NULL ? rule->reason : REASON_UNKNOWN;

	return (struct verdict){reason, is_permanent(reason, recipient), rule};
}

struct verdict *verdict_reach(const void *ctx, const struct facts *facts, struct rules *rules)
{
	struct verdict *verdicts = array_new(ctx, struct verdict, facts->recipient_count + 1);
	void *scratch = talloc_new(ctx);
	size_t i;

	rules_forget(rules);
	for (i = 0; i < facts->recipient_count; i++)
		verdicts[i] = verdict_of(scratch, facts, &facts->recipients[i], rules);
	rules_forget(rules);
	talloc_free(scratch);
	return verdicts;
}
