/* Charsets by the names that iconv has for them. Text is made UTF-8 by text_to_utf8(), see
 * text.h. */
#ifndef CHARSET_H
#define CHARSET_H

#define CHARSET_UTF8 "UTF-8"
#define CHARSET_JIS "ISO-2022-JP"
#define CHARSET_EUC_JP "EUC-JP-MS"
#define CHARSET_SHIFT_JIS "CP932"
#define CHARSET_CHINESE "GB18030"
#define CHARSET_LATIN "CP1252"

/* Bytes of a charset's name. */
#define CHARSET_MAX 40

/* Loads what iconv needs for CHARSET, a name of at most CHARSET_MAX bytes that iconv knows. */
void charset_load(const char *charset);

#endif
