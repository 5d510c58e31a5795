#include "text/html-element.h"

#include <stddef.h>
#include <string.h>

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

const struct element *element_find(const char *name)
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
