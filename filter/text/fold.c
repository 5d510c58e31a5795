#include <glib.h>
#include <string.h>
#include <talloc.h>
#include <uchar.h>

#include "text/utf8.h"
#include "text/text.h"

/* What a character becomes; FOLD_DROP is nothing at all. */
#define FOLD_DROP 0u

struct range {
	uint32_t first, last;
	uint32_t to;
};

/* Unicode's Pd and Pi/Pf by sight, White_Space, and C1. Invisible characters, which mailers
 * sprinkle into HTML, are dropped besides. U+301C, U+FF5E and U+FF0D, U+2212 are pairs that differ
 * only in whose JIS table converted the mail. In order. */
static const struct range signs[] = {
        {0x0080, 0x0084, FOLD_DROP},
        {0x0085, 0x0085, ' '},
        {0x0086, 0x009F, FOLD_DROP},
        {0x00A0, 0x00A0, ' '},
        {0x00AB, 0x00AB, '"'},
        {0x00B4, 0x00B4, '\''},
        {0x00BB, 0x00BB, '"'},
        {0x1680, 0x1680, ' '},
        {0x2000, 0x200A, ' '},
        {0x2010, 0x2015, '-'},
        {0x2018, 0x201B, '\''},
        {0x201C, 0x201F, '"'},
        {0x2028, 0x2029, ' '},
        {0x202F, 0x202F, ' '},
        {0x2032, 0x2032, '\''},
        {0x2033, 0x2033, '"'},
        {0x2039, 0x203A, '\''},
        {0x205F, 0x205F, ' '},
        {0x2212, 0x2212, '-'},
        {0x3000, 0x3000, ' '},
        {0x301C, 0x301C, '~'},
};

/* U+FF61 to U+FF9F in NFKC; the last two are the sound marks U+3099 and U+309A. */
static const char16_t half_width_katakana[] =
        u"。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネ"
        u"ノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A";

/* U+FFE0 to U+FFE6: the full-width signs outside ASCII. */
static const char16_t full_width_signs[] = u"¢£¬¯¦¥₩";

static uint32_t sign_fold(uint32_t c)
{
	size_t low = 0, high = sizeof signs / sizeof *signs;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c > signs[middle].last)
			low = middle + 1;
		else if (c < signs[middle].first)
			high = middle;
		else
			return signs[middle].to;
	}
	return c;
}

static uint32_t width_fold(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		return c - 0xFEE0;
	if (c >= 0xFF61 && c <= 0xFF9F)
		return half_width_katakana[c - 0xFF61];
	if (c >= 0xFFE0 && c <= 0xFFE6)
		return full_width_signs[c - 0xFFE0];
	return c;
}

/* Lower case for comparing. Turkish mail says "kullanıcı", and "KULLANICI" becomes "kullanici" as
 * ASCII must: so ı is i, and for the same reason İ, which Unicode would make two characters. */
static uint32_t case_fold(uint32_t c)
{
	if (c >= 0x2E80)
		return c; /* no case in CJK, nor in what little follows it in mail */
	switch (c) {
	case 0x0130:
	case 0x0131: return 'i';
	case 0x017F: return 's';
	case 0x03C2: return 0x03C3;
	case 0x023A:
	case 0x023E: return c; /* their small letters are longer than they are */
	default: return g_unichar_tolower(c);
	}
}

/* What an ASCII byte becomes: no control is left. */
static unsigned char ascii_fold(unsigned char byte)
{
	if (byte >= ' ' && byte != 0x7F)
		return (unsigned char)(byte + ((unsigned)(byte - 'A') < 26u) * 32u);
	return byte >= '\t' && byte <= '\r' ? ' ' : FOLD_DROP;
}

static uint32_t character_fold(uint32_t c)
{
	c = width_fold(c);
	if (c < 0x80)
		return ascii_fold((unsigned char)c);
	if (utf8_is_invisible(c))
		return FOLD_DROP;
	c = sign_fold(c);
	return c < 0x80 ? c : case_fold(c);
}

/* Marks that join the letter before them: accents, (semi-)voiced sound marks, and vowels and finals
 * of Hangul. macOS takes names apart into these, half-width katakana never had anything else. */
static bool is_joining(uint32_t c)
{
	return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1161 && c <= 0x11C2) || c == 0x3099 ||
	       c == 0x309A;
}

