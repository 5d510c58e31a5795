#include "after/clean.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/limits.h"

/* The list twice: its bytes, and a shadow in which each unit (a byte; of UTF-16 two) is one byte:
 * ASCII as it is, `\x80` for all else. In the shadow a second byte of Shift_JIS is no `@` and no
 * quote. */
struct list {
	const char *bytes;
	char *shadow;
	size_t length; /* of the shadow, in units */
	size_t unit;   /* bytes of a unit */
	size_t start;  /* bytes before the first unit: the byte order mark */
	bool big_endian;
	char separator; /* of CSV; '\0': it has no columns */
	clean_fn *is_dead;
	void *argument;
};

enum charset {
	CHARSET_BYTES, /* ASCII is ASCII wherever it stands: UTF-8, EUC-JP, ISO-8859-1 */
	CHARSET_SJIS,
	CHARSET_UTF16,
};

static bool is_sjis_lead(unsigned char c)
{
	return (c >= 0x81 && c <= 0x9f) || (c >= 0xe0 && c <= 0xfc);
}

static bool is_sjis_trail(unsigned char c)
{
	return c >= 0x40 && c <= 0xfc && c != 0x7f;
}

/* Whether BYTES are well-formed Shift_JIS with a character of two bytes whose second is ASCII, and
 * not EUC-JP or UTF-8, in which there is none: only then does it matter. */
static bool looks_like_sjis(const unsigned char *bytes, size_t length)
{
	size_t i, ascii_trails = 0;

	for (i = 0; i < length; i++) {
		if (bytes[i] < 0x80 || (bytes[i] >= 0xa1 && bytes[i] <= 0xdf))
			continue;
		if (!is_sjis_lead(bytes[i]) || i + 1 == length || !is_sjis_trail(bytes[i + 1]))
			return false;
		ascii_trails += bytes[++i] < 0x80;
	}
	return ascii_trails > 0;
}

static enum charset charset_of(const char *bytes, size_t length)
{
	const unsigned char *at = (const unsigned char *)bytes;

	if (length >= 2 && ((at[0] == 0xff && at[1] == 0xfe) || (at[0] == 0xfe && at[1] == 0xff)))
		return CHARSET_UTF16;
	return looks_like_sjis(at, length) ? CHARSET_SJIS : CHARSET_BYTES;
}

static void shade_sjis(struct list *list)
{
	size_t i;

	for (i = 0; i < list->length; i++) {
		list->shadow[i] = list->bytes[i];
		if (is_sjis_lead((unsigned char)list->bytes[i]) && i + 1 < list->length) {
			list->shadow[i] = list->shadow[i + 1] = '\x80';
			i++;
		}
	}
}

static void shade_utf16(struct list *list)
{
	const unsigned char *at = (const unsigned char *)list->bytes + list->start;
	size_t i, high = list->big_endian ? 0 : 1;

	for (i = 0; i < list->length; i++, at += 2)
		list->shadow[i] =
		        at[high] == 0 && at[1 - high] < 0x80 ? (char)at[1 - high] : '\x80';
}

static struct list list_open(const void *ctx, const char *bytes, size_t length)
{
	struct list list = {.bytes = bytes, .length = length, .unit = 1};
	enum charset charset = charset_of(bytes, length);

	if (charset == CHARSET_UTF16) {
		list.start = list.unit = 2;
		list.big_endian = (unsigned char)bytes[0] == 0xfe;
		list.length = (length - list.start) / 2;
	}
	list.shadow = talloc_size(ctx, list.length + 1);
	list.shadow[list.length] = '\0';
	if (charset == CHARSET_UTF16)
		shade_utf16(&list);
	else if (charset == CHARSET_SJIS)
		shade_sjis(&list);
	else
		memcpy(list.shadow, bytes, length);
	return list;
}

/* The separator of columns: the one that stands most often in the first line. */
static char separator_of(const struct list *list)
{
	static const char candidates[] = "\t;,";
	size_t counts[sizeof candidates] = {0}, best = 0, i;
	const char *at;

	for (i = 0; i < list->length && list->shadow[i] != '\n'; i++)
		if (list->shadow[i] != '\0' && (at = strchr(candidates, list->shadow[i])) != NULL)
			counts[at - candidates]++;
	for (i = 1; i < sizeof candidates - 1; i++)
		best = counts[i] > counts[best] ? i : best;
	return counts[best] > 0 ? candidates[best] : '\0';
}

