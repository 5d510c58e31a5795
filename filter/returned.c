#include "returned.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

static bool begins(const char *value, const char *prefix)
{
	return value != NULL && strncasecmp(value, prefix, strlen(prefix)) == 0;
}

static bool is_encoded(const struct fields *part)
{
	const char *encoding = fields_value(part, "Content-Transfer-Encoding");

	return begins(encoding, "base64") || begins(encoding, "quoted-printable");
}

static bool holds_returned(const char *type)
{
	return begins(type, "message/rfc822") || begins(type, "message/global;") || begins(type, "text/rfc822-headers") ||
	       begins(type, "message/global-headers");
}

/* The line behind the next boundary line at or after AT, if it begins the header of a part; NULL at the end. */
static const char *part_next(const char *at, const char *end)
{
	while ((at = memmem(at, (size_t)(end - at), "\n--", 3)) != NULL) {
		at = memchr(at + 1, '\n', (size_t)(end - at - 1));
		if (at == NULL)
			return NULL;
		if (end - at > 9 && strncasecmp(at + 1, "Content-", 8) == 0)
			return at + 1;
	}
	return NULL;
}

struct returned returned_find(const struct message *message)
{
	struct returned returned = {message->length, NULL};
	const char *end = message->bytes + message->length, *part = message->bytes + message->body;
	bool has_status = false;

	if (!begins(fields_value(&message->header, "Content-Type"), "multipart/report"))
		return returned;
	while (returned.header == NULL && (part = part_next(part, end)) != NULL) {
		struct fields header;
		size_t length = fields_read(message, part, (size_t)(end - part), FIELDS_STRICT, &header);
		const char *type = fields_value(&header, "Content-Type");

		if (has_status && holds_returned(type) && !is_encoded(&header)) {
			returned.part = (size_t)(part - message->bytes);
			returned.header = part + length;
		}
		has_status =
		        has_status || begins(type, "message/delivery-status") || begins(type, "message/global-delivery-status");
		talloc_free(header.list);
		part += length > 0 ? length - 1 : 0;
	}
	return returned;
}
