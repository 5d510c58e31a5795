#include "text/text.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "base/limits.h"

/* -- One character at a time */

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
	/* GLib says so before a NUL, too. */
	return p < end && end - p < 4 && memchr(p, '\0', (size_t)(end - p)) == NULL &&
	       (unsigned char)*p >= 0x80 && g_utf8_get_char_validated(p, end - p) == CUT;
}

/* Returns whether C is of C0 or C1, or DEL. */
static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c <= 0x9F);
}

/* Returns whether C takes no room, but may change what stands around it or hide there. */
static bool is_invisible(uint32_t c)
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

size_t utf8_width(uint32_t c)
{
	if (is_control(c) || is_invisible(c) || g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
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

/* -- For showing */

#define ELLIPSIS "\xE2\x80\xA6"

static bool is_white_space(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
	       (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
	       c == 0x205F || c == 0x2800 || c == 0x3000;
}

/* Whether BYTE is a letter, digit or sign of ASCII. */
static inline bool is_plain_byte(char byte)
{
	return (unsigned char)(byte - '!') <= '~' - '!';
}

/* Marks that one letter can bear; a flood of them covers the lines above. */
#define MARKS_MAX 3

/* Counts the marks in a row in *MARKS and returns whether C is one too many. */
static bool is_flood(uint32_t c, unsigned *marks)
{
	GUnicodeType type = c >= 0x300 ? g_unichar_type(c) : G_UNICODE_UNASSIGNED;
	bool is_mark = type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
	*marks = is_mark ? *marks + 1 : 0;
	return *marks > MARKS_MAX;
}

/* A line under construction: at most MAX bytes, of which the first CUT leave room for an
 * ellipsis. */
struct clean_line {
	char *text;
	size_t length, max, cut;
};

/* Adds C. Returns false if it does not fit: then no more is added. */
static bool line_add(struct clean_line *line, uint32_t c)
{
	char encoded[6];
	size_t step = (size_t)g_unichar_to_utf8(c, encoded);
	if (step > line->max - line->length)
		return false;
	memcpy(line->text + line->length, encoded, step);
	line->length += step;
	if (line->length + strlen(ELLIPSIS) <= line->max && c != ' ')
		line->cut = line->length;
	return true;
}

/* Adds C as `\u200b`. */
static bool line_add_escape(struct clean_line *line, uint32_t c)
{
	char escape[16];
	bool fits = true;
	g_snprintf(escape, sizeof escape, c > 0xFFFF ? "\\U%08x" : "\\u%04x", (unsigned)c);
	for (const char *p = escape; fits && *p != '\0'; p++)
		fits = line_add(line, (unsigned char)*p);
	return fits;
}

/* Returns UTF8 as one line for showing. Invisible characters are escaped if ESCAPING, else left
 * out. */
static char *to_line(const void *ctx, const char *utf8, size_t length, size_t max, bool escaping)
{
	/* A stray byte becomes U+FFFD, which has three bytes, and two bytes an escape of six. */
	size_t room = length < max / 3 ? 3 * length : max;
	struct clean_line line = {.text = talloc_size(ctx, room + 1), .max = room};
	bool whole = true, space = false;
	unsigned marks = 0;
	for (const char *p = utf8, *end = utf8 + length; p < end && whole;) {
		/* Nearly all of a text is ASCII, and fits. */
		size_t used = line.length + 1 + strlen(ELLIPSIS),
		       free = used < room ? room - used : 0;
		const char *word = p, *edge = free < (size_t)(end - p) ? p + free : end;
		while (p < edge && is_plain_byte(*p))
			p++;
		size_t size = (size_t)(p - word);
		if (size > 0) {
			if (space)
				line.text[line.length++] = ' ';
			memcpy(line.text + line.length, word, size);
			line.cut = line.length += size;
			space = false;
			marks = 0;
			continue;
		}
		uint32_t c = utf8_next(&p, end);
		if (is_white_space(c))
			space = line.length > 0;
		else if (is_invisible(c))
			whole = !escaping || line_add_escape(&line, c);
		else if (!is_control(c) && !is_flood(c, &marks)) {
			whole = (!space || line_add(&line, ' ')) && line_add(&line, c);
			space = false;
		}
	}
	if (!whole && line.max >= strlen(ELLIPSIS)) {
		memcpy(line.text + line.cut, ELLIPSIS, strlen(ELLIPSIS));
		line.length = line.cut + strlen(ELLIPSIS);
	}
	line.text[line.length] = '\0';
	return line.text;
}

char *text_one_line(const void *ctx, const char *utf8, size_t max)
{
	return utf8 != NULL ? to_line(ctx, utf8, strlen(utf8), max, false) : NULL;
}

char *text_one_line_of(const void *ctx, const char *utf8, size_t length, size_t max)
{
	return to_line(ctx, utf8, length, max, false);
}

char *text_address(const void *ctx, const char *utf8, size_t length, size_t max)
{
	return to_line(ctx, utf8, length, max, true);
}

bool text_is_clean(const char *utf8)
{
	unsigned marks = 0;
	for (const char *end = utf8 + strlen(utf8); utf8 < end;) {
		uint32_t c;
		size_t step = utf8_decode(utf8, end, &c);
		if (step == 0 || is_control(c) || is_invisible(c) || c == 0x2028 || c == 0x2029 ||
		        is_flood(c, &marks))
			return false;
		utf8 += step;
	}
	return true;
}

size_t text_width(const char *utf8)
{
	size_t width = 0;
	for (const char *end = utf8 + strlen(utf8); utf8 < end;)
		width += utf8_width(utf8_next(&utf8, end));
	return width;
}

char *text_in_columns(const void *ctx, const char *utf8, size_t columns)
{
	char *line = text_one_line(ctx, utf8, VALUE_MAX);
	if (text_width(line) <= columns)
		return line;
	const char *p = line, *end = line + strlen(line), *cut = line;
	for (size_t width = 1; (width += utf8_width(utf8_next(&p, end))) <= columns;)
		cut = p;
	return talloc_asprintf(ctx, "%.*s" ELLIPSIS, (int)(cut - line), line);
}

/* -- For comparing */

/* What character_fold() returns for a character that is left out. */
#define FOLD_DROP 0u

struct range {
	uint32_t first, last;
	uint32_t to;
};

/* Unicode's Pd and Pi/Pf, as ASCII signs that look like them; sorted. U+301C and U+FF5E, and U+FF0D
 * and U+2212, are the same sign, converted by different JIS tables. */
static const struct range signs[] = {
        {0x00AB, 0x00AB, '"'},
        {0x00B4, 0x00B4, '\''},
        {0x00BB, 0x00BB, '"'},
        {0x2010, 0x2015, '-'},
        {0x2018, 0x201B, '\''},
        {0x201C, 0x201F, '"'},
        {0x2032, 0x2032, '\''},
        {0x2033, 0x2033, '"'},
        {0x2039, 0x203A, '\''},
        {0x2212, 0x2212, '-'},
        {0x301C, 0x301C, '~'},
};

/* Returns C of ordinary width: full-width forms, and half-width katakana and sound marks. */
static uint32_t width_fold(uint32_t c)
{
	gunichar plain = c;

	if (c == 0xFFE3)
		return 0xAF; /* NFKC makes two characters of it */
	if ((c >= 0xFF01 && c <= 0xFF5E) || (c >= 0xFF61 && c <= 0xFF9F) ||
	        (c >= 0xFFE0 && c <= 0xFFE6))
		g_unichar_fully_decompose(c, TRUE, &plain, 1);
	return plain;
}

/* Returns C in lower case, for comparing. Turkish mail says "kullanıcı", and "KULLANICI" becomes
 * "kullanici" as ASCII must: so ı is i, and so is İ, which Unicode would make two characters. */
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
	case 0x023E: return c; /* their small letters have more bytes */
	default: return g_unichar_tolower(c);
	}
}

static uint32_t character_fold(uint32_t c)
{
	c = width_fold(c);
	if (is_white_space(c))
		return ' ';
	if (is_control(c) || is_invisible(c))
		return FOLD_DROP;
	for (size_t i = 0; i < G_N_ELEMENTS(signs) && c >= signs[i].first; i++)
		if (c <= signs[i].last)
			return signs[i].to;
	return case_fold(c);
}

/* Joins MARK to the last character between START and OUT, if it can be joined: an accent, a
 * (semi-)voiced sound mark, or a vowel or final of Hangul. macOS takes names apart into these, and
 * half-width katakana always have them apart. Returns the new end; NULL if they don't join. */
static char *mark_join(char *start, char *out, uint32_t mark)
{
	if (!(mark >= 0x0300 && mark <= 0x036F) && !(mark >= 0x1161 && mark <= 0x11C2) &&
	        mark != 0x3099 && mark != 0x309A)
		return NULL;
	char *last = out;
	while (last > start && ((unsigned char)*--last & 0xC0) == 0x80)
		continue;
	uint32_t base;
	gunichar joined;
	if (last == out || utf8_decode(last, out, &base) == 0 ||
	        !g_unichar_compose(base, mark, &joined))
		return NULL;
	return last + g_unichar_to_utf8(joined, last);
}

/* Returns whether C is of a script whose lines are broken anywhere: Han, kana, Hangul (also taken
 * apart), and their punctuation. All of these take three bytes. */
static bool is_east_asian(uint32_t c)
{
	return (c >= 0x2E80 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7AF) ||
	       (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x1100 && c <= 0x11FF);
}

/* Returns whether the text from START to OUT ends with an East Asian character and a blank, as
 * where a line was broken. */
static bool ends_with_break(const char *start, const char *out)
{
	uint32_t c;
	return out - start >= 4 && out[-1] == ' ' && utf8_decode(out - 4, out - 1, &c) == 3 &&
	       is_east_asian(c);
}

/* Writes the character at *P folded to OUT, and moves *P behind it. Returns the new end. Never
 * writes more bytes than it read. */
static char *foreign_fold(const char **p, const char *end, char *start, char *out)
{
	uint32_t c;
	size_t step = utf8_decode(*p, end, &c);
	*p += step > 0 ? step : 1;
	c = step > 0 ? character_fold(c) : '?';
	if (c == FOLD_DROP || (c == ' ' && (out == start || out[-1] == ' ')))
		return out;
	if (is_east_asian(c) && ends_with_break(start, out))
		out--;
	char *joined = mark_join(start, out, c);
	return joined != NULL ? joined : out + g_unichar_to_utf8(c, out);
}

/* Returns a number of eight bytes that are BYTE. */
static inline uint64_t eight_of(unsigned char byte)
{
	return UINT64_C(0x0101010101010101) * byte;
}

/* Writes the eight bytes at P to OUT in lower case, if they are letters, digits, signs and single
 * blanks of ASCII: nearly all of most texts. Returns whether they are. */
static inline bool eight_fold(char *out, const char *p)
{
	const uint64_t tops = eight_of(0x80);
	uint64_t eight;

	memcpy(&eight, p, sizeof eight);
	uint64_t others = eight | (eight - eight_of(' ')) | (eight + eight_of(0x01)),
	         blanks = ~((eight ^ eight_of(' ')) + eight_of(0x7f)), /* if all are ASCII */
	        capitals = (eight + eight_of(0x80 - 'A')) & ~(eight + eight_of(0x7f - 'Z'));
	if ((others | (blanks & blanks << 8)) & tops)
		return false;
	eight |= (capitals & tops) >> 2;
	memcpy(out, &eight, sizeof eight);
	return true;
}

size_t text_fold_into(char *out, const char *utf8, size_t length)
{
	char *start = out;
	for (const char *p = utf8, *end = utf8 + length; p < end;) {
		while (end - p >= 8 && (*p != ' ' || (out > start && out[-1] != ' ')) &&
		        eight_fold(out, p)) {
			out += 8;
			p += 8;
		}
		for (; p < end && is_plain_byte(*p); p++)
			*out++ = (char)(*p + ((unsigned)(*p - 'A') < 26u) * 32);
		if (p == end)
			break;
		if ((unsigned char)*p >= 0x80)
			out = foreign_fold(&p, end, start, out);
		else if (is_white_space((unsigned char)*p++) && out > start && out[-1] != ' ')
			*out++ = ' ';
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

bool text_has_word(const char *list, const char *word)
{
	for (size_t length; *list != '\0'; list += length + strspn(list + length, " ")) {
		length = strcspn(list, " ");
		bool is_beginning = length > 0 && list[length - 1] == '*';
		size_t size = length - is_beginning;

		if (strncmp(list, word, size) == 0 && (is_beginning || word[size] == '\0'))
			return true;
	}
	return false;
}

/* Each literal between two `*` is taken at the first place where it fits: a later place would not
 * help, as `*` takes whatever is left over. */
bool text_glob(const char *pattern, const char *value)
{
	if (pattern[0] != '*' && ((pattern[0] ^ value[0]) & ~0x20) != 0)
		return false; /* most, by the first letter */
	size_t literal = strcspn(pattern, "*");
	if (pattern[literal] == '\0')
		return g_ascii_strcasecmp(pattern, value) == 0;
	if (g_ascii_strncasecmp(pattern, value, literal) != 0)
		return false;
	for (size_t left = strlen(value);;) {
		value += literal, left -= literal, pattern += literal + 1;
		literal = strcspn(pattern, "*");
		if (pattern[literal] == '\0')
			return left >= literal &&
			       g_ascii_strcasecmp(pattern, value + left - literal) == 0;
		for (; g_ascii_strncasecmp(pattern, value, literal) != 0; value++, left--)
			if (left < literal)
				return false;
	}
}
