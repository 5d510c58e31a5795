#include "explain/explanation.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "explain/placeholders.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

/* Bytes of a subject that are shown. */
#define SUBJECT_SHOWN_MAX 200

/* The label KEY with VALUES, if all of them are known, else NULL. */
static char *say(
        const struct explanation *explanation, const char *key, const struct wording_value *values)
{
	return wording_label_with(explanation, explanation->wording, key, values);
}

static char *number(const struct explanation *explanation, size_t value)
{
	return talloc_asprintf(explanation, "%zu", value);
}

static enum reason reason_of(const struct judgement *judgement, size_t recipient)
{
	return judgement->verdicts != NULL ? judgement->verdicts[recipient].reason : REASON_COUNT;
}

/* The one of the explained that RECIPIENT belongs to: same reason, same action. */
static struct explained *explained_for(struct explanation *explanation, size_t recipient)
{
	const struct judgement *judgement = explanation->context->judgement;
	const struct recipient *list = judgement->facts->recipients;
	enum reason reason = reason_of(judgement, recipient);
	size_t i;

	for (i = 0; i < explanation->count; i++)
		if (explanation->list[i].reason == reason &&
		        list[explanation->list[i].first].action == list[recipient].action)
			return &explanation->list[i];
	explanation->list =
	        array_grow(explanation, explanation->list, struct explained, explanation->count);
	explanation->list[i] = (struct explained){
	        .first = recipient, .reason = reason, .addresses = list_new(explanation)};
	explanation->count++;
	return &explanation->list[i];
}

/* The recipients by reason, in the order of the report. */
static void group(struct explanation *explanation)
{
	const struct facts *facts = explanation->context->judgement->facts;
	size_t i, count;

	for (i = 0; i < facts->recipient_count; i++) {
		struct explained *explained = explained_for(explanation, i);
		const char *address = facts->recipients[i].address,
		           *readable = placeholder_address(explanation, address);

		if (readable == NULL)
			readable = address[0] != '\0'
			                   ? address
			                   : wording_label(explanation->wording, "no-address");
		count = list_length(explained->addresses);
		if (count >= EXPLAINED_MAX)
			explained->left_out++;
		else
			list_add(explanation, &explained->addresses, &count, readable);
	}
}

/* The text for RECIPIENT: by its reason, but what kind of mail it is, or that it is none of the
 * user's, comes first. */
static const struct wording_text *text_for(const struct explanation *explanation,
        const struct recipient *recipient, enum reason reason)
{
	enum kind kind = explanation->kind;

	if (explanation->context->genuine == GENUINE_BACKSCATTER)
		return wording_text(explanation->wording, "backscatter");
	if (!kind_is_bounce(kind))
		return wording_text(explanation->wording, kind_name(kind));
	if (recipient->action == ACTION_DELIVERED)
		return wording_text(explanation->wording, "delivered");
	return wording_text(explanation->wording,
	        recipient->action == ACTION_DELAYED ? "delayed" : reason_name(reason));
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
	struct step step = {.text = text};

	if (at != NULL && at > text && at[-1] == ' ' &&
	        strspn(at + 1, "abcdefghijklmnopqrstuvwxyz-") == strlen(at + 1)) {
		step.action = at + 1;
		at[-1] = '\0';
	}
	return step;
}

/* Whose words are looked for: those of TEXT for addresses at DOMAIN, with VALUES. */
struct topic {
	const struct explanation *explanation;
	const struct wording_text *text;
	const char *domain;
	const struct wording_value *values;
};

static char *first_of(const struct topic *topic, const char *key)
{
	return wording_first(topic->explanation, topic->explanation->wording, topic->text, key,
	        topic->domain, topic->values);
}

static char **all_of(const struct topic *topic, const char *key)
{
	return wording_all(topic->explanation, topic->explanation->wording, topic->text, key,
	        topic->domain, topic->values);
}

/* The new address of somebody who moved, from a report that the index bears out: anybody could
 * forge another. NULL: none. */
