/* notmuch bounce clean: prints a list of addresses (CSV, one per line, aliases, a header field)
 * without those that are dead. Bytes of the list are left out, but never changed. Takes linear
 * time, and memory for the list twice. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <strings.h>
#include <unistd.h>

#include "after/standing.h"
#include "base/buffer.h"
#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "mail/address.h"

/* The list, and its shadow, in which we search: it has one byte for each unit of the list (a byte,
 * or two bytes of UTF-16), which is the unit itself if that is an ASCII character, else one above
 * 0x7f. So the second byte of a character in Shift_JIS is not taken for an `@` or a quote. */
struct list {
	/* Options: names of files. */
	const char *dead_to, *dead_from;

	/* what was read; what is kept of it takes the place of what was looked at */
	char *bytes;
	char *shadow;
	size_t length; /* of the shadow, in units */
	size_t unit;   /* bytes of a unit */
	size_t start;  /* bytes before the first unit: the byte order mark */
	bool big_endian;
	char separator; /* of columns; '\0': there are none */

	GHashTable *dead; /* the reason, as a word, by the address in lower case */
	size_t kept;      /* bytes */
	/* what is left out, each with its reason as one more column, or after a #, if that is
	 * wanted */
	struct buffer gone;
	size_t addresses, dead_addresses;
	size_t mixed; /* lines that stay though some of their addresses are dead */
};

/* Makes the shadow of a list in Shift_JIS. Returns false if the list is in another charset (in
 * EUC-JP and UTF-8 no byte of a character is ASCII), or if none of its characters has a second byte
 * that is ASCII. */
static bool list_shade_sjis(struct list *list)
{
	const unsigned char *bytes = (const unsigned char *)list->bytes;
	bool matters = false;

	for (size_t i = 0; i < list->length; i++) {
		unsigned char lead = bytes[i], trail = i + 1 < list->length ? bytes[i + 1] : 0;

		list->shadow[i] = list->bytes[i];
		if (lead < 0x80 || (lead >= 0xa1 && lead <= 0xdf))
			continue;
		if (lead == 0x80 || lead == 0xa0 || lead > 0xfc || trail < 0x40 || trail == 0x7f ||
		        trail > 0xfc)
			return false;
		matters = matters || trail < 0x80;
		list->shadow[i] = list->shadow[i + 1] = '\x80';
		i++;
	}
	return matters;
}

static void list_shade(struct list *list, const void *ctx, size_t length)
{
	const unsigned char *at = (const unsigned char *)list->bytes;
	bool is_utf16 = length >= 2 &&
	                ((at[0] == 0xff && at[1] == 0xfe) || (at[0] == 0xfe && at[1] == 0xff));

	list->start = is_utf16 ? 2 : 0;
	list->unit = is_utf16 ? 2 : 1;
	list->big_endian = is_utf16 && at[0] == 0xfe;
	list->length = (length - list->start) / list->unit;
	list->shadow = talloc_size(ctx, list->length + 1);
	list->shadow[list->length] = '\0';
	if (!is_utf16 && !list_shade_sjis(list))
		memcpy(list->shadow, list->bytes, length);
	for (size_t i = 0; is_utf16 && i < list->length; i++) {
		unsigned char high = at[2 + 2 * i + !list->big_endian],
		              low = at[2 + 2 * i + list->big_endian];

		list->shadow[i] = high == 0 && low < 0x80 ? (char)low : '\x80';
	}
}

/* Returns the separator of columns: the most frequent one in the first line; '\0' if there is
 * none. */
static char list_separator(const struct list *list)
{
	static const char candidates[] = "\t;,";
	size_t counts[sizeof candidates] = {0}, best = 0;

	for (size_t i = 0; i < list->length && list->shadow[i] != '\n'; i++)
		for (size_t j = 0; j < sizeof candidates - 1; j++)
			counts[j] += list->shadow[i] == candidates[j];
	for (size_t i = 1; i < sizeof candidates - 1; i++)
		best = counts[i] > counts[best] ? i : best;
	return counts[best] > 0 ? candidates[best] : '\0';
}

/* Returns where the quoted field at AT ends, after its last quote. AT if it does not end within
 * LINE_BYTES_MAX: then AT is only a quote. */
static size_t list_quoted_end(const struct list *list, size_t at)
{
	size_t most = MIN(list->length, at + LINE_BYTES_MAX);

	for (size_t end = at + 1; end < most; end++)
		if (list->shadow[end] == '"' && list->shadow[++end] != '"')
			return end;
	return at;
}

