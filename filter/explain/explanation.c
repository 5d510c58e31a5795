#include "explain/explanation.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "explain/placeholders.h"
#include "mail/address-list.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

/* Bytes of a subject that are shown. */
#define SUBJECT_SHOWN_MAX 200

/* The one of the explained that RECIPIENT belongs to: same reason, same action. */
static bool belongs(const struct explanation *explanation, const struct explained *explained, size_t recipient)
{
	const struct judgement *judgement = explanation->context->judgement;
	const struct recipient *list = judgement->facts->recipients;
	enum reason reason = judgement->verdicts != NULL ? judgement->verdicts[recipient].reason : REASON_COUNT;

	return explained->reason == reason && list[explained->first].action == list[recipient].action;
}

static struct explained *explained_for(struct explanation *explanation, size_t recipient)
{
	const struct judgement *judgement = explanation->context->judgement;
	size_t i;

	for (i = 0; i < explanation->count; i++)
		if (belongs(explanation, &explanation->list[i], recipient))
			return &explanation->list[i];
	explanation->list = array_grow(explanation, explanation->list, struct explained, explanation->count);
	explanation->list[i] = (struct explained){.first = recipient,
	        .reason = judgement->verdicts != NULL ? judgement->verdicts[recipient].reason : REASON_COUNT,
	        .addresses = list_new(explanation)};
	explanation->count++;
	return &explanation->list[i];
}

/* The recipients by reason, in the order of the report. */
static void group(struct explanation *explanation)
{
	const struct facts *facts = explanation->context->judgement->facts;
	size_t i, count;

	for (i = 0; i < facts->recipient_count; i++) {
		const char *address = facts->recipients[i].address;
		struct explained *explained = explained_for(explanation, i);
		const char *readable = placeholder_address(explanation, address);
		const char *shown = readable != NULL     ? readable
		                    : address[0] != '\0' ? address
		                                         : wording_label(explanation->wording, "no-address");

		count = list_length(explained->addresses);
		if (count >= EXPLAINED_MAX)
			explained->left_out++;
		else
			list_add(explanation, &explained->addresses, &count, shown);
	}
}

/* The text for RECIPIENT: by its reason, but what kind of mail it is, or that it is none of the user's, comes first. */
static const struct wording_text *text_for(
        const struct explanation *explanation, const struct recipient *recipient, enum reason reason)
{
	enum kind kind = explanation->kind;

	if (explanation->context->genuine == GENUINE_BACKSCATTER)
		return wording_text(explanation->wording, "backscatter");
	if (!kind_is_bounce(kind))
		return wording_text(explanation->wording, kind_name(kind));
	if (recipient->action == ACTION_DELIVERED)
		return wording_text(explanation->wording, "delivered");
	return wording_text(explanation->wording, recipient->action == ACTION_DELAYED ? "delayed" : reason_name(reason));
}

static enum address_part part_of(enum reason reason)
{
	switch (reason) {
	case REASON_USER_UNKNOWN: return PART_LOCAL;
	case REASON_HOST_UNKNOWN:
	case REASON_NO_MAIL_SERVICE: return PART_DOMAIN;
	default: return PART_NONE;
	}
}

/* `Correct it and send it again. @resend-to` */
static struct step step_of(char *text)
{
	char *at = strrchr(text, '@');
	struct step step = {text, NULL};

	if (at != NULL && at > text && at[-1] == ' ' && strspn(at + 1, "abcdefghijklmnopqrstuvwxyz-") == strlen(at + 1)) {
		step.action = at + 1;
		at[-1] = '\0';
	}
	return step;
}

static void add_steps(const struct explanation *explanation, struct explained *explained, const struct wording_text *text,
        const char *domain, const struct wording_value *values)
{
	char **list = wording_all(explanation, explanation->wording, text, "do", domain, values);
	size_t count = list_length(list), i;

	explained->steps = array_new(explanation, struct step, count);
	for (i = 0; i < count; i++)
		explained->steps[i] = step_of(list[i]);
	explained->step_count = count;
}

static char *headline_of(const struct explanation *explanation, const struct explained *explained,
        const struct wording_text *text, const char *domain, const struct wording_value *values, size_t count, bool is_failure)
{
	char number[32];
	const struct wording_value several[] = {{"count", number}, {"name", explained->name}, {NULL, NULL}};

	if (count < 2)
		return wording_first(explanation, explanation->wording, text, "headline", domain, values);
	snprintf(number, sizeof number, "%zu", count);
	return wording_label_with(
	        explanation, explanation->wording, is_failure ? "headline-several" : "headline-several-other", several);
}

