#include "judge/judge.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "judge/diagnostic.h"
#include "judge/report.h"
#include "mail/address.h"
#include "text/text.h"

struct judge {
	struct problems *problems;
	struct formats *formats;
	struct rules *rules; /* NULL until the first bounce, or judge_gather() */
	struct likeness *likeness;
};

struct judge *judge_open(const void *ctx, struct problems *problems)
{
	struct judge *judge = talloc_zero(ctx, struct judge);

	judge->problems = problems;
	judge->formats = formats_new(judge, problems);
	return judge;
}

void judge_gather(struct judge *judge)
{
	if (judge->rules == NULL) {
		judge->rules = rules_open(judge, judge->problems);
		judge->likeness = likeness_open(judge, judge->problems);
	}
	formats_gather(judge->formats);
}

/* What the rules are asked about a recipient. */
struct brief {
	const void *ctx;
	const struct judge *judge;
	const struct recipient *recipient;
	struct rule_evidence said[2 + RECIPIENT_TEXTS_MAX];
	/* what servers said, the most exact first; then what the notice says */
	size_t said_count;
	size_t reply_count; /* how many of these are from servers */
	struct circumstances where;
};

/* Returns whether SAID is only the exit status of a program (sysexits.h). */
static bool is_exit_status(const char *said)
{
	return said != NULL && strlen(said) == 2 && (said[0] == '6' || said[0] == '7') &&
	       g_ascii_isdigit(said[1]);
}

static void brief_add(struct brief *brief, const char *text, const char *status)
{
	brief->said[brief->said_count++] = (struct rule_evidence){
	        text != NULL ? rule_text_new(brief->ctx, text, strlen(text)) : NULL, status,
	        brief->recipient->reply, brief->recipient->command};
}

/* Adds the texts that stood at SOURCE. STATUS is the code that goes with them. */
static void brief_add_texts(struct brief *brief, enum text_source source, const char *status)
{
	const struct recipient *recipient = brief->recipient;

	for (size_t i = 0; i < recipient->text_count; i++)
		if (recipient->texts[i].source == source)
			brief_add(brief, recipient->texts[i].text, status);
}

/* Adds what servers said, with the codes that they gave: first the diagnostic, then a session. Then
 * adds what the notice says, with the status that the reporting server chose; an exit status
 * last. */
static void brief_gather(struct brief *brief)
{
	const struct recipient *recipient = brief->recipient;
	const char *said = recipient->diagnostic;
	bool is_number;

	if (said != NULL)
		said = diagnostic_inner(brief->ctx, said);
	is_number = is_exit_status(said);
	brief_add(brief, is_number ? NULL : said, recipient->diagnostic_status);
	brief_add_texts(brief, TEXT_TRANSCRIPT, recipient->diagnostic_status);
	brief->reply_count = brief->said_count;
	brief_add_texts(brief, TEXT_NOTICE, recipient->status);
	if (is_number)
		said = talloc_asprintf(brief->ctx, "exit status %s", said);
	if (is_number || brief->said_count == brief->reply_count) /* nothing but a code */
		brief_add(brief, is_number ? said : NULL, recipient->status);
}

/* Returns the first rule of the layers FROM to TO that matches any of the texts from FIRST up to
 * END. Each text is tried with all layers before the next. */
static struct rule_found brief_ask(
        const struct brief *brief, int from, int to, size_t first, size_t end)
{
	struct rule_found found = {NULL, NULL, NULL, 0};

	for (size_t i = first; found.rule == NULL && i < end; i++)
		for (int layer = from; found.rule == NULL && layer <= to; layer++)
			found = rules_match(brief->ctx, brief->judge->rules, (enum rule_layer)layer,
			        &brief->said[i], &brief->where);
	return found;
}

/* Tells which texts to ask when only exact ones count: what servers said. Only if they said
 * nothing, what the notice says, because much of that is not about the cause. */
static void brief_exact(const struct brief *brief, size_t *from, size_t *to)
{
	bool is_said = brief->said[0].text != NULL;

	*from = is_said ? 0 : brief->reply_count;
	*to = is_said ? brief->reply_count : brief->said_count;
}