/* Where the quoted field that begins at AT ends, behind its last quote; AT if it never does within
 * LINE_BYTES_MAX: then it is just a quote. */
static size_t quoted_end(const struct list *list, size_t at)
{
	size_t end = at + 1,
	       most = list->length - at > LINE_BYTES_MAX ? at + LINE_BYTES_MAX : list->length;

	for (; end < most; end++) {
		if (list->shadow[end] != '"')
			continue;
		if (end + 1 < list->length && list->shadow[end + 1] == '"')
			end++;
		else
			return end + 1;
	}
	return at;
}

/* Where the line that begins at AT ends, behind its newline. */
static size_t line_end(const struct list *list, size_t at)
{
	bool field = true; /* a field begins here */
	size_t end;

	for (; at < list->length && list->shadow[at] != '\n'; at++) {
		if (field && list->shadow[at] == '"' && (end = quoted_end(list, at)) > at)
			at = end - 1;
		field = list->separator != '\0' && list->shadow[at] == list->separator;
	}
	return at < list->length ? at + 1 : at;
}

/* The letters of an address in a list. What else RFC 5321 allows left of the @ stands between
 * columns more often. */
static bool is_address_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c != '\0' && strchr("!#$%&*+-^_`{}~.", c) != NULL);
}

/* The next address from *AT up to END, into BUFFER (ADDRESS_MAX bytes and a NUL); *AT goes behind
 * it. False if there is none. */
static bool address_next(const struct list *list, size_t *at, size_t end, char *buffer)
{
	const char *sign, *text = list->shadow;
	size_t first, last, length;

	while ((sign = memchr(text + *at, '@', end - *at)) != NULL) {
		first = last = (size_t)(sign - text);
		while (first > *at && is_address_letter(text[first - 1]))
			first--;
		for (last++; last < end && is_address_letter(text[last]);)
			last++;
		*at = last;
		while (last > 0 && text[last - 1] == '.')
			last--;
		length = last - first;
		if (text + first == sign || text + last == sign + 1 || length > ADDRESS_MAX)
			continue;
		memcpy(buffer, text + first, length);
		buffer[length] = '\0';
		return true;
	}
	*at = end;
	return false;
}

static void put(struct buffer *buffer, const struct list *list, size_t start, size_t end)
{
	buffer_add(
	        buffer, list->bytes + list->start + start * list->unit, (end - start) * list->unit);
}

/* ASCII in the charset of the list. */
static void put_ascii(struct buffer *buffer, const struct list *list, const char *text)
{
	for (; *text != '\0'; text++) {
		if (list->unit == 2 && list->big_endian)
			buffer_add(buffer, "", 1);
		buffer_add(buffer, text, 1);
		if (list->unit == 2 && !list->big_endian)
			buffer_add(buffer, "", 1);
	}
}

static bool is_line_break(char c)
{
	return c == '\r' || c == '\n';
}

static void put_dead(
        struct cleaned *cleaned, const struct list *list, size_t start, size_t end, const char *why)
{
	size_t text = end;
	char separator[] = {list->separator, '\0'};

	while (text > start && is_line_break(list->shadow[text - 1]))
		text--;
	put(&cleaned->dead, list, start, text);
	put_ascii(&cleaned->dead, list, list->separator != '\0' ? separator : "  # ");
	put_ascii(&cleaned->dead, list, why);
	if (text < end)
		put(&cleaned->dead, list, text, end);
	else
		put_ascii(&cleaned->dead, list, "\n");
}

/* The line from START to END: it stays unless all its addresses are dead. */
static void clean_line(struct cleaned *cleaned, const struct list *list, size_t start, size_t end)
{
	char address[ADDRESS_MAX + 1];
	const char *why = NULL, *found;
	size_t at = start, all = 0, dead = 0;

	while (address_next(list, &at, end, address)) {
		found = list->is_dead(list->argument, address);
		all++;
		dead += found != NULL;
		why = why == NULL ? found : why;
	}
	cleaned->addresses += all;
	cleaned->dead_addresses += dead;
	if (all > 0 && dead == all)
		put_dead(cleaned, list, start, end, why);
	else {
		cleaned->mixed += dead > 0;
		put(&cleaned->kept, list, start, end);
	}
}

