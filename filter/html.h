/* HTML to the plain text a reader would see. */
#ifndef HTML_H
#define HTML_H

#include <stddef.h>

/* UTF8 (LENGTH bytes of HTML in UTF-8, any nonsense allowed) as lines of text, owned by CTX: block elements, <br>, table rows and
 * list items begin new lines, cells are separated by a space, <script>, <style>, <head> (but <title> kept out too) and comments dropped,
 * entities decoded, <a href="mailto:x@y"> text kept as text. Done by libxml2's HTML SAX parser (no tree, no network, no
 * recursion on depth); at most HTML_MAX bytes (limits.h) are read, and elements nested deeper than HTML_DEPTH_MAX end the reading.
 * NULL only when memory runs out. */
char *html_to_text(const void *ctx, const char *utf8, size_t length);

#endif
