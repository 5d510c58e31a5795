#include "html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdbool.h>
#include <string.h>
#include <talloc.h>

#include "limits.h"
#include "text.h"

/* Bytes of element and attribute names that the parser may collect. Each new attribute of an element is compared with all
 * those it has: without this, a tag as long as HTML_MAX takes seconds. HTML itself has 2 kB of names. */
#define HTML_NAMES_MAX (16u << 10)

/* How an element shows: what comes before and after it. */
struct element {
	const char *name;
	enum { HIDDEN, PREFORMATTED, CELL, BLOCK, PARAGRAPH } shape;
};

/* In the order of the alphabet. What isn't here is part of a line. */
static const struct element elements[] = {
        {"address", BLOCK},
        {"article", BLOCK},
        {"aside", BLOCK},
        {"blockquote", PARAGRAPH},
        {"body", BLOCK},
        {"br", BLOCK},
        {"caption", BLOCK},
        {"center", BLOCK},
        {"dd", BLOCK},
        {"details", BLOCK},
        {"dir", BLOCK},
        {"div", BLOCK},
        {"dl", PARAGRAPH},
        {"dt", BLOCK},
        {"fieldset", BLOCK},
        {"figure", BLOCK},
        {"footer", BLOCK},
        {"form", BLOCK},
        {"h1", PARAGRAPH},
        {"h2", PARAGRAPH},
        {"h3", PARAGRAPH},
        {"h4", PARAGRAPH},
        {"h5", PARAGRAPH},
        {"h6", PARAGRAPH},
        {"head", HIDDEN},
        {"header", BLOCK},
        {"hr", BLOCK},
        {"legend", BLOCK},
        {"li", BLOCK},
        {"main", BLOCK},
        {"menu", BLOCK},
        {"nav", BLOCK},
        {"ol", PARAGRAPH},
        {"option", BLOCK},
        {"p", PARAGRAPH},
        {"pre", PREFORMATTED},
        {"script", HIDDEN},
        {"section", BLOCK},
        {"style", HIDDEN},
        {"summary", BLOCK},
        {"table", BLOCK},
        {"tbody", BLOCK},
        {"td", CELL},
        {"template", HIDDEN},
        {"tfoot", BLOCK},
        {"th", CELL},
        {"thead", BLOCK},
        {"title", HIDDEN},
        {"tr", BLOCK},
        {"ul", PARAGRAPH},
};

/* The text as far as it's written, and what must come before more of it. */
struct page {
	htmlParserCtxtPtr parser;
	char *text;
	size_t length, room;
	int newlines; /* 2 is an empty line */
	bool space;
	int hidden, preformatted; /* how many such elements are open */
};

static const struct element *element_find(const char *name)
{
	size_t low = 0, high = sizeof elements / sizeof *elements;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = strcmp(name, elements[middle].name);
		if (order == 0)
			return &elements[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

static void page_break(struct page *page, int newlines)
{
	if (page->newlines < newlines)
		page->newlines = newlines;
}

/* A byte of text, after the white space that's due. What doesn't fit isn't seen: it can't be, see html_to_text. */
static void page_add(struct page *page, char c)
{
	if (page->room - page->length < 4)
		return;
	for (; page->length > 0 && page->newlines > 0; page->newlines--, page->space = false)
		page->text[page->length++] = '\n';
	if (page->length > 0 && page->space)
		page->text[page->length++] = ' ';
	page->newlines = 0;
	page->space = false;
	page->text[page->length++] = c;
}

/* LENGTH bytes of character data; U+00A0 is a blank like others. */
static void on_characters(void *user, const xmlChar *bytes, int length)
{
	struct page *page = user;
	for (const xmlChar *p = bytes, *end = bytes + length; p < end && page->hidden == 0; p++) {
		bool is_nbsp = end - p > 1 && p[0] == 0xC2 && p[1] == 0xA0;
		if (*p == '\n' && page->preformatted > 0)
			page->newlines += page->newlines < 2;
		else if (is_nbsp || (*p != 0 && strchr(" \t\n\r\f", *p)))
			page->space = true;
		else
			page_add(page, (char)*p);
		p += is_nbsp;
	}
}

static void shape_apply(struct page *page, const struct element *element, int open)
{
	switch (element->shape) {
	case HIDDEN: page->hidden += open; break;
	case CELL: page->space = true; break;
	case BLOCK: page_break(page, 1); break;
	case PREFORMATTED: page->preformatted += open; /* fall through */
	case PARAGRAPH: page_break(page, 2); break;
	}
}

static void on_start(void *user, const xmlChar *name, const xmlChar **attributes)
{
	struct page *page = user;
	(void)attributes;
	if (page->parser->nameNr > HTML_DEPTH_MAX) {
		xmlStopParser(page->parser);
		return;
	}
	const struct element *element = element_find((const char *)name);
	if (element && strcmp(element->name, "br") == 0)
		page->newlines += page->newlines < 2;
	else if (element)
		shape_apply(page, element, 1);
}

static void on_end(void *user, const xmlChar *name)
{
	const struct element *element = element_find((const char *)name);
	if (element && strcmp(element->name, "br") != 0)
		shape_apply(user, element, -1);
}

/* Run the parser over LENGTH bytes of UTF-8. False when memory runs out. */
static bool page_read(struct page *page, const char *utf8, size_t length)
{
	page->parser = htmlNewParserCtxt();
	if (!page->parser)
		return false;
	/* Without callbacks for comments, CDATA (script and style), errors and the rest, these go nowhere. */
	*page->parser->sax = (xmlSAXHandler){
	        .startElement = on_start,
	        .endElement = on_end,
	        .characters = on_characters,
	        .ignorableWhitespace = on_characters,
	};
	page->parser->userData = page;
	xmlDictSetLimit(page->parser->dict, HTML_NAMES_MAX);
	htmlDocPtr none = htmlCtxtReadMemory(page->parser, utf8, (int)length, NULL, "UTF-8",
	        HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET | HTML_PARSE_IGNORE_ENC);
	if (none)
		xmlFreeDoc(none);
	bool is_whole = page->parser->errNo != XML_ERR_NO_MEMORY;
	htmlFreeParserCtxt(page->parser);
	return is_whole;
}

/* LENGTH or less, so that neither a character nor a tag is cut in two. */
static size_t cut_off(const char *utf8, size_t length, size_t max)
{
	if (length <= max)
		return length;
	while (max > 0 && ((unsigned char)utf8[max] & 0xC0) == 0x80)
		max--;
	for (size_t at = max; at > 0 && utf8[at - 1] != '>'; at--)
		if (utf8[at - 1] == '<')
			return at - 1;
	return max;
}

char *html_to_text(const void *ctx, const char *utf8, size_t length)
{
	length = cut_off(utf8, length, HTML_MAX);
	char *clean = NULL;
	if ((length > 0 && memchr(utf8, '\0', length)) || !text_is_utf8(utf8, length)) {
		utf8 = clean = text_to_utf8(ctx, utf8, length, "utf-8");
		if (!clean)
			return NULL;
		length = strlen(clean);
	}
	/* Text is no longer than its HTML, but for the newlines: at most two before each byte. */
	struct page page = {.room = 3 * length + 4};
	page.text = talloc_size(ctx, page.room);
	if (page.text && !page_read(&page, utf8, length)) {
		talloc_free(page.text);
		page.text = NULL;
	}
	talloc_free(clean);
	if (page.text)
		page.text[page.length] = '\0';
	return page.text;
}
