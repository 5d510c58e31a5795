/* From UTF-8 to the charset of a mail. */
#ifndef DRAFT_CHARSET_H
#define DRAFT_CHARSET_H

#include <stddef.h>
#include <stdbool.h>

bool charset_is_known(const char *charset);

/* LENGTH bytes of UTF8 in CHARSET, *OUT_LENGTH bytes, owned by CTX. What CHARSET does not have is written in another way if there is one that
 * anyone reads as the same, and else counted in *LOST. NULL if the charset is not known. */
char *charset_encode(const void *ctx, const char *utf8, size_t length, const char *charset, size_t *out_length, size_t *lost);

#endif
