/* The addresses of a From, To, Cc or Bcc field (RFC 5322 section 3.4). Field values are read as they stand in the mail, folding and encoded words included:
 * what a decoded word says is a name, whatever it looks like. Decoded text can be read too, for showing and searching; nothing is to be trusted on its account. */
#ifndef ADDRESS_LIST_H
#define ADDRESS_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct address_item {
	const char *start, *end; /* name, address and comments, as they were written, without white space around */
	const char *name;        /* what stands before the angle bracket, as it was written */
	size_t name_length;      /* 0: there is no bracket, or nothing before it */
	const char *address;     /* within the item */
	size_t length;           /* of the address; 0: the item has none, or several and no comma between them */
};

/* Read the item at *AT, which then is behind it. Returns false when none is left before END. Names of groups are passed over. An address is one
 * only outside of names, quoted strings and comments; it is what stands in the angle brackets, if there are any, without a source route. */
bool address_list_next(const char **at, const char *end, struct address_item *item);

/* Returns the address of ITEM, owned by CTX, at most ADDRESS_MAX bytes of UTF-8; NULL if it has none, or a longer one. */
char *address_item_address(const void *ctx, const struct address_item *item);

/* Returns the addresses in LENGTH bytes of a field value, NULL-terminated and owned by CTX; at most RECIPIENTS_MAX, each at most ADDRESS_MAX bytes of UTF-8. */
char **address_list_read(const void *ctx, const char *value, size_t length);

/* The same of a string. */
char **address_list(const void *ctx, const char *value);

/* Returns the address of a field that names one and nobody else, as From does, owned by CTX; else NULL. */
char *address_list_only(const void *ctx, const char *value);

/* Whether ADDRESS is in LIST (NULL: empty), as address_equal() compares. */
bool address_list_has(char *const *list, const char *address);

#endif
