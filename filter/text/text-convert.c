#include "text/text-convert.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/module.h"
#include "text/text-jis.h"
#include "text/text-utf8.h"
#include "text/text.h"

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

/* UTF-8 to UTF-8, each stray byte an error. So is a last character that was cut off, as it may be Latin just as well; but
 * then it's left out. */
static void utf8_convert(struct conversion *c, const char *p, const char *end)
{
	while (p < end) {
		const char *from = p;
		uint32_t character;
		size_t step;
		while ((p = utf8_ascii_end(p, end)) < end && (step = utf8_decode(p, end, &character)) > 0)
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

/* Each turn of the loop takes bytes or makes room, and room is made for no more than a few characters without taking one. */
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
	static const char *const names[] = {"iso-8859-*", "windows-125*", "cp125*", "koi8-*", "euc-*"};
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

/* The converter for CHARSET, ready to begin; -1 if there is none. It is kept: opening one loads code from disk, and a folder of mails has few charsets. */
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

static void charset_convert(struct conversion *c, const char *bytes, size_t length, const char *charset)
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

char *text_convert(const void *ctx, const char *bytes, size_t length, const char *charset, size_t *out_length, size_t *errors)
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
