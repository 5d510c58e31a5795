#include "text/text.h"

#include <errno.h>
#include <glib.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/module.h"

/* The charsets that are converted: iconv's name, and the names that mails use for it, with `-` for
 * `_`. Many of these mean a subset (most are in WHATWG's Encoding Standard). A `*` at the end
 * stands for any ending. The first row that fits counts; the names of the last row are iconv's own.
 * Other names are unknown: iconv has more charsets than mail needs, such as EBCDIC, and has had
 * bugs in rare ones. */
static const struct {
	const char *iconv, *names;
} charsets[] = {
        {CHARSET_UTF8, "us-ascii utf-8 utf8 unicode-1-1-utf-8"},
        {CHARSET_LATIN, "iso-8859-1 iso8859-1 latin1 windows-1252 cp1252"},
        {CHARSET_JIS, "iso-2022-jp* cp50220 cp50221 cp50222 jis x-jis"},
        {CHARSET_SHIFT_JIS, "shift-jis* sjis x-sjis cp932 ms932 windows-31j ms-kanji"},
        {CHARSET_EUC_JP, "euc-jp* eucjp* x-euc-jp x-eucjp"},
        {CHARSET_CHINESE, "gb2312 gb-2312-80 gbk x-gbk cp936 gb18030 euc-cn"},
        {"BIG5-HKSCS", "big5* x-x-big5 cp950"},
        {"EUC-TW", "euc-tw"},
        {"CP949", "ks-c-5601* ksc5601 ksc-5601 euc-kr cp949 uhc windows-949"},
        {"iso-2022-kr", "iso-2022-kr"},
        {"CP874", "iso-8859-11 tis-620 windows-874 cp874"},
        {"CP1250", "windows-1250 cp1250"},
        {"CP1251", "windows-1251 cp1251"},
        {"CP1253", "windows-1253 cp1253"},
        {"CP1254", "windows-1254 cp1254 iso-8859-9"},
        {"CP1255", "windows-1255 cp1255"},
        {"CP1256", "windows-1256 cp1256"},
        {"CP1257", "windows-1257 cp1257"},
        {"CP1258", "windows-1258 cp1258"},
        {"ISO-8859-8", "iso-8859-8-i iso-8859-8-e"},
        {"utf-7", "utf-7 unicode-1-1-utf-7"},
        {"MACINTOSH", "macintosh x-mac-roman"},
        {"MAC-CYRILLIC", "x-mac-cyrillic"},
        {NULL, "iso-8859-* koi8-* ibm85* ibm86* ibm874 cp85* cp86* viscii utf-16* utf-32*"},
};

/* Returns iconv's name of CHARSET, a name from a mail (may be NULL); it may be in BUFFER.
 * CHARSET_UTF8 for unknown names, and for those that say nothing (us-ascii, unknown-8bit,
 * x-unknown). */
static const char *charset_find(const char *charset, char buffer[CHARSET_MAX + 1])
{
	size_t length = charset != NULL ? strlen(charset) : 0;
	if (length == 0 || length > CHARSET_MAX)
		return CHARSET_UTF8;
	for (size_t i = 0; i < length; i++) {
		/* `//` and more have a meaning for iconv_open() */
		if (!g_ascii_isalnum(charset[i]) && strchr("._:-", charset[i]) == NULL)
			return CHARSET_UTF8;
		buffer[i] = charset[i] == '_' ? '-' : g_ascii_tolower(charset[i]);
	}
	buffer[length] = '\0';
	for (size_t i = 0; i < G_N_ELEMENTS(charsets); i++)
		if (text_has_word(charsets[i].names, buffer))
			return charsets[i].iconv != NULL ? charsets[i].iconv : buffer;
	return CHARSET_UTF8;
}

/* -- ISO-2022-JP as mails have it, which is more than RFC 1468 allows: 8-bit bytes, no escape
 * sequence at the end, characters of vendors, half-width katakana, JIS X 0212. iconv refuses much
 * of that, so it is made EUC-JP here, which needs no escape sequences. */

#define ESC '\x1B'
#define SHIFT_OUT '\x0E'
#define SHIFT_IN '\x0F'

/* In EUC-JP these stand before each character of these two sets. */
#define EUC_KANA '\x8E'
#define EUC_X0212 '\x8F'