static const char *moved_to(const struct explained *explained, const struct topic *topic)
{
	const struct wording_value *value = topic->values;

	if (explained->reason != REASON_MOVED ||
	        topic->explanation->context->genuine != GENUINE_LINKED)
		return NULL;
	while (value->name != NULL && strcmp(value->name, "new_address") != 0)
		value++;
	return value->value;
}

static void add_steps(struct explained *explained, const struct topic *topic)
{
	char **list = all_of(topic, "do");
	size_t count = list_length(list), i;

	explained->steps = array_new(topic->explanation, struct step, count);
	for (i = 0; i < count; i++)
		explained->steps[i] = step_of(list[i]);
	for (i = 0; i < count; i++)
		if (explained->steps[i].action != NULL &&
		        strcmp(explained->steps[i].action, "resend-to") == 0)
			explained->steps[i].to = moved_to(explained, topic);
	explained->step_count = count;
}

/* To what is said of a delay belongs what has kept the mail so far. */
static char *with_cause(const struct explanation *explanation, char *happened, enum reason reason)
{
	bool is_known =
	        reason != REASON_UNKNOWN && reason != REASON_EXPIRED && reason < REASON_COUNT;
	const char *name = is_known ? wording_name(explanation, explanation->wording,
	                                      reason_name(reason), NULL)
	                            : NULL;
	char *cause = say(explanation, "delayed-cause", WORDING_VALUES({"name", name}));

	if (cause == NULL || happened == NULL)
		return happened;
	return talloc_asprintf(
	        explanation, "%s%s%s", happened, wrap_is_solid(cause) ? "" : " ", cause);
}

static enum turn turn_of(
        const struct explanation *explanation, enum reason reason, enum action action)
{
	if (explanation->kind == KIND_COMPLAINT)
		return TURN_YOU;
	if (explanation->context->genuine == GENUINE_BACKSCATTER || reason >= REASON_COUNT ||
	        action != ACTION_FAILED || reason == REASON_NETWORK)
		return TURN_NOBODY;
	if (reason == REASON_UNKNOWN || reason == REASON_EXPIRED || reason == REASON_RATE_LIMITED ||
	        strncmp(reason_who(reason), "you ", 4) == 0 ||
	        strncmp(reason_who(reason), "you,", 4) == 0)
		return TURN_YOU;
	return TURN_OTHERS;
}

/* A letter speaks of all addresses, where a sentence can speak of one only. */
static char **letter(const struct explained *explained, const struct topic *topic,
        const struct recipient *recipient)
{
	const struct explanation *explanation = topic->explanation;
	struct wording_value *values = placeholder_values(
	        explanation, explanation->context, explanation->wording, recipient, true);
	size_t i;

	for (i = 0; values[i].name != NULL; i++)
		if (strcmp(values[i].name, "address") == 0 && list_length(explained->addresses) > 1)
			values[i].value = placeholder_addresses(
			        explanation, explanation->wording, explained->addresses);
	return wording_letter(
	        explanation, explanation->wording, topic->text, "sample", topic->domain, values);
}

/* Where it stopped, and that it was written to another address, which may lead to the one that
 * failed. */
static void put_way(
        struct explained *explained, const struct topic *topic, const struct recipient *recipient)
{
	const struct bounce_context *context = topic->explanation->context;

	explained->forwarded = say(topic->explanation, "forwarded", topic->values);
	if (explained->forwarded == NULL)
		explained->forwarded = say(topic->explanation, "forwarded-perhaps", topic->values);
	if (explained->reason >= REASON_COUNT)
		return;
	explained->part =
	        recipient->action == ACTION_DELAYED ? PART_NONE : part_of(explained->reason);
	explained->path =
	        path_of(context->judgement->facts, recipient, explained->reason, context->sender);
	explained->has_path = explained->path.stopped_before != HOP_YOU;
}

