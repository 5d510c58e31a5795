/* HTML to the plain text a reader would see. */
#ifndef HTML_H
#define HTML_H

#include <stdbool.h>
#include <stddef.h>

/* Returns UTF8 (LENGTH bytes of HTML in UTF-8, however broken) as lines of text, owned by CTX.
 * Block elements, <br>, table rows and list items begin new lines; paragraphs, headings, lists and
 * <pre> have an empty line before them; cells are separated by a blank, the first of a row, if it
 * is a label, by a colon; other white space is one blank, but in <pre> lines stay lines. <head>,
 * <title>, <script>, <style>, <template> and comments are dropped, entities decoded. A charset
 * declared in the HTML is ignored. At most HTML_MAX bytes are read, and nothing beyond elements
 * nested deeper than HTML_DEPTH_MAX. Without libxml2 the program ends, as without memory.
 * IS_LETTER: it is a letter that a person is to read; then up to HTML_LETTER_MAX bytes are read,
 * with no such colons, `- ` before the items of a list, and behind a link its address in angle
 * brackets, unless the link's text says it. */
char *html_to_text(const void *ctx, const char *utf8, size_t length, bool is_letter);

/* Loads libxml2 now rather than with the first page. */
void html_load(void);

/* The part of the program that is linked with libxml2, html-page.c: only html.c calls it. */
struct html_module {
	char *(*read)(const void *ctx, const char *utf8, size_t length, bool is_letter);
};

extern const struct html_module module_html;

#endif
