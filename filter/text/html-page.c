#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "text/html.h"
#include "text/text.h"

/* How an element shows: what comes before and after it. */
enum shape { INLINE, HIDDEN, PREFORMATTED, CELL, BLOCK, PARAGRAPH };

/* The elements of each shape, between blanks; those not here are INLINE. */
static const char *const elements[] = {
        [HIDDEN] = " head script style template title ",
        [PREFORMATTED] = " pre ",
        [CELL] = " td th ",
        [BLOCK] = " address article aside body caption center dd details dir div dt fieldset "
                  "figure footer form header hr "
                  "legend li main menu nav option section summary table tbody tfoot thead tr ",
        [PARAGRAPH] = " blockquote dl h1 h2 h3 h4 h5 h6 ol p ul ",
};

static enum shape shape_of(const xmlChar *name)
{
	char word[16];
	enum shape shape = PARAGRAPH;
	if (snprintf(word, sizeof word, " %s ", (const char *)name) >= (int)sizeof word)
		return INLINE;
	while (shape != INLINE && strstr(elements[shape], word) == NULL)
		shape--;
	return shape;
}

/* Bytes of element and attribute names that the parser may collect. Each new attribute of an
 * element is compared with all those it has: without this, a tag as long as HTML_MAX takes seconds.
 * HTML itself has 2 kB of names. */
#define HTML_NAMES_MAX (16u << 10)

/* The text as far as it's written, and what must come before more of it. */
struct html_text {
	htmlParserCtxtPtr parser;
	struct buffer text;
	int newlines; /* 2 is an empty line */
	bool space;
	int depth, hidden, preformatted; /* how many elements, how many such elements are open */
	bool is_letter;
	/* where the link that is open leads; NULL: none is, or it leads nowhere */
	char *link;
	size_t link_start; /* where its text begins */
	size_t row_start;  /* where the text of the table's row begins */
	int cells;         /* of that row, so far */
};

static void page_break(struct html_text *page, int newlines)
{
	if (page->newlines < newlines)
		page->newlines = newlines;
}

/* Adds LENGTH bytes of a word, and before it the white space that is due. */
static void page_add(struct html_text *page, const char *bytes, size_t length)
{
	if (page->text.length > 0 && page->newlines > 0)
		buffer_add(&page->text, "\n\n", (size_t)page->newlines);
	else if (page->text.length > 0 && page->space)
		buffer_add(&page->text, " ", 1);
	page->newlines = 0;
	page->space = false;
	buffer_add(&page->text, bytes, length);
}

/* Returns how many bytes the white space character at P takes, 0 if none stands there; LENGTH bytes
 * can be read. U+00A0 is a blank like others. */
static int html_space_length(const xmlChar *p, int length)
{
	if (length > 1 && p[0] == 0xC2 && p[1] == 0xA0)
		return 2;
	return *p == ' ' || *p == '\t' || *p == '\n' || *p == '\r' || *p == '\f';
}

static void on_characters(void *user, const xmlChar *bytes, int length)
{
	struct html_text *page = user;
	for (int at = 0; at < length && page->hidden == 0;) {
		int from = at, space = 0;
		while (at < length && (space = html_space_length(bytes + at, length - at)) == 0)
			at++;
		if (at > from)
			page_add(page, (const char *)bytes + from, (size_t)(at - from));
		if (space > 0 && bytes[at] == '\n' && page->preformatted > 0)
			page->newlines += page->newlines < 2;
		else if (space > 0)
			page->space = true;
		at += space;
	}
}

static void shape_apply(struct html_text *page, enum shape shape, int open)
{
	switch (shape) {
	case INLINE: break;
	case HIDDEN: page->hidden += open; break;
	case CELL: page->space = true; break;
	case BLOCK: page_break(page, 1); break;
	case PREFORMATTED: page->preformatted += open; /* fall through */
	case PARAGRAPH: page_break(page, 2); break;
	}
}

/* Notes where a link leads, if that can be used outside of a browser. */
static void link_open(struct html_text *page, const xmlChar **attributes)
{
	page->link_start = page->text.length;
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2) {
		const char *value = (const char *)attributes[1];
		if (page->link == NULL && value != NULL &&
		        strcmp((const char *)attributes[0], "href") == 0 &&
		        (strncasecmp(value, "http://", 7) == 0 ||
		                strncasecmp(value, "https://", 8) == 0 ||
		                strncasecmp(value, "ftp://", 6) == 0 ||
		                strncasecmp(value, "mailto:", 7) == 0))
			page->link = talloc_strdup(page->text.ctx, value);
	}
}

