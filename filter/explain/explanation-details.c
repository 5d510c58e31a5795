#include "explain/explanation-details.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "explain/explanation-values.h"
#include "text/text.h"

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

static void add_rule(const struct explanation *explanation, struct explained *explained, const struct verdict *verdict)
{
	if (verdict == NULL)
		return;
	if (verdict->rule == NULL)
		add_detail(explanation, explained, "detail-rule", wording_label(explanation->wording, "detail-no-rule"));
	else
		add_detail(explanation, explained, "detail-rule",
		        talloc_asprintf(explanation, "%s:%d: %.*s", verdict->rule->source->name, verdict->rule->line,
		                verdict->rule->length, verdict->rule->text));
}

static void add_saying(const struct explanation *explanation, struct explained *explained, const char *words, char *source)
{
	explained->sayings = array_grow(explanation, explained->sayings, struct saying, explained->saying_count);
	explained->sayings[explained->saying_count++] = (struct saying){words, source};
}

/* Where the server's own words are not known, those of the report stand for them. Each saying once: a mail to a hundred people of one domain comes back with the same words a hundred times. */
static void add_sayings(const struct explanation *explanation, struct explained *explained)
{
	const struct judgement *judgement = explanation->incident->judgement;
	size_t i, j;

	for (i = explained->first; i < judgement->facts->recipient_count && explained->saying_count < SAYINGS_MAX; i++) {
		const struct recipient *recipient = &judgement->facts->recipients[i];
		const struct wording_value *values =
		        explanation_values(explanation, explanation->incident, explanation->wording, recipient, true);

		if (recipient->diagnostic == NULL || recipient->diagnostic[0] == '\0' ||
		        (judgement->verdicts != NULL && judgement->verdicts[i].reason != explained->reason))
			continue;
		for (j = 0; j < explained->saying_count; j++)
			if (strcmp(explained->sayings[j].words, recipient->diagnostic) == 0)
				break;
		if (j < explained->saying_count)
			continue;
		add_saying(explanation, explained, recipient->diagnostic,
		        wording_label_with(explanation, explanation->wording, "said-by", values));
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
	const struct incident *incident = explanation->incident;
	const struct history *history = incident->history != NULL ? &incident->history[explained->first] : NULL;
	char sent[16], failed[16];
	size_t count = 0;

	if (history == NULL || explained->addresses[0] == NULL || explained->addresses[1] != NULL)
		return;
	snprintf(sent, sizeof sent, "%u", history->sent);
	snprintf(failed, sizeof failed, "%u", history->failed);
	const struct wording_value values[] = {
	        {"address", explanation_address(recipient->address)},
	        {"sent", sent},
	        {"failed", failed},
	        {"date", explanation_day(explanation, explanation->wording, history->last_from)},
	        {NULL, NULL},
	};
	const struct wording_value reached[] = {
	        {"date", explanation_day(explanation, explanation->wording, history->last_reached)}, {NULL, NULL}};

	add_history(explanation, explained, &count, history->last_from != 0 ? "history-from" : "history-none-from", values);
	if (history->sent > 1) {
		add_history(explanation, explained, &count, "history-reached", reached);
		if (history->failed > 0)
			add_history(explanation, explained, &count, "history-failed", values);
	} else if (incident->genuine == GENUINE_LINKED)
		add_history(explanation, explained, &count, "history-first", values);
}

void explanation_details(const struct explanation *explanation, struct explained *explained, const struct recipient *recipient,
        const struct verdict *verdict)
{
	const struct facts *facts = explanation->incident->judgement->facts;
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
	add_detail(explanation, explained, "detail-original", explanation->incident->original_id);
	add_sayings(explanation, explained);
}
