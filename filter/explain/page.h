/* An explanation in a form: for a terminal, as a web page, for programs, as one line. All strings
 * are UTF-8, owned by CTX. What a mail says is cleaned, cut, and marked as a quotation. */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buffer.h"
#include "explain/explanation.h"

struct page_style {
	size_t width; /* columns of the terminal; at least PAGE_WIDTH_MIN are used */
	bool colour;  /* escape sequences may be used */
	/* prefix of the macro packs' keys, which are named instead of commands; NULL: commands */
	const char *keys;
};

#define PAGE_WIDTH_MIN 40
#define PAGE_WIDTH_MAX 100

char *page_text(
        const void *ctx, const struct explanation *explanation, const struct page_style *style);

/* One line of at most style->width columns and a newline. */
char *page_short(
        const void *ctx, const struct explanation *explanation, const struct page_style *style);

/* A whole page: self-contained, without scripts, and readable without its style sheet. */
char *page_html(
        const void *ctx, const struct explanation *explanation, const struct page_style *style);

/* One object and a newline. */
char *page_json(
        const void *ctx, const struct explanation *explanation, const struct page_style *style);

/* Returns the command that STEP is done with, for the bounce ID; or the key that does it, if PREFIX
 * (NULL: none) is that of the macro packs' keys. Owned by CTX. NULL: none of our commands does it,
 * or ID (NULL: none) is not plain enough to be copied to a shell. */
char *page_action(const void *ctx, const struct step *step, const char *id, const char *prefix);

/* A page for people that is being written. */
struct page {
	struct buffer buffer;
	const struct explanation *explanation;
	const struct page_style *style;
	struct wording *wording;
	/* of a text: columns in all, and left of what stands beside the headings */
	size_t width, indent;
	char *margin; /* INDENT blanks */
};

/* How a form writes a part of a page. A TITLE of NULL: it goes on below what was written last. */
struct page_form {
	void (*headline)(struct page *page, const char *text);
	/* alone, below the headline */
	void (*line)(struct page *page, const char *indent, const char *text);
	void (*text)(struct page *page, const char *title, const char *text);
	/* what is meant of an address */
	void (*part)(struct page *page, const char *address, bool is_local, const char *label);
	void (*path)(struct page *page, const char *title, const struct path *path,
	        const char *const *hops);
	void (*who)(struct page *page, const char *title, const char *text, enum turn turn);
	void (*steps)(struct page *page, const char *title, const struct explained *explained);
	void (*saying)(struct page *page, const char *title, const char *source, const char *words);
	void (*details)(struct page *page, const char *title, const struct explained *explained);
	void (*gap)(struct page *page); /* what follows is another matter */
};

/* Write the whole explanation into PAGE, in reading order. */
void page_write(struct page *page, const struct page_form *form);

#endif