/* To what is said of a delay belongs what has kept the mail so far. */
static char *with_cause(const struct explanation *explanation, char *happened, enum reason reason)
{
	struct wording *wording = explanation->wording;
	const struct wording_value values[] = {
	        {"name", reason != REASON_UNKNOWN && reason != REASON_EXPIRED && reason < REASON_COUNT
	                         ? wording_name(explanation, wording, reason_name(reason), NULL)
	                         : NULL},
	        {NULL, NULL},
	};
	char *cause = wording_label_with(explanation, wording, "delayed-cause", values);

	if (cause == NULL || happened == NULL)
		return happened;
	return talloc_asprintf(explanation, "%s%s%s", happened, wrap_is_solid(cause) ? "" : " ", cause);
}

static enum turn turn_of(const struct explanation *explanation, enum reason reason, enum action action)
{
	if (explanation->kind == KIND_COMPLAINT)
		return TURN_YOU;
	if (explanation->context->genuine == GENUINE_BACKSCATTER || reason >= REASON_COUNT || action != ACTION_FAILED ||
	        reason == REASON_NETWORK)
		return TURN_NOBODY;
	if (reason == REASON_UNKNOWN || reason == REASON_EXPIRED || reason == REASON_RATE_LIMITED ||
	        strncmp(reason_who(reason), "you ", 4) == 0 || strncmp(reason_who(reason), "you,", 4) == 0)
		return TURN_YOU;
	return TURN_OTHERS;
}

/* A letter speaks of all addresses, where a sentence can speak of one only. */
static char **letter(const struct explanation *explanation, const struct explained *explained, const struct wording_text *text,
        const char *domain, const struct recipient *recipient)
{
	struct wording_value *values =
	        placeholder_values(explanation, explanation->context, explanation->wording, recipient, true);
	size_t i;

	for (i = 0; values[i].name != NULL; i++)
		if (strcmp(values[i].name, "address") == 0 && list_length(explained->addresses) > 1)
			values[i].value = placeholder_addresses(explanation, explanation->wording, explained->addresses);
	return wording_letter(explanation, explanation->wording, text, "sample", domain, values);
}

/* That the mail was written to another address, which may lead to the one that failed. NULL: not so, or not known. */
static char *forwarded_of(const struct explanation *explanation, const struct wording_value *values)
{
	char *forwarded = wording_label_with(explanation, explanation->wording, "forwarded", values);

	return forwarded != NULL ? forwarded : wording_label_with(explanation, explanation->wording, "forwarded-perhaps", values);
}

static void put_words(const struct explanation *explanation, struct explained *explained, const struct recipient *recipient)
{
	const struct bounce_context *context = explanation->context;
	const struct wording_text *text = text_for(explanation, recipient, explained->reason);
	size_t count = list_length(explained->addresses) + explained->left_out;
	bool delayed = recipient->action == ACTION_DELAYED;
	const struct wording_value *values = placeholder_values(explanation, context, explanation->wording, recipient, count < 2);
	const char *domain = address_domain(explanation, recipient->address);
	struct wording *wording = explanation->wording;

	explained->name = wording_first(explanation, wording, text, "name", domain, values);
	if (explained->name == NULL)
		explained->name = kind_name(explanation->kind);
	explained->headline =
	        headline_of(explanation, explained, text, domain, values, count, recipient->action == ACTION_FAILED);
	explained->happened = wording_first(explanation, wording, text, "happened", domain, values);
	if (delayed && context->genuine != GENUINE_BACKSCATTER)
		explained->happened = with_cause(explanation, explained->happened, explained->reason);
	explained->who = wording_first(explanation, wording, text, "who", domain, values);
	explained->turn = turn_of(explanation, explained->reason, recipient->action);
	explained->brief = wording_first(explanation, wording, text, "brief", domain, values);
	if (recipient->action != ACTION_DELIVERED && context->genuine != GENUINE_BACKSCATTER)
		explained->forwarded = forwarded_of(explanation, values);
	explained->avoid = wording_all(explanation, wording, text, "avoid", domain, values);
	explained->sample = letter(explanation, explained, text, domain, recipient);
	if (explained->reason < REASON_COUNT && recipient->action != ACTION_DELIVERED &&
	        context->genuine != GENUINE_BACKSCATTER) {
		explained->part = delayed ? PART_NONE : part_of(explained->reason);
		explained->path = path_of(context->judgement->facts, recipient, explained->reason, context->sender);
		explained->has_path = explained->path.stopped_before != HOP_YOU;
	}
	add_steps(explanation, explained, text, domain, values);
}

