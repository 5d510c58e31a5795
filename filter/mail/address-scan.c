#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "mail/address.h"

/* Bytes of the character at TEXT if it may stand in an address as it is: not the full-width and CJK punctuation that notices put around
 * addresses; 0 if not. */
static size_t foreign_length(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2, i;

	if (p[0] < 0xc2)
		return 0;
	for (i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	if (p[0] == 0xe3 && p[1] == 0x80) /* U+3000 to 303F */
		return 0;
	if (p[0] == 0xef && ((p[1] == 0xbc && (p[2] < 0x90 || p[2] > 0x99) && (p[2] < 0xa1 || p[2] > 0xba)) ||
	                            (p[1] == 0xbd && (p[2] < 0x81 || (p[2] > 0x9a && p[2] < 0xa6)))))
		return 0; /* U+FF00 to FF65 but for digits and letters */
	return n;
}

static bool is_alphanumeric(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Bytes of the run at TEXT of letters, digits, characters of other scripts (RFC 6531) and OTHERS. */
static size_t run_length(const char *text, const char *others)
{
	size_t n = 0, step;

	while (n < ADDRESS_MAX && text[n] != '\0') {
		step = (unsigned char)text[n] >= 0x80 ? foreign_length(text + n)
		                                      : is_alphanumeric(text[n]) || strchr(others, text[n]) != NULL;
		if (step == 0)
			break;
		n += step;
	}
	return n;
}

static bool is_control(char c)
{
	return (unsigned char)c < ' ' || c == 0x7f;
}

static size_t local_length(const char *text)
{
	size_t n = 0;

	if (text[0] != '"')
		return run_length(text, "!#$%&'*+-/=?^_`{|}~."); /* RFC 5322 atext and the dot */
	for (n = 1; !is_control(text[n]) && text[n] != '"' && n < ADDRESS_MAX; n++)
		if (text[n] == '\\' && !is_control(text[n + 1]))
			n++;
	return text[n] == '"' ? n + 1 : 0;
}

/* How many of LENGTH bytes of TEXT are the domain, where a sentence in Chinese or Japanese follows one in ASCII without a blank. */
static size_t domain_ascii_length(const char *text, size_t length)
{
	size_t n = 0;

	while (n < length && (unsigned char)text[n] < 0x80)
		n++;
	return n > 0 && n < length && (unsigned char)text[n] >= 0xe3 && is_alphanumeric(text[n - 1]) && memchr(text, '.', n) != NULL ? n : length;
}

static size_t domain_length(const char *text)
{
	size_t n = 0;

	if (text[0] == '[') {
		while (n < ADDRESS_MAX && text[n] != ']' && text[n] != ' ' && !is_control(text[n]))
			n++;
		return text[n] == ']' ? n + 1 : 0;
	}
	n = domain_ascii_length(text, run_length(text, "-._"));
	while (n > 0 && (text[n - 1] == '.' || text[n - 1] == '-'))
		n--;
	return n;
}

static bool is_ascii(const char *text, size_t length)
{
	while (length > 0 && (unsigned char)text[length - 1] < 0x80)
		length--;
	return length == 0;
}

/* A word of another script that runs into an ASCII address, as Chinese and Japanese sentences do, is no part of it. */
static bool runs_into_address(const char *local, size_t length, const char *domain, size_t domain_size)
{
	return (unsigned char)local[0] >= 0x80 && (unsigned char)local[length - 1] < 0x80 && is_ascii(domain, domain_size);
}

size_t address_scan(const char *text, const char **start, size_t *length)
{
	const char *p = text;
	bool bracket = *p == '<', quoted;
	size_t local, domain;

	p += bracket;
	if (strncasecmp(p, "mailto:", 7) == 0)
		p += 7;
	local = local_length(p);
	if (local == 0 || p[local] != '@')
		return 0;
	domain = domain_length(p + local + 1);
	if (domain == 0 || local + 1 + domain > ADDRESS_MAX)
		return 0;
	quoted = local > 1 && *p == '\'' && p[local + 1 + domain] == '\'';
	if (runs_into_address(p + quoted, local - quoted, p + local + 1, domain))
		return 0;
	*start = p + quoted;
	*length = local + 1 + domain - quoted;
	p = *start + *length + quoted;
	if (bracket && *p == '.' && p[1] == '>')
		p++;
	if (bracket && *p == '>')
		p++;
	return (size_t)(p - text);
}
