#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "text/text-convert.h"

/* What iconv is asked for, and what mails call it: they often name a subset and mean this (WHATWG's Encoding has most of
 * these). A last `*` stands for any ending; without a word for iconv, names are taken as they are. Names that aren't here are taken for
 * unknown: iconv has more charsets than mail, and its odd ones have had their share of holes. In reading order. */
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

/* CHARSET in lower case in NAME; false if no charset is called so. It goes to iconv_open, to which `//` and more have a meaning. */
static bool charset_clean(const char *charset, char name[CHARSET_MAX + 1])
{
	size_t length = strlen(charset);
	if (length == 0 || length > CHARSET_MAX)
		return false;
	for (size_t i = 0; i <= length; i++) {
		if (charset[i] != '\0' && !g_ascii_isalnum(charset[i]) && !strchr("._:-", charset[i]))
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
