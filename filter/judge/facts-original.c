#include "judge/facts-original.h"

#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "mail/address.h"
#include "text/text.h"

/* VALUE decoded, as one line; NULL if there is none. */
static char *value_line(const void *ctx, const char *value)
{
	char *decoded, *line;

	if (value == NULL)
		return NULL;
	decoded = message_decode(ctx, value);
	line = text_one_line(ctx, decoded, strlen(decoded), VALUE_MAX);
	talloc_free(decoded);
	return line;
}

/* The first message id in VALUE, without angle brackets; NULL if there is none. */
char *facts_message_id(const void *ctx, const char *value)
{
	const char *open = value != NULL ? strchr(value, '<') : NULL;
	size_t length;

	if (value == NULL)
		return NULL;
	value = open != NULL ? open + 1 : value;
	value += strspn(value, " \t");
	length = strcspn(value, ">");
	while (length > 0 && strchr(" \t", value[length - 1]) != NULL)
		length--;
	return length > 0 && length < VALUE_MAX ? text_one_line(ctx, value, length, VALUE_MAX) : NULL;
}

static void reference_add(struct facts *facts, const char *value, const char *step)
{
	struct original *original = &facts->original;
	char *id = facts_message_id(facts, value);

	if (id != NULL && original->reference_count < REFERENCES_MAX)
		original->references[original->reference_count++] = (struct reference){id, step};
}

/* All ids of a References field, the last one first. */
static void references_add(struct facts *facts, const char *value)
{
	size_t length = value != NULL ? strlen(value) : 0;

	while (length > 0 && facts->original.reference_count < REFERENCES_MAX) {
		length--;
		if (value[length] == '<')
			reference_add(facts, value + length, "references");
	}
}

/* An envelope id is whatever the sender chose (RFC 3461 section 4.4); some choose the Message-ID. */
static void envelope_id_add(struct facts *facts, const struct report *report)
{
	const char *value = report->group_count > 0 ? fields_value(&report->groups[0], "Original-Envelope-Id") : NULL;
	char *id = value != NULL ? address_from_field(facts, value, true) : NULL;

	if (id != NULL && strchr(id, '@') != NULL)
		reference_add(facts, id, "envelope-id");
}

static char *original_field(const void *ctx, const struct report *report, const char *name, char *from_words)
{
	char *value = value_line(ctx, fields_value(&report->returned, name));

	return value != NULL ? value : from_words;
}

void facts_read_original(struct facts *facts, const struct report *report, const struct original *words)
{
	const struct fields *header = &report->message->header;
	struct original *original = &facts->original;
	static const char *const steps[] = {
	        [RETURNED_TEXT] = "text", [RETURNED_HEADERS] = "headers", [RETURNED_WHOLE] = "rfc822"};

	reference_add(facts, fields_value(&report->returned, "Message-ID"), steps[report->returned_as]);
	reference_add(facts, words->message_id, "text");
	reference_add(facts, fields_value(&report->details, "Original-Message-ID"), "original-message-id"); /* RFC 8098 */
	reference_add(facts, fields_value(header, "X-Original-Message-ID"), "x-original-message-id");
	reference_add(facts, fields_value(header, "In-Reply-To"), "in-reply-to");
	references_add(facts, fields_value(header, "References"));
	if (original->reference_count > 0)
		original->message_id = original->references[0].id;
	envelope_id_add(facts, report);
	original->from = original_field(facts, report, "From", words->from);
	original->to = original_field(facts, report, "To", words->to);
	original->subject = original_field(facts, report, "Subject", words->subject);
	original->date = original_field(facts, report, "Date", words->date);
}
