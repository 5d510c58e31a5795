#include "resend/encode.h"

#include <errno.h>
#include <glib.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "text/utf8.h"

struct other {
	uint32_t character;
	const char *text;
};

/* What old charsets lack, in the order of their numbers. */
static const struct other others[] = {
        {0xa0, " "},
        {0xa9, "(C)"},
        {0xad, ""},
        {0xae, "(R)"},
        {0xb7, "・"},
        {0x200b, ""},
        {0x200c, ""},
        {0x200d, ""},
        {0x2010, "-"},
        {0x2011, "-"},
        {0x2013, "-"},
        {0x2014, "―"},
        {0x2018, "'"},
        {0x2019, "'"},
        {0x201c, "\""},
        {0x201d, "\""},
        {0x2022, "・"},
        {0x2026, "..."},
        {0x20ac, "EUR"},
        {0x2116, "No."},
        {0x2122, "(TM)"},
        {0x2225, "‖"},
        {0x33cd, "K.K."},
        {0x9ad9, "高"},
        {0xfa11, "崎"},
        {0xfe0e, ""},
        {0xfe0f, ""},
        {0xfeff, ""},
        {0xff0d, "−"},
        {0xff5e, "〜"},
        {0xff9e, "゛"},
        {0xff9f, "゜"},
        {0xffe0, "¢"},
        {0xffe1, "£"},
        {0xffe2, "¬"},
};

struct encoding {
	iconv_t cd;
	struct buffer out;
	size_t lost;
};

static bool encode_run(struct encoding *encoding, char *from, size_t length, char **stopped);

/* Whether C is a form of others in which anyone reads the same: letters of full or half width,
 * Roman numbers, words in one character. Of `²` and the like nobody would. */
static bool is_form(uint32_t c)
{
	return (c >= 0x2100 && c <= 0x217f) || (c >= 0x3200 && c <= 0x33ff) ||
	       (c >= 0xff00 && c <= 0xffef);
}

/* Another way to write C, which takes LENGTH bytes at TEXT; for g_free(). NULL: there is none. */
static char *other_way(uint32_t c, const char *text, size_t length)
{
	size_t i;

	if (c >= 0x2460 && c <= 0x2473) /* a number in a circle */
		return g_strdup_printf("(%u)", (unsigned)(c - 0x2460 + 1));
	for (i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].character == c)
			return g_strdup(others[i].text);
	return is_form(c) ? g_utf8_normalize(text, (gssize)length, G_NORMALIZE_NFKC) : NULL;
}

/* Encode what begins at AT, and which the charset has not. How many bytes that is: ｶﾞ is one
 * character of full width. */
static size_t encode_otherwise(struct encoding *encoding, const char *at, const char *end)
{
	static const char *const marks[] = {"〓", "?"};
	uint32_t c = 0, mark = 0;
	size_t length = utf8_decode(at, end, &c), more, i;
	char *text = length > 0 ? other_way(c, at, length) : NULL, *joined = NULL, *stopped;
	bool done;

	more = length > 0 && at + length < end ? utf8_decode(at + length, end, &mark) : 0;
	if (mark == 0xff9e || mark == 0xff9f)
		joined = g_utf8_normalize(at, (gssize)(length + more), G_NORMALIZE_NFKC);
	if (joined != NULL && g_utf8_strlen(joined, -1) == 1) {
		g_free(text);
		text = g_steal_pointer(&joined);
		length += more;
	}
	done = text != NULL && encode_run(encoding, text, strlen(text), &stopped);
	g_free(text);
	g_free(joined);
	encoding->lost += !done;
	for (i = 0; !done && i < sizeof marks / sizeof *marks; i++)
		done = encode_run(
		        encoding, (char *)(uintptr_t)marks[i], strlen(marks[i]), &stopped);
	return length > 0 ? length : 1;
}

/* Encode LENGTH bytes as far as the charset has them: true if that is all, else *STOPPED is what it
 * has not. */
static bool encode_run(struct encoding *encoding, char *from, size_t length, char **stopped)
{
	char piece[1024];
	size_t result;

	do {
		char *to = piece;
		size_t room = sizeof piece;

		result = iconv(encoding->cd, &from, &length, &to, &room);
		buffer_add(&encoding->out, piece, sizeof piece - room);
	} while (result == (size_t)-1 && errno == E2BIG);
	*stopped = from;
	return length == 0;
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
	char *copy = talloc_memdup(ctx, utf8, length + 1), *at = copy, *end = copy + length, *to,
	     last[16];
	size_t room = sizeof last;

	if (encoding.cd == (iconv_t)-1)
		return NULL;
	while (at < end && !encode_run(&encoding, at, (size_t)(end - at), &at))
		at += encode_otherwise(&encoding, at, end);
	to = last;
	iconv(encoding.cd, NULL, NULL, &to, &room); /* back to ASCII */
	buffer_add(&encoding.out, last, sizeof last - room);
	iconv_close(encoding.cd);
	talloc_free(copy);
	*out_length = encoding.out.length;
	*lost = encoding.lost;
	return buffer_text(&encoding.out);
}

/* Columns of a line of quoted-printable, its `=` at the end not counted. */
#define QUOTED_COLUMNS 72

static void line_end(struct base64 *base64)
{
	char text[80];
	int state = 0, save = 0;
	size_t n = g_base64_encode_step(base64->line, base64->length, FALSE, text, &state, &save);

	n += g_base64_encode_close(FALSE, text + n, &state, &save);
	buffer_add(base64->out, text, n);
	buffer_add_string(base64->out, base64->eol);
	base64->length = 0;
}

void base64_add(struct base64 *base64, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t room = sizeof base64->line - base64->length,
		       n = length < room ? length : room;

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
	size_t i, column = 0;

	for (i = 0; i < length; i++) {
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
