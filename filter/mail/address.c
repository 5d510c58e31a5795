#include "mail/address.h"

#include <glib.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/limits.h"
#include "base/list.h"
#include "text/text.h"

/* Bytes of the character at TEXT if it may stand in an address as it is: not the full-width and CJK
 * punctuation that notices put around addresses; 0 if not. */
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
	if (p[0] == 0xef &&
	        ((p[1] == 0xbc && (p[2] < 0x90 || p[2] > 0x99) && (p[2] < 0xa1 || p[2] > 0xba)) ||
	                (p[1] == 0xbd && (p[2] < 0x81 || (p[2] > 0x9a && p[2] < 0xa6)))))
		return 0; /* U+FF00 to FF65 but for digits and letters */
	return n;
}

/* Bytes of the run at TEXT of letters, digits, characters of other scripts (RFC 6531) and
 * OTHERS. */
static size_t run_length(const char *text, const char *others)
{
	size_t n = 0, step;

	while (n < ADDRESS_MAX && text[n] != '\0') {
		step = (unsigned char)text[n] >= 0x80
		               ? foreign_length(text + n)
		               : g_ascii_isalnum(text[n]) || strchr(others, text[n]) != NULL;
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

/* How many of LENGTH bytes of TEXT are the domain, where a sentence in Chinese or Japanese follows
 * one in ASCII without a blank. */
static size_t domain_ascii_length(const char *text, size_t length)
{
	size_t n = 0;

	while (n < length && (unsigned char)text[n] < 0x80)
		n++;
	return n > 0 && n < length && (unsigned char)text[n] >= 0xe3 &&
	                       g_ascii_isalnum(text[n - 1]) && memchr(text, '.', n) != NULL
	               ? n
	               : length;
}

static size_t domain_length(const char *text)
{
	const char *dots;
	size_t n = 0;

	if (text[0] == '[') {
		while (n < ADDRESS_MAX && text[n] != ']' && text[n] != ' ' && !is_control(text[n]))
			n++;
		return text[n] == ']' ? n + 1 : 0;
	}
	n = domain_ascii_length(text, run_length(text, "-._"));
	/* `bo@example.net...User unknown`, as sendmail writes it */
	dots = memmem(text, n, "..", 2);
	n = dots != NULL ? (size_t)(dots - text) : n;
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

/* Chinese and Japanese text may run into an ASCII address without a blank; it is not part of it. */
static bool runs_into_address(
        const char *local, size_t length, const char *domain, size_t domain_size)
{
	return (unsigned char)local[0] >= 0x80 && (unsigned char)local[length - 1] < 0x80 &&
	       is_ascii(domain, domain_size);
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

/* +XX as RFC 3461 section 4 has it; a plus without two hex digits in capitals stands for itself, as
 * mailers that forget xtext write it. */
static void decode_xtext(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++) {
		bool coded = text[0] == '+' && strspn(text + 1, "0123456789ABCDEF") >= 2;
		int value =
		        coded ? g_ascii_xdigit_value(text[1]) * 16 + g_ascii_xdigit_value(text[2])
		              : 0;

		if (coded && value >= 0x20 && value < 0x7f) {
			*to++ = (char)value;
			text += 2;
		} else
			*to++ = *text;
	}
	*to = '\0';
}

/* \x{HEX} as RFC 6533 section 3 has it; never longer than what it replaces. */
static void decode_unitext(char *text)
{
	char *to = text;

	while (*text != '\0') {
		char *end = NULL;
		long c = strncmp(text, "\\x{", 3) == 0 ? strtol(text + 3, &end, 16) : 0;

		if (c > 0x1f && c < 0x110000 && (c < 0xd800 || c > 0xdfff) && end != NULL &&
		        *end == '}' && end - text <= 9) {
			to += g_unichar_to_utf8((gunichar)c, to);
			text = end + 1;
		} else
			*to++ = *text++;
	}
	*to = '\0';
}

/* `@a,@b:x@y` is x@y. */
static char *skip_route(char *text)
{
	char *colon = text[0] == '@' ? strchr(text, ':') : NULL;

	return colon != NULL ? colon + 1 : text;
}

/* The type before `;`, if that is one. */
static char *skip_type(char *text)
{
	size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-");

	n += strspn(text + n, " ");
	return text[n] == ';' ? text + n + 1 : text;
}

char *address_from_field(const void *ctx, const char *value, bool encoded)
{
	char *line = text_address(ctx, value, strlen(value), 2 * ADDRESS_MAX);
	char *text, *result;
	const char *start;
	size_t length;

	text = skip_type(line);
	text += strspn(text, " <");
	text = skip_route(text);
	if (encoded)
		decode_xtext(text);
	decode_unitext(text);
	if (address_scan(text, &start, &length) > 0)
		result = text_address(ctx, start, length, ADDRESS_MAX);
	else {
		length = strcspn(text, "<>() ;,");
		result = length > 0 ? text_address(ctx, text, length, ADDRESS_MAX) : NULL;
	}
	if (text_one_line(line, value, strlen(value), ADDRESS_MAX)[0] == '\0')
		TALLOC_FREE(result); /* it is nothing that can be seen */
	talloc_free(line);
	return result;
}

char *address_domain(const void *ctx, const char *address)
{
	const char *at = strrchr(address, '@');
	char *domain = at != NULL ? talloc_strdup(ctx, at + 1) : NULL, *p;

	for (p = domain; p != NULL && *p != '\0'; p++)
		*p = g_ascii_tolower(*p);
	return domain;
}

bool address_equal(const char *a, const char *b)
{
	return strcasecmp(a, b) == 0;
}

bool address_is_complete(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL && at != address && at[1] != '\0';
}

char **address_scan_all(const void *ctx, const char *text)
{
	char **list = list_new(ctx), *address;
	size_t count = 0, length, n;
	const char *start;

	while (*text != '\0' && count < RECIPIENTS_MAX) {
		n = address_scan(text, &start, &length);
		if (n == 0) {
			text++;
			continue;
		}
		address = talloc_strndup(ctx, start, length);
		list_add(ctx, &list, &count, address);
		talloc_free(address);
		text += n;
	}
	return list;
}

char *address_digest(const void *ctx, const char *address)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */

	for (; *address != '\0'; address++)
		hash = (hash ^ (unsigned char)g_ascii_tolower(*address)) * 1099511628211u;
	return talloc_asprintf(ctx, "%016" PRIx64, hash);
}

const char *address_shown(const void *ctx, const char *address)
{
	const char *at = strrchr(address, '@'), *shown = address;
	char *letters =
	        at != NULL && strcasestr(at, "xn--") != NULL ? g_hostname_to_unicode(at + 1) : NULL;

	if (letters != NULL && text_is_clean(letters) &&
	        strpbrk(letters, " \t\"<>()[],;:\\{}@") == NULL)
		shown = talloc_asprintf(ctx, "%.*s@%s", (int)(at - address), address, letters);
	g_free(letters);
	return shown;
}

const char *address_wire(const void *ctx, const char *address)
{
	const char *at = strrchr(address, '@'), *wire = address;
	char *ascii =
	        at != NULL && g_hostname_is_non_ascii(at + 1) ? g_hostname_to_ascii(at + 1) : NULL;

	if (ascii != NULL)
		wire = talloc_asprintf(ctx, "%.*s@%s", (int)(at - address), address, ascii);
	g_free(ascii);
	return wire;
}
