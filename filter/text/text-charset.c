#include <string.h>
#include <talloc.h>

#include "text/text-convert.h"
#include "text/text-jis.h"
#include "text/text-utf8.h"
#include "text/text.h"

/* Charsets in which an ASCII byte may be something else. */
static bool is_ascii_compatible(const char *charset)
{
	return !text_glob("utf-7", charset) && !text_glob("utf-16*", charset) && !text_glob("utf-32*", charset) &&
	       !text_glob("iso-2022-kr", charset);
}

/* Whether that bytes fit CHARSET proves nothing: Latin-1 takes any, and UTF-8 is also the name for "unknown". That bytes are UTF-8
 * proves much. */
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
	size_t odd; /* C1 controls and private characters: converters that take any byte make these */
};

static struct looks looks_count(const char *text, size_t length)
{
	struct looks looks = {0};
	const char *end = text + length;
	for (const char *p = utf8_ascii_end(text, end); p < end; p = utf8_ascii_end(p, end)) {
		uint32_t c;
		size_t run = 0;
		for (size_t step; p < end && (unsigned char)*p >= 0x80 && (step = utf8_decode(p, end, &c)) > 0;
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

/* The sender's word is good while hardly a character contradicts it: one broken byte doesn't make a UTF-8 text Latin. */
static bool is_fit(const struct looks *looks, size_t errors)
{
	size_t bad = errors + looks->odd;
	return bad == 0 || 10 * bad < looks->foreign;
}

/* A guess must be better than that. Latin text is full of bytes that make one East Asian character with the letter
 * after them; so characters must keep company. Chinese in GB18030 is mostly right as EUC-JP, but has no kana. */
static bool is_plausible(const struct looks *looks, size_t errors, bool needs_kana)
{
	return errors + looks->odd == 0 && 4 * looks->lonely <= looks->foreign && (looks->kana > 0 || !needs_kana);
}

/* End TEXT, whose LENGTH bytes may have in them what must not survive: NULs, and ISO-2022 escape sequences in a text that is
 * otherwise in another charset. */
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
	                                       : is_plausible(&looks, errors, attempt.demand == PLAUSIBLE_WITH_KANA));
	if (is_good)
		return text_clean(text, out_length);
	talloc_free(text);
	return NULL;
}

/* The attempts in order, the last of which can't fail. */
static char *attempts_run(const void *ctx, const char *bytes, size_t length, const struct attempt *attempts)
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
