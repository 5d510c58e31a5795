#include "mail/address.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/limits.h"
#include "base/list.h"
#include "mail/header.h"
#include "text/text.h"

/* -- In running text */

/* Returns how many bytes the character at TEXT takes; 0 if it can't be in an address: full-width
 * and CJK punctuation, which notices put around addresses, or bytes that aren't UTF-8. */
static size_t foreign_length(const char *text)
{
	uint32_t c;
	size_t length = utf8_decode(text, text + strnlen(text, 4), &c);
	bool is_full_width = c >= 0xff00 && c <= 0xff65;
	bool is_letter = (c >= 0xff10 && c <= 0xff19) || (c >= 0xff21 && c <= 0xff3a) ||
	                 (c >= 0xff41 && c <= 0xff5a);

	return (c >= 0x3000 && c <= 0x303f) || (is_full_width && !is_letter) ? 0 : length;
}

/* RFC 5322 atext and the dot, without letters and digits */
#define LOCAL_SIGNS "!#$%&'*+-/=?^_`{|}~."

/* Returns the length of the run at TEXT of letters, digits, characters of other scripts (RFC 6531)
 * and OTHERS, as far as it begins in the first MOST bytes. */
static size_t run_length(const char *text, const char *others, size_t most)
{
	size_t n = 0, step = 1;

	while (n < most && text[n] != '\0' && step > 0) {
		step = (unsigned char)text[n] >= 0x80
		               ? foreign_length(text + n)
		               : g_ascii_isalnum(text[n]) || strchr(others, text[n]) != NULL;
		n += step;
	}
	return n;
}

static size_t local_length(const char *text)
{
	if (text[0] != '"')
		return run_length(text, LOCAL_SIGNS, ADDRESS_MAX);
	size_t n = 1;
	for (; !g_ascii_iscntrl(text[n]) && text[n] != '"' && n < ADDRESS_MAX; n++)
		n += text[n] == '\\' && !g_ascii_iscntrl(text[n + 1]);
	return text[n] == '"' ? n + 1 : 0;
}

/* Returns how many ASCII bytes TEXT (LENGTH bytes) begins with. */
static size_t ascii_length(const char *text, size_t length)
{
	return (size_t)(utf8_ascii_end(text, text + length) - text);
}

static size_t domain_length(const char *text)
{
	size_t n = text[0] == '[';

	if (n > 0) {
		while (n < ADDRESS_MAX && strchr("[] ", text[n]) == NULL &&
		        !g_ascii_iscntrl(text[n]))
			n++;
		return text[n] == ']' ? n + 1 : 0;
	}
	n = run_length(text, "-._", ADDRESS_MAX);
	/* A sentence in Chinese or Japanese may follow without a blank. */
	size_t ascii = ascii_length(text, n);
	if (ascii > 0 && ascii < n && (unsigned char)text[ascii] >= 0xe3 &&
	        g_ascii_isalnum(text[ascii - 1]) && memchr(text, '.', ascii) != NULL)
		n = ascii;
	/* `bo@example.net...User unknown`, as sendmail writes it */
	const char *dots = memmem(text, n, "..", 2);
	n = dots != NULL ? (size_t)(dots - text) : n;
	while (n > 0 && (text[n - 1] == '.' || text[n - 1] == '-'))
		n--;
	return n;
}

size_t address_scan(const char *text, const char **start, size_t *length)
{
	bool bracket = *text == '<';
	const char *p = text + bracket;

	if (strncasecmp(p, "mailto:", 7) == 0)
		p += 7;
	size_t local = local_length(p);
	if (local == 0 || p[local] != '@')
		return 0;
	size_t domain = domain_length(p + local + 1);
	*length = local + 1 + domain;
	if (domain == 0 || *length > ADDRESS_MAX)
		return 0;
	/* What is quoted with it may go on behind the address. */
	size_t quotes = strspn(p, "'"), quoted = quotes < local ? quotes : 0, closed = 0;
	while (closed < quoted && p[*length + closed] == '\'')
		closed++;
	*start = p + quoted;
	*length -= quoted;
	/* Text in another script may run into an ASCII address without a blank. */
	if ((unsigned char)**start >= 0x80 && (unsigned char)p[local - 1] < 0x80 &&
	        ascii_length(p + local, domain + 1) == domain + 1)
		return 0;
	p = *start + *length + closed;
	if (bracket && *p == '.' && p[1] == '>')
		p++;
	if (bracket && *p == '>')
		p++;
	return (size_t)(p - text);
}

