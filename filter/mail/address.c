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

/* Words of a name that are compared. */
#define NAME_WORDS_MAX 8

/* Bytes of three characters of a script that is not Latin: fewer are a family's name, and many have
 * it. */
#define FOREIGN_NAME_MIN 9

/* What stands between two words of a name, after text_fold(). */
static const char between[] = " ,.'\"()-_/;:";

/* LENGTH bytes of TEXT without what stands around a name. */
static char *name_of(const void *ctx, const char *text, size_t length)
{
	while (length > 0 && strchr(" \t\r\n,;\"'", *text) != NULL) {
		text++;
		length--;
	}
	while (length > 0 && strchr(" \t\r\n<\"'", text[length - 1]) != NULL)
		length--;
	return text_one_line(ctx, text, length, VALUE_MAX);
}

bool mailbox_next(const void *ctx, const char **at, struct mailbox *mailbox)
{
	const char *end = *at + strlen(*at), *start = NULL;
	struct address_item item;

	while (address_list_next(at, end, &item)) {
		/* A comma in a name that was encoded is one of the name. */
		start = start == NULL && item.end > item.start ? item.start : start;
		mailbox->address = address_item_address(ctx, &item);
		if (mailbox->address == NULL)
			continue;
		mailbox->name = name_of(ctx, start,
		        item.name_length > 0 ? (size_t)(item.name + item.name_length - start) : 0);
		if (strchr(mailbox->name, '@') != NULL)
			mailbox->name[0] = '\0';
		return true;
	}
	return false;
}

struct words {
	char *list[NAME_WORDS_MAX];
	size_t count, letters;
	bool is_latin;
};

static struct words words_of(const void *ctx, const char *name)
{
	struct words words = {.is_latin = true};
	char *folded = text_fold(ctx, name, strlen(name)), *rest, *word;

	for (word = strtok_r(folded, between, &rest); word != NULL && words.count < NAME_WORDS_MAX;
	        word = strtok_r(NULL, between, &rest)) {
		words.letters += strlen(word);
		/* U+0400 and above */
		words.is_latin = words.is_latin && (unsigned char)word[0] < 0xd0;
		words.list[words.count++] = word;
	}
	return words;
}

/* Each word of B counts once. */
static size_t in_common(const struct words *a, const struct words *b)
{
	bool taken[NAME_WORDS_MAX] = {false};
	size_t count = 0, i, j;

	for (i = 0; i < a->count; i++)
		for (j = 0; j < b->count; j++)
			if (!taken[j] && strcmp(a->list[i], b->list[j]) == 0) {
				taken[j] = true;
				count++;
				break;
			}
	return count;
}

bool mailbox_same_name(const char *a, const char *b)
{
	void *ctx = talloc_new(NULL);
	struct words x = words_of(ctx, a), y = words_of(ctx, b);
	size_t common = in_common(&x, &y);
	bool same = common == x.count && common == y.count &&
	            (common > 1 || (common == 1 && !x.is_latin && x.letters >= FOREIGN_NAME_MIN));

	talloc_free(ctx);
	return same;
}

bool mailbox_is_deaf(const char *address)
{
	static const char *const deaf[] = {"noreply", "no-reply", "no_reply", "no.reply",
	        "donotreply", "do-not-reply", "mailer-daemon", "postmaster@", "bounce", "listserv@",
	        "majordomo@", NULL};
	size_t i;

	for (i = 0; deaf[i] != NULL; i++)
		if (strncasecmp(address, deaf[i], strlen(deaf[i])) == 0)
			return true;
	return false;
}
