#include "text/charset.h"

#include <errno.h>
#include <glib.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/module.h"
#include "text/charset.h"
#include "text/jis.h"
#include "text/utf8.h"
#include "text/text.h"

/* What iconv is asked for, and what mails call it: they often name a subset and mean this (WHATWG's
 * Encoding has most of these). A last `*` stands for any ending; without a word for iconv, names
 * are taken as they are. Names that aren't here are taken for unknown: iconv has more charsets than
 * mail, and its odd ones have had their share of holes. In reading order. */
static const struct {
	const char *iconv, *names;
} charsets[] = {
        {CHARSET_UTF8, "us-ascii utf-8 utf8 unicode-1-1-utf-8"},
        {CHARSET_LATIN, "iso-8859-1 iso8859-1 iso_8859-1 latin1 windows-1252 cp1252"},
        {CHARSET_JIS, "iso-2022-jp* cp50220 cp50221 cp50222 jis x-jis"},
        {CHARSET_SHIFT_JIS, "shift_jis* shift-jis sjis x-sjis cp932 ms932 windows-31j ms_kanji"},
        {CHARSET_EUC_JP, "euc-jp* eucjp* x-euc-jp x-eucjp"},
        {CHARSET_CHINESE, "gb2312 gb_2312-80 gbk x-gbk cp936 gb18030 euc-cn"},
        {"BIG5-HKSCS", "big5* x-x-big5 cp950"},
        {"EUC-TW", "euc-tw"},
        {"CP949", "ks_c_5601* ksc5601 ksc_5601 euc-kr cp949 uhc windows-949"},
        {"ISO-2022-KR", "iso-2022-kr"},
        {"CP874", "iso-8859-11 tis-620 windows-874"},
        {"CP1250", "windows-1250 cp1250"},
        {"CP1251", "windows-1251 cp1251"},
        {"CP1253", "windows-1253 cp1253"},
        {"CP1254", "windows-1254 cp1254 iso-8859-9"},
        {"CP1255", "windows-1255 cp1255"},
        {"CP1256", "windows-1256 cp1256"},
        {"CP1257", "windows-1257 cp1257"},
        {"CP1258", "windows-1258 cp1258"},
        {"ISO-8859-8", "iso-8859-8-i iso-8859-8-e"},
        {"UTF-7", "utf-7 unicode-1-1-utf-7"},
        {"MACINTOSH", "macintosh x-mac-roman"},
        {"MAC-CYRILLIC", "x-mac-cyrillic"},
        {NULL, "iso-8859-* koi8-* ibm8* cp8* viscii utf-16* utf-32*"},
};

static bool is_among(const char *names, const char *name)
{
	for (size_t length; *names != '\0'; names += length + strspn(names + length, " ")) {
		length = strcspn(names, " ");
		bool is_beginning = names[length - 1] == '*';
		size_t size = length - is_beginning;
		if (strncmp(names, name, size) == 0 && (is_beginning || name[size] == '\0'))
			return true;
	}
	return false;
}

/* CHARSET in lower case in NAME; false if no charset is called so. It goes to iconv_open, to which
 * `//` and more have a meaning. */
static bool charset_clean(const char *charset, char name[CHARSET_MAX + 1])
{
	size_t length = strlen(charset);
	if (length == 0 || length > CHARSET_MAX)
		return false;
	for (size_t i = 0; i <= length; i++) {
		if (charset[i] != '\0' && !g_ascii_isalnum(charset[i]) &&
		        !strchr("._:-", charset[i]))
			return false;
		name[i] = g_ascii_tolower(charset[i]);
	}
	return true;
}

const char *charset_find(const char *charset, char buffer[CHARSET_MAX + 1])
{
	if (!charset || !charset_clean(charset, buffer))
		return CHARSET_UTF8;
	for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++)
		if (is_among(charsets[i].names, buffer))
			return charsets[i].iconv ? charsets[i].iconv : buffer;
	return CHARSET_UTF8;
}

/* A conversion on its way. What there is to write is LENGTH of ROOM bytes of TEXT. */
struct conversion {
	const void *ctx;
	char *text;
	size_t length, room, errors;
};

