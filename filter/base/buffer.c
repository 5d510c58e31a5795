#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

struct buffer buffer_new(const void *ctx)
{
	return (struct buffer){.ctx = ctx};
}

static void buffer_reserve(struct buffer *buffer, size_t more)
{
	size_t room = buffer->room != 0 ? buffer->room : 128;
	char *text;

	while (room < buffer->length + more + 1)
		room *= 2;
	if (room == buffer->room || buffer->failed)
		return;
	text = talloc_realloc_size(buffer->ctx, buffer->text, room);
	if (text == NULL) {
		talloc_free(buffer->text);
		*buffer = (struct buffer){.ctx = buffer->ctx, .failed = 1};
		return;
	}
	buffer->text = text;
	buffer->room = room;
}

void buffer_add(struct buffer *buffer, const char *bytes, size_t length)
{
	buffer_reserve(buffer, length);
	if (buffer->failed)
		return;
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
	char *text;

	va_start(arguments, format);
	text = talloc_vasprintf(buffer->ctx, format, arguments);
	va_end(arguments);
	if (text != NULL)
		buffer_add_string(buffer, text);
	else
		buffer->failed = 1;
	talloc_free(text);
}

char *buffer_text(struct buffer *buffer)
{
	if (buffer->text == NULL)
		buffer_add(buffer, "", 0);
	return buffer->failed ? NULL : buffer->text;
}
