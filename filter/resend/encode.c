#include "resend/encode.h"

#include <errno.h>
#include <glib.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "text/utf8.h"

/* What old charsets lack, and another way to write it. */
static const struct {
	uint32_t character;
	const char *text;
} others[] = {{0xa0, " "}, {0xa9, "(C)"}, {0xad, ""}, {0xae, "(R)"}, {0xb7, "・"}, {0x200b, ""},
        {0x200c, ""}, {0x200d, ""}, {0x2010, "-"}, {0x2011, "-"}, {0x2013, "-"}, {0x2014, "―"},
        {0x2018, "'"}, {0x2019, "'"}, {0x201c, "\""}, {0x201d, "\""}, {0x2022, "・"},
        {0x2026, "..."}, {0x20ac, "EUR"}, {0x2116, "No."}, {0x2122, "(TM)"}, {0x2225, "‖"},
        {0x33cd, "K.K."}, {0x9ad9, "高"}, {0xfa11, "崎"}, {0xfe0e, ""}, {0xfe0f, ""}, {0xfeff, ""},
        {0xff0d, "−"}, {0xff5e, "〜"}, {0xff9e, "゛"}, {0xff9f, "゜"}, {0xffe0, "¢"}, {0xffe1, "£"},
        {0xffe2, "¬"}};

/* Columns of a line of quoted-printable, its `=` at the end not counted. */
#define QUOTED_COLUMNS 72

struct encoding {
	iconv_t cd;
	struct buffer out;
	size_t lost;
};

/* Encode LENGTH bytes at FROM as far as the charset has them; returns where that ends. */
static char *encode_run(struct encoding *encoding, char *from, size_t length)
{
	char piece[1024];
	size_t result;

	do {
		char *to = piece;
		size_t room = sizeof piece;

		result = iconv(encoding->cd, &from, &length, &to, &room);
		buffer_add(&encoding->out, piece, sizeof piece - room);
	} while (result == (size_t)-1 && errno == E2BIG);
	return from;
}

/* The same of TEXT; whether the charset has all of it. */
static bool encode_all(struct encoding *encoding, const char *text)
{
	char *from = (char *)(uintptr_t)text;
	size_t length = strlen(text);

	return encode_run(encoding, from, length) == from + length;
}

/* Another way to write C, which takes LENGTH bytes at TEXT; for g_free(). NULL: there is none. */
static char *other_way(uint32_t c, const char *text, size_t length)
{
	/* Forms of others in which anyone reads the same: letters of full or half width, Roman
	 * numbers, words in one character. Of `²` and the like nobody would. */
	bool is_form = (c >= 0x2100 && c <= 0x217f) || (c >= 0x3200 && c <= 0x33ff) ||
	               (c >= 0xff00 && c <= 0xffef);

	if (c >= 0x2460 && c <= 0x2473) /* a number in a circle */
		return g_strdup_printf("(%u)", (unsigned)(c - 0x2460 + 1));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].character == c)
			return g_strdup(others[i].text);
	return is_form ? g_utf8_normalize(text, (gssize)length, G_NORMALIZE_NFKC) : NULL;
}

/* Encode what begins at AT, and which the charset has not. How many bytes that is: ｶﾞ is one
 * character of full width. */
static size_t encode_otherwise(struct encoding *encoding, const char *at, const char *end)
{
	uint32_t c = 0, mark = 0;
	size_t length = utf8_decode(at, end, &c);
	size_t more = length > 0 && at + length < end ? utf8_decode(at + length, end, &mark) : 0;
	char *text = length > 0 ? other_way(c, at, length) : NULL;

	if (mark == 0xff9e || mark == 0xff9f) {
		char *joined = g_utf8_normalize(at, (gssize)(length + more), G_NORMALIZE_NFKC);

		if (joined != NULL && g_utf8_strlen(joined, -1) == 1) {
			g_free(text);
			text = g_steal_pointer(&joined);
			length += more;
		}
		g_free(joined);
	}
	if (text == NULL || !encode_all(encoding, text)) {
		encoding->lost++;
		if (!encode_all(encoding, "〓"))
			encode_all(encoding, "?");
	}
	g_free(text);
	return length > 0 ? length : 1;
}

bool charset_is_known(const char *charset)
{
	iconv_t cd = iconv_open(charset, "UTF-8");

	if (cd == (iconv_t)-1)
		return false;
	iconv_close(cd);
	return true;
}

char *charset_encode(const void *ctx, const char *utf8, size_t length, const char *charset,
        size_t *out_length, size_t *lost)
{
	struct encoding encoding = {.cd = iconv_open(charset, "UTF-8"), .out = buffer_new(ctx)};

	if (encoding.cd == (iconv_t)-1)
		return NULL;
	char *at = (char *)(uintptr_t)utf8, *end = at + length;
	char last[16], *to = last;
	size_t room = sizeof last;

	while (at < end) {
		at = encode_run(&encoding, at, (size_t)(end - at));
		if (at < end)
			at += encode_otherwise(&encoding, at, end);
	}
	iconv(encoding.cd, NULL, NULL, &to, &room); /* back to ASCII */
	buffer_add(&encoding.out, last, sizeof last - room);
	iconv_close(encoding.cd);
	*out_length = encoding.out.length;
	*lost = encoding.lost;
	return buffer_text(&encoding.out);
}

void base64_add(struct base64 *base64, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t room = sizeof base64->line - base64->length, n = MIN(length, room);

		memcpy(base64->line + base64->length, bytes, n);
		base64->length += n;
		bytes += n;
		length -= n;
		if (n == room)
			base64_end(base64);
	}
}

void base64_end(struct base64 *base64)
{
	if (base64->length == 0)
		return;
	char *text = g_base64_encode(base64->line, base64->length);

	buffer_add_string(base64->out, text);
	buffer_add_string(base64->out, base64->eol);
	base64->length = 0;
	g_free(text);
}

char *encode_base64(const void *ctx, const char *bytes, size_t length, const char *eol)
{
	struct buffer out = buffer_new(ctx);
	struct base64 base64 = {.out = &out, .eol = eol};

	base64_add(&base64, bytes, length);
	base64_end(&base64);
	return buffer_text(&out);
}

/* Whether the byte at TEXT[I] can stand as it is: a blank not at the end of a line; no point alone
 * in one, nor a From at its start, which some servers change. */
static bool is_literal(const char *text, size_t length, size_t i, size_t column)
{
	unsigned char c = (unsigned char)text[i];

	if (c == ' ' || c == '\t')
		return i + 1 < length && text[i + 1] != '\n' && text[i + 1] != '\r';
	if (column == 0 &&
	        (c == '.' || (c == 'F' && length - i > 4 && memcmp(text + i, "From ", 5) == 0)))
		return false;
	return c > 0x20 && c < 0x7f && c != '=';
}

char *encode_quoted(const void *ctx, const char *text, size_t length, const char *eol)
{
	struct buffer out = buffer_new(ctx);
	size_t column = 0;

	for (size_t i = 0; i < length; i++) {
		bool newline = text[i] == '\n' ||
		               (text[i] == '\r' && i + 1 < length && text[i + 1] == '\n');
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
