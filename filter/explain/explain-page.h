/* A page of text with headings at the left, and what they are about beside them. For explain-text.c. */
#ifndef EXPLAIN_PAGE_H
#define EXPLAIN_PAGE_H

#include "base/buffer.h"
#include "explain/explain.h"

struct page {
	struct buffer buffer;
	struct wording *wording;
	const struct explain_style *style;
	size_t width, indent;
	char *margin; /* INDENT blanks */
};

/* A page as wide as STYLE says, within what can be read; the headings' column as wide as the headings of the language. */
struct page page_new(const void *ctx, struct wording *wording, const struct explain_style *style);

void page_newline(struct page *page);

/* TEXT from the left edge on, bold if there is colour; no newline. */
void page_bold(struct page *page, const char *text);

/* The heading KEY, a label, and the cursor where the text beside it begins. */
void page_title(struct page *page, const char *key);

/* TEXT beside the heading, where the cursor is, and a newline. */
void page_beside(struct page *page, const char *text);

/* Both, unless TEXT is NULL or empty. */
void page_put(struct page *page, const char *title, const char *text);

/* The heading if this is the FIRST line beside it, else the margin. */
void page_begin(struct page *page, const char *title, bool first);

#endif