static const struct likeness_answer *brief_compare(const struct brief *brief)
{
	struct likeness_answer *answer = talloc_zero(brief->ctx, struct likeness_answer);
	const struct rule_evidence *said = &brief->said[0];
	/* Texts that have a code, or stand where only a server's words can, surely are a server's
	 * words. */
	bool is_quoted =
	        said->text != NULL && (said->reply != 0 || said->status != NULL ||
	                                      g_strcmp0(brief->where.format, "rfc3464") == 0);
	size_t i, end;

	for (brief_exact(brief, &i, &end); i < end; i++)
		if (brief->said[i].text != NULL &&
		        likeness_ask(answer, brief->judge->likeness,
		                rule_text_tokens(brief->said[i].text), !is_quoted, answer))
			return answer;
	return NULL;
}

/* Returns how long the words say that it lasts; LASTING_END if they don't say. */
static int brief_lasting(const struct brief *brief)
{
	struct rule_found found;
	size_t from, end;

	brief_exact(brief, &from, &end);
	found = brief_ask(brief, RULE_LASTING, RULE_LASTING, from, end);
	return found.rule != NULL ? (int)found.rule->reason : LASTING_END;
}

/* Asks the evidence in its order: words, then codes that say something, then likeness, then the
 * rest. */
static struct verdict brief_decide(const struct brief *brief)
{
	static const int layers[][2] = {{RULE_OWN, RULE_OWN}, {RULE_PROVIDER, RULE_WORDS},
	        {RULE_STATUS, RULE_STATUS}, {RULE_REPLY, RULE_REPLY}, {RULE_AGE, RULE_AGE}};
	struct verdict verdict = {.reason = REASON_UNKNOWN};

	for (size_t i = 0; verdict.found.rule == NULL && i < G_N_ELEMENTS(layers); i++) {
		if (layers[i][0] == RULE_REPLY && (verdict.like = brief_compare(brief)) != NULL) {
			verdict.reason = verdict.like->reason;
			return verdict;
		}
		verdict.found = brief_ask(brief, layers[i][0], layers[i][1], 0, brief->said_count);
	}
	if (verdict.found.rule != NULL)
		verdict.reason = (enum reason)verdict.found.rule->reason;
	return verdict;
}

/* Returns the class of the code in the report, 4 or 5; 0 if it has none. The server's own reply
 * counts before the code that the reporting server made of it. */
static int recipient_severity(const struct recipient *recipient)
{
	if (recipient->diagnostic_status != NULL)
		return recipient->diagnostic_status[0] - '0';
	if (recipient->reply != 0)
		return recipient->reply / 100;
	return recipient->status != NULL ? recipient->status[0] - '0' : 0;
}

/* Returns whether REASON is permanent. A full mailbox, a broken connection and a mail that expired
 * may all be better tomorrow, whatever code they came with. What a server merely decided is as
 * permanent as its words say, or else its code. */
static bool is_permanent(const struct brief *brief, enum reason reason)
{
	int lasting;

	if (brief->recipient->action == ACTION_DELAYED)
		return false;
	switch (reason) {
	/* A mailer uses 4.x.x for what it found out by itself after many tries: only a server's own
	 * reply counts. */
	case REASON_USER_UNKNOWN:
	case REASON_HOST_UNKNOWN:
	case REASON_NO_MAIL_SERVICE: return brief->recipient->reply / 100 != 4;
	case REASON_RATE_LIMITED: return brief_lasting(brief) == LASTING_PERMANENT;
	case REASON_SENDER_SUSPENDED: return brief_lasting(brief) != LASTING_TEMPORARY;
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
	case REASON_TLS: break;
	default: return reason_is_permanent(reason);
	}
	lasting = brief_lasting(brief);
	return lasting == LASTING_END ? recipient_severity(brief->recipient) != 4
	                              : lasting == LASTING_PERMANENT;
}

static char *host_lower(const void *ctx, const char *host)
{
	return host != NULL ? text_fold(ctx, host, strlen(host)) : NULL;
}

/* Returns the verdict on RECIPIENT. What it points to is owned by CTX. */
static struct verdict recipient_judge(const void *ctx, const struct judge *judge,
        const struct facts *facts, const struct recipient *recipient)
{
	void *scratch = talloc_new(ctx);
	struct brief brief = {
	        .ctx = scratch,
	        .judge = judge,
	        .recipient = recipient,
	        .where = {.remote = host_lower(scratch, recipient->remote_mta),
	                .domain = address_domain(scratch, recipient->address),
	                .reporter = host_lower(scratch, facts->reporting_mta),
	                .format = facts->format,
	                .action = recipient->action == ACTION_DELAYED ? "delayed" : "failed"},
	};
	struct verdict verdict;

	brief_gather(&brief);
	verdict = brief_decide(&brief);
	verdict.permanent = is_permanent(&brief, verdict.reason);
	verdict.found.words = talloc_strdup(ctx, verdict.found.words);
	talloc_steal(ctx, verdict.like);
	talloc_free(scratch);
	return verdict;
}

