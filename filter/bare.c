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

/* The charset that MESSAGE's header says, owned by CTX; NULL if it says none. */
static char *charset_of(const void *ctx, const struct message *message)
{
	const char *type = fields_value(&message->header, "Content-Type");
	const char *charset = type != NULL ? strcasestr(type, "charset=") : NULL;

	if (charset == NULL)
		return NULL;
	charset += strlen("charset=");
	charset += *charset == '"';
	return talloc_strndup(ctx, charset, strcspn(charset, "\"; \t"));
}

char *bare_text(const void *ctx, const struct message *message)
{
	const char *body = message->bytes + message->body;
	size_t length = message->length - message->body;

	return text_to_utf8(ctx, body, length < NOTICE_MAX ? length : NOTICE_MAX, charset_of(ctx, message));
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
