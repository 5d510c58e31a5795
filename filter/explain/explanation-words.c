#include "explain/explanation-words.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/list.h"
#include "explain/explanation-values.h"
#include "mail/address.h"
#include "text/wrap.h"

/* The text for RECIPIENT: by its reason, but what kind of mail it is, or that it is none of the user's, comes first. */
static const struct wording_text *text_for(
        const struct explanation *explanation, const struct recipient *recipient, enum reason reason)
{
	enum kind kind = explanation->kind;

	if (explanation->incident->genuine == GENUINE_BACKSCATTER)
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
        const struct wording_text *text, const char *domain, const struct wording_value *values, size_t count)
{
	char number[32];
	const struct wording_value several[] = {{"count", number}, {"name", explained->name}, {NULL, NULL}};

	if (count < 2)
		return wording_first(explanation, explanation->wording, text, "headline", domain, values);
	snprintf(number, sizeof number, "%zu", count);
	return wording_label_with(explanation, explanation->wording, "headline-several", several);
}

/* To what is said of a delay belongs what has kept the mail so far. */
static char *with_cause(const struct explanation *explanation, char *happened, enum reason reason)
{
	struct wording *wording = explanation->wording;
	const struct wording_value values[] = {
	        {"name", reason != REASON_UNKNOWN && reason < REASON_COUNT
	                         ? wording_name(explanation, wording, reason_name(reason), NULL)
	                         : NULL},
	        {NULL, NULL},
	};
	char *cause = wording_label_with(explanation, wording, "delayed-cause", values);

	if (cause == NULL || happened == NULL)
		return happened;
	return talloc_asprintf(explanation, "%s%s%s", happened, wrap_is_solid(cause) ? "" : " ", cause);
}

/* A letter speaks of all addresses, where a sentence can speak of one only. */
static char **letter(const struct explanation *explanation, const struct explained *explained, const struct wording_text *text,
        const char *domain, const struct recipient *recipient)
{
	struct wording_value *values =
	        explanation_values(explanation, explanation->incident, explanation->wording, recipient, true);
	size_t i;

	for (i = 0; values[i].name != NULL; i++)
		if (strcmp(values[i].name, "address") == 0 && list_length(explained->addresses) > 1)
			values[i].value = explanation_addresses(explanation, explanation->wording, explained->addresses);
	return wording_letter(explanation, explanation->wording, text, "sample", domain, values);
}

void explanation_words(const struct explanation *explanation, struct explained *explained, const struct recipient *recipient)
{
	const struct incident *incident = explanation->incident;
	const struct wording_text *text = text_for(explanation, recipient, explained->reason);
	size_t count = list_length(explained->addresses) + explained->left_out;
	bool delayed = recipient->action == ACTION_DELAYED;
	const struct wording_value *values =
	        explanation_values(explanation, incident, explanation->wording, recipient, count < 2);
	const char *domain = address_domain(explanation, recipient->address);
	struct wording *wording = explanation->wording;

	explained->name = wording_first(explanation, wording, text, "name", domain, values);
	if (explained->name == NULL)
		explained->name = kind_name(explanation->kind);
	explained->headline = headline_of(explanation, explained, text, domain, values, count);
	explained->happened = wording_first(explanation, wording, text, "happened", domain, values);
	if (delayed && incident->genuine != GENUINE_BACKSCATTER)
		explained->happened = with_cause(explanation, explained->happened, explained->reason);
	explained->who = wording_first(explanation, wording, text, "who", domain, values);
	explained->avoid = wording_all(explanation, wording, text, "avoid", domain, values);
	explained->sample = letter(explanation, explained, text, domain, recipient);
	if (explained->reason < REASON_COUNT && recipient->action != ACTION_DELIVERED &&
	        incident->genuine != GENUINE_BACKSCATTER) {
		explained->part = delayed ? PART_NONE : part_of(explained->reason);
		explained->way = way_of(incident->judgement->facts, recipient, explained->reason, incident->sender);
		explained->has_way = explained->way.stopped_before != STATION_YOU;
	}
	add_steps(explanation, explained, text, domain, values);
}