static void put_words(const struct explanation *explanation, struct explained *explained,
        const struct recipient *recipient)
{
	const struct bounce_context *context = explanation->context;
	size_t count = list_length(explained->addresses) + explained->left_out;
	const struct topic topic = {explanation,
	        text_for(explanation, recipient, explained->reason),
	        address_domain(explanation, recipient->address),
	        placeholder_values(
	                explanation, context, explanation->wording, recipient, count < 2)};
	bool is_theirs = context->genuine == GENUINE_BACKSCATTER;

	explained->name = first_of(&topic, "name");
	if (explained->name == NULL)
		explained->name = kind_name(explanation->kind);
	explained->headline = first_of(&topic, "headline");
	if (count > 1)
		explained->headline = say(explanation,
		        recipient->action == ACTION_FAILED ? "headline-several"
		                                           : "headline-several-other",
		        WORDING_VALUES(
		                {"count", number(explanation, count)}, {"name", explained->name}));
	explained->happened = first_of(&topic, "happened");
	if (recipient->action == ACTION_DELAYED && !is_theirs)
		explained->happened =
		        with_cause(explanation, explained->happened, explained->reason);
	explained->who = first_of(&topic, "who");
	explained->turn = turn_of(explanation, explained->reason, recipient->action);
	explained->brief = first_of(&topic, "brief");
	explained->avoid = all_of(&topic, "avoid");
	explained->sample = letter(explained, &topic, recipient);
	if (recipient->action != ACTION_DELIVERED && !is_theirs)
		put_way(explained, &topic, recipient);
	add_steps(explained, &topic);
}

static void add_detail(const struct explanation *explanation, struct explained *explained,
        const char *label, const char *text)
{
	char *line;

	if (text == NULL || text[0] == '\0')
		return;
	explained->details =
	        array_grow(explanation, explained->details, struct detail, explained->detail_count);
	line = text_one_line(explanation, text, strlen(text), VALUE_MAX);
	explained->details[explained->detail_count++] =
	        (struct detail){wording_label(explanation->wording, label), line};
}

/* `5.1.1: permanent failure; no such mailbox` */
static const char *status_in_words(const struct explanation *explanation, const char *code)
{
	const char *class, *detail, *words;

	if (code == NULL)
		return NULL;
	wording_status(explanation->wording, code, &class, &detail);
	words = say(
	        explanation, "status-both", WORDING_VALUES({"class", class}, {"detail", detail}));
	words = say(explanation, "status-words",
	        WORDING_VALUES({"code", code}, {"words", words != NULL ? words : class}));
	return words != NULL ? words : code;
}

static const char *reply_in_words(
        const struct explanation *explanation, const struct recipient *recipient)
{
	const char *reply = number(explanation, (size_t)recipient->reply), *both;

	if (recipient->reply == 0)
		return NULL;
	both = say(explanation, "detail-reply-to",
	        WORDING_VALUES({"reply", reply}, {"command", recipient->command}));
	return both != NULL ? both : reply;
}

/* Where the rule stands that decided, or the example that is nearest. */
static const char *decided_by(const struct explanation *explanation, const struct verdict *verdict)
{
	const struct rule_found *found = &verdict->found;
	const struct likeness_answer *like = verdict->like;

	if (found->rule != NULL)
		return talloc_asprintf(explanation, "%s:%u", rule_file(found->set, found->rule),
		        found->rule->line);
	if (like == NULL || like->example == NULL)
		return wording_label(explanation->wording, "detail-no-rule");
	return talloc_asprintf(explanation, "%s (%s:%d)",
	        say(explanation, "detail-like", WORDING_VALUES({"example", like->example})),
	        like->file, like->line);
}

/* Each saying once: a mail to a hundred people of one domain comes back with the same words a
 * hundred times. */
static void add_saying(const struct explanation *explanation, struct explained *explained,
        const char *words, char *source)
{
	size_t i;

	if (words == NULL || words[0] == '\0')
		return;
	for (i = 0; i < explained->saying_count; i++)
		if (strcmp(explained->sayings[i].words, words) == 0)
			return;
	explained->sayings =
	        array_grow(explanation, explained->sayings, struct saying, explained->saying_count);
	explained->sayings[explained->saying_count++] = (struct saying){words, source};
}