static void add_detail(const struct explanation *explanation, struct explained *explained, const char *label, const char *text)
{
	char *line;

	if (text == NULL || text[0] == '\0')
		return;
	explained->details = array_grow(explanation, explained->details, struct detail, explained->detail_count);
	line = text_one_line(explanation, text, strlen(text), VALUE_MAX);
	explained->details[explained->detail_count++] = (struct detail){wording_label(explanation->wording, label), line};
}

/* `5.1.1: not delivered, for good; no such mailbox` */
static const char *status_in_words(const struct explanation *explanation, const char *code)
{
	const char *class, *detail, *words;

	if (code == NULL)
		return NULL;
	wording_status(explanation->wording, code, &class, &detail);
	const struct wording_value both[] = {{"class", class}, {"detail", detail}, {NULL, NULL}};
	words = wording_label_with(explanation, explanation->wording, "status-both", both);
	const struct wording_value values[] = {{"code", code}, {"words", words != NULL ? words : class}, {NULL, NULL}};
	words = wording_label_with(explanation, explanation->wording, "status-words", values);
	return words != NULL ? words : code;
}

static char *reply_in_words(const struct explanation *explanation, const struct recipient *recipient)
{
	char number[16];
	const struct wording_value values[] = {{"reply", number}, {"command", recipient->command}, {NULL, NULL}};
	char *both;

	if (recipient->reply == 0)
		return NULL;
	snprintf(number, sizeof number, "%d", recipient->reply);
	both = wording_label_with(explanation, explanation->wording, "detail-reply-to", values);
	return both != NULL ? both : talloc_strdup(explanation, number);
}

/* Where the rule stands that decided, or the example that is nearest. */
static char *decided_by(const struct explanation *explanation, const struct verdict *verdict)
{
	const struct rule_found *found = &verdict->found;
	const struct likeness_answer *like = verdict->like;
	const struct wording_value values[] = {{"example", like != NULL ? like->example : NULL}, {NULL, NULL}};

	if (found->rule != NULL)
		return talloc_asprintf(explanation, "%s:%u", rule_file(found->set, found->rule), found->rule->line);
	if (like == NULL || like->example == NULL)
		return NULL;
	return talloc_asprintf(explanation, "%s (%s:%d)", wording_label_with(explanation, explanation->wording, "detail-like", values),
	        like->file, like->line);
}

static void add_rule(const struct explanation *explanation, struct explained *explained, const struct verdict *verdict)
{
	char *by = verdict != NULL ? decided_by(explanation, verdict) : NULL;

	if (verdict != NULL)
		add_detail(explanation, explained, "detail-rule", by != NULL ? by : wording_label(explanation->wording, "detail-no-rule"));
}

static void add_saying(const struct explanation *explanation, struct explained *explained, const char *words, char *source)
{
	explained->sayings = array_grow(explanation, explained->sayings, struct saying, explained->saying_count);
	explained->sayings[explained->saying_count++] = (struct saying){words, source};
}

/* Where the server's own words are not known, those of the report stand for them. Each saying once: a mail to a hundred people of one domain comes back with the same words a hundred times. */
static void add_sayings(const struct explanation *explanation, struct explained *explained)
{
	const struct judgement *judgement = explanation->context->judgement;
	size_t i, j;

	for (i = explained->first; i < judgement->facts->recipient_count && explained->saying_count < SAYINGS_MAX; i++) {
		const struct recipient *recipient = &judgement->facts->recipients[i];

		if (recipient->diagnostic == NULL || recipient->diagnostic[0] == '\0' ||
		        (judgement->verdicts != NULL && judgement->verdicts[i].reason != explained->reason))
			continue;
		for (j = 0; j < explained->saying_count; j++)
			if (strcmp(explained->sayings[j].words, recipient->diagnostic) == 0)
				break;
		if (j < explained->saying_count)
			continue;
		add_saying(explanation, explained, recipient->diagnostic,
		        wording_label_with(explanation, explanation->wording, "said-by",
		                placeholder_values(explanation, explanation->context, explanation->wording, recipient, true)));
	}
	if (explained->saying_count == 0 && judgement->facts->words != NULL && judgement->facts->words[0] != '\0')
		add_saying(explanation, explained, judgement->facts->words, NULL);
}

