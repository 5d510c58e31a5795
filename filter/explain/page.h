/* Gives an explanation a form: for a terminal, as a web page, for programs, as one line. All
 * strings are UTF-8, owned by CTX. What a mail says is cleaned, cut, and marked as a quotation. */
#ifndef PAGE_H
#define PAGE_H

#include "base/buffer.h"
#include "explain/explanation.h"

struct page_style {
	size_t width; /* columns of the terminal; at least PAGE_WIDTH_MIN are used */
	bool colour;  /* escape sequences may be used */
	/* prefix of the macro packs' keys, which are named instead of commands; NULL: commands */
	const char *keys;
};

#define PAGE_WIDTH_MIN 40

/* Returns the text for a terminal. */
char *page_text(const void *ctx, const struct explanation *whole, const struct page_style *style);

/* Returns the headlines in one line of at most style->width columns, and a newline. */
char *page_short(const void *ctx, const struct explanation *whole, const struct page_style *style);

/* Returns a whole HTML page: self-contained, without scripts, and readable without its style
 * sheet. */
char *page_html(const void *ctx, const struct explanation *whole, const struct page_style *style);

/* Begin a page in the words of WORDING, with a TITLE and a STYLE sheet, up to <body>; and add
 * <TAG>TEXT</TAG> and a newline, nothing if TEXT is NULL or empty. TAG may have attributes. */
void page_begin(struct buffer *page, struct wording *wording, const char *title, const char *style);
void page_element(struct buffer *page, const char *tag, const char *text);

/* Returns one JSON object and a newline. */
char *page_json(const void *ctx, const struct explanation *whole, const struct page_style *style);

/* Returns the command that does STEP for the bounce ID or, with PREFIX (that of the macro packs'
 * keys; NULL: none), the key. Owned by CTX. NULL if no command of ours does it, or if ID (NULL:
 * none) is not plain enough to be copied to a shell. */
char *page_action(const void *ctx, const struct step *step, const char *id, const char *prefix);

#endif
