/* The elements of HTML that are more than a part of a line. */
#ifndef HTML_ELEMENT_H
#define HTML_ELEMENT_H

/* How an element shows: what comes before and after it. */
struct element {
	const char *name;
	enum { HIDDEN, PREFORMATTED, CELL, BLOCK, PARAGRAPH } shape;
};

/* The element NAME; NULL: it is part of a line. */
const struct element *element_find(const char *name);

#endif
