#include "text/utf8.h"

#include <glib.h>
#include <string.h>

#include "text/text.h"

/* What g_utf8_get_char_validated() returns for bytes that are not a character, and for one that was
 * cut off. */
#define INVALID ((gunichar)-1)
#define CUT ((gunichar)-2)

size_t utf8_decode(const char *p, const char *end, uint32_t *c)
{
	*c = (unsigned char)*p;
	if (*c < 0x80)
		return 1;
	*c = g_utf8_get_char_validated(p, end - p);
	return *c != INVALID && *c != CUT ? (size_t)g_unichar_to_utf8(*c, NULL) : 0;
}

uint32_t utf8_next(const char **p, const char *end)
{
	uint32_t c;
	size_t step = utf8_decode(*p, end, &c);
	*p += step > 0 ? step : 1;
	return step > 0 ? c : UTF8_REPLACEMENT;
}

bool utf8_is_cut(const char *p, const char *end)
{
	return p < end && (unsigned char)*p >= 0x80 && g_utf8_get_char_validated(p, end - p) == CUT;
}

size_t utf8_width(uint32_t c)
{
	if (utf8_is_control(c) || utf8_is_invisible(c) || g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

bool utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

bool utf8_is_invisible(uint32_t c)
{
	/* Soft hyphen, joiners, fillers, marks of direction, variation selectors, tags; sorted. */
	static const uint32_t ranges[][2] = {{0xAD, 0xAD}, {0x34F, 0x34F}, {0x61C, 0x61C},
	        {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F},
	        {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFE00, 0xFE0F},
	        {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3},
	        {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
	if (c < 0xAD || (c > 0x3164 && c < 0xFE00))
		return false; /* ASCII, and most of CJK */
	size_t i = 0;
	while (i < G_N_ELEMENTS(ranges) && c > ranges[i][1])
		i++;
	return i < G_N_ELEMENTS(ranges) && c >= ranges[i][0];
}

const char *utf8_ascii_end(const char *p, const char *end)
{
	for (uint64_t eight; end - p >= (ptrdiff_t)sizeof eight; p += sizeof eight) {
		memcpy(&eight, p, sizeof eight);
		if (eight & UINT64_C(0x8080808080808080))
			break;
	}
	while (p < end && (unsigned char)*p < 0x80)
		p++;
	return p;
}

bool text_is_utf8(const char *bytes, size_t length)
{
	const char *end = bytes + length;
	for (const char *p = bytes; (p = utf8_ascii_end(p, end)) < end;) {
		uint32_t c;
		size_t step = utf8_decode(p, end, &c);
		if (step == 0)
			return false;
		p += step;
	}
	return true;
}

/* The scripts of letters: bits. Signs and digits have none. */
enum script { SCRIPT_LATIN = 1, SCRIPT_EAST_ASIAN = 2, SCRIPT_CYRILLIC = 4, SCRIPT_OTHER = 8 };

static unsigned script_of(uint32_t c)
{
	switch (g_unichar_get_script(c)) {
	case G_UNICODE_SCRIPT_COMMON:
	case G_UNICODE_SCRIPT_INHERITED: return 0;
	case G_UNICODE_SCRIPT_LATIN: return SCRIPT_LATIN;
	case G_UNICODE_SCRIPT_HAN:
	case G_UNICODE_SCRIPT_HIRAGANA:
	case G_UNICODE_SCRIPT_KATAKANA:
	case G_UNICODE_SCRIPT_BOPOMOFO:
	case G_UNICODE_SCRIPT_HANGUL: return SCRIPT_EAST_ASIAN;
	case G_UNICODE_SCRIPT_CYRILLIC: return SCRIPT_CYRILLIC;
	default: return SCRIPT_OTHER;
	}
}

bool text_is_lookalike(const char *utf8)
{
	static const char like_latin[] = "асԁеһіјӏорԛѕԝхуѵ";
	unsigned scripts = 0;
	bool are_like = true;

	for (const char *end = utf8 + strlen(utf8); utf8 < end;) {
		uint32_t c = utf8_next(&utf8, end);
		unsigned script = script_of(c);

		scripts |= script;
		are_like = are_like && (script == 0 || g_utf8_strchr(like_latin, -1, c) != NULL);
	}
	if (scripts == SCRIPT_CYRILLIC)
		return are_like;
	return (scripts & (SCRIPT_CYRILLIC | SCRIPT_OTHER)) != 0 && (scripts & (scripts - 1)) != 0;
}
