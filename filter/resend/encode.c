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
        {0x2121, "TEL"},
        {0x2122, "(TM)"},
        {0x2225, "‖"},
        {0x3231, "(株)"},
        {0x3232, "(有)"},
        {0x3239, "(代)"},
        {0x339c, "mm"},
        {0x339d, "cm"},
        {0x339e, "km"},
        {0x338e, "mg"},
        {0x338f, "kg"},
        {0x33a1, "m2"},
        {0x33cd, "K.K."},
        {0x9ad9, "高"},
        {0xfa11, "崎"},
        {0xfe0e, ""},
        {0xfe0f, ""},
        {0xfeff, ""},
        {0xff0d, "−"},
        {0xff5e, "〜"},
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

/* `(1)` for a 1 in a circle and the like; and katakana of half the width, which ISO-2022-JP has
 * not. */
static const char *other_way(uint32_t c, char room[16])
{
	static const char katakana[] = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシス"
	                               "セソタチツテトナニヌネノハヒフ"
	                               "ヘホマミムメモヤユヨラリルレロワン゛゜";
	static const char *const romans[] = {
	        "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"};
	size_t i;

	if (c >= 0x2460 && c <= 0x2473) {
		unsigned number = c - 0x2460 + 1;
		char *to = room;

		*to++ = '(';
		if (number >= 10)
			*to++ = (char)('0' + number / 10);
		*to++ = (char)('0' + number % 10);
		*to++ = ')';
		*to = '\0';
		return room;
	}
	if (c >= 0x2160 && c <= 0x2169)
		return romans[c - 0x2160];
	if (c >= 0xff61 && c <= 0xff9f) {
		memcpy(room, katakana + 3 * (c - 0xff61), 3);
		room[3] = '\0';
		return room;
	}
	for (i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].character == c)
			return others[i].text;
	return NULL;
}

/* C, which the charset has not. */
static void encode_otherwise(struct encoding *encoding, uint32_t c)
{
	static const char *const marks[] = {"〓", "?"};
	char room[16], *stopped;
	const char *text = other_way(c, room);
	size_t i;

	if (text != NULL && encode_run(encoding, (char *)(uintptr_t)text, strlen(text), &stopped))
		return;
	encoding->lost++;
	for (i = 0; i < sizeof marks / sizeof *marks; i++)
		if (encode_run(encoding, (char *)(uintptr_t)marks[i], strlen(marks[i]), &stopped))
			return;
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

/* ｶﾞ is one character of full width. Where marks were joined the text is as long as before, or
 * shorter. */
static char *join_marks(const void *ctx, const char *utf8, size_t *length)
{
	char *copy = talloc_size(ctx, *length + 1), *to = copy;
	const char *p = utf8, *end = utf8 + *length;

	while (p < end) {
		uint32_t c, mark = 0, joined = 0;
		size_t n = utf8_decode(p, end, &c),
		       m = n > 0 && p + n < end ? utf8_decode(p + n, end, &mark) : 0;

		/* U+FF76 to FF84 are ｶ to ﾄ, of which U+30AB to 30C8 have each with its voiced form
		 * behind it; ｯ stands between ﾁ and ﾂ there. */
		if (m > 0 && mark == 0xff9e && c >= 0xff76 && c <= 0xff84)
			joined = 0x30ac + 2 * (c - 0xff76) + (c >= 0xff82);
		else if (m > 0 && (mark == 0xff9e || mark == 0xff9f) && c >= 0xff8a && c <= 0xff8e)
			joined = 0x30cf + 3 * (c - 0xff8a) + (mark - 0xff9d);
		else if (m > 0 && mark == 0xff9e && c == 0xff73)
			joined = 0x30f4;
		if (joined != 0) {
			to += utf8_encode(joined, to);
			p += n + m;
		} else
			for (n = n > 0 ? n : 1; n > 0; n--)
				*to++ = *p++;
	}
	*length = (size_t)(to - copy);
	return copy;
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
	char *joined, *at, *end, *to, last[16], *stopped;
	size_t room = sizeof last;

	if (encoding.cd == (iconv_t)-1)
		return NULL;
	/* Once there is nothing to ask for, a converter begins anew. */
	joined = encode_run(&encoding, (char *)(uintptr_t) "ｶ", 3, &stopped)
	                 ? talloc_memdup(ctx, utf8, length + 1)
	                 : join_marks(ctx, utf8, &length);
	iconv(encoding.cd, NULL, NULL, NULL, NULL);
	encoding.out.length = 0;
	at = joined;
	end = joined + length;
	while (at < end && !encode_run(&encoding, at, (size_t)(end - at), &at)) {
		uint32_t c = 0;
		size_t n = utf8_decode(at, end, &c);

		encode_otherwise(&encoding, c);
		at += n > 0 ? n : 1;
	}
	to = last;
	iconv(encoding.cd, NULL, NULL, &to, &room); /* back to ASCII */
	buffer_add(&encoding.out, last, sizeof last - room);
	iconv_close(encoding.cd);
	talloc_free(joined);
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
