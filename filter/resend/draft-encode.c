#include "resend/draft-encode.h"

#include <stdbool.h>
#include <string.h>
#include <talloc.h>

/* Columns of a line of quoted-printable, its `=` at the end not counted. */
#define QUOTED_COLUMNS 72

static void line_end(struct base64 *base64)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char text[80];
	size_t i, n = 0;

	for (i = 0; i < base64->length; i += 3) {
		unsigned left = (unsigned)(base64->length - i);
		unsigned bits = (unsigned)base64->line[i] << 16 | (left > 1 ? (unsigned)base64->line[i + 1] << 8 : 0) |
		                (left > 2 ? base64->line[i + 2] : 0u);

		text[n++] = digits[bits >> 18];
		text[n++] = digits[bits >> 12 & 63];
		text[n++] = left > 1 ? digits[bits >> 6 & 63] : '=';
		text[n++] = left > 2 ? digits[bits & 63] : '=';
	}
	buffer_add(base64->out, text, n);
	buffer_add_string(base64->out, base64->eol);
	base64->length = 0;
}

void base64_add(struct base64 *base64, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t room = sizeof base64->line - base64->length, n = length < room ? length : room;

		memcpy(base64->line + base64->length, bytes, n);
		base64->length += n;
		bytes += n;
		length -= n;
		if (base64->length == sizeof base64->line)
			line_end(base64);
	}
}

void base64_end(struct base64 *base64)
{
	if (base64->length > 0)
		line_end(base64);
}

char *encode_base64(const void *ctx, const char *bytes, size_t length, const char *eol)
{
	struct buffer out = buffer_new(ctx);
	struct base64 base64 = {.out = &out, .eol = eol};

	base64_add(&base64, bytes, length);
	base64_end(&base64);
	return buffer_text(&out);
}

/* Whether the byte at TEXT[I] can stand as it is: a blank not at the end of a line; no point alone in one, nor a From at its start, which some
 * servers change. */
static bool is_literal(const char *text, size_t length, size_t i, size_t column)
{
	unsigned char c = (unsigned char)text[i];

	if (c == ' ' || c == '\t')
		return i + 1 < length && text[i + 1] != '\n' && text[i + 1] != '\r';
	if (column == 0 && (c == '.' || (c == 'F' && length - i > 4 && memcmp(text + i, "From ", 5) == 0)))
		return false;
	return c > 0x20 && c < 0x7f && c != '=';
}

char *encode_quoted(const void *ctx, const char *text, size_t length, const char *eol)
{
	struct buffer out = buffer_new(ctx);
	size_t i, column = 0;

	for (i = 0; i < length; i++) {
		bool newline = text[i] == '\n' || (text[i] == '\r' && i + 1 < length && text[i + 1] == '\n');
		bool literal = newline || is_literal(text, length, i, column);

		if (!newline && column + (literal ? 1 : 3) > QUOTED_COLUMNS) {
			buffer_print(&out, "=%s", eol);
			column = 0;
			literal = is_literal(text, length, i, column);
		}
		if (literal)
			buffer_add(&out, text + i, 1);
		else
			buffer_print(&out, "=%02X", (unsigned)(unsigned char)text[i]);
		column = newline ? 0 : column + (literal ? 1 : 3);
	}
	return buffer_text(&out);
}
