/* An explanation in a form: for a terminal, as a web page, for programs, as one line. All strings
 * are UTF-8, owned by CTX. What a mail says is cleaned, cut, and marked as a quotation. */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stddef.h>

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

#endif