size_t address_miss(const char *text)
{
	size_t local = run_length(text, LOCAL_SIGNS, SIZE_MAX),
	       domain = text[local] == '@' ? domain_length(text + local + 1) : 0,
	       length = local + 1 + domain;

	if (local == 0 || (domain > 0 && length <= ADDRESS_MAX))
		return 1;
	return domain == 0 ? local : MIN(local, length - ADDRESS_MAX);
}

char **address_scan_all(const void *ctx, const char *text)
{
	char **list = list_new(ctx);

	for (size_t count = 0, length; *text != '\0' && count < RECIPIENTS_MAX;) {
		const char *start;
		size_t taken = address_scan(text, &start, &length);

		if (taken > 0) {
			SCOPED char *address = talloc_strndup(NULL, start, length);

			list_add(ctx, &list, address);
			count++;
		}
		text += taken > 0 ? taken : address_miss(text);
	}
	return list;
}

/* -- In a field of a delivery status */

/* Decodes +XX (RFC 3461 section 4). A plus without two hexadecimal digits in capitals stays: it is
 * from a mailer that does not write xtext. */
static void decode_xtext(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++) {
		int value =
		        text[0] == '+' && strspn(text + 1, "0123456789ABCDEF") >= 2
		                ? g_ascii_xdigit_value(text[1]) * 16 + g_ascii_xdigit_value(text[2])
		                : 0;
		bool is_coded = value >= 0x20 && value < 0x7f;

		*to++ = is_coded ? (char)value : *text;
		text += is_coded ? 2 : 0;
	}
	*to = '\0';
}

/* Decodes \x{HEX} (RFC 6533 section 3), which never gets longer. */
static void decode_unitext(char *text)
{
	char *to = text;

	while (*text != '\0') {
		char *end = text;
		long c = strncmp(text, "\\x{", 3) == 0 ? strtol(text + 3, &end, 16) : 0;

		if (c > 0x1f && c < 0x110000 && (c < 0xd800 || c > 0xdfff) && *end == '}' &&
		        end - text <= 9) {
			to += g_unichar_to_utf8((gunichar)c, to);
			text = end + 1;
		} else
			*to++ = *text++;
	}
	*to = '\0';
}

char *address_from_field(const void *ctx, const char *value, bool encoded)
{
	SCOPED char *line = text_address(NULL, value, strlen(value), 2 * ADDRESS_MAX);
	char *text = line;
	const char *start;
	size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                             "0123456789-");

	length += strspn(text + length, " ");
	if (text[length] == ';') /* the address type stands before it */
		text += length + 1;
	text += strspn(text, " <");
	if (text[0] == '@' && strchr(text, ':') != NULL) /* `@a,@b:x@y` is x@y */
		text = strchr(text, ':') + 1;
	if (encoded)
		decode_xtext(text);
	decode_unitext(text);
	if (address_scan(text, &start, &length) == 0) {
		start = text;
		length = strcspn(text, "<>() ;,");
	}
	bool is_visible = text_one_line(line, value, ADDRESS_MAX)[0] != '\0';

	return length > 0 && is_visible ? text_address(ctx, start, length, ADDRESS_MAX) : NULL;
}

/* -- In a field of a mail (RFC 5322 section 3.4) */

/* Bytes that may stand around an address and that address_scan() takes off: `mailto:`, apostrophes,
 * a dot. */
#define AROUND_MAX 16

/* Ends a word outside of brackets. */
static const char specials[] = " \t\r\n,;:<>(\"\033";

struct span {
	const char *start, *end; /* NULL: there is none */
};

static bool is_field_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Returns what follows the quoted string at P. */
static const char *quoted_string_end(const char *p, const char *end)
{
	const char *quote = header_quote_end(p, end);

	return quote < end ? quote + 1 : end;
}

/* Returns where the ISO-2022-JP text at P ends. Some mailers write it without encoding, and its
 * bytes may look like commas or brackets. */
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

	for (const char *start = p; p < end && !is_field_space(*p); p++) {
		literal = (literal && *p != ']') || (p > start && *p == '[' && p[-1] == '@');
		if (encoded && p[0] == '?' && end - p > 1 && p[1] == '=' &&
		        (end - p == 2 || strchr(specials, p[2]) != NULL))
			return p + 2;
		if (!encoded && !(literal && *p == ':') && strchr(specials, *p) != NULL)
			break;
	}
	return p;
}

