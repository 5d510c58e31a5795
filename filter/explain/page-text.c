#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "explain/page.h"
#include "explain/placeholders.h"
#include "text/text.h"
#include "text/wrap.h"

#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* Between a heading and what stands beside it. */
#define GAP 2

/* A page of text with headings at the left, and what they are about beside them. */
struct page {
	struct buffer buffer;
	struct wording *wording;
	const struct page_style *style;
	size_t width, indent;
	char *margin; /* INDENT blanks */
};

static const char *const titles[] = {"title-genuine", "title-mail", "title-happened", "title-way", "title-who", "title-do",
        "title-avoid", "title-sample", "title-brief", "title-history", "title-said", "title-details"};

static struct page page_new(const void *ctx, struct wording *wording, const struct page_style *style)
{
	struct page page = {.buffer = buffer_new(ctx), .wording = wording, .style = style};
	size_t widest = 0, i;

	page.width = style->width < PAGE_WIDTH_MIN   ? PAGE_WIDTH_MIN
	             : style->width > PAGE_WIDTH_MAX ? PAGE_WIDTH_MAX
	                                             : style->width;
	for (i = 0; i < sizeof titles / sizeof *titles; i++) {
		size_t width = text_width(wording_label(wording, titles[i]));

		widest = width > widest ? width : widest;
	}
	page.indent = widest + GAP < page.width / 2 ? widest + GAP : page.width / 4;
	page.margin = talloc_asprintf(ctx, "%*s", (int)page.indent, "");
	return page;
}

static void page_bold(struct page *page, const char *text)
{
	if (page->style->colour)
		buffer_add_string(&page->buffer, BOLD);
	wrap_add(&page->buffer, text, 0, "", page->width);
	if (page->style->colour)
		buffer_add_string(&page->buffer, PLAIN);
}

/* The heading KEY, and the cursor where the text beside it begins. */
static void page_title(struct page *page, const char *key)
{
	const char *title = wording_label(page->wording, key);
	size_t width = text_width(title);

	page_bold(page, title);
	buffer_print(&page->buffer, "%*s", width < page->indent ? (int)(page->indent - width) : 1, "");
}

static void page_newline(struct page *page)
{
	buffer_add_string(&page->buffer, "\n");
}

static void page_beside(struct page *page, const char *text)
{
	wrap_add(&page->buffer, text, page->indent, page->margin, page->width);
	page_newline(page);
}

static void page_put(struct page *page, const char *title, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	page_title(page, title);
	page_beside(page, text);
}

static void page_begin(struct page *page, const char *title, bool first)
{
	if (first)
		page_title(page, title);
	else
		buffer_add_string(&page->buffer, page->margin);
}

/* The address, and the part of it that is meant underlined. */
static void put_part(struct page *page, const struct explained *explained)
{
	const char *address = explained->addresses[0], *at;
	size_t local, domain, start;

	if (explained->part == PART_NONE || placeholder_address(page->buffer.ctx, address) == NULL ||
	        explained->addresses[1] != NULL)
		return;
	at = strrchr(address, '@');
	local = text_width(address) - text_width(at);
	domain = text_width(at) - 1;
	start = explained->part == PART_LOCAL ? 0 : local + 1;
	if (page->indent + 2 + local + domain + 1 > page->width)
		return;
	buffer_print(&page->buffer, "%s  %s\n%s  %*s", page->margin, address, page->margin, (int)start, "");
	for (start = explained->part == PART_LOCAL ? local : domain; start > 0; start--)
		buffer_add_string(&page->buffer, "^");
	buffer_print(&page->buffer, " %s\n",
	        wording_label(page->wording, explained->part == PART_LOCAL ? "part-local" : "part-domain"));
}

/* Plain ASCII between the hops: how wide arrows and crosses are, terminals don't agree on. */
static void put_path(struct page *page, const struct path *path)
{
	static const char *const hops[] = {"way-you", "way-your-server", "way-their-server", "way-mailbox"};
	char *line = talloc_strdup(page->buffer.ctx, wording_label(page->wording, hops[0]));
	enum hop hop;

	for (hop = HOP_YOUR_SERVER; hop < HOP_COUNT; hop++) {
		const char *mark = hop < path->stopped_before   ? "-->"
		                   : hop > path->stopped_before ? "..."
		                   : path->waiting              ? "~~>"
		                                                : "-X-";

		line = talloc_asprintf_append_buffer(line, " %s %s", mark, wording_label(page->wording, hops[hop]));
	}
	page_put(page, "title-way", line);
}

/* A command is to be copied: where it is wider than the page it goes on in the next line as a shell has it. */
static void put_how(struct page *page, const char *how, const char *prefix)
{
	const struct wording_value values[] = {{"key", how}, {NULL, NULL}};
	const char *id = strstr(how, " id:");

	if (page->style->keys != NULL)
		buffer_print(
		        &page->buffer, "\n%s[%s]", prefix, wording_label_with(page->buffer.ctx, page->wording, "key", values));
	else if (id == NULL || text_width(prefix) + 2 + text_width(how) <= page->width)
		buffer_print(&page->buffer, "\n%s$ %s", prefix, how);
	else
		buffer_print(&page->buffer, "\n%s$ %.*s \\\n%s    %s", prefix, (int)(id - how), how, prefix, id + 1);
}

