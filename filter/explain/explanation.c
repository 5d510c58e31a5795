#include "explain/explanation.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "explain/explanation-details.h"
#include "explain/explanation-values.h"
#include "explain/explanation-words.h"
#include "mail/address.h"
#include "text/text.h"

/* Bytes of a subject that are shown. */
#define SUBJECT_SHOWN_MAX 200

/* The one of the explained that RECIPIENT belongs to: same reason, same action. */
static bool belongs(const struct explanation *explanation, const struct explained *explained, size_t recipient)
{
	const struct judgement *judgement = explanation->incident->judgement;
	const struct recipient *list = judgement->facts->recipients;
	enum reason reason = judgement->verdicts != NULL ? judgement->verdicts[recipient].reason : REASON_COUNT;

	return explained->reason == reason && list[explained->first].action == list[recipient].action;
}

static struct explained *explained_for(struct explanation *explanation, size_t recipient)
{
	const struct judgement *judgement = explanation->incident->judgement;
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
	const struct facts *facts = explanation->incident->judgement->facts;
	size_t i, count;

	for (i = 0; i < facts->recipient_count; i++) {
		const char *address = facts->recipients[i].address;
		struct explained *explained = explained_for(explanation, i);
		const char *shown = address[0] != '\0' ? address : wording_label(explanation->wording, "no-address");

		count = list_length(explained->addresses);
		if (count >= EXPLAINED_MAX)
			explained->left_out++;
		else
			list_add(explanation, &explained->addresses, &count, shown);
	}
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
	explanation_words(explanation, explained, &nobody);
	explanation_details(explanation, explained, &nobody, NULL);
}

static void explain_recipients(struct explanation *explanation)
{
	const struct judgement *judgement = explanation->incident->judgement;
	size_t i;

	group(explanation);
	for (i = 0; i < explanation->count; i++) {
		struct explained *explained = &explanation->list[i];
		const struct recipient *first = &judgement->facts->recipients[explained->first];

		explanation_words(explanation, explained, first);
		explanation_details(explanation, explained, first,
		        judgement->verdicts != NULL ? &judgement->verdicts[explained->first] : NULL);
	}
}

/* `{date}, to {addresses}`: which mail it was. NULL: neither is known. */
static char *mail_of(const void *ctx, const struct incident *incident, struct wording *wording)
{
	char **list = incident->to != NULL ? address_list(ctx, incident->to) : NULL;
	const struct wording_value values[] = {
	        {"date", explanation_day(ctx, wording, incident->date)},
	        {"addresses", explanation_addresses(ctx, wording, list)},
	        {NULL, NULL},
	};
	char *both = wording_label_with(ctx, wording, "mail-date", values);

	if (both != NULL)
		return both;
	return values[1].value != NULL ? wording_label_with(ctx, wording, "mail-to", values) : (char *)values[0].value;
}

/* The subject between quotation marks: it is what a mail says. NULL: not known. */
static char *subject_of(const void *ctx, const struct incident *incident, struct wording *wording)
{
	const char *subject = incident->subject;
	char *line = subject != NULL ? text_one_line(ctx, subject, strlen(subject), SUBJECT_SHOWN_MAX) : NULL;
	const struct wording_value values[] = {{"subject", line}, {NULL, NULL}};

	if (line != NULL && line[0] == '\0')
		return talloc_strdup(ctx, wording_label(wording, "no-subject"));
	return wording_label_with(ctx, wording, "mail-subject", values);
}

static const char *genuine_of(const struct incident *incident, struct wording *wording)
{
	switch (incident->genuine) {
	case GENUINE_NO_INDEX: return wording_label(wording, "genuine-no-index");
	case GENUINE_LINKED: return wording_label(wording, "genuine-linked");
	case GENUINE_PROBABLE: return wording_label(wording, "genuine-probable");
	case GENUINE_UNLINKED: return wording_label(wording, "genuine-unlinked");
	case GENUINE_BACKSCATTER: return wording_label(wording, "genuine-backscatter");
	default: return NULL;
	}
}

struct explanation *explanation_make(const void *ctx, const struct incident *incident, struct wording *wording)
{
	struct explanation *explanation = talloc_zero(ctx, struct explanation);

	explanation->kind = incident->judgement->facts->kind;
	explanation->wording = wording;
	explanation->incident = incident;
	explanation->genuine = genuine_of(incident, wording);
	explanation->subject = subject_of(explanation, incident, wording);
	explanation->mail = mail_of(explanation, incident, wording);
	if (incident->judgement->facts->recipient_count > 0)
		explain_recipients(explanation);
	else
		explain_whole(explanation);
	return explanation;
}
