#include "mail/address.h"

#include <glib.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/limits.h"
#include "base/list.h"
#include "text/text.h"

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* +XX as RFC 3461 section 4 has it; a plus without two hex digits in capitals stands for itself, as mailers that forget xtext write it. */
static void decode_xtext(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++) {
		bool coded = text[0] == '+' && strspn(text + 1, "0123456789ABCDEF") >= 2;
		int value = coded ? hex_digit(text[1]) * 16 + hex_digit(text[2]) : 0;

		if (coded && value >= 0x20 && value < 0x7f) {
			*to++ = (char)value;
			text += 2;
		} else
			*to++ = *text;
	}
	*to = '\0';
}

static size_t put_utf8(char *to, long c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* \x{HEX} as RFC 6533 section 3 has it; never longer than what it replaces. */
static void decode_unitext(char *text)
{
	char *to = text;

	while (*text != '\0') {
		char *end = NULL;
		long c = strncmp(text, "\\x{", 3) == 0 ? strtol(text + 3, &end, 16) : 0;

		if (c > 0x1f && c < 0x110000 && (c < 0xd800 || c > 0xdfff) && end != NULL && *end == '}' && end - text <= 9) {
			to += put_utf8(to, c);
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
	char *domain = at != NULL ? talloc_strdup(ctx, at + 1) : NULL;
	char *p;

	for (p = domain; p != NULL && *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 32);
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

	for (; *address != '\0'; address++) {
		unsigned char c = (unsigned char)*address;

		hash = (hash ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * 1099511628211u;
	}
	return talloc_asprintf(ctx, "%016" PRIx64, hash);
}

const char *address_shown(const void *ctx, const char *address)
{
	const char *at = strrchr(address, '@'), *shown = address;
	char *letters = at != NULL && strcasestr(at, "xn--") != NULL ? g_hostname_to_unicode(at + 1) : NULL;

	if (letters != NULL && text_is_clean(letters) && strpbrk(letters, " \t\"<>()[],;:\\{}@") == NULL)
		shown = talloc_asprintf(ctx, "%.*s@%s", (int)(at - address), address, letters);
	g_free(letters);
	return shown;
}