/* Returns whether WORD contains an @ that is not encoded. */
static bool has_at(struct span word)
{
	size_t length = (size_t)(word.end - word.start);
	bool is_encoded = length > 5 && memcmp(word.start, "=?", 2) == 0 &&
	                  memcmp(word.end - 2, "?=", 2) == 0;

	return !is_encoded && memchr(word.start, '@', length) != NULL;
}

/* Returns what the angle brackets at *AT hold, and moves *AT behind them. A comma that is not one
 * of a route ends them, too: then the closing bracket was forgotten. */
static struct span angle_read(const char **at, const char *end)
{
	const char *p = *at + 1;

	while (p < end && (is_field_space(*p) || *p == '<'))
		p++;
	struct span angle = {.start = p};
	bool route = p < end && *p == '@';
	while (p < end && *p != '>' && *p != '<' && (route || (*p != ',' && *p != ';')))
		p = *p == '"' ? quoted_string_end(p, end) : p + 1;
	angle.end = p;
	*at = p + (p < end && *p == '>');
	return angle;
}

static struct span span_trim(struct span span)
{
	while (span.start < span.end && is_field_space(*span.start))
		span.start++;
	while (span.end > span.start && is_field_space(span.end[-1]))
		span.end--;
	return span;
}

/* Makes SPAN the address of ITEM, if it is an address and nothing else. */
static void item_address(struct address_item *item, struct span span)
{
	char text[ADDRESS_MAX + AROUND_MAX + 1];

	span = span_trim(span);
	if (span.start < span.end && *span.start == '@') {
		const char *colon = memchr(span.start, ':', (size_t)(span.end - span.start));

		span.start = colon != NULL ? colon + 1 : span.end;
	}
	size_t length = (size_t)(span.end - span.start);
	if (length == 0 || length >= sizeof text)
		return;
	memcpy(text, span.start, length);
	text[length] = '\0';
	const char *start;
	size_t taken = address_scan(text, &start, &item->length);
	if (taken == 0 || (taken != length && strcmp(text + taken, ".") != 0))
		item->length = 0;
	else
		item->address = span.start + (start - text);
}

bool address_list_next(const char **at, const char *end, struct address_item *item)
{
	const char *p = *at, *name_end = NULL;
	struct span angle = {NULL, NULL}; /* what the last brackets hold */
	struct span bare = {NULL, NULL};  /* the last word with an @ in it outside of brackets */
	bool several = false;

	*item = (struct address_item){.name = NULL};
	while (p < end && (is_field_space(*p) || *p == ',' || *p == ';'))
		p++;
	struct span all = {.start = p};
	while (p < end && *p != ',' && *p != ';') {
		const char *from = p;

		if (*p == ':') { /* what was read so far was the name of a group */
			all.start = ++p;
			angle = bare = (struct span){NULL, NULL};
			name_end = NULL;
			several = false;
		} else if (*p == '<') { /* what stood before was a name */
			several = angle.start != NULL;
			name_end = name_end != NULL ? name_end : p;
			bare = (struct span){NULL, NULL};
			angle = angle_read(&p, end);
		} else if (*p == '(') {
			p = header_comment_end(p, end);
			p = p != NULL ? p : end;
		} else if (*p == '\033') {
			p = escape_end(p, end);
		} else if (is_field_space(*p) || *p == '>') {
			p++;
		} else {
			p = *p == '"' ? quoted_string_end(p, end) : p;
			if (*from == '"' && !(p < end && *p == '@'))
				continue; /* a name in quotes, rather than a local part */
			p = word_end(p, end);
			p += p == from; /* a NUL */
			if (!has_at((struct span){from, p}))
				continue;
			several = several || bare.start != NULL || angle.start != NULL;
			bare = (struct span){from, p};
		}
	}
	*at = all.end = p;
	all = span_trim(all);
	item->start = item->address = all.start;
	item->end = all.end;
	if (angle.start != NULL) {
		struct span name = span_trim((struct span){all.start, name_end});

		item->name = name.start;
		item->name_length = (size_t)(name.end - name.start);
	}
	if (!several && (angle.start != NULL || bare.start != NULL))
		item_address(item, angle.start != NULL ? angle : bare);
	return all.end > all.start || p < end;
}

/* Returns the address of ITEM, owned by CTX, at most ADDRESS_MAX bytes of UTF-8; NULL if it has
 * none, or a longer one. */
