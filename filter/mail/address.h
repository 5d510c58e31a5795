/* Addresses as reports write them. All results are UTF-8, owned by CTX, at most ADDRESS_MAX
 * bytes. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

/* Returns how many bytes the address at TEXT takes, with the angle brackets, quotes or `mailto:`
 * that may stand around it; *START and *LENGTH are the address itself. 0 if none begins there. */
size_t address_scan(const char *text, const char **start, size_t *length);

/* Returns the address in a delivery status field: without the type before `;`, comments, brackets
 * and source routes (RFC 5321 appendix C); xtext (RFC 3461 section 4, only if ENCODED) and the
 * \x{…} of UTF-8 addresses (RFC 6533 section 3) are decoded. A word without @ is returned as it is.
 * NULL if VALUE is empty. */
char *address_from_field(const void *ctx, const char *value, bool encoded);

/* Returns the domain of ADDRESS in lower case, or NULL. */
char *address_domain(const void *ctx, const char *address);

/* Returns whether A and B are the same but for the case of ASCII letters. */
bool address_equal(const char *a, const char *b);

/* Returns whether ADDRESS has a local part and a domain. */
bool address_is_complete(const char *address);

/* Returns the addresses in running text (not in a field: see address-list.h), at most
 * RECIPIENTS_MAX, NULL-terminated. */
char **address_scan_all(const void *ctx, const char *text);

/* Returns a hash of ADDRESS, whatever its case, as 16 hexadecimal digits: a key for the index that
 * contains no text from a mail. */
char *address_digest(const void *ctx, const char *address);

/* Returns ADDRESS as a person is to see it: bo@日本語.example for bo@xn--wgv71a119e.example, if that
 * decodes to harmless letters. ADDRESS itself, or owned by CTX. */
const char *address_shown(const void *ctx, const char *address);

/* The reverse: bo@日本語.example as mail carries it (RFC 5890). ADDRESS itself, or owned by CTX. */
const char *address_wire(const void *ctx, const char *address);

#endif
