#include <string.h>
#include <talloc.h>

#include "explain/page.h"

/* Readable on a phone, and in the dark: the browser's own colours but for what is marked. Whose
 * turn it is has a colour and, for who can't tell colours apart, a sign. */
static const char style_sheet[] =
        ":root{color-scheme:light dark}"
        "body{font-family:sans-serif;max-width:44em;margin:1em auto;padding:0 "
        "1em;line-height:1.5;overflow-wrap:anywhere}"
        "h1{font-size:1.3em}h2{font-size:1em;margin:1em 0 0}p,ol,ul,dl,blockquote{margin:.3em "
        "0}ol{padding-left:1.5em}"
        "blockquote{border-left:3px solid #888;padding-left:1em;font-family:monospace;opacity:.8}"
        "mark{background:none;color:inherit;text-decoration:underline;font-weight:bold}"
        ".turn{border-left:.4em "
        "solid;padding-left:.6em}.you{border-color:#d33}.others{border-color:#c80}.nobody{border-"
        "color:#292}"
        "code{display:inline-block}dt{float:left;clear:left;width:9em}dd{margin-left:9.5em}"
        "@media(max-width:30em){dt{float:none}dd{margin-left:1em}}";

static const char no_break_space[] = "\302\240";

/* Whether the blank at TEXT, which began at START, may not break a line: before `:` or behind `«`,
 * as French has them. */
static bool is_bound(const char *text, const char *start)
{
	static const char *const closing[] = {":", ";", "?", "!", "\302\273"};
	size_t i;

	if (text - start >= 2 && strncmp(text - 2, "\302\253", 2) == 0)
		return true;
	for (i = 0; i < sizeof closing / sizeof *closing; i++)
		if (strncmp(text + 1, closing[i], strlen(closing[i])) == 0)
			return true;
	return false;
}

static void add(struct buffer *page, const char *text)
{
	const char *start = text;
	size_t run;

	for (; text != NULL && *text != '\0'; text += run) {
		run = strcspn(text, " &<>\"'");
		buffer_add(page, text, run);
		if (text[run] == ' ')
			buffer_add_string(page, is_bound(text + run, start) ? no_break_space : " ");
		else if (text[run] != '\0')
			buffer_print(page, "&#%d;", text[run]);
		run += text[run] != '\0';
	}
}

/* <TAG>TEXT</TAG>, and a newline; nothing if TEXT is NULL or empty. */
static void add_element(struct buffer *page, const char *tag, const char *text)
{
	if (text == NULL || text[0] == '\0')
		return;
	buffer_print(page, "<%s>", tag);
	add(page, text);
	buffer_print(page, "</%s>\n", tag);
}

static void put_headline(struct page *page, const char *text)
{
	add_element(&page->buffer, "h1", text);
}

static void put_line(struct page *page, const char *indent, const char *text)
{
	(void)indent;
	add_element(&page->buffer, "p", text);
}

static void put_text(struct page *page, const char *title, const char *text)
{
	add_element(&page->buffer, "h2", title);
	add_element(&page->buffer, "p", text);
}

/* The address with the part that is meant marked. */
static void put_part(struct page *page, const char *address, bool is_local, const char *label)
{
	const char *at = strrchr(address, '@');

	buffer_add_string(&page->buffer, is_local ? "<p><mark>" : "<p>");
	add(&page->buffer, talloc_strndup(page->buffer.ctx, address, (size_t)(at - address)));
	buffer_add_string(&page->buffer, is_local ? "</mark>@" : "@<mark>");
	add(&page->buffer, at + 1);
	buffer_add_string(&page->buffer, is_local ? " (" : "</mark> (");
	add(&page->buffer, label);
	buffer_add_string(&page->buffer, ")</p>\n");
}

static void put_path(
        struct page *page, const char *title, const struct path *path, const char *const *hops)
{
	enum hop hop;

	add_element(&page->buffer, "h2", title);
	buffer_add_string(&page->buffer, "<p>");
	for (hop = HOP_YOU; hop < HOP_COUNT; hop++) {
		if (hop > HOP_YOU)
			buffer_add_string(&page->buffer, hop < path->stopped_before   ? " &#8594; "
			                                 : hop > path->stopped_before ? " &#183; "
			                                 : path->waiting              ? " &#8230; "
			                                                 : " <b>&#10007;</b> ");
		add(&page->buffer, hops[hop]);
	}
	buffer_add_string(&page->buffer, "</p>\n");
}

/* A paragraph with a colour and a sign: it is for the reader to act, for others, for nobody. */
static void put_who(struct page *page, const char *title, const char *text, enum turn turn)
{
	static const struct {
		const char *class, *sign;
	} turns[] = {
	        [TURN_NOBODY] = {"nobody", "&#10003;"},
	        [TURN_YOU] = {"you", "&#9654;&#65038;"},
	        [TURN_OTHERS] = {"others", "&#8230;"},
	};

	add_element(&page->buffer, "h2", title);
	buffer_print(
	        &page->buffer, "<p class=\"turn %s\">%s ", turns[turn].class, turns[turn].sign);
	add(&page->buffer, text);
	buffer_add_string(&page->buffer, "</p>\n");
}

static void put_steps(struct page *page, const char *title, const struct explained *explained)
{
	size_t i;

	add_element(&page->buffer, "h2", title);
	buffer_add_string(&page->buffer, "<ol>\n");
	for (i = 0; i < explained->step_count; i++) {
		const struct step *step = &explained->steps[i];
		char *how = page_action(
		        page->buffer.ctx, step, page->explanation->context->id, page->style->keys);

		buffer_add_string(&page->buffer, "<li>");
		add(&page->buffer, step->text);
		buffer_add_string(&page->buffer, how != NULL ? "<br>" : "");
		add_element(&page->buffer, "code", how);
		buffer_add_string(&page->buffer, "</li>\n");
	}
	buffer_add_string(&page->buffer, "</ol>\n");
}

static void put_saying(struct page *page, const char *title, const char *source, const char *words)
{
	put_text(page, title, source);
	add_element(&page->buffer, "blockquote", words);
}

static void put_details(struct page *page, const char *title, const struct explained *explained)
{
	size_t i;

	add_element(&page->buffer, "h2", title);
	buffer_add_string(&page->buffer, "<dl>\n");
	for (i = 0; i < explained->detail_count; i++) {
		add_element(&page->buffer, "dt", explained->details[i].label);
		add_element(&page->buffer, "dd", explained->details[i].text);
	}
	buffer_add_string(&page->buffer, "</dl>\n");
}

static void put_gap(struct page *page)
{
	(void)page; /* the headings have room above them */
}

char *page_html(
        const void *ctx, const struct explanation *explanation, const struct page_style *style)
{
	static const struct page_form form = {put_headline, put_line, put_text, put_part, put_path,
	        put_who, put_steps, put_saying, put_details, put_gap};
	struct page page = {.buffer = buffer_new(ctx),
	        .explanation = explanation,
	        .style = style,
	        .wording = explanation->wording};
	const struct explained *first = explanation->list;

	buffer_print(&page.buffer,
	        "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
	        wording_label(explanation->wording, "language"));
	buffer_add_string(&page.buffer,
	        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
	buffer_add_string(&page.buffer,
	        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
	        "'none'; style-src 'unsafe-inline'\">\n");
	add_element(&page.buffer, "title", first->headline != NULL ? first->headline : first->name);
	buffer_print(&page.buffer, "<style>%s</style>\n</head>\n<body>\n", style_sheet);
	page_write(&page, &form);
	buffer_add_string(&page.buffer, "</body>\n</html>\n");
	return buffer_text(&page.buffer);
}
