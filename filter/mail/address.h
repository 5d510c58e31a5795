/* Addresses as reports write them. All results are UTF-8, owned by CTX, at most ADDRESS_MAX bytes. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

/* If an address (local@domain, with or without angle brackets, `mailto:` or quotes around) begins at TEXT: how many
 * bytes it takes there, with *START and *LENGTH naming the address itself; else 0. */
size_t address_scan(const char *text, const char **start, size_t *length);

/* The address in a field value: the type before `;` dropped, xtext (RFC 3461 section 4, only if ENCODED) and the \x{…}
 * of utf-8 addresses (RFC 6533 section 3) decoded, comments, brackets and source routes (RFC 5321 appendix C) removed. A word without @ is returned
 * as it is. NULL if there is nothing. */
char *address_from_field(const void *ctx, const char *value, bool encoded);

/* The domain of ADDRESS in lower case; NULL if it has none. */
char *address_domain(const void *ctx, const char *address);

/* Whether A and B are the same mailbox for our purposes: ASCII letters compare without case. */
bool address_equal(const char *a, const char *b);

/* Whether ADDRESS has a local part and a domain. */
bool address_is_complete(const char *address);

/* The addresses anywhere in TEXT, what a server or a notice says, NULL-terminated and owned by CTX; at most RECIPIENTS_MAX. Fields are read by address-list.h. */
char **address_scan_all(const void *ctx, const char *text);

/* A number for ADDRESS, whatever its case, as 16 hexadecimal digits: something to look it up by that holds nothing of it. Owned by CTX. */
char *address_digest(const void *ctx, const char *address);

/* ADDRESS as it is shown to a person: `bo@xn--wgv71a119e.example` as bo@日本語.example, if that is letters to be shown and nothing else. ADDRESS itself, or owned
 * by CTX. */
const char *address_shown(const void *ctx, const char *address);

#endif
