#include "text/utf8.h"

#include <string.h>

#include "text/text.h"

/* RFC 3629 section 4: the lead byte says how many bytes follow and narrows the second one; so
 * overlong forms, surrogates and values over U+10FFFF are refused without ever being computed. */
struct lead {
	unsigned char first, last; /* lead bytes */
	unsigned char low, high;   /* bounds of the second byte */
	unsigned char length;
};

static const struct lead leads[] = {
        {0xC2, 0xDF, 0x80, 0xBF, 2},
        {0xE1, 0xEC, 0x80, 0xBF, 3},
        {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xED, 0xED, 0x80, 0x9F, 3},
        {0xF1, 0xF3, 0x80, 0xBF, 4},
        {0xF0, 0xF0, 0x90, 0xBF, 4},
        {0xF4, 0xF4, 0x80, 0x8F, 4},
};

static const struct lead *lead_find(unsigned char byte)
{
	for (size_t i = 0; i < sizeof leads / sizeof *leads; i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

size_t utf8_decode(const char *p, const char *end, uint32_t *c)
{
	const unsigned char *bytes = (const unsigned char *)p;
	if (*bytes < 0x80) {
		*c = *bytes;
		return 1;
	}
	const struct lead *lead = lead_find(*bytes);
	if (!lead || (size_t)(end - p) < lead->length || bytes[1] < lead->low ||
	        bytes[1] > lead->high)
		return 0;
	uint32_t value = *bytes & (0xFFu >> (lead->length + 1));
	for (size_t i = 1; i < lead->length; i++) {
		if ((bytes[i] & 0xC0u) != 0x80)
			return 0;
		value = value << 6 | (bytes[i] & 0x3Fu);
	}
	*c = value;
	return lead->length;
}

bool utf8_is_cut(const char *p, const char *end)
{
	const unsigned char *bytes = (const unsigned char *)p;
	const struct lead *lead = p < end ? lead_find(*bytes) : NULL;
	if (!lead || (size_t)(end - p) >= lead->length)
		return false;
	if (end - p > 1 && (bytes[1] < lead->low || bytes[1] > lead->high))
		return false;
	return end - p < 3 || (bytes[2] & 0xC0u) == 0x80;
}

size_t utf8_encode(uint32_t c, char *out)
{
	if (c < 0x80) {
		*out = (char)c;
		return 1;
	}
	size_t length = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = length - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3F));
	*out = (char)(c | (0xF00u >> length & 0xFF));
	return length;
}

bool utf8_is_invisible(uint32_t c)
{
	/* Soft hyphen, joiners, fillers, marks of direction, variation selectors, tags. In
	 * order. */
	static const uint32_t ranges[][2] = {{0xAD, 0xAD}, {0x34F, 0x34F}, {0x61C, 0x61C},
	        {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F},
	        {0x202A, 0x202E}, {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFE00, 0xFE0F},
	        {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3},
	        {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
	size_t low = 0, high = sizeof ranges / sizeof *ranges;
	if (c < 0xAD || (c > 0x3164 && c < 0xFE00))
		return false; /* ASCII, and most of CJK */
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (c > ranges[middle][1])
			low = middle + 1;
		else if (c < ranges[middle][0])
			high = middle;
		else
			return true;
	}
	return false;
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
	uint32_t c;
	for (const char *p = utf8_ascii_end(bytes, end); p < end; p = utf8_ascii_end(p, end)) {
		size_t step = utf8_decode(p, end, &c);
		if (step == 0)
			return false;
		p += step;
	}
	return true;
}