void judge_message(const void *ctx, struct judge *judge, const struct message *message,
        size_t length, struct judgement *judgement)
{
	/* All callers read at most MAIL_JUDGED_MAX bytes. */
	unsigned caps = (length >= MAIL_JUDGED_MAX ? CAP_MAIL : 0u) |
	                (message->header.count >= HEADER_FIELDS_MAX ? CAP_FIELDS : 0u);
	bool may_be = report_is_possible(message, judge->formats);
	struct facts *facts = may_be ? facts_read(ctx, report_read(ctx, message, judge->formats))
	                             : talloc_zero(ctx, struct facts);

	*judgement = (struct judgement){facts, NULL};
	facts->caps |= caps;
	if (!kind_is_bounce(facts->kind))
		return;
	judge_gather(judge);
	judgement->verdicts = array_new(ctx, struct verdict, facts->recipient_count + 1);
	for (size_t i = 0; i < facts->recipient_count; i++)
		judgement->verdicts[i] =
		        recipient_judge(judgement->verdicts, judge, facts, &facts->recipients[i]);
}

enum status judge_mail(const void *ctx, struct judge *judge, const char *bytes, size_t length,
        struct judgement *judgement)
{
	struct message *message;
	enum status status = message_read(ctx, bytes, length, &message);

	if (status == STATUS_OK)
		judge_message(ctx, judge, message, length, judgement);
	else
		*judgement = (struct judgement){talloc_zero(ctx, struct facts), NULL};
	return status;
}

bool judge_is_suspect(struct judge *judge, const char *from, const char *subject)
{
	const struct letter letter = {.view[VIEW_FROM] = from, .view[VIEW_SUBJECT] = subject};

	return formats_may_detect(judge->formats, &letter);
}

enum reason judgement_reason(const struct judgement *judgement)
{
	const struct facts *facts = judgement->facts;

	for (size_t i = 0; judgement->verdicts != NULL && i < facts->recipient_count; i++)
		if (facts->recipients[i].action != ACTION_DELIVERED)
			return judgement->verdicts[i].reason;
	return REASON_COUNT;
}

bool judgement_is_permanent(const struct judgement *judgement)
{
	const struct facts *facts = judgement->facts;

	for (size_t i = 0; judgement->verdicts != NULL && i < facts->recipient_count; i++)
		if (facts->recipients[i].action != ACTION_DELIVERED &&
		        judgement->verdicts[i].permanent)
			return true;
	return false;
}

void judgement_reasons(const struct judgement *judgement, bool reasons[REASON_COUNT])
{
	const struct facts *facts = judgement->facts;

	memset(reasons, 0, REASON_COUNT * sizeof *reasons);
	for (size_t i = 0; judgement->verdicts != NULL && i < facts->recipient_count; i++)
		if (facts->recipients[i].action != ACTION_DELIVERED)
			reasons[judgement->verdicts[i].reason] = true;
}

const char **judgement_tags(const void *ctx, const struct judgement *judgement)
{
	static const char *const of_kind[KIND_COUNT] = {
	        [KIND_FAILED] = "bounce",
	        [KIND_DELAYED] = "bounce",
	        [KIND_DELIVERY_RECEIPT] = "delivery-receipt",
	        [KIND_COMPLAINT] = "complaint",
	        [KIND_AUTO_REPLY] = "auto-reply",
	        [KIND_READ_RECEIPT] = "receipt",
	};
	const char **tags = array_new(ctx, const char *, REASON_COUNT + 4), **next = tags;
	enum kind kind = judgement->facts->kind;
	bool reasons[REASON_COUNT];

	if (of_kind[kind] != NULL)
		*next++ = of_kind[kind];
	judgement_reasons(judgement, reasons);
	for (enum reason reason = 0; reason < REASON_COUNT; reason++)
		if (reasons[reason])
			*next++ = talloc_asprintf(tags, "bounce/%s", reason_name(reason));
	if (kind_is_bounce(kind))
		*next++ =
		        judgement_is_permanent(judgement) ? "bounce/permanent" : "bounce/temporary";
	if (kind == KIND_DELAYED)
		*next++ = "bounce/delayed";
	*next = NULL;
	return tags;
}