/* The label KEY with VALUES, if all of them are known, to the history. */
static void add_history(const struct explanation *explanation, struct explained *explained, size_t *count, const char *key,
        const struct wording_value *values)
{
	char *line = wording_label_with(explanation, explanation->wording, key, values);

	if (line != NULL)
		list_add(explanation, &explained->history, count, line);
}

/* Only where one address is meant: who has several looks at the status. */
static void add_histories(const struct explanation *explanation, struct explained *explained, const struct recipient *recipient)
{
	const struct bounce_context *context = explanation->context;
	const struct history *history = context->history != NULL ? &context->history[explained->first] : NULL;
	char sent[16], failed[16];
	size_t count = 0;

	if (history == NULL || explained->addresses[0] == NULL || explained->addresses[1] != NULL)
		return;
	snprintf(sent, sizeof sent, "%u", history->sent);
	snprintf(failed, sizeof failed, "%u", history->failed);
	const struct wording_value values[] = {
	        {"address", placeholder_address(explanation, recipient->address)},
	        {"sent", sent},
	        {"count", failed},
	        {"date", placeholder_day(explanation, explanation->wording, history->last_from)},
	        {NULL, NULL},
	};
	const struct wording_value reached[] = {
	        {"date", placeholder_day(explanation, explanation->wording, history->last_reached)}, {NULL, NULL}};

	add_history(explanation, explained, &count, history->last_from != 0 ? "history-from" : "history-none-from", values);
	if (history->sent > 1) {
		add_history(explanation, explained, &count, "history-reached", reached);
		if (history->failed > 0)
			add_history(explanation, explained, &count, "history-failed", values);
	} else if (context->genuine == GENUINE_LINKED)
		add_history(explanation, explained, &count, "history-first", values);
}

static void put_details(const struct explanation *explanation, struct explained *explained, const struct recipient *recipient,
        const struct verdict *verdict)
{
	const struct facts *facts = explanation->context->judgement->facts;
	const char *status = recipient->diagnostic_status != NULL ? recipient->diagnostic_status : recipient->status;

	add_histories(explanation, explained, recipient);
	add_detail(explanation, explained, "detail-status", status_in_words(explanation, status));
	if (recipient->status != NULL && recipient->diagnostic_status != NULL &&
	        strcmp(recipient->status, recipient->diagnostic_status) != 0)
		add_detail(explanation, explained, "detail-status-field", status_in_words(explanation, recipient->status));
	add_detail(explanation, explained, "detail-reply", reply_in_words(explanation, recipient));
	add_detail(explanation, explained, "detail-remote", recipient->remote_mta);
	add_detail(explanation, explained, "detail-reporter", facts->reporting_mta);
	add_detail(explanation, explained, "detail-typed", recipient->original_address);
	add_detail(explanation, explained, "detail-format", facts->format);
	add_rule(explanation, explained, verdict);
	add_detail(explanation, explained, "detail-original", explanation->context->original_id);
	add_sayings(explanation, explained);
}

/* A mail that is about no recipients is one thing to explain. */
static void explain_whole(struct explanation *explanation)
{
	static const struct recipient nobody = {.address = (char *)"", .action = ACTION_FAILED};
	struct explained *explained = talloc_zero(explanation, struct explained);

	explained->addresses = list_new(explanation);
	explained->reason = REASON_COUNT;
	explanation->list = explained;
	explanation->count = 1;
	put_words(explanation, explained, &nobody);
	put_details(explanation, explained, &nobody, NULL);
}

static void explain_recipients(struct explanation *explanation)
{
	const struct judgement *judgement = explanation->context->judgement;
	size_t i;

	group(explanation);
	for (i = 0; i < explanation->count; i++) {
		struct explained *explained = &explanation->list[i];
		const struct recipient *first = &judgement->facts->recipients[explained->first];

		put_words(explanation, explained, first);
		put_details(explanation, explained, first,
		        judgement->verdicts != NULL ? &judgement->verdicts[explained->first] : NULL);
	}
}

