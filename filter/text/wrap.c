#include "text/wrap.h"

#include <glib.h>
#include <string.h>

#include "text/text.h"

static bool is_solid(uint32_t c)
{
	return g_unichar_iswide(c) && !(c >= 0x1100 && c <= 0x11FF) &&
	       !(c >= 0xAC00 && c <= 0xD7FF);
}

static bool set_has(uint32_t c, const char *set)
{
	return c != 0 && g_utf8_strchr(set, -1, c) != NULL;
}

static bool begins_no_line(uint32_t c)
{
	return set_has(c,
	        "、。，．・：；？！」』）】〉》〕］｝”’ーっゃゅょぁぃぅぇぉッャュョァィゥェ"
	        "ォヵヶ々〜…‥％),.;:!?]}%");
}

static bool ends_no_line(uint32_t c)
{
	return set_has(c, "「『（【〈《〔［｛“‘([{");
}

bool wrap_is_solid(const char *utf8)
{
	return *utf8 != '\0' && is_solid(utf8_next(&utf8, utf8 + strlen(utf8)));
}

/* Returns whether no line may be broken at the blank between LAST and P: French writes quotation
 * marks and : ; ! ? with a blank. */
static bool is_blank_within(uint32_t last, const char *p, const char *end)
{
	uint32_t next = p < end ? utf8_next(&p, end) : 0,
	         behind = p < end ? utf8_next(&p, end) : ' ';

	return next != ' ' && (last == 0xAB || (set_has(next, "»:;!?") && set_has(behind, " .,")));
}

/* Returns the end of the run at P within which no line may be broken; *COLUMNS is its width. */
static const char *unit_end(const char *p, const char *end, size_t *columns)
{
	uint32_t last = utf8_next(&p, end);

	*columns = utf8_width(last);
	while (p < end && (*p != ' ' || is_blank_within(last, p + 1, end))) {
		const char *behind = p;
		uint32_t next = utf8_next(&behind, end);

		if ((is_solid(last) || is_solid(next)) && !begins_no_line(next) &&
		        !ends_no_line(last))
			break;
		*columns += utf8_width(next);
		last = next;
		p = behind;
	}
	return p;
}

struct flow {
	struct buffer *buffer;
	const char *prefix;
	size_t column, width;
	bool is_empty; /* nothing stands on it yet behind the prefix */
};

/* Begins a new line, unless nothing stands on this one or there is room for COLUMNS. Returns
 * whether it did. */
static bool flow_break(struct flow *flow, size_t columns)
{
	if (flow->is_empty || flow->column + columns <= flow->width)
		return false;
	buffer_print(flow->buffer, "\n%s", flow->prefix);
	flow->column = text_width(flow->prefix);
	flow->is_empty = true;
	return true;
}

static void flow_add(struct flow *flow, const char *p, const char *end, size_t columns)
{
	buffer_add(flow->buffer, p, (size_t)(end - p));
	flow->column += columns;
	flow->is_empty = false;
}

void wrap_add(
        struct buffer *buffer, const char *text, size_t column, const char *prefix, size_t width)
{
	struct flow flow = {buffer, prefix, column, width, true};
	const char *p = text, *end = text + strlen(text);

	for (;;) {
		bool blank = *p == ' ' && !flow.is_empty;
		size_t columns;

		p += strspn(p, " ");
		if (p == end)
			return;
		const char *unit = unit_end(p, end, &columns);
		if (!flow_break(&flow, blank + columns) && blank)
			flow_add(&flow, p - 1, p, 1);
		/* What is wider than a whole line is broken anywhere. */
		bool is_long = flow.column + columns > width;
		for (const char *next = unit; p < unit; p = next) {
			if (is_long) {
				next = p;
				columns = utf8_width(utf8_next(&next, unit));
				flow_break(&flow, columns);
			}
			flow_add(&flow, p, next, columns);
		}
	}
}

void wrap_paragraph(
        struct buffer *buffer, const char *first, const char *next, const char *text, size_t width)
{
	buffer_add_string(buffer, first);
	wrap_add(buffer, text, text_width(first), next, width);
	buffer_add_string(buffer, "\n");
}
