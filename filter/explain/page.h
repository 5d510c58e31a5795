/* An explanation in a form: for a terminal, as a web page, for programs, as one line. All strings are UTF-8, owned by CTX. What a mail says is cleaned, cut,
 * and marked as a quotation. */
#ifndef PAGE_H
#define PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "explain/explanation.h"

struct page_style {
	size_t width;     /* columns of the terminal; at least PAGE_WIDTH_MIN are used */
	bool colour;      /* escape sequences may be used */
	const char *keys; /* prefix of the macro packs' keys, which are named instead of commands; NULL: commands */
};

#define PAGE_WIDTH_MIN 40
#define PAGE_WIDTH_MAX 100

char *page_text(const void *ctx, const struct explanation *explanation, const struct page_style *style);

/* One line of at most style->width columns and a newline. */
char *page_short(const void *ctx, const struct explanation *explanation, const struct page_style *style);

/* A whole page: self-contained, without scripts, and readable without its style sheet. */
char *page_html(const void *ctx, const struct explanation *explanation, const struct page_style *style);

/* One object and a newline. */
char *page_json(const void *ctx, const struct explanation *explanation, const struct page_style *style);

/* The command that does ACTION, the name of one behind the @ in a text, for the bounce ID; or the key that does, if PREFIX (NULL: none) names the macro packs'
 * prefix. Owned by CTX. NULL: ACTION is none of ours, or ID (NULL: none) is not plain enough to be copied to a shell. */
char *page_action(const void *ctx, const char *action, const char *id, const char *prefix);

#endif