/* Room for SIZE more bytes and a NUL. */
static void conversion_grow(struct conversion *c, size_t size)
{
	if (c->room - c->length > size)
		return;
	c->room = 2 * c->room + size + 1;
	c->text = talloc_realloc_size(c->ctx, c->text, c->room);
}

static void conversion_error(struct conversion *c)
{
	conversion_grow(c, UTF8_MAX);
	c->length += utf8_encode(UTF8_REPLACEMENT, c->text + c->length);
	c->errors++;
}

static void conversion_add(struct conversion *c, const char *bytes, size_t length)
{
	conversion_grow(c, length);
	memcpy(c->text + c->length, bytes, length);
	c->length += length;
}

/* UTF-8 to UTF-8, each stray byte an error. So is a last character that was cut off, as it may be
 * Latin just as well; but then it's left out. */
static void utf8_convert(struct conversion *c, const char *p, const char *end)
{
	while (p < end) {
		const char *from = p;
		uint32_t character;
		size_t step;
		while ((p = utf8_ascii_end(p, end)) < end &&
		        (step = utf8_decode(p, end, &character)) > 0)
			p += step;
		conversion_add(c, from, (size_t)(p - from));
		if (utf8_is_cut(p, end)) {
			c->errors++;
			return;
		}
		if (p < end)
			conversion_error(c);
		p += p < end;
	}
}

/* One call of iconv, which goes on until it can't. */
static size_t iconv_run(iconv_t cd, struct conversion *c, char **in, size_t *left)
{
	char *out = c->text + c->length;
	size_t room = c->room - c->length - 1;
	size_t result = iconv(cd, in, left, &out, &room);
	c->length = (size_t)(out - c->text);
	return result;
}

/* Each turn of the loop takes bytes or makes room, and room is made for no more than a few
 * characters without taking one. */
static void iconv_convert(iconv_t cd, struct conversion *c, char *in, size_t left)
{
	for (size_t starved = 0; left > 0 && starved < 4;) {
		size_t before = left;
		conversion_grow(c, left + 4 * UTF8_MAX);
		if (iconv_run(cd, c, &in, &left) != (size_t)-1)
			break;
		if (errno == EINVAL)
			left = 0; /* the end was cut off */
		else if (errno == EILSEQ) {
			conversion_error(c);
			in++, left--;
		}
		starved = left < before ? 0 : starved + 1;
	}
	conversion_grow(c, 4 * UTF8_MAX);
	iconv_run(cd, c, NULL, NULL); /* what the converter holds back */
}