static char *address_item_address(const void *ctx, const struct address_item *item)
{
	/* Escapes make it longer, at most three times. Cut, it would be another address. */
	char *address = item->length > 0
	                        ? text_address(ctx, item->address, item->length, 4 * ADDRESS_MAX)
	                        : NULL;

	if (address == NULL || (strlen(address) <= ADDRESS_MAX && address_is_complete(address)))
		return address;
	talloc_free(address);
	return NULL;
}

char **address_list_read(const void *ctx, const char *value, size_t length)
{
	const char *end = value + length;
	char **list = list_new(ctx);
	struct address_item item;

	for (size_t count = 0; count < RECIPIENTS_MAX && address_list_next(&value, end, &item);) {
		SCOPED char *address = address_item_address(NULL, &item);

		count += address != NULL;
		if (address != NULL)
			list_add(ctx, &list, address);
	}
	return list;
}

char **address_list(const void *ctx, const char *value)
{
	return address_list_read(ctx, value, strlen(value));
}

char *address_list_only(const void *ctx, const char *value)
{
	SCOPED char **list = address_list(NULL, value);

	return list[0] != NULL && list[1] == NULL ? talloc_steal(ctx, list[0]) : NULL;
}

bool address_list_has(char *const *list, const char *address)
{
	for (; list != NULL && *list != NULL; list++)
		if (address_equal(*list, address))
			return true;
	return false;
}

GHashTable *address_set(const void *ctx, char *const *list)
{
	GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);

	for (; list != NULL && *list != NULL; list++)
		g_hash_table_add(set, address_digest(ctx, *list));
	return set;
}

bool address_set_has(GHashTable *set, const char *address)
{
	SCOPED char *digest = address_digest(NULL, address);

	return g_hash_table_contains(set, digest);
}

/* Returns LENGTH bytes of TEXT without the quotes, blanks and brackets around a name. */
static char *mailbox_name(const void *ctx, const char *text, size_t length)
{
	while (length > 0 && strchr(" \t\r\n,;\"'", *text) != NULL) {
		text++;
		length--;
	}
	while (length > 0 && strchr(" \t\r\n<\"'", text[length - 1]) != NULL)
		length--;
	return text_one_line_of(ctx, text, length, VALUE_MAX);
}

bool mailbox_next(const void *ctx, const char **at, const char *end, struct mailbox *mailbox)
{
	const char *start = NULL;
	struct address_item item;

	while (address_list_next(at, end, &item)) {
		/* A comma in a name that was encoded is one of the name. */
		start = start == NULL && item.end > item.start ? item.start : start;
		mailbox->address = address_item_address(ctx, &item);
		if (mailbox->address == NULL)
			continue;
		mailbox->name = mailbox_name(ctx, start,
		        item.name_length > 0 ? (size_t)(item.name + item.name_length - start) : 0);
		if (strchr(mailbox->name, '@') != NULL)
			mailbox->name[0] = '\0';
		return true;
	}
	return false;
}

/* -- What an address tells */

char *address_local(const void *ctx, const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL ? talloc_strndup(ctx, address, (size_t)(at - address)) : NULL;
}

char *address_domain(const void *ctx, const char *address)
{
	const char *at = strrchr(address, '@');
	char *domain = at != NULL ? talloc_strdup(ctx, at + 1) : NULL;

	for (char *p = domain; p != NULL && *p != '\0'; p++)
		*p = g_ascii_tolower(*p);
	return domain;
}

const char *address_organisation(const char *host)
{
	static const char *const shared[] = {"ac", "ad", "co", "com", "ed", "edu", "go", "gob",
	        "gov", "gr", "lg", "ltd", "ne", "net", "or", "org", "plc", "sch"};
	const char *top = strrchr(host, '.'),
	           *second = top != NULL ? memrchr(host, '.', (size_t)(top - host)) : NULL;

	if (second == NULL)
		return host;
	for (size_t i = 0; strlen(top) == strlen(".jp") && i < G_N_ELEMENTS(shared); i++)
		if (strncmp(second + 1, shared[i], strlen(shared[i])) == 0 &&
		        second + 1 + strlen(shared[i]) == top) {
			const char *third = memrchr(host, '.', (size_t)(second - host));

			return third != NULL ? third + 1 : host;
		}
	return second + 1;
}