/* Returns where the line that begins at AT ends, after its newline. A newline in a quoted field of
 * CSV (RFC 4180) does not end it. */
static size_t list_line_end(const struct list *list, size_t at)
{
	bool field = true; /* a field begins here */

	for (; at < list->length && list->shadow[at] != '\n'; at++) {
		size_t end = field && list->shadow[at] == '"' ? list_quoted_end(list, at) : at;

		if (end > at)
			at = end - 1;
		field = list->separator != '\0' && list->shadow[at] == list->separator;
	}
	return at < list->length ? at + 1 : at;
}

/* Returns whether C can be part of an address. Other characters that RFC 5321 allows before the @
 * are more often separators in lists. */
static bool is_address_letter(char c)
{
	return g_ascii_isalnum(c) || (c != '\0' && strchr("!#$%&*+-^_`{}~.", c) != NULL);
}

/* Returns where the part before the @ at SIGN begins, at START or later; SIGN if there is none.
 * Sets *END to its end. Quotes around it, which CSV doubles, don't belong to it. */
static const char *local_part(const char *start, const char *sign, const char **end)
{
	const char *first = sign;

	while (first > start && first[-1] == '"')
		first--;
	*end = first;
	if (first == sign) {
		while (first > start && is_address_letter(first[-1]))
			first--;
		return first;
	}
	while (first > start && *end - first < ADDRESS_MAX && first[-1] != '"' && first[-1] != '\n')
		first--;
	return first > start && first[-1] == '"' ? first : sign;
}

/* Copies the next address between *AT and END, in lower case, without quotes, to BUFFER
 * (ADDRESS_MAX bytes and a NUL), and moves *AT past it. Returns false if there is none. */
static bool list_next_address(const struct list *list, size_t *at, size_t end, char *buffer)
{
	const char *text = list->shadow, *sign;

	while ((sign = memchr(text + *at, '@', end - *at)) != NULL) {
		const char *last = sign + 1, *local_end,
		           *first = local_part(text + *at, sign, &local_end);

		while (last < text + end && is_address_letter(*last))
			last++;
		*at = (size_t)(last - text);
		while (last[-1] == '.')
			last--;
		if (first >= local_end || last == sign + 1 || last - first > ADDRESS_MAX)
			continue;
		for (; first < last; first = first + 1 == local_end ? sign : first + 1)
			*buffer++ = g_ascii_tolower(*first);
		*buffer = '\0';
		return true;
	}
	return false;
}

/* Returns why the addresses from AT to END are dead; NULL if one is not dead, or there is none.
 * Counts them. */
static const char *why_dead(struct list *list, size_t at, size_t end)
{
	char address[ADDRESS_MAX + 1];
	size_t all = 0, dead = 0;
	const char *why = NULL;

	while (list_next_address(list, &at, end, address)) {
		const char *reason = g_hash_table_lookup(list->dead, address);

		all++;
		dead += reason != NULL;
		why = why != NULL ? why : reason;
	}
	list->addresses += all;
	list->dead_addresses += dead;
	list->mixed += dead > 0 && dead < all;
	return dead == all ? why : NULL;
}

/* Keeps what lies from START to END, and all that is kept lies before. */
static void list_keep(struct list *list, size_t start, size_t end)
{
	size_t length = (end - start) * list->unit;

	memmove(list->bytes + list->kept, list->bytes + list->start + start * list->unit, length);
	list->kept += length;
}

static void list_drop(struct list *list, size_t start, size_t end)
{
	buffer_add(&list->gone, list->bytes + list->start + start * list->unit,
	        (end - start) * list->unit);
}

/* Adds TEXT, which is ASCII, in the charset of the list to what is left out. */
static void list_drop_ascii(struct list *list, const char *text)
{
	for (; *text != '\0'; text++) {
		const char unit[] = {'\0', *text, '\0'};

		buffer_add(&list->gone, unit + (list->unit == 1 || !list->big_endian), list->unit);
	}
}

/* Returns END, or where the line break before it begins. */
static size_t list_text_end(const struct list *list, size_t start, size_t end)
{
	while (end > start && (list->shadow[end - 1] == '\n' || list->shadow[end - 1] == '\r'))
		end--;
	return end;
}

/* Leaves out what lies from START to END: adds it, with MARK and WHY, to what is left out. */
static void list_put_gone(
        struct list *list, size_t start, size_t end, const char *mark, const char *why)
{
	size_t text = list_text_end(list, start, end);

