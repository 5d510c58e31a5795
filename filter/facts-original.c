#include "facts-original.h"

#include <string.h>
#include <talloc.h>

#include "limits.h"
#include "text.h"

/* VALUE decoded, as one line; NULL if there is none. */
static char *value_line(const void *ctx, const char *value)
{
	char *decoded = value != NULL ? message_decode(ctx, value) : NULL;
	char *line = decoded != NULL ? text_one_line(ctx, decoded, strlen(decoded), VALUE_MAX) : NULL;

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

/* The last message id in a References field. */
static char *message_id_last(const void *ctx, const char *value)
{
	const char *open = value != NULL ? strrchr(value, '<') : NULL;

	return open != NULL ? facts_message_id(ctx, open) : NULL;
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
	const char *const ids[] = {
	        fields_value(&report->returned, "Message-ID"),
	        words->message_id,
	        fields_value(&report->details, "Original-Message-ID"), /* RFC 8098 */
	        fields_value(header, "X-Original-Message-ID"),
	        fields_value(header, "In-Reply-To"),
	};
	size_t i;

	for (i = 0; original->message_id == NULL && i < sizeof ids / sizeof *ids; i++)
		original->message_id = facts_message_id(facts, ids[i]);
	if (original->message_id == NULL)
		original->message_id = message_id_last(facts, fields_value(header, "References"));
	original->from = original_field(facts, report, "From", words->from);
	original->to = original_field(facts, report, "To", words->to);
	original->subject = original_field(facts, report, "Subject", words->subject);
	original->date = original_field(facts, report, "Date", words->date);
}
