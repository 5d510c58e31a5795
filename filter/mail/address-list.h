/* Reads the addresses of a From, To, Cc or Bcc field (RFC 5322 section 3.4), from the raw value,
 * with folding and encoded words: text in an encoded word is a name, even if it looks like an
 * address. Decoded values can be read for showing and searching, but must not be trusted. */
#ifndef ADDRESS_LIST_H
#define ADDRESS_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct address_item {
	/* name, address and comments, as they were written, without white space around */
	const char *start, *end;
	const char *name;    /* what stands before the angle bracket, as it was written */
	size_t name_length;  /* 0: there is no bracket, or nothing before it */
	const char *address; /* within the item */
	/* of the address; 0: the item has none, or several and no comma between them */
	size_t length;
};

/* Reads the item at *AT and moves *AT behind it. Returns false if none is left before END. Names of
 * groups are skipped. Nothing inside a name, a quoted string or a comment is an address; if there
 * are angle brackets, the address is what they contain, without a source route. */
bool address_list_next(const char **at, const char *end, struct address_item *item);

/* Returns the address of ITEM, owned by CTX, at most ADDRESS_MAX bytes of UTF-8; NULL if it has
 * none, or a longer one. */
char *address_item_address(const void *ctx, const struct address_item *item);

/* Returns the addresses in LENGTH bytes of a field value, NULL-terminated, owned by CTX: at most
 * RECIPIENTS_MAX, each at most ADDRESS_MAX bytes of UTF-8. */
char **address_list_read(const void *ctx, const char *value, size_t length);

/* The same of a string. */
char **address_list(const void *ctx, const char *value);

/* Returns the address of a field that names one and nobody else, as From does, owned by CTX; else
 * NULL. */
char *address_list_only(const void *ctx, const char *value);

/* Returns whether ADDRESS is in LIST (NULL: empty), by address_equal(). */
bool address_list_has(char *const *list, const char *address);

#endif