	if (list->dead_to == NULL)
		return;
	list_drop(list, start, text);
	list_drop_ascii(list, mark);
	list_drop_ascii(list, why);
	if (text < end)
		list_drop(list, text, end);
	else
		list_drop_ascii(list, "\n");
}

/* Returns where the item at AT in a list of addresses ends: at the next comma outside quotes, or at
 * END. A quote that has no other before END is ignored. */
static size_t list_item_end(const struct list *list, size_t at, size_t end)
{
	const char *text = list->shadow;

	for (; at < end && text[at] != ','; at++) {
		const char *close =
		        text[at] == '"' ? memchr(text + at + 1, '"', end - at - 1) : NULL;

		if (close != NULL)
			at = (size_t)(close - text);
	}
	return at;
}

/* Cleans the list of addresses from START to END item by item. */
static void list_clean_items(struct list *list, size_t start, size_t end)
{
	bool is_first = true;

	for (size_t at = start, stop; at <= end; at = stop + 1) {
		stop = list_item_end(list, at, end);
		const char *why = why_dead(list, at, stop);

		if (why == NULL) {
			list_keep(list, at - !is_first, stop); /* with the comma before it */
			is_first = false;
			continue;
		}
		at += strspn(list->shadow + at, " \t\r\n");
		list_put_gone(list, at, stop, "  # ", why);
	}
}

/* Returns whether the line from AT to END has several items, separated by commas, and each has an
 * address. */
static bool is_only_addresses(const struct list *list, size_t at, size_t end)
{
	char address[ADDRESS_MAX + 1];
	size_t count = 0;

	for (size_t stop; at < end; at = stop + 1, count++) {
		stop = list_item_end(list, at, end);
		if (!list_next_address(list, &at, stop, address))
			return false;
	}
	return count > 1;
}

/* Returns the length of the name and colon of the field of recipients at AT; 0 if there is none.
 * Sets *END to the end of the field, with its folded lines. */
static size_t list_field_at(const struct list *list, size_t at, size_t *end)
{
	static const char *const names[] = {"To:", "Cc:", "Bcc:", "Resent-To:"};
	size_t length = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strncasecmp(list->shadow + at, names[i], strlen(names[i])) == 0)
			length = strlen(names[i]);
	if (length == 0)
		return 0;
	*end = at;
	do {
		const char *newline = memchr(list->shadow + *end, '\n', list->length - *end);

		*end = newline != NULL ? (size_t)(newline - list->shadow) + 1 : list->length;
	} while (list->shadow[*end] == ' ' || list->shadow[*end] == '\t');
	return length;
}

/* Cleans a list of LENGTH bytes in UTF-8, UTF-16 (with a byte order mark), Shift_JIS, EUC-JP or a
 * charset of single bytes. Leaves out each line all of whose addresses are dead. In a To, Cc or Bcc
 * field, and if the whole list is one line of addresses, leaves out single addresses. */
static void list_clean(struct list *list, const void *ctx, size_t length)
{
	list_shade(list, ctx, length);
	list->separator = list_separator(list);
	list->kept = list->start;
	list->gone = buffer_new(ctx);
	buffer_add(&list->gone, list->bytes, list->start);

	const char column[] = {list->separator, '\0'};

	for (size_t at = 0, end; at < list->length; at = end) {
		size_t name = list_field_at(list, at, &end);

		if (name == 0)
			end = list_line_end(list, at);
		if (name > 0 ||
		        (at == 0 && end == list->length && is_only_addresses(list, at, end))) {
			size_t text = list_text_end(list, at + name, end);

			list_keep(list, at, at + name);
			list_clean_items(list, at + name, text);
			list_keep(list, text, end);
			continue;
		}
		const char *why = why_dead(list, at, end);

		if (why == NULL)
			list_keep(list, at, end);
		else
			list_put_gone(list, at, end, column[0] != '\0' ? column : "  # ", why);
	}
	/* a last byte that is only half a unit of UTF-16 */
	size_t rest = length - list->start - list->length * list->unit;
	memmove(list->bytes + list->kept, list->bytes + length - rest, rest);
	list->kept += rest;
}

