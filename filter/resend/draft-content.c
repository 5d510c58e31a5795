#include "resend/draft-content.h"

#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "mail/late-gmime.h"
#include "mail/message.h"
#include "text/text.h"

static GMimeContentEncoding encoding_of(const struct part *part)
{
	char *value = part_field(NULL, part, "Content-Transfer-Encoding");
	GMimeContentEncoding encoding;

	message_library_open();
	encoding = value != NULL ? late_g_mime_content_encoding_from_string(value) : GMIME_CONTENT_ENCODING_DEFAULT;

	talloc_free(value);
	return encoding;
}

bool content_each(const struct part *part, bool (*each)(void *argument, const char *bytes, size_t length), void *argument)
{
	GMimeEncoding state;
	const char *at = part->body.start, *end = at + part->body.length;
	char *out;
	bool more = true;

	late_g_mime_encoding_init_decode(&state, encoding_of(part));
	out = talloc_size(NULL, late_g_mime_encoding_outlen(&state, CONTENT_PIECE));
	while (more && at < end) {
		size_t piece = (size_t)(end - at) < CONTENT_PIECE ? (size_t)(end - at) : CONTENT_PIECE;
		size_t length = late_g_mime_encoding_step(&state, at, piece, out);

		at += piece;
		more = length == 0 || each(argument, out, length);
	}
	talloc_free(out);
	return more;
}

static bool add_piece(void *argument, const char *bytes, size_t length)
{
	struct buffer *buffer = argument;

	buffer_add(buffer, bytes, length);
	return true;
}

static bool is_coded(GMimeContentEncoding encoding)
{
	return encoding == GMIME_CONTENT_ENCODING_BASE64 || encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
	       encoding == GMIME_CONTENT_ENCODING_UUENCODE;
}

struct bytes content_decode(const void *ctx, const struct part *part)
{
	struct buffer buffer = buffer_new(ctx);

	if (!is_coded(encoding_of(part)))
		return part->body;
	content_each(part, add_piece, &buffer);
	return (struct bytes){buffer_text(&buffer), buffer.length};
}

char *content_parameter(const void *ctx, const struct part *part, const char *name)
{
	char *value = part_field(NULL, part, "Content-Type"), *copy = NULL;
	GMimeContentType *type;
	const char *parameter;

	message_library_open();
	type = value != NULL ? late_g_mime_content_type_parse(NULL, value) : NULL;
	parameter = type != NULL ? late_g_mime_content_type_get_parameter(type, name) : NULL;

	if (parameter != NULL)
		copy = text_to_utf8(ctx, parameter, strlen(parameter), NULL);
	g_clear_object(&type);
	talloc_free(value);
	return copy;
}

char *content_name(const void *ctx, const struct part *part)
{
	char *value = part_field(NULL, part, "Content-Disposition"), *copy = NULL;
	GMimeContentDisposition *disposition = NULL;
	const char *name;

	message_library_open();
	disposition = value != NULL ? late_g_mime_content_disposition_parse(NULL, value) : NULL;
	name = disposition != NULL ? late_g_mime_content_disposition_get_parameter(disposition, "filename") : NULL;
	if (name != NULL && name[0] != '\0')
		copy = text_to_utf8(ctx, name, strlen(name), NULL);
	g_clear_object(&disposition);
	talloc_free(value);
	return copy != NULL ? copy : content_parameter(ctx, part, "name");
}
