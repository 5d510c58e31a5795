#include "bare.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "limits.h"
#include "text.h"

static bool begins(const char *value, const char *prefix)
{
	return strncasecmp(value, prefix, strlen(prefix)) == 0;
}

bool bare_is_text(const struct message *message)
{
	const char *type = fields_value(&message->header, "Content-Type");
	const char *encoding = fields_value(&message->header, "Content-Transfer-Encoding");

	return (type == NULL || begins(type, "text/plain")) &&
	       (encoding == NULL || begins(encoding, "7bit") || begins(encoding, "8bit"));
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

char *bare_text(const void *ctx, const struct message *message)
{
	const char *body = message->bytes + message->body;
	size_t length = message->length - message->body;
	char *charset = bare_parameter(ctx, fields_value(&message->header, "Content-Type"), "charset=");

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