/* Join MARK to the last character before OUT, not going back beyond START. The new end, or NULL if
 * they don't join. */
static char *mark_join(char *start, char *out, uint32_t mark)
{
	char *last = out;
	uint32_t base;
	gunichar joined;
	while (last > start && ((unsigned char)*--last & 0xC0) == 0x80)
		;
	if (last == out || utf8_decode(last, out, &base) == 0 ||
	        !g_unichar_compose(base, mark, &joined))
		return NULL;
	return last + utf8_encode(joined, last);
}

/* Scripts whose lines are broken anywhere: Han, kana, Hangul, also taken apart, and their
 * punctuation. All of it takes three bytes. */
static bool is_east_asian(uint32_t c)
{
	return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
	       (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x1100 && c <= 0x11FF);
}

/* Whether the text from START to OUT ends with an East Asian character and a blank: a line was
 * broken there, or might have been. */
static bool ends_with_break(const char *start, const char *out)
{
	uint32_t c;
	return out - start >= 4 && out[-1] == ' ' && utf8_decode(out - 4, out - 1, &c) == 3 &&
	       is_east_asian(c);
}

/* One character that is not ASCII, from P on, to OUT. Returns how many bytes it took; moves *OUT.
 * Never writes more than it read. */
static size_t foreign_fold(const char *p, const char *end, char *start, char **out)
{
	uint32_t c;
	size_t step = utf8_decode(p, end, &c);
	if (step == 0) {
		*(*out)++ = '?';
		return 1;
	}
	c = character_fold(c);
	if (c == ' ') {
		if (*out > start && (*out)[-1] != ' ')
			*(*out)++ = ' ';
	} else if (c != FOLD_DROP) {
		if (is_east_asian(c) && ends_with_break(start, *out))
			--*out;
		char *joined = is_joining(c) ? mark_join(start, *out, c) : NULL;
		*out = joined ? joined : *out + utf8_encode(c, *out);
	}
	return step;
}

#define EIGHT(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Eight bytes at P, if they are ASCII without controls and need no blank taken out after LAST: in
 * lower case to OUT. Else false. No sum below carries from one byte into the next: none has its top
 * bit set before. */
static bool eight_fold(const char *p, char last, char *out)
{
	uint64_t eight;
	memcpy(&eight, p, sizeof eight);
	if (eight & EIGHT(0x80))
		return false;
	uint64_t at_least_blank = eight + EIGHT(0x80 - ' '), del = eight + EIGHT(0x80 - 0x7F);
	uint64_t not_blank = (eight ^ EIGHT(' ')) + EIGHT(0x7F);
	uint64_t blank = ~not_blank & EIGHT(0x80);
	if ((~at_least_blank & EIGHT(0x80)) || (del & EIGHT(0x80)) || (blank & blank << 8) ||
	        (last == ' ' && *p == ' '))
		return false;
	uint64_t capital =
	        (eight + EIGHT(0x80 - 'A')) & ~(eight + EIGHT(0x80 - 'Z' - 1)) & EIGHT(0x80);
	eight |= capital >> 2;
	memcpy(out, &eight, sizeof eight);
	return true;
}

/* One ASCII byte to OUT. Returns how many bytes came out: a blank after another one is none. */
static size_t one_fold(unsigned char byte, char last, char *out)
{
	*out = (char)ascii_fold(byte);
	return (*out > ' ') | ((*out == ' ') & (last != ' '));
}

size_t text_fold_into(char *out, const char *utf8, size_t length)
{
	const char *p = utf8, *end = utf8 + length;
	char *start = out;
	while (p < end) {
		char last = out > start ? out[-1] : ' '; /* no blank at the beginning */
		if (end - p >= 8 && eight_fold(p, last, out)) {
			p += 8;
			out += 8;
		} else if ((unsigned char)*p < 0x80) {
			out += one_fold((unsigned char)*p++, last, out);
		} else {
			p += foreign_fold(p, end, start, &out);
		}
	}
	if (out > start && out[-1] == ' ')
		out--;
	*out = '\0';
	return (size_t)(out - start);
}

char *text_fold(const void *ctx, const char *utf8, size_t length)
{
	char *folded = talloc_size(ctx, length + 1);
	text_fold_into(folded, utf8, length);
	return folded;
}
