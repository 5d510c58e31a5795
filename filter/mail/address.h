/* Addresses as reports write them. All results are UTF-8, owned by CTX, at most ADDRESS_MAX
 * bytes. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* Returns how many bytes the address at TEXT takes, with the angle brackets, quotes or `mailto:`
 * that may stand around it; *START and *LENGTH are the address itself. 0 if none begins there. */
size_t address_scan(const char *text, const char **start, size_t *length);

/* Returns how many bytes to go on from TEXT, which is not its end, where address_scan() has found
 * nothing: before that it finds none either, but for one behind `mailto:` that it finds later, too.
 * Searching so for all addresses is linear. */
size_t address_miss(const char *text);

/* Returns the address in a delivery status field: without the type before `;`, comments, brackets
 * and source routes (RFC 5321 appendix C); xtext (RFC 3461 section 4, only if ENCODED) and the
 * \x{…} of UTF-8 addresses (RFC 6533 section 3) are decoded. A word without @ is returned as it is.
 * NULL if VALUE is empty. */
char *address_from_field(const void *ctx, const char *value, bool encoded);

/* Returns what stands before the @ of ADDRESS, and its domain in lower case; NULL without an @. */
char *address_local(const void *ctx, const char *address);
char *address_domain(const void *ctx, const char *address);

/* Returns the part of HOST, in lower case, that its owner registered: the last two labels, or three
 * where the second last is a registry's own (co.jp, com.au). Within HOST. */
const char *address_organisation(const char *host);

/* Returns whether A and B are the same, whatever the case of ASCII letters, and whether their
 * domains are as people write them or as mail carries them (address_wire()). */
bool address_equal(const char *a, const char *b);

/* Returns whether ADDRESS has a local part and a domain. */
bool address_is_complete(const char *address);

/* Returns the addresses in running text (not in a field: see address_list()), at most
 * RECIPIENTS_MAX, NULL-terminated. */
char **address_scan_all(const void *ctx, const char *text);

/* Returns a hash of ADDRESS, the same for all that address_equal() takes for the same, as 16
 * hexadecimal digits: a key for the index that contains no text from a mail. */
char *address_digest(const void *ctx, const char *address);

/* Returns ADDRESS with the letters of its domain: bo@日本語.example for bo@xn--wgv71a119e.example, if
 * that decodes to harmless letters. ADDRESS itself, or owned by CTX. */
const char *address_decoded(const void *ctx, const char *address);

/* Returns ADDRESS as a person is to see it: as address_decoded() has it, or address_wire() if
 * letters of its domain are made to pass for others. ADDRESS itself, or owned by CTX. */
const char *address_shown(const void *ctx, const char *address);

/* Returns the reverse: ADDRESS as mail carries it (RFC 5890), bo@xn--wgv71a119e.example for
 * bo@日本語.example. ADDRESS itself, or owned by CTX. */
const char *address_wire(const void *ctx, const char *address);

/* Reads the addresses of a From, To, Cc or Bcc field (RFC 5322 section 3.4), from the raw value,
 * with folding and encoded words: text in an encoded word is a name, even if it looks like an
 * address. Decoded values can be read for showing and searching, but must not be trusted. */

struct address_item {
	/* name, address and comments, as they were written, without white space around */
	const char *start, *end;
	const char *name;    /* what stands before the angle bracket, as it was written */
	size_t name_length;  /* 0: there is no bracket, or nothing before it */
	const char *address; /* within the item */
	/* of the address; 0: the item has none, or several without a comma between them */
	size_t length;
};

/* Reads the item at *AT and moves *AT behind it. Returns false if none is left before END. Names of
 * groups are skipped. The address is what angle brackets contain, without a source route, or else a
 * bare one; never inside a name, a quoted string or a comment. */
bool address_list_next(const char **at, const char *end, struct address_item *item);

/* Returns the addresses in LENGTH bytes of a field value, or in all of it, NULL-terminated, owned
 * by CTX: at most RECIPIENTS_MAX, each at most ADDRESS_MAX bytes of UTF-8. */
char **address_list_read(const void *ctx, const char *value, size_t length);
char **address_list(const void *ctx, const char *value);

/* Returns the only address of a field such as From, owned by CTX; NULL if there are none or
 * several. */
char *address_list_only(const void *ctx, const char *value);

/* Returns whether ADDRESS is in LIST (NULL: empty), by address_equal(). */
bool address_list_has(char *const *list, const char *address);

/* Returns the digests of the addresses in LIST (NULL: empty), owned by CTX, as a set; and whether
 * it has ADDRESS, which is told at once even in the longest list. */
GHashTable *address_set(const void *ctx, char *const *list);
bool address_set_has(GHashTable *set, const char *address);

/* An address with its display name. */
struct mailbox {
	char *address;
	char *name; /* one line that is safe to show; "" if it has none */
};

/* Reads the next mailbox of a decoded field and moves *AT behind it. Returns false if none is left
 * before END. Its strings belong to CTX. */
bool mailbox_next(const void *ctx, const char **at, const char *end, struct mailbox *mailbox);

/* Returns whether the names A and B (UTF-8) are certainly one person's, as far as names can tell:
 * the same words in any order, and at least two of them, or three characters of a script like
 * Japanese. */
bool mailbox_same_name(const char *a, const char *b);

/* Returns whether ADDRESS is one that no person reads: no-reply, mailer-daemon and the like. */
bool mailbox_is_deaf(const char *address);

#endif
