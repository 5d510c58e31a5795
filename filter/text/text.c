#include "text/text.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "text/utf8.h"

#define ELLIPSIS "\xE2\x80\xA6"

static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
	       c == 0x205F || c == 0x2800 || c == 0x3000;
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

/* Marks that one letter can bear; a flood of them covers the lines above. */
#define MARKS_MAX 3

static bool is_mark(uint32_t c)
{
	GUnicodeType type = c >= 0x300 ? g_unichar_type(c) : G_UNICODE_UNASSIGNED;
	return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

/* A line under construction: at most MAX bytes, of which the first CUT leave room for an
 * ellipsis. */
struct line {
	char *text;
	size_t length, max, cut;
};

/* False if C does not fit; the line is then as full as it will be. */
static bool line_add(struct line *line, uint32_t c)
{
	char encoded[UTF8_MAX];
	size_t step = utf8_encode(c, encoded);
	if (step > line->max - line->length)
		return false;
	memcpy(line->text + line->length, encoded, step);
	line->length += step;
	if (line->max >= strlen(ELLIPSIS) && line->length <= line->max - strlen(ELLIPSIS) &&
	        c != ' ')
		line->cut = line->length;
	return true;
}

static bool is_visible_ascii(char c)
{
	return c > ' ' && c < 0x7F;
}

/* Add the visible ASCII characters at P, and single blanks between them, as long as the line stays
 * clear of its end; how many that were. */
static size_t line_add_ascii(struct line *line, const char *p, const char *end)
{
	size_t length = 0, most = line->max - line->length;
	most = most > strlen(ELLIPSIS) ? most - strlen(ELLIPSIS) : 0;
	if (most < (size_t)(end - p))
		end = p + most;
	for (; p + length < end; length++)
		if (!is_visible_ascii(p[length]) &&
		        !(p[length] == ' ' && length > 0 && p + length + 1 < end &&
		                is_visible_ascii(p[length + 1])))
			break;
	if (length == 0)
		return 0;
	memcpy(line->text + line->length, p, length);
	line->length += length;
	line->cut = line->length;
	return length;
}

static void line_end(struct line *line, bool whole)
{
	if (!whole && line->max >= strlen(ELLIPSIS)) {
		memcpy(line->text + line->cut, ELLIPSIS, strlen(ELLIPSIS));
		line->length = line->cut + strlen(ELLIPSIS);
	}
	line->text[line->length] = '\0';
}

/* C as `\u200b`. */
static bool line_add_escape(struct line *line, uint32_t c)
{
	char escape[16];
	bool fits = true;
	g_snprintf(escape, sizeof escape, c > 0xFFFF ? "\\U%08x" : "\\u%04x", (unsigned)c);
	for (const char *p = escape; fits && *p != '\0'; p++)
		fits = line_add(line, (unsigned char)*p);
	return fits;
}

/* UTF8 as one line for showing; ESCAPING, invisible characters are written down, otherwise they are
 * left out. */
static char *to_line(const void *ctx, const char *utf8, size_t length, size_t max, bool escaping)
{
	/* a stray byte becomes U+FFFD, three bytes; two bytes an escape of six */
	size_t room = length < max / 3 ? 3 * length : max;
	struct line line = {.text = talloc_size(ctx, room + 1), .max = room};
	bool whole = true, space = false;
	unsigned marks = 0;
	const char *p = utf8, *end = utf8 + length;
	while (p < end && whole) {
		uint32_t c = UTF8_REPLACEMENT;
		size_t step = space ? 0 : line_add_ascii(&line, p, end);
		if (step > 0) {
			p += step;
			marks = 0;
			continue;
		}
		step = utf8_decode(p, end, &c);
		p += step ? step : 1;
		if (is_space(c))
			space = line.length > 0;
		else if (utf8_is_invisible(c))
			whole = !escaping || line_add_escape(&line, c);
		else if (!is_control(c)) {
			marks = is_mark(c) ? marks + 1 : 0;
			if (marks > MARKS_MAX)
				continue;
			whole = (!space || line_add(&line, ' ')) && line_add(&line, c);
			space = false;
		}
	}
	line_end(&line, whole);
	return line.text;
}

char *text_one_line(const void *ctx, const char *utf8, size_t length, size_t max)
{
	return to_line(ctx, utf8, length, max, false);
}

char *text_address(const void *ctx, const char *utf8, size_t length, size_t max)
{
	return to_line(ctx, utf8, length, max, true);
}

bool text_is_clean(const char *utf8)
{
	const char *end = utf8 + strlen(utf8);
	unsigned marks = 0;
	for (uint32_t c; utf8 < end;) {
		size_t step = utf8_decode(utf8, end, &c);
		if (step == 0)
			return false;
		marks = is_mark(c) ? marks + 1 : 0;
		if (is_control(c) || utf8_is_invisible(c) || c == 0x2028 || c == 0x2029 ||
		        marks > MARKS_MAX)
			return false;
		utf8 += step;
	}
	return true;
}

size_t text_width(const char *utf8)
{
	size_t width = 0;
	const char *end = utf8 + strlen(utf8);
	while (utf8 < end) {
		uint32_t c = UTF8_REPLACEMENT;
		size_t step = utf8_decode(utf8, end, &c);
		utf8 += step ? step : 1;
		if (!is_control(c) && !utf8_is_invisible(c) && !g_unichar_iszerowidth(c))
			width += g_unichar_iswide(c) ? 2 : 1;
	}
	return width;
}

char *text_in_columns(const void *ctx, const char *utf8, size_t columns)
{
	char *cut = text_one_line(ctx, utf8, strlen(utf8), VALUE_MAX);
	size_t length = strlen(cut);
	bool shortened = false;
	while (length > 0 && text_width(cut) + shortened > columns) {
		do
			length--;
		while (length > 0 && ((unsigned char)cut[length] & 0xc0) == 0x80);
		cut[length] = '\0';
		shortened = true;
	}
	return shortened ? talloc_asprintf(ctx, "%s" ELLIPSIS, cut) : cut;
}

static bool is_same(const char *pattern, const char *value, size_t length)
{
	return g_ascii_strncasecmp(pattern, value, length) == 0;
}

/* The first place in VALUE (LENGTH bytes) where LITERAL stands; NULL if nowhere. */
static const char *literal_find(const char *value, size_t length, const char *literal, size_t size)
{
	for (; length >= size; value++, length--)
		if (is_same(literal, value, size))
			return value;
	return NULL;
}

/* The literals between `*` are each taken at the first place: a later one can't help, as `*` takes
 * whatever is left over. */
bool text_glob(const char *pattern, const char *value)
{
	size_t left = strlen(value), literal = strcspn(pattern, "*");
	if (pattern[literal] == '\0')
		return left == literal && is_same(pattern, value, left);
	if (left < literal || !is_same(pattern, value, literal))
		return false;
	for (;;) {
		value += literal, left -= literal, pattern += literal + 1;
		literal = strcspn(pattern, "*");
		if (pattern[literal] == '\0')
			return left >= literal && is_same(pattern, value + left - literal, literal);
		const char *found = literal_find(value, left, pattern, literal);
		if (!found)
			return false;
		left -= (size_t)(found - value);
		value = found;
	}
}
