#include "text/text.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "text/text-utf8.h"

#define ELLIPSIS "\xE2\x80\xA6"

static bool is_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* Characters that move the cursor, reorder a line or hide in it, instead of being seen. */
static bool is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
	       (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || (c >= 0xFFF9 && c <= 0xFFFB) ||
	       (c >= 0xE0000 && c <= 0xE007F);
}

/* A line under construction: at most MAX bytes, of which the first CUT leave room for an ellipsis. */
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
	if (line->max >= strlen(ELLIPSIS) && line->length <= line->max - strlen(ELLIPSIS) && c != ' ')
		line->cut = line->length;
	return true;
}

/* Add the visible ASCII characters at P as long as the line stays clear of its end; how many that were. */
static size_t line_add_ascii(struct line *line, const char *p, const char *end)
{
	size_t length = 0, room = line->max - line->length;
	while (p + length < end && p[length] > ' ' && p[length] < 0x7F)
		length++;
	if (room <= length + strlen(ELLIPSIS))
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

char *text_one_line(const void *ctx, const char *utf8, size_t length, size_t max)
{
	size_t room = length < max / 3 ? 3 * length : max; /* a stray byte becomes U+FFFD, three bytes */
	struct line line = {.text = talloc_size(ctx, room + 1), .max = room};
	bool whole = true, space = false;
	const char *p = utf8, *end = utf8 + length;
	while (p < end && whole) {
		uint32_t c = UTF8_REPLACEMENT;
		size_t step = utf8_decode(p, end, &c);
		p += step ? step : 1;
		if (is_space(c))
			space = line.length > 0;
		else if (!is_harmful(c)) {
			whole = (!space || line_add(&line, ' ')) && line_add(&line, c);
			space = false;
			p += whole ? line_add_ascii(&line, p, end) : 0;
		}
	}
	line_end(&line, whole);
	return line.text;
}

size_t text_width(const char *utf8)
{
	size_t width = 0;
	const char *end = utf8 + strlen(utf8);
	while (utf8 < end) {
		uint32_t c = UTF8_REPLACEMENT;
		size_t step = utf8_decode(utf8, end, &c);
		utf8 += step ? step : 1;
		if (!is_harmful(c) && !g_unichar_iszerowidth(c))
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

/* The literals between `*` are each taken at the first place: a later one can't help, as `*` takes whatever is left over. */
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
