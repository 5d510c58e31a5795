#include "mail/address-list.h"

#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "base/list.h"
#include "mail/address.h"
#include "text/text.h"

/* Bytes that may stand around an address which address_scan() takes off: `mailto:`, apostrophes, a
 * dot. */
#define AROUND_MAX 16

/* Ends a word outside of brackets. */
static const char specials[] = " \t\r\n,;:<>(\"\033";

struct span {
	const char *start, *end;
};

/* One item, while it is read. */
struct reading {
	const char *p, *end;
	const char *start;
	const char *name_end; /* where the first bracket stands; NULL: nowhere yet */
	struct span angle;    /* what the last brackets hold */
	struct span bare;     /* the last word with an @ in it outside of brackets */
	bool several;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Returns where the quoted string at P ends. */
static const char *quoted_end(const char *p, const char *end)
{
	for (p++; p < end && *p != '"'; p++)
		p += *p == '\\';
	return p < end ? p + 1 : end;
}

/* Returns where the comment at P ends; comments nest. */
static const char *comment_end(const char *p, const char *end)
{
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '\\')
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
	}
	return end;
}

/* Returns where the ISO-2022-JP text at P ends, which some write without encoding: its bytes look
 * like any characters. */
static const char *escape_end(const char *p, const char *end)
{
	if (end - p < 3 || (p[1] != '$' && p[1] != '('))
		return p + 1;
	if (p[1] == '(' && p[2] != 'I')
		return p + 3; /* back to ASCII */
	for (p++; p < end && !(*p == '\033' && end - p > 2 && p[1] == '('); p++)
		continue;
	return p < end ? p + 3 : end;
}

/* Returns where the word at P ends. A domain literal may hold colons, an encoded word (RFC 2047)
 * anything but white space. */
static const char *word_end(const char *p, const char *end)
{
	bool encoded = end - p > 2 && p[0] == '=' && p[1] == '?', literal = false;
	const char *start = p;

	for (; p < end && !is_space(*p); p++) {
		literal = (literal && *p != ']') || (p > start && *p == '[' && p[-1] == '@');
		if (encoded && p[0] == '?' && end - p > 1 && p[1] == '=' &&
		        (end - p == 2 || strchr(specials, p[2]) != NULL))
			return p + 2;
		if (!encoded && !(literal && *p == ':') && strchr(specials, *p) != NULL)
			break;
	}
	return p;
}

static bool is_encoded(struct span word)
{
	return word.end - word.start > 5 && memcmp(word.start, "=?", 2) == 0 &&
	       memcmp(word.end - 2, "?=", 2) == 0;
}

/* Read a word, which may begin with a quoted local part that ends at REST. */
static void read_word(struct reading *reading, const char *rest)
{
	struct span word = {reading->p, word_end(rest, reading->end)};

	/* `<` may stand directly at the @; a word is never empty, so that reading goes on. */
	if (word.end == word.start)
		word.end++;
	reading->p = word.end;
	if (is_encoded(word) || memchr(word.start, '@', (size_t)(word.end - word.start)) == NULL)
		return;
	reading->several =
	        reading->several || reading->bare.start != NULL || reading->angle.end != NULL;
	reading->bare = word;
}

/* What was read so far was the name of a group. */
static void read_group(struct reading *reading)
{
	const char *p = reading->p + 1;

	*reading = (struct reading){.p = p, .end = reading->end, .start = p};
}

/* Read what stands in angle brackets. A comma ends it, unless it is one of a route: the bracket was
 * forgotten. What stood before was a name. */
static void read_angle(struct reading *reading)
{
	const char *p = reading->p + 1, *end = reading->end;
	bool route;

	reading->several = reading->angle.start != NULL;
	reading->name_end = reading->name_end != NULL ? reading->name_end : reading->p;
	reading->bare = (struct span){NULL, NULL};
	while (p < end && (is_space(*p) || *p == '<'))
		p++;
	reading->angle.start = p;
	for (route = p < end && *p == '@';
	        p < end && *p != '>' && *p != '<' && (route || (*p != ',' && *p != ';'));)
		p = *p == '"' ? quoted_end(p, end) : p + 1;
	reading->angle.end = p;
	reading->p = p < end && *p == '>' ? p + 1 : p;
}

