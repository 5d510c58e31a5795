/* An explanation in a form: for a terminal, as a web page, for programs, as one line. All strings are UTF-8, owned by CTX. What a mail says is cleaned, cut,
 * and marked as a quotation. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "explain/explanation.h"

struct explain_style {
	size_t width;     /* columns of the terminal; at least EXPLAIN_WIDTH_MIN are used */
	bool colour;      /* escape sequences may be used */
	const char *keys; /* prefix of the macro packs' keys, which are named instead of commands; NULL: commands */
};

#define EXPLAIN_WIDTH_MIN 40
#define EXPLAIN_WIDTH_MAX 100

char *explain_text(const void *ctx, const struct explanation *explanation, const struct explain_style *style);

/* One line of at most style->width columns and a newline. */
char *explain_short(const void *ctx, const struct explanation *explanation, const struct explain_style *style);

/* A whole page: self-contained, without scripts, and readable without its style sheet. */
char *explain_html(const void *ctx, const struct explanation *explanation, const struct explain_style *style);

/* One object and a newline. */
char *explain_json(const void *ctx, const struct explanation *explanation, const struct explain_style *style);

#endif