/* Where the item of a list of addresses that begins at AT ends: at its comma, outside quotes and
 * brackets, or at END. */
static size_t item_end(const struct list *list, size_t at, size_t end)
{
	bool quoted = false;

	for (; at < end && (quoted || list->shadow[at] != ','); at++)
		quoted = quoted != (list->shadow[at] == '"');
	return at;
}

/* The list of addresses from START to END: each stays or goes with the comma before it. */
static void clean_items(struct cleaned *cleaned, const struct list *list, size_t start, size_t end)
{
	char address[ADDRESS_MAX + 1];
	bool is_first = true;
	size_t at, stop, find;
	const char *why;

	for (at = start; at < end; at = stop + 1) {
		stop = item_end(list, at, end);
		find = at;
		why = NULL;
		if (address_next(list, &find, stop, address)) {
			cleaned->addresses++;
			why = list->is_dead(list->argument, address);
		}
		if (why == NULL) {
			if (!is_first)
				put_ascii(&cleaned->kept, list, ",");
			put(&cleaned->kept, list, at, stop);
			is_first = false;
			continue;
		}
		cleaned->dead_addresses++;
		for (find = at; list->shadow[find] == ' ' || list->shadow[find] == '\t' ||
		                is_line_break(list->shadow[find]);)
			find++;
		put(&cleaned->dead, list, find, stop);
		put_ascii(&cleaned->dead, list, "  # ");
		put_ascii(&cleaned->dead, list, why);
		put_ascii(&cleaned->dead, list, "\n");
	}
}

/* The length of the name and colon of a field of recipients that AT begins with; 0: it is none. */
static size_t field_length(const struct list *list, size_t at)
{
	static const char *const names[] = {"To:", "Cc:", "Bcc:", "Resent-To:"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strncasecmp(list->shadow + at, names[i], strlen(names[i])) == 0)
			return strlen(names[i]);
	return 0;
}

/* Where the field that begins at AT ends: its folded lines are part of it. */
static size_t field_end(const struct list *list, size_t at)
{
	do {
		const char *newline = memchr(list->shadow + at, '\n', list->length - at);

		at = newline != NULL ? (size_t)(newline - list->shadow) + 1 : list->length;
	} while (at < list->length && (list->shadow[at] == ' ' || list->shadow[at] == '\t'));
	return at;
}

/* A field, or the only line there is: NAME bytes, then addresses, then a newline. */
static void clean_field(
        struct cleaned *cleaned, const struct list *list, size_t start, size_t name, size_t end)
{
	size_t text = end;

	while (text > start + name && is_line_break(list->shadow[text - 1]))
		text--;
	put(&cleaned->kept, list, start, start + name);
	clean_items(cleaned, list, start + name, text);
	put(&cleaned->kept, list, text, end);
}

/* Whether the line from START to END is nothing but several addresses with commas between. */
static bool is_only_addresses(const struct list *list, size_t start, size_t end)
{
	char address[ADDRESS_MAX + 1];
	size_t at = start, stop, find, count = 0;

	for (; at < end; at = stop + 1, count++) {
		stop = find = item_end(list, at, end);
		find = at;
		if (!address_next(list, &find, stop, address))
			return false;
	}
	return count > 1;
}

struct cleaned clean_list(
        const void *ctx, const char *bytes, size_t length, clean_fn *is_dead, void *argument)
{
	struct cleaned cleaned = {.kept = buffer_new(ctx), .dead = buffer_new(ctx)};
	struct list list = list_open(ctx, bytes, length);
	size_t at, end, name, units = list.length * list.unit;

	list.is_dead = is_dead;
	list.argument = argument;
	list.separator = separator_of(&list);
	buffer_add(&cleaned.kept, bytes, list.start);
	buffer_add(&cleaned.dead, bytes, list.start);
	for (at = 0; at < list.length; at = end) {
		name = field_length(&list, at);
		end = name > 0 ? field_end(&list, at) : line_end(&list, at);
		if (name > 0 ||
		        (at == 0 && end == list.length && is_only_addresses(&list, at, end)))
			clean_field(&cleaned, &list, at, name, end);
		else
			clean_line(&cleaned, &list, at, end);
	}
	buffer_add(&cleaned.kept, bytes + list.start + units, length - list.start - units);
	talloc_free(list.shadow);
	return cleaned;
}