static void read_next(struct reading *reading)
{
	const char *p = reading->p, *rest;

	switch (*p) {
	case '(': reading->p = comment_end(p, reading->end); break;
	case '\033': reading->p = escape_end(p, reading->end); break;
	case ':': read_group(reading); break;
	case '<': read_angle(reading); break;
	case '>':
	case ' ':
	case '\t':
	case '\r':
	case '\n': reading->p++; break;
	case '"':
		rest = quoted_end(p, reading->end);
		if (rest < reading->end && *rest == '@')
			read_word(reading, rest);
		else
			reading->p = rest;
		break;
	default: read_word(reading, p); break;
	}
}

static struct span trimmed(struct span span)
{
	while (span.start < span.end && is_space(*span.start))
		span.start++;
	while (span.end > span.start && is_space(span.end[-1]))
		span.end--;
	return span;
}

/* Make what SPAN holds the address of ITEM, if it is one and nothing else. */
static void item_address(struct address_item *item, struct span span)
{
	char text[ADDRESS_MAX + AROUND_MAX + 1];
	const char *colon, *start;
	size_t length, taken;

	span = trimmed(span);
	if (span.start < span.end && *span.start == '@') {
		colon = memchr(span.start, ':', (size_t)(span.end - span.start));
		span.start = colon != NULL ? colon + 1 : span.end;
	}
	length = (size_t)(span.end - span.start);
	if (length == 0 || length >= sizeof text)
		return;
	memcpy(text, span.start, length);
	text[length] = '\0';
	taken = address_scan(text, &start, &item->length);
	if (taken != length && !(taken > 0 && taken + 1 == length && text[taken] == '.'))
		item->length = 0;
	item->address = item->length > 0 ? span.start + (start - text) : NULL;
}

bool address_list_next(const char **at, const char *end, struct address_item *item)
{
	struct reading reading = {.p = *at, .end = end};
	struct span all, name;

	*item = (struct address_item){.name = NULL};
	while (reading.p < end && (is_space(*reading.p) || *reading.p == ',' || *reading.p == ';'))
		reading.p++;
	reading.start = reading.p;
	while (reading.p < end && *reading.p != ',' && *reading.p != ';')
		read_next(&reading);
	*at = reading.p;
	all = trimmed((struct span){reading.start, reading.p});
	item->start = all.start;
	item->end = all.end;
	if (reading.angle.start != NULL) {
		name = trimmed((struct span){all.start, reading.name_end});
		item->name = name.start;
		item->name_length = (size_t)(name.end - name.start);
	}
	if (!reading.several && (reading.angle.start != NULL || reading.bare.start != NULL))
		item_address(item, reading.angle.start != NULL ? reading.angle : reading.bare);
	return all.end > all.start || reading.p < end;
}

char *address_item_address(const void *ctx, const struct address_item *item)
{
	char *address = item->length > 0
	                        ? text_address(ctx, item->address, item->length, ADDRESS_MAX)
	                        : NULL;

	/* One that is too long was cut, and is another one then. */
	return address != NULL && strlen(address) <= ADDRESS_MAX && address_is_complete(address)
	               ? address
	               : NULL;
}

char **address_list_read(const void *ctx, const char *value, size_t length)
{
	const char *end = value + length;
	char **list = list_new(ctx), *address;
	struct address_item item;
	size_t count = 0;

	while (count < RECIPIENTS_MAX && address_list_next(&value, end, &item)) {
		address = address_item_address(ctx, &item);
		if (address != NULL)
			list_add(ctx, &list, &count, address);
		talloc_free(address);
	}
	return list;
}

char **address_list(const void *ctx, const char *value)
{
	return address_list_read(ctx, value, strlen(value));
}

char *address_list_only(const void *ctx, const char *value)
{
	char **list = address_list(NULL, value);
	char *only = list[0] != NULL && list[1] == NULL ? talloc_strdup(ctx, list[0]) : NULL;

	talloc_free(list);
	return only;
}

bool address_list_has(char *const *list, const char *address)
{
	for (; list != NULL && *list != NULL; list++)
		if (address_equal(*list, address))
			return true;
	return false;
}
