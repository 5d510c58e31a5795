#include "resend/draft-content.h"

#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "mail/decode.h"
#include "mail/parameter.h"

static enum encoding encoding_of(const struct part *part)
{
	char *value = part_field(NULL, part, "Content-Transfer-Encoding");
	enum encoding encoding = value != NULL ? decode_encoding((struct bytes){value, strlen(value)}) : ENCODING_NONE;

	talloc_free(value);
	return encoding;
}

bool content_each(const struct part *part, bool (*each)(void *argument, const char *bytes, size_t length), void *argument)
{
	return decode_each(part->body, encoding_of(part), each, argument);
}

struct bytes content_decode(const void *ctx, const struct part *part)
{
	return decode_bytes(ctx, part->body, encoding_of(part), SIZE_MAX);
}

static char *field_parameter(const void *ctx, const struct part *part, const char *field, const char *name)
{
	char *value = part_field(NULL, part, field);
	char *text = value != NULL ? parameter_text(ctx, (struct bytes){value, strlen(value)}, name) : NULL;

	talloc_free(value);
	return text;
}

char *content_parameter(const void *ctx, const struct part *part, const char *name)
{
	return field_parameter(ctx, part, "Content-Type", name);
}

char *content_name(const void *ctx, const struct part *part)
{
	char *name = field_parameter(ctx, part, "Content-Disposition", "filename");

	return name != NULL && name[0] != '\0' ? name : content_parameter(ctx, part, "name");
}