/* Where the server's own words are not known, those of the report stand for them. */
static void add_sayings(const struct explanation *explanation, struct explained *explained)
{
	const struct judgement *judgement = explanation->context->judgement;
	const struct facts *facts = judgement->facts;
	size_t i;

	for (i = explained->first;
	        i < facts->recipient_count && explained->saying_count < SAYINGS_MAX; i++) {
		const struct recipient *recipient = &facts->recipients[i];
		const struct wording_value values[] = {
		        {"server", placeholder_host(recipient->remote_mta)}, {NULL, NULL}};

		if (reason_of(judgement, i) == explained->reason)
			add_saying(explanation, explained, recipient->diagnostic,
			        say(explanation, "said-by", values));
	}
	if (explained->saying_count == 0)
		add_saying(explanation, explained, facts_words(explanation, facts), NULL);
}

/* What passed before, only where one address is meant: who has several looks at the status. */
static void add_history(const struct explanation *explanation, struct explained *explained,
        const struct recipient *recipient)
{
	const struct bounce_context *context = explanation->context;
	const struct history *history =
	        context->history != NULL ? &context->history[explained->first] : NULL;
	const char *keys[3];
	size_t count = 0, key_count = 0, i;

	if (history == NULL || explained->addresses[0] == NULL || explained->addresses[1] != NULL)
		return;
	const struct wording_value values[] = {
	        {"address", placeholder_address(explanation, recipient->address)},
	        {"sent", number(explanation, history->sent)},
	        {"count", number(explanation, history->failed)},
	        {"date", placeholder_day(explanation, explanation->wording, history->last_from)},
	        {NULL, NULL},
	};
	const struct wording_value reached[] = {
	        {"date", placeholder_day(explanation, explanation->wording, history->last_reached)},
	        {NULL, NULL}};

	keys[key_count++] = history->last_from != 0 ? "history-from" : "history-none-from";
	if (history->sent > 1)
		keys[key_count++] = "history-reached";
	if (history->sent > 1 ? history->failed > 0 : context->genuine == GENUINE_LINKED)
		keys[key_count++] = history->sent > 1 ? "history-failed" : "history-first";
	for (i = 0; i < key_count; i++) {
		char *line = say(explanation, keys[i],
		        strcmp(keys[i], "history-reached") == 0 ? reached : values);

		if (line != NULL)
			list_add(explanation, &explained->history, &count, line);
	}
}

static void put_details(const struct explanation *explanation, struct explained *explained,
        const struct recipient *recipient, const struct verdict *verdict)
{
	const struct facts *facts = explanation->context->judgement->facts;
	const char *status = recipient->diagnostic_status != NULL ? recipient->diagnostic_status
	                                                          : recipient->status;
	const char *field = recipient->status != NULL && strcmp(recipient->status, status) != 0
	                            ? recipient->status
	                            : NULL;

	add_history(explanation, explained, recipient);
	add_detail(explanation, explained, "detail-status", status_in_words(explanation, status));
	add_detail(
	        explanation, explained, "detail-status-field", status_in_words(explanation, field));
	add_detail(explanation, explained, "detail-reply", reply_in_words(explanation, recipient));
	add_detail(explanation, explained, "detail-remote", recipient->remote_mta);
	add_detail(explanation, explained, "detail-reporter", facts->reporting_mta);
	add_detail(explanation, explained, "detail-typed", recipient->original_address);
	add_detail(explanation, explained, "detail-format", facts->format);
	add_detail(explanation, explained, "detail-rule",
	        verdict != NULL ? decided_by(explanation, verdict) : NULL);
	add_detail(explanation, explained, "detail-original", explanation->context->original_id);
	add_sayings(explanation, explained);
}

/* A mail that is about no recipients is one thing to explain. */
static void explain_whole(struct explanation *explanation)
{
	static const struct recipient nobody = {.address = (char *)"", .action = ACTION_FAILED};

	explanation->list = talloc_zero(explanation, struct explained);
	explanation->list->addresses = list_new(explanation);
	explanation->list->reason = REASON_COUNT;
	explanation->count = 1;
	put_words(explanation, explanation->list, &nobody);
	put_details(explanation, explanation->list, &nobody, NULL);
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
		        judgement->verdicts != NULL ? &judgement->verdicts[explained->first]
		                                    : NULL);
	}
}

