#include "resend/draft-content.h"

#include <gmime/gmime.h>
#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "mail/message.h"
#include "text/text.h"

static GMimeContentEncoding encoding_of(const struct part *part)
{
	char *value = part_field(NULL, part, "Content-Transfer-Encoding");
	GMimeContentEncoding encoding;

	message_library_open();
	encoding = value != NULL ? g_mime_content_encoding_from_string(value) : GMIME_CONTENT_ENCODING_DEFAULT;

	talloc_free(value);
	return encoding;
}

bool content_each(const struct part *part, bool (*each)(void *argument, const char *bytes, size_t length), void *argument)
{
	GMimeEncoding state;
	const char *at = part->body.start, *end = at + part->body.length;
	char *out;
	bool more = true;

	g_mime_encoding_init_decode(&state, encoding_of(part));
	out = talloc_size(NULL, g_mime_encoding_outlen(&state, CONTENT_PIECE));
	while (out != NULL && more && at < end) {
		size_t piece = (size_t)(end - at) < CONTENT_PIECE ? (size_t)(end - at) : CONTENT_PIECE;
		size_t length = g_mime_encoding_step(&state, at, piece, out);

		at += piece;
		more = length == 0 || each(argument, out, length);
	}
	talloc_free(out);
	return out != NULL && more;
}

static bool add_piece(void *argument, const char *bytes, size_t length)
{
	struct buffer *buffer = argument;

	buffer_add(buffer, bytes, length);
	return !buffer->failed;
}

static bool is_coded(GMimeContentEncoding encoding)
{
	return encoding == GMIME_CONTENT_ENCODING_BASE64 || encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE ||
	       encoding == GMIME_CONTENT_ENCODING_UUENCODE;
}

bool content_decode(const void *ctx, const struct part *part, struct bytes *bytes)
{
	struct buffer buffer = buffer_new(ctx);
	char *text;

	*bytes = part->body;
	if (!is_coded(encoding_of(part)))
		return true;
	if (!content_each(part, add_piece, &buffer) || (text = buffer_text(&buffer)) == NULL)
		return false;
	*bytes = (struct bytes){text, buffer.length};
	return true;
}

char *content_parameter(const void *ctx, const struct part *part, const char *name)
{
	char *value = part_field(NULL, part, "Content-Type"), *copy = NULL;
	GMimeContentType *type;
	const char *parameter;

	message_library_open();
	type = value != NULL ? g_mime_content_type_parse(NULL, value) : NULL;
	parameter = type != NULL ? g_mime_content_type_get_parameter(type, name) : NULL;

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
	disposition = value != NULL ? g_mime_content_disposition_parse(NULL, value) : NULL;
	name = disposition != NULL ? g_mime_content_disposition_get_parameter(disposition, "filename") : NULL;
	if (name != NULL && name[0] != '\0')
		copy = text_to_utf8(ctx, name, strlen(name), NULL);
	g_clear_object(&disposition);
	talloc_free(value);
	return copy != NULL ? copy : content_parameter(ctx, part, "name");
}