/* Charsets in which an ASCII byte is that character and nothing else, whatever stands before it. */
static bool has_ascii_runs(const char *charset)
{
	static const char *const names[] = {
	        "iso-8859-*", "windows-125*", "cp125*", "koi8-*", "euc-*"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (text_glob(names[i], charset))
			return true;
	return false;
}

/* Mostly-ASCII text: only the runs of other bytes need iconv. */
static void runs_convert(iconv_t cd, struct conversion *c, const char *p, const char *end)
{
	while (p < end) {
		const char *ascii = utf8_ascii_end(p, end), *run = ascii;
		while (run < end && (unsigned char)*run >= 0x80)
			run++;
		conversion_add(c, p, (size_t)(ascii - p));
		if (run > ascii)
			iconv_convert(cd, c, (char *)(uintptr_t)ascii, (size_t)(run - ascii));
		p = run;
	}
}

/* More than mails use; each has a converter of its own. */
#define CONVERTERS_MAX 64

/* The converter for CHARSET, ready to begin; -1 if there is none. It is kept: opening one loads
 * code from disk, and a folder of mails has few charsets. */
static iconv_t converter_find(const char *charset)
{
	static struct {
		char charset[CHARSET_MAX + 1];
		iconv_t cd;
	} kept[CONVERTERS_MAX];
	static size_t count;
	size_t i = 0;
	while (i < count && strcasecmp(kept[i].charset, charset) != 0)
		i++;
	if (i < count) {
		if (kept[i].cd != (iconv_t)-1)
			iconv(kept[i].cd, NULL, NULL, NULL, NULL);
		return kept[i].cd;
	}
	if (count == CONVERTERS_MAX || !module_can_load(charset))
		return (iconv_t)-1;
	kept[i].cd = iconv_open("UTF-8", charset);
	if (kept[i].cd == (iconv_t)-1 && errno == ENOMEM)
		memory_out();
	memcpy(kept[i].charset, charset, strlen(charset) + 1);
	count++;
	return kept[i].cd;
}

void text_charset_load(const char *charset)
{
	converter_find(charset);
}

static void charset_convert(
        struct conversion *c, const char *bytes, size_t length, const char *charset)
{
	iconv_t cd = converter_find(charset);
	if (cd == (iconv_t)-1) /* a libc with fewer charsets: all 8-bit bytes are errors */
		utf8_convert(c, bytes, bytes + length);
	else if (has_ascii_runs(charset))
		runs_convert(cd, c, bytes, bytes + length);
	else
		iconv_convert(cd, c, (char *)(uintptr_t)bytes, length);
}

static void jis_convert(struct conversion *c, const char *bytes, size_t length)
{
	size_t euc_length;
	char *euc = jis_to_euc(c->ctx, bytes, length, &euc_length);
	charset_convert(c, euc, euc_length, CHARSET_EUC_JP);
	talloc_free(euc);
}

char *text_convert(const void *ctx, const char *bytes, size_t length, const char *charset,
        size_t *out_length, size_t *errors)
{
	struct conversion c = {.ctx = ctx};
	conversion_grow(&c, length + length / 2);
	if (strcmp(charset, CHARSET_UTF8) == 0)
		utf8_convert(&c, bytes, bytes + length);
	else if (strcmp(charset, CHARSET_JIS) == 0)
		jis_convert(&c, bytes, length);
	else
		charset_convert(&c, bytes, length, charset);
	c.text[c.length] = '\0';
	*out_length = c.length;
	*errors = c.errors;
	return c.text;
}

/* Charsets in which an ASCII byte may be something else. */
static bool is_ascii_compatible(const char *charset)
{
	return !text_glob("utf-7", charset) && !text_glob("utf-16*", charset) &&
	       !text_glob("utf-32*", charset) && !text_glob("iso-2022-kr", charset);
}

/* Whether that bytes fit CHARSET proves nothing: Latin-1 takes any, and UTF-8 is also the name for
 * "unknown". That bytes are UTF-8 proves much. */
static bool is_any_byte_right(const char *charset)
{
	return strcmp(charset, CHARSET_UTF8) == 0 || strcmp(charset, CHARSET_LATIN) == 0;
}

static bool is_japanese(const char *charset)
{
	return strcmp(charset, CHARSET_JIS) == 0 || strcmp(charset, CHARSET_EUC_JP) == 0 ||
	       strcmp(charset, CHARSET_SHIFT_JIS) == 0;
}

/* What a conversion came to. */
struct looks {
	size_t foreign; /* characters that are not ASCII */
	size_t lonely;  /* of these, with ASCII on both sides */
	size_t kana;
	/* C1 controls and private characters: converters that take any byte make these */
	size_t odd;
};

static struct looks looks_count(const char *text, size_t length)
{
	struct looks looks = {0};
	const char *end = text + length;
	for (const char *p = utf8_ascii_end(text, end); p < end; p = utf8_ascii_end(p, end)) {
		uint32_t c;
		size_t run = 0;
		for (size_t step; p < end && (unsigned char)*p >= 0x80 &&
		                  (step = utf8_decode(p, end, &c)) > 0;
		        p += step, run++) {
			looks.kana += c >= 0x3041 && c <= 0x30FE;
			looks.odd += c < 0xA0 || (c >= 0xE000 && c <= 0xF8FF);
		}
		if (run == 0)
			break; /* no UTF-8: can't happen after a conversion */
		looks.foreign += run;
		looks.lonely += run == 1;
	}
	return looks;
}

/* The sender's word is good while hardly a character contradicts it: one broken byte doesn't make a
 * UTF-8 text Latin. */
static bool is_fit(const struct looks *looks, size_t errors)
{
	size_t bad = errors + looks->odd;
	return bad == 0 || 10 * bad < looks->foreign;
}

/* A guess must be better than that. Latin text is full of bytes that make one East Asian character
 * with the letter after them; so characters must keep company. Chinese in GB18030 is mostly right
 * as EUC-JP, but has no kana. */
static bool is_plausible(const struct looks *looks, size_t errors, bool needs_kana)
{
	return errors + looks->odd == 0 && 4 * looks->lonely <= looks->foreign &&
	       (looks->kana > 0 || !needs_kana);
}

/* End TEXT, whose LENGTH bytes may have in them what must not survive: NULs, and ISO-2022 escape
 * sequences in a text that is otherwise in another charset. */
static char *text_clean(char *text, size_t length)
{
	char *out = text, *end = text + length;
	if (memchr(text, '\0', length) || jis_has_escapes(text, length, false)) {
		for (const char *p = text; p < end;) {
			size_t escape = jis_escape_length(p, end);
			if (escape == 0 && *p != '\0')
				*out++ = *p;
			p += escape ? escape : 1;
		}
		end = out;
	}
	*end = '\0';
	return text;
}

static char *text_copy(const void *ctx, const char *bytes, size_t length)
{
	char *text = talloc_size(ctx, length + 1);
	if (length > 0)
		memcpy(text, bytes, length);
	return text_clean(text, length);
}

/* A charset to try, and how to tell that it's the one. */
struct attempt {
	const char *charset;
	enum { FITS, PLAUSIBLE, PLAUSIBLE_WITH_KANA, ANYHOW } demand;
};

/* NULL if the bytes aren't what the attempt takes them for. */
static char *attempt_run(const void *ctx, const char *bytes, size_t length, struct attempt attempt)
{
	size_t out_length, errors;
	char *text = text_convert(ctx, bytes, length, attempt.charset, &out_length, &errors);
	struct looks looks = looks_count(text, out_length);
	bool is_good = attempt.demand == ANYHOW ||
	               (attempt.demand == FITS ? is_fit(&looks, errors)
	                                       : is_plausible(&looks, errors,
	                                                 attempt.demand == PLAUSIBLE_WITH_KANA));
	if (is_good)
		return text_clean(text, out_length);
	talloc_free(text);
	return NULL;
}

/* The attempts in order, the last of which can't fail. */
static char *attempts_run(
        const void *ctx, const char *bytes, size_t length, const struct attempt *attempts)
{
	char *text;
	while (!(text = attempt_run(ctx, bytes, length, *attempts)))
		attempts++;
	return text;
}

char *text_to_utf8(const void *ctx, const char *bytes, size_t length, const char *charset)
{
	char buffer[CHARSET_MAX + 1];
	const char *declared = charset_find(charset, buffer);
	bool is_ascii = utf8_ascii_end(bytes, bytes + length) == bytes + length;
	bool is_jis = strcmp(declared, CHARSET_JIS) == 0;
	bool has_escapes = is_ascii_compatible(declared) && jis_has_escapes(bytes, length, is_jis);
	if (!has_escapes && is_ascii_compatible(declared) &&
	        (is_ascii || (is_any_byte_right(declared) && text_is_utf8(bytes, length))))
		return text_copy(ctx, bytes, length);

	bool needs_kana = !has_escapes && !is_japanese(declared);
	struct attempt attempts[] = {
	        {CHARSET_JIS, is_ascii ? ANYHOW : PLAUSIBLE},
	        {declared, FITS},
	        {CHARSET_UTF8, FITS},
	        {CHARSET_EUC_JP, needs_kana ? PLAUSIBLE_WITH_KANA : PLAUSIBLE},
	        {CHARSET_SHIFT_JIS, needs_kana ? PLAUSIBLE_WITH_KANA : PLAUSIBLE},
	        {CHARSET_CHINESE, PLAUSIBLE},
	        {CHARSET_LATIN, ANYHOW},
	};
	size_t first = has_escapes ? 0 : is_jis ? 2 : 1;
	return attempts_run(ctx, bytes, length, attempts + first);
}
