/* A list with addresses in its lines (CSV, one a line, aliases, a header field), parted into what
 * may stay and what is dead. Bytes are only ever moved, never changed. */
#ifndef CLEAN_H
#define CLEAN_H

#include "base/buffer.h"

/* Why ADDRESS is dead: one word; NULL: it is not. */
typedef const char *clean_fn(void *argument, const char *address);

struct cleaned {
	struct buffer kept; /* the lines that stay, byte for byte */
	/* those whose addresses are all dead, with the reason as one more column, or behind a # */
	struct buffer dead;
	size_t addresses, dead_addresses;
	size_t mixed; /* lines that stay though one of their addresses is dead */
};

/* Part LENGTH bytes of LIST, in UTF-8, UTF-16 (with a byte order mark), Shift_JIS, EUC-JP or a
 * charset of single bytes. A line break within a quoted field of CSV (RFC 4180) does not end a
 * line. Of a list that is nothing but one line of addresses, or a To, Cc or Bcc field, the dead
 * ones are taken out one by one. A list without a dead address comes back as it is. All is owned by
 * CTX. Linear. */
struct cleaned clean_list(
        const void *ctx, const char *list, size_t length, clean_fn *is_dead, void *argument);

#endif
