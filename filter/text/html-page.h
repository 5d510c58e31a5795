/* The part of the program that is linked with libxml2: only html.c calls it. */
#ifndef HTML_PAGE_H
#define HTML_PAGE_H

#include <stddef.h>

struct html_module {
	/* see html_to_text() */
	char *(*to_text)(const void *ctx, const char *utf8, size_t length);
	/* see html_to_letter() */
	char *(*to_letter)(const void *ctx, const char *utf8, size_t length);
};

extern const struct html_module module_html;

#endif