enum set { SET_ASCII, SET_KANA, SET_X0208, SET_X0212 };

/* The escape sequences of RFC 1468, RFC 2237, JIS X 0213 (whose first plane is X 0208 with
 * additions), and the half-width katakana of Japan's phone carriers. `&@` only announces the
 * revision of 1990 and stands before another. */
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

/* Returns the escape sequence at P; NULL if none stands there. */
static const struct escape *escape_read(const char *p, const char *end)
{
	for (size_t i = 0; *p == ESC && i < G_N_ELEMENTS(escapes); i++) {
		size_t length = strlen(escapes[i].bytes);
		if ((size_t)(end - p) > length && memcmp(p + 1, escapes[i].bytes, length) == 0)
			return &escapes[i];
	}
	return NULL;
}

static size_t escape_length(const struct escape *escape)
{
	return strlen(escape->bytes) + 1;
}

/* Returns whether BYTES have an escape sequence or, WITH_SHIFTS, a Shift Out (7-bit katakana). */
static bool has_escapes(const char *bytes, size_t length, bool with_shifts)
{
	if (length > 0 && with_shifts && memchr(bytes, SHIFT_OUT, length) != NULL)
		return true;
	const char *end = bytes + length;
	for (const char *p = bytes; p < end && (p = memchr(p, ESC, (size_t)(end - p))); p++)
		if (escape_read(p, end) != NULL)
			return true;
	return false;
}

static bool is_set_byte(char c)
{
	return c >= 0x21 && c <= 0x7E;
}

/* Writes the character of SET at P to *OUT, which moves behind it. Returns how many bytes were
 * read. Half a character is written too: it is not valid EUC-JP, so it becomes an error later. */
static size_t character_read(enum set set, const char *p, const char *end, char **out)
{
	size_t length = set == SET_KANA || end - p < 2 || !is_set_byte(p[1]) ? 1 : 2;
	if (set != SET_X0208)
		*(*out)++ = set == SET_KANA ? EUC_KANA : EUC_X0212;
	for (size_t i = 0; i < length; i++)
		*(*out)++ = (char)(p[i] | 0x80);
	return length;
}

/* Returns BYTES as EUC-JP, owned by CTX; *LENGTH becomes its length. */
static char *jis_to_euc(const void *ctx, const char *bytes, size_t *length)
{
	char *euc = talloc_size(ctx, 2 * *length + 1), *out = euc;
	enum set set = SET_ASCII;
	for (const char *p = bytes, *end = bytes + *length; p < end;) {
		const struct escape *escape = escape_read(p, end);
		if (escape != NULL) {
			set = escape->set;
			p += escape_length(escape);
			continue;
		}
		if (set != SET_ASCII && is_set_byte(*p)) {
			p += character_read(set, p, end, &out);
			continue;
		}
		if (*p == SHIFT_OUT || *p == SHIFT_IN)
			set = *p == SHIFT_OUT ? SET_KANA : SET_ASCII;
		else if (*p != ESC)
			*out++ = *p;
		if (*p++ == '\n')
			set = SET_ASCII; /* each line begins in ASCII */
	}
	*length = (size_t)(out - euc);
	return euc;
}

/* -- Conversion */

struct conversion {
	struct buffer utf8;
	size_t errors;  /* characters that did not fit, and are U+FFFD */
	bool is_strict; /* it ends at the first of these */
};

static void conversion_error(struct conversion *c)
{
	buffer_add_string(&c->utf8, "\xEF\xBF\xBD");
	c->errors++;
}

/* Adds the UTF-8 between P and END to C. Each byte that is not UTF-8 is an error. So is a character
 * that is cut off at the end, which is left out: its bytes may be Latin letters. */
static void utf8_convert(struct conversion *c, const char *p, const char *end)
{
	while (p < end && !(c->is_strict && c->errors > 0)) {
		const char *from = p;
		uint32_t character;
		size_t step;
		while ((p = utf8_ascii_end(p, end)) < end &&
		        (step = utf8_decode(p, end, &character)) > 0)
			p += step;
		buffer_add(&c->utf8, from, (size_t)(p - from));
		if (utf8_is_cut(p, end)) {
			c->errors++;
			return;
		}
		if (p < end)
			conversion_error(c);
		p += p < end;
	}
}