bool address_equal(const char *a, const char *b)
{
	const char *at = strrchr(a, '@'), *other = strrchr(b, '@');
	size_t local = at != NULL ? (size_t)(at - a) : 0;

	if (strcasecmp(a, b) == 0)
		return true;
	if (at == NULL || other == NULL || local != (size_t)(other - b) ||
	        strncasecmp(a, b, local) != 0 || (g_str_is_ascii(at) && g_str_is_ascii(other)))
		return false;
	SCOPED void *ctx = talloc_new(NULL);

	return strcasecmp(address_wire(ctx, a), address_wire(ctx, b)) == 0;
}

bool address_is_complete(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL && at != address && at[1] != '\0';
}

char *address_digest(const void *ctx, const char *address)
{
	SCOPED void *scratch = talloc_new(NULL);
	uint64_t hash = 14695981039346656037u; /* FNV-1a */

	for (address = address_wire(scratch, address); *address != '\0'; address++)
		hash = (hash ^ (unsigned char)g_ascii_tolower(*address)) * 1099511628211u;
	return talloc_asprintf(ctx, "%016" PRIx64, hash);
}

/* Returns the @ before the domain of ADDRESS. NULL: GLib, which reads beyond the end of what is no
 * UTF-8, must not see it. */
static const char *domain_find(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL && g_utf8_validate(at, -1, NULL) ? at : NULL;
}

const char *address_decoded(const void *ctx, const char *address)
{
	const char *at = domain_find(address);
	g_autofree char *letters =
	        at != NULL && strcasestr(at, "xn--") != NULL ? g_hostname_to_unicode(at + 1) : NULL;

	if (letters != NULL && text_is_clean(letters) &&
	        strpbrk(letters, " \t\"<>()[],;:\\{}@") == NULL)
		return talloc_asprintf(ctx, "%.*s@%s", (int)(at - address), address, letters);
	return address;
}

/* Returns whether a part of DOMAIN, between dots, may pass for another. */
static bool is_lookalike(const char *domain)
{
	g_auto(GStrv) labels = g_strsplit(domain, ".", -1);
	char **label = labels;

	while (*label != NULL && !text_is_lookalike(*label))
		label++;
	return *label != NULL;
}

const char *address_shown(const void *ctx, const char *address)
{
	const char *decoded = address_decoded(ctx, address), *at = strrchr(decoded, '@');

	return at != NULL && is_lookalike(at + 1) ? address_wire(ctx, decoded) : decoded;
}

const char *address_wire(const void *ctx, const char *address)
{
	const char *at = domain_find(address);
	g_autofree char *ascii =
	        at != NULL && g_hostname_is_non_ascii(at + 1) ? g_hostname_to_ascii(at + 1) : NULL;

	return ascii != NULL ? talloc_asprintf(ctx, "%.*s@%s", (int)(at - address), address, ascii)
	                     : address;
}

bool mailbox_is_deaf(const char *address)
{
	static const char *const deaf[] = {"noreply", "no-reply", "no_reply", "no.reply",
	        "donotreply", "do-not-reply", "mailer-daemon", "postmaster@", "bounce", "listserv@",
	        "majordomo@"};

	for (size_t i = 0; i < G_N_ELEMENTS(deaf); i++)
		if (strncasecmp(address, deaf[i], strlen(deaf[i])) == 0)
			return true;
	return false;
}

/* Bytes of three characters of a script that is not Latin: fewer are a family name, which many
 * people have. */
#define FOREIGN_NAME_MIN 9

/* Reads the words of NAME, sorted, into *WORDS. Returns whether they are enough to tell one
 * person. */
static bool name_words(const void *ctx, const char *name, char ***words)
{
	size_t count = 0, letters = 0;
	bool is_latin = true;
	char *rest = text_fold(ctx, name, strlen(name));

	*words = list_new(ctx);
	for (const char *word; (word = strsep(&rest, " ,.'\"()-_/;:")) != NULL;) {
		if (*word == '\0')
			continue;
		list_add(ctx, words, word);
		count++;
		letters += strlen(word);
		is_latin = is_latin && (unsigned char)word[0] < 0xd0; /* below U+0400 */
	}
	list_sort(*words);
	return count > 1 || (count == 1 && !is_latin && letters >= FOREIGN_NAME_MIN);
}

bool mailbox_same_name(const char *a, const char *b)
{
	SCOPED void *ctx = talloc_new(NULL);
	char **x, **y;
	bool same = name_words(ctx, a, &x) && name_words(ctx, b, &y);

	for (; same && (*x != NULL || *y != NULL); x++, y++)
		same = *x != NULL && *y != NULL && strcmp(*x, *y) == 0;
	return same;
}