/* Adds where the link leads, unless its text says that, with or without `http://` and a slash at
 * the end. */
static void link_close(struct html_text *page)
{
	char *link = page->link;
	page->link = NULL;
	if (link == NULL)
		return;
	bool is_mail = strncasecmp(link, "mailto:", 7) == 0;
	const char *plain = is_mail ? link + 7 : strstr(link, "//") + 2;
	size_t length = strlen(plain);
	while (length > 0 && plain[length - 1] == '/')
		length--;
	char *part = talloc_strndup(link, plain, length);
	if (strstr(buffer_text(&page->text) + page->link_start, part) == NULL) {
		char *shown = talloc_asprintf(link, "<%s>", is_mail ? plain : link);
		page->space = page->text.length > page->link_start;
		page_add(page, shown, strlen(shown));
	}
	talloc_free(link);
}

/* The longest label in a table. */
#define CELL_LABEL_MAX 40

/* Begins a cell or what a <dd> says. The first of a row, as a <dt>, is a label for the second if it
 * is short and no address. */
static void cell_open(struct html_text *page)
{
	const char *row = buffer_text(&page->text) + page->row_start;
	size_t length = page->text.length - page->row_start;
	if (++page->cells != 2 || page->is_letter || length == 0 || length > CELL_LABEL_MAX ||
	        strpbrk(row, "@.:;") != NULL || strstr(row, "\xef\xbc\x9a") != NULL)
		return;
	buffer_add(&page->text, ":", 1);
	page->newlines = 0;
	page->space = true;
}

static void on_start(void *user, const xmlChar *name, const xmlChar **attributes)
{
	struct html_text *page = user;
	if (++page->depth > HTML_DEPTH_MAX) {
		xmlStopParser(page->parser);
		return;
	}
	if (strcmp((const char *)name, "br") == 0)
		page->newlines += page->newlines < 2;
	enum shape shape = shape_of(name);
	shape_apply(page, shape, 1);
	bool is_term = strcmp((const char *)name, "dt") == 0;
	if (is_term || strcmp((const char *)name, "tr") == 0) {
		page->row_start = page->text.length;
		page->cells = is_term;
	} else if (shape == CELL || strcmp((const char *)name, "dd") == 0) {
		cell_open(page);
	}
	if (page->is_letter && strcmp((const char *)name, "a") == 0)
		link_open(page, attributes);
	if (page->is_letter && strcmp((const char *)name, "li") == 0 && page->hidden == 0) {
		page_add(page, "-", 1);
		page->space = true;
	}
}

static void on_end(void *user, const xmlChar *name)
{
	struct html_text *page = user;
	page->depth--;
	if (strcmp((const char *)name, "a") == 0)
		link_close(page);
	shape_apply(page, shape_of(name), -1);
}

/* Returns LENGTH or, if it exceeds MAX, less than MAX, so that neither a character nor a tag is cut
 * in two. */
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

static char *page_read(const void *ctx, const char *utf8, size_t length, bool is_letter)
{
	length = cut_off(utf8, length, is_letter ? HTML_LETTER_MAX : HTML_MAX);
	char *clean = NULL;
	if ((length > 0 && memchr(utf8, '\0', length)) || !text_is_utf8(utf8, length)) {
		utf8 = clean = text_to_utf8(ctx, utf8, length, "utf-8");
		length = strlen(clean);
	}
	struct html_text page = {
	        .parser = htmlNewParserCtxt(), .text = buffer_new(ctx), .is_letter = is_letter};
	if (!page.parser)
		memory_out();
	/* Without callbacks for comments, CDATA (script and style), errors and the rest, these go
	 * nowhere. */
	*page.parser->sax = (xmlSAXHandler){
	        .startElement = on_start,
	        .endElement = on_end,
	        .characters = on_characters,
	        .ignorableWhitespace = on_characters,
	};
	page.parser->userData = &page;
	xmlDictSetLimit(page.parser->dict, HTML_NAMES_MAX);
	htmlDocPtr none = htmlCtxtReadMemory(page.parser, utf8, (int)length, NULL, "UTF-8",
	        HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
	                HTML_PARSE_IGNORE_ENC);
	if (none)
		xmlFreeDoc(none);
	bool is_whole = page.parser->errNo != XML_ERR_NO_MEMORY;
	htmlFreeParserCtxt(page.parser);
	if (!is_whole)
		memory_out();
	talloc_free(clean);
	talloc_free(page.link);
	return buffer_text(&page.text);
}

const struct html_module module_html = {page_read};