/* `{date}, to {addresses}`: which mail it was. NULL: neither is known. */
static char *mail_of(const void *ctx, const struct bounce_context *context, struct wording *wording)
{
	char **list = context->to != NULL ? address_list(ctx, context->to) : NULL;
	const struct wording_value values[] = {
	        {"date", placeholder_day(ctx, wording, context->date)},
	        {"addresses", placeholder_addresses(ctx, wording, list)},
	        {NULL, NULL},
	};
	char *both = wording_label_with(ctx, wording, "mail-date", values);

	if (both != NULL)
		return both;
	return values[1].value != NULL ? wording_label_with(ctx, wording, "mail-to", values) : (char *)values[0].value;
}

/* The subject between quotation marks: it is what a mail says. NULL: not known. */
static char *subject_of(const void *ctx, const struct bounce_context *context, struct wording *wording)
{
	const char *subject = context->subject;
	char *line = subject != NULL ? text_one_line(ctx, subject, strlen(subject), SUBJECT_SHOWN_MAX) : NULL;
	const struct wording_value values[] = {{"subject", line}, {NULL, NULL}};

	if (line != NULL && line[0] == '\0')
		return talloc_strdup(ctx, wording_label(wording, "no-subject"));
	return wording_label_with(ctx, wording, "mail-subject", values);
}

/* The mail that the bounce names is here, and not known to be the user's: whose it is, or that only a copy of it came in. */
static const char *foreign_of(const void *ctx, const struct bounce_context *context, struct wording *wording)
{
	const char *author = context->author;

	if (author == NULL || context->author_is_own)
		return wording_label(wording, "genuine-came-in");
	author = text_one_line(ctx, author, strlen(author), ADDRESS_MAX);
	return wording_say(ctx, wording, "genuine-foreign", WORDING_VALUES({"address", author}));
}

static const char *genuine_of(const void *ctx, const struct bounce_context *context, struct wording *wording)
{
	switch (context->genuine) {
	case GENUINE_NO_INDEX: return wording_label(wording, "genuine-no-index");
	case GENUINE_LINKED: return wording_label(wording, "genuine-linked");
	case GENUINE_PROBABLE: return wording_label(wording, "genuine-probable");
	case GENUINE_OTHER_RECIPIENT: return wording_label(wording, "genuine-other-recipient");
	case GENUINE_FOREIGN: return foreign_of(ctx, context, wording);
	case GENUINE_UNLINKED: return wording_label(wording, context->names_mail ? "genuine-unlinked" : "genuine-no-id");
	case GENUINE_BACKSCATTER: return wording_label(wording, "genuine-backscatter");
	default: return NULL;
	}
}

/* That the report is harmless, or that it is not to be put off. */
static const char *alarm_of(const struct explanation *explanation)
{
	size_t i;

	if (!kind_is_bounce(explanation->kind) || explanation->context->genuine == GENUINE_BACKSCATTER)
		return NULL;
	for (i = 0; i < explanation->count; i++)
		if (explanation->list[i].reason == REASON_SENDER_SUSPENDED || explanation->list[i].reason == REASON_VIRUS)
			return wording_label(explanation->wording, "alarm-urgent");
	return wording_label(explanation->wording, "alarm-harmless");
}

static const char *unheard_of(const struct explanation *explanation)
{
	const char *named = placeholder_addresses(explanation, explanation->wording, explanation->context->unheard);

	return wording_label_with(explanation, explanation->wording, "unheard", WORDING_VALUES({"addresses", named}));
}

struct explanation *explanation_make(const void *ctx, const struct bounce_context *context, struct wording *wording)
{
	struct explanation *explanation = talloc_zero(ctx, struct explanation);

	explanation->kind = context->judgement->facts->kind;
	explanation->wording = wording;
	explanation->context = context;
	explanation->genuine = genuine_of(explanation, context, wording);
	explanation->subject = subject_of(explanation, context, wording);
	explanation->mail = mail_of(explanation, context, wording);
	if (context->judgement->facts->recipient_count > 0)
		explain_recipients(explanation);
	else
		explain_whole(explanation);
	explanation->alarm = alarm_of(explanation);
	explanation->unheard = unheard_of(explanation);
	return explanation;
}
