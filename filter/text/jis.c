#include "text/jis.h"

#include <string.h>
#include <talloc.h>

#define ESC '\x1B'
#define SHIFT_OUT '\x0E'
#define SHIFT_IN '\x0F'

/* EUC-JP marks a character of these two sets with a byte before it. */
#define EUC_KANA '\x8E'
#define EUC_X0212 '\x8F'

enum set { SET_ASCII, SET_KANA, SET_X0208, SET_X0212 };

/* RFC 1468, RFC 2237, JIS X 0213 (whose first plane is X 0208 and more) and the half-width katakana
 * of the carriers. The 1990 revision announces itself with one escape sequence before another. */
static const struct escape {
	const char *bytes;
	enum set set;
} escapes[] = {
        {"$B", SET_X0208},
        {"$@", SET_X0208},
        {"$(B", SET_X0208},
        {"$(@", SET_X0208},
        {"$(D", SET_X0212},
        {"$(O", SET_X0208},
        {"$(Q", SET_X0208},
        {"(B", SET_ASCII},
        {"(J", SET_ASCII},
        {"(H", SET_ASCII},
        {"(I", SET_KANA},
        {"&@", SET_ASCII},
};

static const struct escape *escape_read(const char *p, const char *end)
{
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
		size_t length = strlen(escapes[i].bytes);
		if ((size_t)(end - p) > length && memcmp(p + 1, escapes[i].bytes, length) == 0)
			return &escapes[i];
	}
	return NULL;
}

size_t jis_escape_length(const char *p, const char *end)
{
	const struct escape *escape = *p == ESC ? escape_read(p, end) : NULL;
	return escape ? strlen(escape->bytes) + 1 : 0;
}

bool jis_has_escapes(const char *bytes, size_t length, bool with_shifts)
{
	if (length > 0 && with_shifts && memchr(bytes, SHIFT_OUT, length))
		return true;
	const char *end = bytes + length;
	for (const char *p = bytes; p < end && (p = memchr(p, ESC, (size_t)(end - p))); p++)
		if (escape_read(p, end))
			return true;
	return false;
}

static bool is_set_byte(char c)
{
	return c >= 0x21 && c <= 0x7E;
}

/* A character of SET at P to OUT. Returns how many bytes it took. A lone half goes out as it is:
 * marked as 8-bit, it will not fit. */
static size_t character_read(enum set set, const char *p, const char *end, char **out)
{
	size_t length = set == SET_KANA || end - p < 2 || !is_set_byte(p[1]) ? 1 : 2;
	if (set != SET_X0208)
		*(*out)++ = set == SET_KANA ? EUC_KANA : EUC_X0212;
	for (size_t i = 0; i < length; i++)
		*(*out)++ = (char)(p[i] | 0x80);
	return length;
}

/* A control, an escape sequence, or anything else that stands for no character of a set: *SET
 * follows it. */
static size_t control_read(enum set *set, const char *p, const char *end, char **out)
{
	const struct escape *escape = *p == ESC ? escape_read(p, end) : NULL;
	if (escape) {
		*set = escape->set;
		return strlen(escape->bytes) + 1;
	}
	if (*p == SHIFT_OUT || *p == SHIFT_IN)
		*set = *p == SHIFT_OUT ? SET_KANA : SET_ASCII;
	else if (*p != ESC)
		*(*out)++ = *p;
	if (*p == '\n')
		*set = SET_ASCII; /* every line begins so, also after one that was cut off */
	return 1;
}

char *jis_to_euc(const void *ctx, const char *bytes, size_t length, size_t *euc_length)
{
	char *euc = talloc_size(ctx, 2 * length + 1), *out = euc;
	enum set set = SET_ASCII;
	for (const char *p = bytes, *end = bytes + length; p < end;)
		p += set != SET_ASCII && is_set_byte(*p) ? character_read(set, p, end, &out)
		                                         : control_read(&set, p, end, &out);
	*euc_length = (size_t)(out - euc);
	return euc;
}