/* `{date}, to {addresses}`: which mail it was. NULL: neither is known. */
static char *mail_of(const struct explanation *explanation)
{
	const struct bounce_context *context = explanation->context;
	char **list = context->to != NULL ? address_list(explanation, context->to) : NULL;
	char *date = placeholder_day(explanation, explanation->wording, context->date), *both;
	const char *to = placeholder_addresses(explanation, explanation->wording, list);

	both = say(explanation, "mail-date", WORDING_VALUES({"date", date}, {"addresses", to}));
	if (both != NULL)
		return both;
	return to != NULL ? say(explanation, "mail-to", WORDING_VALUES({"addresses", to})) : date;
}

/* The subject between quotation marks: it is what a mail says. NULL: not known. */
static char *subject_of(const struct explanation *explanation)
{
	const char *subject = explanation->context->subject;
	char *line = subject != NULL ? text_one_line(explanation, subject, strlen(subject),
	                                       SUBJECT_SHOWN_MAX)
	                             : NULL;

	if (line != NULL && line[0] == '\0')
		return talloc_strdup(
		        explanation, wording_label(explanation->wording, "no-subject"));
	return say(explanation, "mail-subject", WORDING_VALUES({"subject", line}));
}

/* The mail that the bounce names is here, and not known to be the user's: whose it is, or that only
 * a copy of it came in. */
static const char *foreign_of(const struct explanation *explanation)
{
	const char *author = explanation->context->author;

	if (author == NULL || explanation->context->author_is_own)
		return wording_label(explanation->wording, "genuine-came-in");
	author = text_one_line(explanation, author, strlen(author), ADDRESS_MAX);
	return wording_say(explanation, explanation->wording, "genuine-foreign",
	        WORDING_VALUES({"address", author}));
}

static const char *genuine_of(const struct explanation *explanation)
{
	static const char *const keys[GENUINE_COUNT] = {
	        [GENUINE_NO_INDEX] = "genuine-no-index",
	        [GENUINE_LINKED] = "genuine-linked",
	        [GENUINE_PROBABLE] = "genuine-probable",
	        [GENUINE_OTHER_RECIPIENT] = "genuine-other-recipient",
	        [GENUINE_UNLINKED] = "genuine-unlinked",
	        [GENUINE_BACKSCATTER] = "genuine-backscatter",
	};
	const struct bounce_context *context = explanation->context;

	if (context->genuine == GENUINE_FOREIGN)
		return foreign_of(explanation);
	if (context->genuine == GENUINE_UNLINKED && !context->names_mail)
		return wording_label(explanation->wording, "genuine-no-id");
	return keys[context->genuine] != NULL
	               ? wording_label(explanation->wording, keys[context->genuine])
	               : NULL;
}

/* That the report is harmless, or that it is not to be put off. */
static const char *alarm_of(const struct explanation *explanation)
{
	size_t i;

	if (!kind_is_bounce(explanation->kind) ||
	        explanation->context->genuine == GENUINE_BACKSCATTER)
		return NULL;
	for (i = 0; i < explanation->count; i++)
		if (explanation->list[i].reason == REASON_SENDER_SUSPENDED ||
		        explanation->list[i].reason == REASON_VIRUS)
			return wording_label(explanation->wording, "alarm-urgent");
	return wording_label(explanation->wording, "alarm-harmless");
}

struct explanation *explanation_make(
        const void *ctx, const struct bounce_context *context, struct wording *wording)
{
	struct explanation *explanation = talloc_zero(ctx, struct explanation);

	explanation->kind = context->judgement->facts->kind;
	explanation->wording = wording;
	explanation->context = context;
	explanation->genuine = genuine_of(explanation);
	explanation->subject = subject_of(explanation);
	explanation->mail = mail_of(explanation);
	if (context->judgement->facts->recipient_count > 0)
		explain_recipients(explanation);
	else
		explain_whole(explanation);
	explanation->alarm = alarm_of(explanation);
	explanation->unheard = say(explanation, "unheard",
	        WORDING_VALUES({"addresses",
	                placeholder_addresses(explanation, wording, context->unheard)}));
	return explanation;
}