/* Adds LEFT bytes of IN, converted by CD. Ends, as each turn reads or writes something. */
static void iconv_convert(struct conversion *c, iconv_t cd, char *in, size_t left)
{
	for (bool is_over = false; !is_over;) {
		char piece[4096], *out = piece;
		size_t room = sizeof piece, before = left;
		is_over = left == 0; /* what the converter holds back comes last */
		bool is_fine = iconv(cd, is_over ? NULL : &in, &left, &out, &room) != (size_t)-1;
		buffer_add(&c->utf8, piece, (size_t)(out - piece));
		if (!is_fine && errno == EILSEQ) {
			conversion_error(c);
			in++, left--;
			is_over = c->is_strict;
		} else if (is_fine || errno == EINVAL || (out == piece && left == before))
			left = 0; /* done; or the end was cut off; or the converter is stuck */
	}
}

/* More charsets than mails use. */
#define CONVERTERS_MAX 64

/* Returns the converter of CHARSET; -1 if there is none. Converters are kept, because opening one
 * loads code from disk. */
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
	if (i == CONVERTERS_MAX || (i == count && !module_can_load(charset)))
		return (iconv_t)-1;
	if (i == count) {
		kept[i].cd = iconv_open("UTF-8", charset);
		if (kept[i].cd == (iconv_t)-1 && errno == ENOMEM)
			memory_out();
		g_strlcpy(kept[i].charset, charset, sizeof kept[i].charset);
		count++;
	}
	return kept[i].cd;
}

void charset_load(const char *charset)
{
	converter_find(charset);
}

/* Returns whether all ASCII bytes mean ASCII in CHARSET, named as in `charsets`. */
static bool is_ascii_compatible(const char *charset)
{
	return !text_has_word("utf-7 utf-16* utf-32* iso-2022-kr viscii", charset);
}

/* Returns LENGTH bytes of CHARSET as UTF-8, owned by CTX; with IS_STRICT, up to the first error. */
static struct conversion bytes_convert(
        const void *ctx, const char *bytes, size_t length, const char *charset, bool is_strict)
{
	struct conversion c = {.utf8 = buffer_new(ctx), .is_strict = is_strict};
	char *euc = NULL;
	if (strcmp(charset, CHARSET_JIS) == 0) {
		bytes = euc = jis_to_euc(ctx, bytes, &length);
		charset = CHARSET_EUC_JP;
	}
	iconv_t cd = strcmp(charset, CHARSET_UTF8) != 0 ? converter_find(charset) : (iconv_t)-1;
	if (cd != (iconv_t)-1) {
		const char *end = bytes + length, *foreign = bytes;

		if (is_ascii_compatible(charset))
			foreign = utf8_ascii_end(bytes, end);
		/* an accent after a letter makes one character of both (CP1258) */
		foreign -= foreign > bytes;
		/* back to its first state */
		iconv(cd, NULL, NULL, NULL, NULL);
		buffer_add(&c.utf8, bytes, (size_t)(foreign - bytes));
		iconv_convert(&c, cd, (char *)(uintptr_t)foreign, (size_t)(end - foreign));
	} else /* also if iconv lacks CHARSET: then all 8-bit bytes are errors */
		utf8_convert(&c, bytes, bytes + length);
	talloc_free(euc);
	return c;
}

/* -- Which charset it is */

/* What is counted in a converted text, to notice a wrong charset. */
struct looks {
	size_t foreign; /* characters that are not ASCII */
	size_t lonely;  /* of these, with ASCII on both sides */
	size_t kana;
	/* errors, C1 controls and private characters, which converters of the wrong charset make */
	size_t bad;
};

static struct looks looks_count(const struct conversion *c)
{
	struct looks looks = {.bad = c->errors};
	const char *p = c->utf8.text, *end = p + c->utf8.length;
	while ((p = utf8_ascii_end(p, end)) < end) {
		size_t run = 0;
		for (; p < end && (unsigned char)*p >= 0x80; run++) {
			uint32_t character = utf8_next(&p, end);
			looks.kana += character >= 0x3041 && character <= 0x30FE;
			looks.bad +=
			        character < 0xA0 || (character >= 0xE000 && character <= 0xF8FF);
		}
		looks.foreign += run;
		looks.lonely += run == 1;
	}
	return looks;
}

