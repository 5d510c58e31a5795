#include <string.h>
#include <talloc.h>

#include "explain/page.h"
#include "text/text.h"
#include "text/wrap.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* Between a heading and what stands beside it. */
#define GAP 2

static const char *const titles[] = {"title-genuine", "title-mail", "title-happened", "title-way",
        "title-who", "title-do", "title-avoid", "title-sample", "title-brief", "title-history",
        "title-said", "title-details"};

static void put_bold(struct page *page, const char *text)
{
	if (page->style->colour)
		buffer_add_string(&page->buffer, BOLD);
	wrap_add(&page->buffer, text, 0, "", page->width);
	if (page->style->colour)
		buffer_add_string(&page->buffer, PLAIN);
}

/* TEXT from COLUMN on, where the cursor is; PREFIX begins each further line. */
static void put_wrapped(struct page *page, const char *text, size_t column, const char *prefix)
{
	wrap_add(&page->buffer, text, column, prefix, page->width);
	buffer_add_string(&page->buffer, "\n");
}

/* TITLE at the left, and the cursor where the text beside it begins. */
static void put_title(struct page *page, const char *title)
{
	size_t width = title != NULL ? text_width(title) : 0;

	if (title != NULL)
		put_bold(page, title);
	buffer_print(
	        &page->buffer, "%*s", width < page->indent ? (int)(page->indent - width) : 1, "");
}

static void put_headline(struct page *page, const char *text)
{
	put_bold(page, text);
	buffer_add_string(&page->buffer, "\n");
}

static void put_line(struct page *page, const char *indent, const char *text)
{
	buffer_add_string(&page->buffer, indent);
	put_wrapped(page, text, strlen(indent), indent[0] != '\0' ? "    " : "");
}

static void put_text(struct page *page, const char *title, const char *text)
{
	put_title(page, title);
	put_wrapped(page, text, page->indent, page->margin);
}

/* The address, and the part of it that is meant underlined, if a line has room for both. */
static void put_part(struct page *page, const char *address, bool is_local, const char *label)
{
	const char *at = strrchr(address, '@');
	size_t domain = text_width(at) - 1, local = text_width(address) - domain - 1, i;

	if (page->indent + 2 + local + domain + 1 > page->width)
		return;
	buffer_print(&page->buffer, "%s  %s\n%s  %*s", page->margin, address, page->margin,
	        is_local ? 0 : (int)local + 1, "");
	for (i = is_local ? local : domain; i > 0; i--)
		buffer_add_string(&page->buffer, "^");
	buffer_print(&page->buffer, " %s\n", label);
}

/* Plain ASCII between the hops: how wide arrows and crosses are, terminals don't agree on. */
static void put_path(
        struct page *page, const char *title, const struct path *path, const char *const *hops)
{
	char *line = talloc_strdup(page->buffer.ctx, hops[0]);
	enum hop hop;

	for (hop = HOP_YOUR_SERVER; hop < HOP_COUNT; hop++) {
		const char *mark = hop < path->stopped_before   ? "-->"
		                   : hop > path->stopped_before ? "..."
		                   : path->waiting              ? "~~>"
		                                                : "-X-";

		line = talloc_asprintf_append_buffer(line, " %s %s", mark, hops[hop]);
	}
	put_text(page, title, line);
}

static void put_who(struct page *page, const char *title, const char *text, enum turn turn)
{
	(void)turn;
	put_text(page, title, text);
}

/* A command is to be copied: where it is wider than the page it goes on in the next line as a shell
 * has it. */
static void put_how(struct page *page, const char *how, const char *prefix)
{
	const char *id = strstr(how, " id:");

	if (page->style->keys != NULL)
		buffer_print(&page->buffer, "%s[%s]\n", prefix,
		        wording_say(page->buffer.ctx, page->wording, "key",
		                WORDING_VALUES({"key", how})));
	else if (id == NULL || text_width(prefix) + 2 + text_width(how) <= page->width)
		buffer_print(&page->buffer, "%s$ %s\n", prefix, how);
	else
		buffer_print(&page->buffer, "%s$ %.*s \\\n%s    %s\n", prefix, (int)(id - how), how,
		        prefix, id + 1);
}

static void put_steps(struct page *page, const char *title, const struct explained *explained)
{
	char *prefix = talloc_asprintf(page->buffer.ctx, "%s   ", page->margin);
	size_t i;

	for (i = 0; i < explained->step_count; i++) {
		const struct step *step = &explained->steps[i];
		char *how = page_action(
		        page->buffer.ctx, step, page->explanation->context->id, page->style->keys);

		put_title(page, i == 0 ? title : NULL);
		buffer_print(&page->buffer, "%zu. ", i + 1);
		put_wrapped(page, step->text, page->indent + 3, prefix);
		if (how != NULL)
			put_how(page, how, prefix);
	}
}

/* Quotations have a mark of their own at each line, so that nothing in them can be taken for words
 * of ours. */
static void put_saying(struct page *page, const char *title, const char *source, const char *words)
{
	char *prefix = talloc_asprintf(page->buffer.ctx, "%s> ", page->margin);

	put_text(page, title, source);
	buffer_add_string(&page->buffer, prefix);
	put_wrapped(page, words, page->indent + 2, prefix);
}

static void put_details(struct page *page, const char *title, const struct explained *explained)
{
	size_t widest = 0, i;
	char *prefix;

	for (i = 0; i < explained->detail_count; i++) {
		size_t width = text_width(explained->details[i].label) + GAP;

		widest = width > widest ? width : widest;
	}
	prefix = talloc_asprintf(page->buffer.ctx, "%s%*s", page->margin, (int)widest, "");
	for (i = 0; i < explained->detail_count; i++) {
		const struct detail *detail = &explained->details[i];

		put_title(page, i == 0 ? title : NULL);
		buffer_print(&page->buffer, "%s%*s", detail->label,
		        (int)(widest - text_width(detail->label)), "");
		put_wrapped(page, detail->text, page->indent + widest, prefix);
	}
}

static void put_gap(struct page *page)
{
	buffer_add_string(&page->buffer, "\n");
}

char *page_text(
        const void *ctx, const struct explanation *explanation, const struct page_style *style)
{
	static const struct page_form form = {put_headline, put_line, put_text, put_part, put_path,
	        put_who, put_steps, put_saying, put_details, put_gap};
	struct page page = {
	        buffer_new(ctx), explanation, style, explanation->wording, style->width, GAP, NULL};
	size_t i;

	page.width = page.width < PAGE_WIDTH_MIN ? PAGE_WIDTH_MIN : page.width;
	page.width = page.width > PAGE_WIDTH_MAX ? PAGE_WIDTH_MAX : page.width;
	for (i = 0; i < sizeof titles / sizeof *titles; i++) {
		size_t width = text_width(wording_label(page.wording, titles[i])) + GAP;

		page.indent = width > page.indent ? width : page.indent;
	}
	if (page.indent >= page.width / 2)
		page.indent = page.width / 4;
	page.margin = talloc_asprintf(ctx, "%*s", (int)page.indent, "");
	page_write(&page, &form);
	return buffer_text(&page.buffer);
}