/* Notes ADDRESS as dead: without quotes around the part before its @, and as mail carries it. */
static void dead_add(struct list *list, const char *address, const char *why)
{
	const char *end = address[0] == '"' ? strstr(address + 1, "\"@") : NULL;
	g_autofree char *plain = end != NULL ? g_strdup_printf("%.*s%s", (int)(end - address - 1),
	                                               address + 1, end + 1)
	                                     : g_strdup(address);

	SCOPED void *scratch = talloc_new(NULL);

	g_hash_table_insert(
	        list->dead, g_ascii_strdown(address_wire(scratch, plain), -1), g_strdup(why));
}

static enum status dead_read_index(struct call *call, struct list *list)
{
	struct standings found = {NULL, 0};

	if (call->index == NULL)
		return cmd_index_missing(call);
	if (!standings_read(call->ctx, call->index, call->wording, NULL, 0, false, &found))
		return cmd_query_failed(call, NULL);
	for (size_t i = 0; i < found.count; i++)
		if (found.list[i]->kind == STANDING_DEAD)
			dead_add(list, found.list[i]->address, reason_name(found.list[i]->reason));
	return STATUS_OK;
}

/* Reads dead addresses, one per line, as `addresses --format=list` writes them. */
static enum status dead_read_file(const void *ctx, const char *path, struct list *list)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	enum status status = fd >= 0 ? STATUS_OK : errno == ENOENT ? STATUS_NO_INPUT : STATUS_IO;
	char *bytes = NULL, *rest = NULL;
	size_t length;

	if (status == STATUS_OK)
		status = io_read_all(ctx, fd, LIST_MAX, &bytes, &length);
	if (status != STATUS_OK)
		cmd_say("clean: %s: %s", path, cmd_text(strerror(errno)));
	for (char *line = bytes != NULL ? strtok_r(bytes, "\r\n", &rest) : NULL; line != NULL;
	        line = strtok_r(NULL, "\r\n", &rest))
		dead_add(list, g_strstrip(line), "dead");
	if (fd >= 0)
		close(fd);
	return status;
}

static enum status list_write_gone(const char *path, struct buffer *gone)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	enum status status = fd >= 0 ? io_write(fd, buffer_text(gone), gone->length) : STATUS_IO;

	if (fd >= 0 && close(fd) != 0)
		status = STATUS_IO;
	if (status != STATUS_OK)
		cmd_say("clean: %s: %s; nothing was printed", path, cmd_text(strerror(errno)));
	return status;
}

static enum status clean_stdin(const void *ctx, struct list *list)
{
	char *bytes;
	size_t length;
	enum status status = io_read_all(ctx, STDIN_FILENO, LIST_MAX, &bytes, &length);

	if (status != STATUS_OK) {
		cmd_say("clean: standard input can't be read: %s; nothing was printed",
		        cmd_text(strerror(errno)));
		return status;
	}
	if (length == LIST_MAX) {
		cmd_say("clean: the list is larger than %u MB; nothing was printed",
		        LIST_MAX >> 20);
		return STATUS_REFUSED;
	}
	list->bytes = bytes;
	list_clean(list, ctx, length);
	/* What is left out is written first, so that it is not lost if this fails. */
	if (list->dead_to != NULL)
		status = list_write_gone(list->dead_to, &list->gone);
	if (status != STATUS_OK)
		return status;
	status = cmd_write(list->bytes, list->kept);
	if (status == STATUS_OK)
		cmd_say(list->mixed == 0 ? "clean: %zu of %zu addresses are dead"
		                         : "clean: %zu of %zu addresses are dead; lines that have "
		                           "other addresses too stay",
		        list->dead_addresses, list->addresses);
	return status;
}

static enum status clean_run(struct call *call)
{
	struct list *list = call->options;

	list->dead = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	enum status status = list->dead_from != NULL
	                             ? dead_read_file(call->ctx, list->dead_from, list)
	                             : dead_read_index(call, list);

	if (status == STATUS_OK)
		status = clean_stdin(call->ctx, list);
	g_hash_table_destroy(list->dead);
	return status;
}

static const struct option options[] = {
        VALUE_OPTION("dead-to", OPTION_VALUE, struct list, dead_to, "FILE"),
        VALUE_OPTION("dead", OPTION_VALUE, struct list, dead_from, "FILE"),
        NO_OPTION,
};

const struct command command_clean = {
        .name = "clean",
        .arguments = "[OPTION]... < LIST",
        .options = options,
        .takes_stdin = true,
        .size = sizeof(struct list),
        .needs = USES_INDEX | NEEDS_WORDING,
        .run = clean_run,
};