/* A charset to try, and what the converted text must be like for it to be the right one. */
struct charset_attempt {
	const char *charset;
	enum { FITS, PLAUSIBLE, PLAUSIBLE_WITH_KANA, ANYHOW } demand;
};

static bool is_met(const struct charset_attempt *attempt, const struct looks *looks)
{
	/* The declared charset is believed despite a few errors: one broken byte does not make a
	 * UTF-8 text Latin. */
	if (attempt->demand == FITS)
		return looks->bad == 0 || 10 * looks->bad < looks->foreign;
	/* A guess must have none. Latin text read as East Asian gives single characters between
	 * ASCII letters, so most must stand side by side. Chinese in GB18030 is mostly valid
	 * EUC-JP, but has no kana. */
	return attempt->demand == ANYHOW ||
	       (looks->bad == 0 && 4 * looks->lonely <= looks->foreign &&
	               (looks->kana > 0 || attempt->demand == PLAUSIBLE));
}

/* Removes NULs and escape sequences of ISO-2022 from TEXT, and returns it. */
static char *text_clean(char *text, size_t length)
{
	if (memchr(text, '\0', length) == NULL && !has_escapes(text, length, false))
		return text;
	char *out = text;
	for (const char *p = text, *end = text + length; p < end;) {
		const struct escape *escape = escape_read(p, end);
		if (escape == NULL && *p != '\0')
			*out++ = *p;
		p += escape != NULL ? escape_length(escape) : 1;
	}
	*out = '\0';
	return text;
}

/* Returns BYTES converted by the first of ATTEMPTS whose demand is met; the last always fits. */
static char *charset_attempt_run(
        const void *ctx, const char *bytes, size_t length, const struct charset_attempt *attempts)
{
	for (;; attempts++) {
		bool is_guess =
		        attempts->demand == PLAUSIBLE || attempts->demand == PLAUSIBLE_WITH_KANA;
		struct conversion c =
		        bytes_convert(ctx, bytes, length, attempts->charset, is_guess);
		char *text = buffer_text(&c.utf8);
		struct looks looks = looks_count(&c);
		if (is_met(attempts, &looks))
			return text_clean(text, c.utf8.length);
		talloc_free(text);
	}
}

char *text_to_utf8(const void *ctx, const char *bytes, size_t length, const char *charset)
{
	char buffer[CHARSET_MAX + 1];
	const char *declared = charset_find(charset, buffer);
	bool is_ascii = utf8_ascii_end(bytes, bytes + length) == bytes + length;
	bool is_jis = strcmp(declared, CHARSET_JIS) == 0,
	     is_compatible = is_ascii_compatible(declared);
	/* These two names say little: Latin-1 takes any bytes, and UTF-8 stands for "unknown" as
	 * well. But bytes that are valid UTF-8 hardly ever are anything else. */
	bool is_vague = strcmp(declared, CHARSET_UTF8) == 0 || strcmp(declared, CHARSET_LATIN) == 0;
	bool is_escaped = is_compatible && has_escapes(bytes, length, is_jis);
	if (!is_escaped && is_compatible &&
	        (is_ascii || (is_vague && text_is_utf8(bytes, length)))) {
		char *text = talloc_size(ctx, length + 1);
		if (length > 0)
			memcpy(text, bytes, length);
		text[length] = '\0';
		return text_clean(text, length);
	}

	bool is_japanese = is_escaped || is_jis || strcmp(declared, CHARSET_EUC_JP) == 0 ||
	                   strcmp(declared, CHARSET_SHIFT_JIS) == 0;
	const struct charset_attempt attempts[] = {
	        {CHARSET_JIS, is_ascii ? ANYHOW : PLAUSIBLE},
	        {declared, FITS},
	        {CHARSET_UTF8, FITS},
	        {CHARSET_EUC_JP, is_japanese ? PLAUSIBLE : PLAUSIBLE_WITH_KANA},
	        {CHARSET_SHIFT_JIS, is_japanese ? PLAUSIBLE : PLAUSIBLE_WITH_KANA},
	        {CHARSET_CHINESE, PLAUSIBLE},
	        {CHARSET_LATIN, ANYHOW},
	};
	size_t first = is_jis || strcmp(declared, CHARSET_UTF8) == 0 ? 2 : 1;

	return charset_attempt_run(ctx, bytes, length, attempts + (is_escaped ? 0 : first));
}
