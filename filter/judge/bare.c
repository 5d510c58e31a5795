#include "judge/bare.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/cap.h"
#include "base/limits.h"
#include "text/text.h"

bool bare_is_text(const struct message *message)
{
	const struct fields *header = &message->header;

	return (fields_value(header, "Content-Type") == NULL || fields_begins(header, "Content-Type", "text/plain")) &&
	       !bare_is_encoded(header);
}

bool bare_is_encoded(const struct fields *header)
{
	static const char name[] = "Content-Transfer-Encoding";

	return fields_value(header, name) != NULL && !fields_begins(header, name, "7bit") && !fields_begins(header, name, "8bit");
}

char *bare_parameter(const void *ctx, const char *type, const char *name)
{
	const char *value = type != NULL ? strcasestr(type, name) : NULL;

	if (value == NULL)
		return NULL;
	value += strlen(name);
	if (*value == '"')
		return talloc_strndup(ctx, value + 1, strcspn(value + 1, "\""));
	return talloc_strndup(ctx, value, strcspn(value, "; \t"));
}

char *bare_text(const void *ctx, const struct message *message, unsigned *caps)
{
	const char *body = message->bytes + message->body;
	size_t length = message->length - message->body;
	char *charset = bare_parameter(ctx, fields_value(&message->header, "Content-Type"), "charset=");

	if (length > NOTICE_MAX)
		*caps |= CAP_NOTICE;
	return text_to_utf8(ctx, body, length < NOTICE_MAX ? length : NOTICE_MAX, charset);
}

const char *bare_status(const char *text)
{
	static const char *const starts[] = {"Reporting-MTA:", "Final-Recipient:", "Original-Recipient:"};
	const char *first = NULL;
	size_t i;

	if (strstr(text, "ecipient:") == NULL || strcasestr(text, "l-Recipient:") == NULL ||
	        (strcasestr(text, "\nAction:") == NULL && strcasestr(text, "\nStatus:") == NULL))
		return NULL;
	for (i = 0; i < sizeof starts / sizeof *starts; i++) {
		const char *at = strcasestr(text, starts[i]);

		if (at != NULL && (at == text || at[-1] == '\n') && (first == NULL || at < first))
			first = at;
	}
	return first;
}
