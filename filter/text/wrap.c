#include "text/wrap.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

#include "text/utf8.h"
#include "text/text.h"

static bool is_solid(uint32_t c)
{
	return g_unichar_iswide(c) && !(c >= 0x1100 && c <= 0x11FF) &&
	       !(c >= 0xAC00 && c <= 0xD7FF);
}

/* Characters that don't begin a line, and those that don't end one. */
static bool is_in(uint32_t c, const char *set)
{
	char one[UTF8_MAX + 1] = "";

	one[utf8_encode(c, one)] = '\0';
	return c != 0 && strstr(set, one) != NULL;
}

static bool begins_no_line(uint32_t c)
{
	return is_in(c, "、。，．・：；？！」』）】〉》〕］｝”’ーっゃゅょぁぃぅぇぉッャュョァィゥェォヵヶ々〜…‥％),.;:!?]}%");
}

static bool ends_no_line(uint32_t c)
{
	return is_in(c, "「『（【〈《〔［｛“‘([{");
}

static size_t decode(const char *p, const char *end, uint32_t *c)
{
	size_t step = utf8_decode(p, end, c);

	if (step == 0)
		*c = UTF8_REPLACEMENT;
	return step != 0 ? step : 1;
}

bool wrap_is_solid(const char *utf8)
{
	uint32_t c;

	decode(utf8, utf8 + strlen(utf8), &c);
	return is_solid(c);
}

/* Whether no line is broken at the blank BLANK behind LAST, as French writes its quotation marks
 * and : ; ! ? with a blank. */
static bool is_blank_within(uint32_t last, const char *blank, const char *end)
{
	uint32_t next = 0, behind = ' ';
	const char *p = blank + 1;

	if (p < end)
		p += decode(p, end, &next);
	if (p < end)
		decode(p, end, &behind);
	return next != ' ' && (last == 0xAB || (is_in(next, "»:;!?") && is_in(behind, " .,")));
}

/* The bytes from P on between which no line may be broken. */
static size_t unit_length(const char *p, const char *end)
{
	uint32_t last, next;
	size_t length = decode(p, end, &last);

	while (p + length < end && (p[length] != ' ' || is_blank_within(last, p + length, end))) {
		size_t step = decode(p + length, end, &next);

		if ((is_solid(last) || is_solid(next)) && !begins_no_line(next) &&
		        !ends_no_line(last))
			break;
		length += step;
		last = next;
	}
	return length;
}

struct line {
	struct buffer *buffer;
	const char *prefix;
	size_t column, width;
	bool empty; /* nothing stands on it yet behind the prefix */
};

static void line_new(struct line *line)
{
	buffer_add_string(line->buffer, "\n");
	buffer_add_string(line->buffer, line->prefix);
	line->column = text_width(line->prefix);
	line->empty = true;
}

static void line_add(struct line *line, const char *bytes, size_t length, size_t columns)
{
	buffer_add(line->buffer, bytes, length);
	line->column += columns;
	line->empty = false;
}

static size_t width_of(const char *p, size_t length)
{
	const char *end = p + length;
	size_t width = 0;
	uint32_t c;

	while (p < end) {
		p += decode(p, end, &c);
		width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
	}
	return width;
}

/* What is wider than a whole line is broken anywhere. */
static void line_add_long(struct line *line, const char *p, size_t length)
{
	const char *end = p + length;
	uint32_t c;

	while (p < end) {
		size_t step = decode(p, end, &c), columns = width_of(p, step);

		if (line->column + columns > line->width && !line->empty)
			line_new(line);
		line_add(line, p, step, columns);
		p += step;
	}
}

void wrap_add(
        struct buffer *buffer, const char *text, size_t column, const char *prefix, size_t width)
{
	struct line line = {buffer, prefix, column, width, true};
	const char *p = text, *end = text + strlen(text);
	bool blank = false;

	while (p < end) {
		size_t length, columns;

		if (*p == ' ') {
			blank = true;
			p++;
			continue;
		}
		length = unit_length(p, end);
		columns = width_of(p, length);
		blank = blank && !line.empty;
		if (!line.empty && line.column + blank + columns > width) {
			line_new(&line);
			blank = false;
		}
		if (blank)
			line_add(&line, " ", 1, 1);
		if (line.column + columns > width)
			line_add_long(&line, p, length);
		else
			line_add(&line, p, length, columns);
		blank = false;
		p += length;
	}
}