static void put_steps(struct page *page, const struct explanation *explanation, const struct explained *explained)
{
	size_t i;

	for (i = 0; i < explained->step_count; i++) {
		const struct step *step = &explained->steps[i];
		char *how = step->action != NULL
		                    ? page_action(page->buffer.ctx, step->action, explanation->context->id, page->style->keys)
		                    : NULL;
		char *prefix = talloc_asprintf(page->buffer.ctx, "%s   ", page->margin);

		page_begin(page, "title-do", i == 0);
		buffer_print(&page->buffer, "%zu. ", i + 1);
		wrap_add(&page->buffer, step->text, page->indent + 3, prefix, page->width);
		if (how != NULL)
			put_how(page, how, prefix);
		page_newline(page);
	}
}

static void put_list(struct page *page, const char *title, char **list)
{
	size_t i;

	for (i = 0; list != NULL && list[i] != NULL; i++) {
		page_begin(page, title, i == 0);
		page_beside(page, list[i]);
	}
}

/* Quotations have a mark of their own at each line, so that nothing in them can be taken for words of ours. */
static void put_sayings(struct page *page, const struct explained *explained)
{
	char *prefix = talloc_asprintf(page->buffer.ctx, "%s> ", page->margin);
	size_t i;

	if (explained->reason < REASON_COUNT && explained->saying_count == 0)
		page_put(page, "title-said", wording_label(page->wording, "said-nothing"));
	for (i = 0; i < explained->saying_count; i++) {
		const struct saying *saying = &explained->sayings[i];

		page_begin(page, "title-said", i == 0);
		page_beside(page, saying->source != NULL ? saying->source : wording_label(page->wording, "said-by-unknown"));
		buffer_add_string(&page->buffer, prefix);
		wrap_add(&page->buffer, saying->words, page->indent + 2, prefix, page->width);
		page_newline(page);
	}
}

static void put_details(struct page *page, const struct explained *explained)
{
	size_t widest = 0, i;

	for (i = 0; i < explained->detail_count; i++) {
		size_t width = text_width(explained->details[i].label);

		widest = width > widest ? width : widest;
	}
	for (i = 0; i < explained->detail_count; i++) {
		const struct detail *detail = &explained->details[i];
		char *prefix = talloc_asprintf(page->buffer.ctx, "%s%*s", page->margin, (int)widest + 2, "");

		page_begin(page, "title-details", i == 0);
		buffer_print(&page->buffer, "%s%*s", detail->label, (int)(widest + 2 - text_width(detail->label)), "");
		wrap_add(&page->buffer, detail->text, page->indent + widest + 2, prefix, page->width);
		page_newline(page);
	}
}

/* Several addresses stand below their headline, one a line. */
static void put_addresses(struct page *page, const struct explained *explained)
{
	char number[32];
	const struct wording_value values[] = {{"count", number}, {NULL, NULL}};
	size_t i;

	if (explained->addresses[0] == NULL || explained->addresses[1] == NULL)
		return;
	for (i = 0; explained->addresses[i] != NULL; i++) {
		buffer_add_string(&page->buffer, "  ");
		wrap_add(&page->buffer, explained->addresses[i], 2, "    ", page->width);
		page_newline(page);
	}
	snprintf(number, sizeof number, "%zu", explained->left_out);
	if (explained->left_out > 0)
		buffer_print(&page->buffer, "  %s\n", wording_label_with(page->buffer.ctx, page->wording, "and-more", values));
}

/* Which mail came back, and whether that can be believed. */
static void put_mail(struct page *page, const struct explanation *explanation)
{
	const char *subject = explanation->subject;

	page_put(page, "title-genuine", explanation->genuine);
	if (subject == NULL && explanation->mail == NULL)
		return;
	page_put(page, "title-mail", subject);
	if (explanation->mail != NULL) {
		buffer_add_string(&page->buffer, page->margin);
		page_beside(page, explanation->mail);
	}
	if (explanation->unheard != NULL) {
		buffer_add_string(&page->buffer, page->margin);
		page_beside(page, explanation->unheard);
	}
}

static void put_explained(struct page *page, const struct explanation *explanation, const struct explained *explained, bool first)
{
	page_bold(page, explained->headline != NULL ? explained->headline : explained->name);
	page_newline(page);
	put_addresses(page, explained);
	if (first && explanation->alarm != NULL) {
		wrap_add(&page->buffer, explanation->alarm, 0, "", page->width);
		page_newline(page);
	}
	page_newline(page);
	if (first)
		put_mail(page, explanation);
	page_put(page, "title-happened", explained->happened);
	put_part(page, explained);
	if (explained->forwarded != NULL) {
		buffer_add_string(&page->buffer, explained->happened != NULL ? page->margin : "");
		page_beside(page, explained->forwarded);
	}
	if (explained->has_path)
		put_path(page, &explained->path);
	page_put(page, "title-who", explained->who);
	page_newline(page);
	put_steps(page, explanation, explained);
	put_list(page, "title-avoid", explained->avoid);
	if (explained->sample != NULL && explained->sample[0] != NULL)
		page_newline(page);
	put_list(page, "title-sample", explained->sample);
	page_put(page, "title-brief", explained->brief);
	page_newline(page);
	put_list(page, "title-history", explained->history);
	put_sayings(page, explained);
	put_details(page, explained);
}

char *page_text(const void *ctx, const struct explanation *explanation, const struct page_style *style)
{
	struct page page = page_new(ctx, explanation->wording, style);
	size_t i;

	for (i = 0; i < explanation->count; i++) {
		if (i > 0)
			page_newline(&page);
		put_explained(&page, explanation, &explanation->list[i], i == 0);
	}
	return buffer_text(&page.buffer);
}
