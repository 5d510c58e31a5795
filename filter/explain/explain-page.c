#include "explain/explain-page.h"

#include <talloc.h>

#include "text/text.h"
#include "text/wrap.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* Between a heading and what stands beside it. */
#define GAP 2

static const char *const titles[] = {"title-genuine", "title-mail", "title-happened", "title-way", "title-who", "title-do",
        "title-avoid", "title-sample", "title-history", "title-said", "title-details"};

struct page page_new(const void *ctx, struct wording *wording, const struct explain_style *style)
{
	struct page page = {.buffer = buffer_new(ctx), .wording = wording, .style = style};
	size_t widest = 0, i;

	page.width = style->width < EXPLAIN_WIDTH_MIN   ? EXPLAIN_WIDTH_MIN
	             : style->width > EXPLAIN_WIDTH_MAX ? EXPLAIN_WIDTH_MAX
	                                                : style->width;
	for (i = 0; i < sizeof titles / sizeof *titles; i++) {
		size_t width = text_width(wording_label(wording, titles[i]));

		widest = width > widest ? width : widest;
	}
	page.indent = widest + GAP < page.width / 2 ? widest + GAP : page.width / 4;
	page.margin = talloc_asprintf(ctx, "%*s", (int)page.indent, "");
	return page;
}

void page_bold(struct page *page, const char *text)
{
	if (page->style->colour)
		buffer_add_string(&page->buffer, BOLD);
	wrap_add(&page->buffer, text, 0, "", page->width);
	if (page->style->colour)
		buffer_add_string(&page->buffer, PLAIN);
}

/* The heading KEY, and the cursor where the text beside it begins. */
void page_title(struct page *page, const char *key)
{
	const char *title = wording_label(page->wording, key);
	size_t width = text_width(title);

	page_bold(page, title);
	buffer_print(&page->buffer, "%*s", width < page->indent ? (int)(page->indent - width) : 1, "");
}

void page_newline(struct page *page)
{
	buffer_add_string(&page->buffer, "\n");
}

void page_beside(struct page *page, const char *text)
{
	wrap_add(&page->buffer, text, page->indent, page->margin, page->width);
	page_newline(page);
}

void page_put(struct page *page, const char *title, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	page_title(page, title);
	page_beside(page, text);
}

void page_begin(struct page *page, const char *title, bool first)
{
	if (first)
		page_title(page, title);
	else
		buffer_add_string(&page->buffer, page->margin);
}
