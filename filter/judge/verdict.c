#include "judge/verdict.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "judge/diagnostic.h"
#include "mail/address.h"

static char *lower(const void *ctx, const char *host)
{
	char *copy = host != NULL ? talloc_strdup(ctx, host) : NULL, *p;

	for (p = copy; p != NULL && *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
	return copy;
}

/* What is known of a recipient, for the rules. */
struct brief {
	const void *ctx;
	struct rules *rules;
	const struct likeness *likeness;
	struct rule_evidence said[2 + RECIPIENT_TEXTS_MAX];
	/* what servers said, the most exact first; then what the notice says */
	size_t said_count;
	size_t reply_count; /* of these, what servers said */
	struct circumstances where;
};

static struct rule_text *text_of(const void *ctx, const char *text)
{
	return text != NULL ? rule_text_new(ctx, text, strlen(text)) : NULL;
}

/* Whether SAID is nothing but the exit status of a program (sysexits.h). */
static bool is_exit_status(const char *said)
{
	return said != NULL && strlen(said) == 2 && said[0] >= '6' && said[0] <= '7' &&
	       said[1] >= '0' && said[1] <= '9';
}

static void brief_add(struct brief *brief, const char *text, const char *status,
        const struct recipient *recipient)
{
	brief->said[brief->said_count++] = (struct rule_evidence){
	        text_of(brief->ctx, text), status, recipient->reply, recipient->command};
}

/* Add the texts of RECIPIENT that stood at SOURCE, with STATUS, the code that goes with them. */
static void brief_add_texts(struct brief *brief, const struct recipient *recipient,
        enum text_source source, const char *status)
{
	for (size_t i = 0; i < recipient->text_count; i++)
		if (recipient->texts[i].source == source)
			brief_add(brief, recipient->texts[i].text, status, recipient);
}

/* Add what servers said, with the codes that they gave: the diagnostic, and a session if it tells
 * more; then what the notice says, with the status that the reporting server chose; an exit status
 * last. */
static void brief_gather(struct brief *brief, const struct recipient *recipient)
{
	const char *said = recipient->diagnostic;
	bool is_number;

	if (said != NULL)
		said = diagnostic_inner(brief->ctx, said);
	is_number = is_exit_status(said);
	brief_add(brief, is_number ? NULL : said, recipient->diagnostic_status, recipient);
	brief_add_texts(brief, recipient, TEXT_TRANSCRIPT, recipient->diagnostic_status);
	brief->reply_count = brief->said_count;
	brief_add_texts(brief, recipient, TEXT_NOTICE, recipient->status);
	if (is_number)
		said = talloc_asprintf(brief->ctx, "exit status %s", said);
	if (is_number || brief->said_count == brief->reply_count) /* nothing but a code */
		brief_add(brief, is_number ? said : NULL, recipient->status, recipient);
}

/* The first rule of the layers FROM to TO that fits any of the texts, each text with all layers
 * before the next. */
static struct rule_found brief_ask(
        const struct brief *brief, enum rule_layer from, enum rule_layer to)
{
	struct rule_found found = {NULL, NULL, NULL};

	for (size_t i = 0; found.rule == NULL && i < brief->said_count; i++)
		for (int layer = (int)from; found.rule == NULL && layer <= (int)to; layer++)
			found = rules_match(brief->ctx, brief->rules, (enum rule_layer)layer,
			        &brief->said[i], &brief->where);
	return found;
}

/* Where the texts begin and end that count when only the exact ones do: what servers said; what the
 * notice says only if they said nothing, as it has much that is not about the cause. */
static void brief_exact(const struct brief *brief, size_t *from, size_t *to)
{
	bool is_said = brief->said[0].text != NULL;

	*from = is_said ? 0 : brief->reply_count;
	*to = is_said ? brief->reply_count : brief->said_count;
}

/* Whether what is taken for a server's words surely is: they have a code, or stand where only they
 * can. */
static bool is_quoted(const struct brief *brief)
{
	const struct rule_evidence *said = &brief->said[0];
	const char *format = brief->where.format;

	return said->text != NULL && (said->reply != 0 || said->status != NULL ||
	                                     (format != NULL && strcmp(format, "rfc3464") == 0));
}

static const struct likeness_answer *brief_compare(const struct brief *brief)
{
	struct likeness_answer *answer = talloc_zero(brief->ctx, struct likeness_answer);
	size_t i, end;

	for (brief_exact(brief, &i, &end); i < end; i++)
		if (brief->said[i].text != NULL &&
		        likeness_ask(answer, brief->likeness, rule_text_tokens(brief->said[i].text),
		                !is_quoted(brief), answer))
			return answer;
	return NULL;
}

/* What the words say of how long it lasts: LASTING_END if nothing. */
static int brief_lasting(const struct brief *brief)
{
	struct rule_found found = {NULL, NULL, NULL};
	size_t i, end;

	for (brief_exact(brief, &i, &end); found.rule == NULL && i < end; i++)
		found = rules_match(
		        brief->ctx, brief->rules, RULE_LASTING, &brief->said[i], &brief->where);
	return found.rule != NULL ? (int)found.rule->reason : LASTING_END;
}

/* The order of evidence: words beat codes, and codes that say something beat what is only like
 * something. */
static struct verdict brief_decide(const struct brief *brief)
{
	static const enum rule_layer strong[][2] = {
	        {RULE_OWN, RULE_OWN}, {RULE_PROVIDER, RULE_WORDS}, {RULE_STATUS, RULE_STATUS}};
	struct verdict verdict = {.reason = REASON_UNKNOWN};

	for (size_t i = 0; verdict.found.rule == NULL && i < sizeof strong / sizeof *strong; i++)
		verdict.found = brief_ask(brief, strong[i][0], strong[i][1]);
	if (verdict.found.rule == NULL)
		verdict.like = brief_compare(brief);
	if (verdict.like != NULL) {
		verdict.reason = verdict.like->reason;
		return verdict;
	}
	for (int layer = RULE_REPLY; verdict.found.rule == NULL && layer <= RULE_AGE; layer++)
		verdict.found = brief_ask(brief, (enum rule_layer)layer, (enum rule_layer)layer);
	if (verdict.found.rule != NULL)
		verdict.reason = (enum reason)verdict.found.rule->reason;
	return verdict;
}

/* 4 or 5 as the report says it: the reply the server gave before the code that the reporting server
 * made of it; 0: not said. */
static int severity(const struct recipient *recipient)
{
	if (recipient->diagnostic_status != NULL)
		return recipient->diagnostic_status[0] - '0';
	if (recipient->reply != 0)
		return recipient->reply / 100;
	return recipient->status != NULL ? recipient->status[0] - '0' : 0;
}

/* A full mailbox, a broken connection and a mail that grew too old may all be better tomorrow,
 * whatever code they came with. For what a server merely decided, its words tell, else its code. */
static bool is_permanent(
        const struct brief *brief, enum reason reason, const struct recipient *recipient)
{
	int lasting = LASTING_END;

	if (recipient->action == ACTION_DELAYED)
		return false;
	switch (reason) {
	/* What a mailer finds out by itself, it files under 4.x.x when it gave up after many tries:
	 * only a server's own reply counts. */
	case REASON_USER_UNKNOWN:
	case REASON_HOST_UNKNOWN:
	case REASON_NO_MAIL_SERVICE: return recipient->reply / 100 != 4;
	case REASON_SYSTEM:
	case REASON_UNKNOWN:
	case REASON_SENDER_REJECTED:
	case REASON_SPAM:
	case REASON_BLOCKED:
	case REASON_AUTH_FAILURE:
	case REASON_POLICY:
	case REASON_CONTENT:
	case REASON_PROTOCOL:
	case REASON_RELAY_DENIED:
	case REASON_NOT_AUTHORIZED:
	case REASON_SUSPENDED:
	case REASON_LOOP:
	case REASON_TLS: lasting = brief_lasting(brief); break;
	case REASON_RATE_LIMITED: return brief_lasting(brief) == LASTING_PERMANENT;
	case REASON_SENDER_SUSPENDED: return brief_lasting(brief) != LASTING_TEMPORARY;
	default: return reason_is_permanent(reason);
	}
	return lasting == LASTING_END ? severity(recipient) != 4 : lasting == LASTING_PERMANENT;
}

/* What is known of RECIPIENT, owned by CTX. */
static struct brief brief_of(const void *ctx, const struct facts *facts,
        const struct recipient *recipient, const struct knowledge *knowledge)
{
	struct brief brief = {
	        .ctx = ctx,
	        .rules = knowledge->rules,
	        .likeness = knowledge->likeness,
	        .where =
	                {
	                        .remote = lower(ctx, recipient->remote_mta),
	                        .domain = address_domain(ctx, recipient->address),
	                        .reporter = lower(ctx, facts->reporting_mta),
	                        .format = facts->format,
	                        .action =
	                                recipient->action == ACTION_DELAYED ? "delayed" : "failed",
	                },
	};

	brief_gather(&brief, recipient);
	return brief;
}

struct verdict *verdict_reach(
        const void *ctx, const struct facts *facts, const struct knowledge *knowledge)
{
	struct verdict *verdicts = array_new(ctx, struct verdict, facts->recipient_count + 1);

	for (size_t i = 0; i < facts->recipient_count; i++) {
		const struct recipient *recipient = &facts->recipients[i];
		void *scratch = talloc_new(ctx);
		struct brief brief = brief_of(scratch, facts, recipient, knowledge);

		verdicts[i] = brief_decide(&brief);
		verdicts[i].permanent = is_permanent(&brief, verdicts[i].reason, recipient);
		verdicts[i].found.words = talloc_strdup(verdicts, verdicts[i].found.words);
		talloc_steal(verdicts, verdicts[i].like);
		talloc_free(scratch);
	}
	return verdicts;
}
