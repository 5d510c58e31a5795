#include "base/buffer.h"

#include <stdarg.h>
#include <string.h>
#include <talloc.h>

struct buffer buffer_new(const void *ctx)
{
	return (struct buffer){.ctx = ctx};
}

/* Makes room for LENGTH bytes more and a NUL. */
static void buffer_grow(struct buffer *buffer, size_t length)
{
	size_t room = buffer->room != 0 ? buffer->room : 128;

	while (room < buffer->length + length + 1)
		room *= 2;
	buffer->text = talloc_realloc_size(buffer->ctx, buffer->text, room);
	buffer->room = room;
}

void buffer_add(struct buffer *buffer, const char *bytes, size_t length)
{
	if (buffer->room <= buffer->length + length)
		buffer_grow(buffer, length);
	if (length > 0)
		memcpy(buffer->text + buffer->length, bytes, length);
	buffer->length += length;
	buffer->text[buffer->length] = '\0';
}

void buffer_add_string(struct buffer *buffer, const char *string)
{
	buffer_add(buffer, string, strlen(string));
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	char *text = talloc_vasprintf(buffer->ctx, format, arguments);
	va_end(arguments);
	buffer_add_string(buffer, text);
	talloc_free(text);
}

char *buffer_text(struct buffer *buffer)
{
	if (buffer->text == NULL)
		buffer_add(buffer, "", 0);
	return buffer->text;
}
