#include "judge/returned.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

static bool is_encoded(const struct fields *part)
{
	return fields_begins(part, "Content-Transfer-Encoding", "base64") ||
	       fields_begins(part, "Content-Transfer-Encoding", "quoted-printable");
}

/* Whether the Content-Type of PART begins like one of TYPES, a list that ends with NULL. */
static bool is_one_of(const struct fields *part, const char *const *types)
{
	while (*types != NULL && !fields_begins(part, "Content-Type", *types))
		types++;
	return *types != NULL;
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
	struct returned returned = {message->length, NULL, false};
	const char *end = message->bytes + message->length, *part = message->bytes + message->body;
	static const char *const returned_types[] = {
	        "message/rfc822", "message/global;", "text/rfc822-headers", "message/global-headers", NULL};
	static const char *const status_types[] = {"message/delivery-status", "message/global-delivery-status", NULL};
	bool has_status = false;

	if (!fields_begins(&message->header, "Content-Type", "multipart/report"))
		return returned;
	while (returned.header == NULL && (part = part_next(part, end)) != NULL) {
		struct fields header;
		size_t length = fields_read(message, part, (size_t)(end - part), FIELDS_STRICT, &header);

		if (has_status && is_one_of(&header, returned_types) && !is_encoded(&header)) {
			returned.part = (size_t)(part - message->bytes);
			returned.header = part + length;
			returned.whole = fields_begins(&header, "Content-Type", "message/rfc822") ||
			                 fields_begins(&header, "Content-Type", "message/global;");
		}
		has_status = has_status || is_one_of(&header, status_types);
		talloc_free(header.list);
		part += length > 0 ? length - 1 : 0;
	}
	return returned;
}
