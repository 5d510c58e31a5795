#include "resend/draft-recipients.h"

#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/list.h"
#include "mail/address.h"

/* Columns in which recipients stand beside each other. */
#define LINE_COLUMNS 76

struct item {
	const char *start, *end; /* of the recipient, with its name, as it was written */
	const char *address;
	size_t length; /* of its address; 0: none */
};

/* Behind the quoted string, comment or ISO-2022-JP text (some write that without encoding) that begins at P; P if none does. */
static const char *opaque_end(const char *p, const char *end)
{
	const char *start = p;
	int depth = 0;

	if (*p == '"') {
		for (p++; p < end && *p != '"'; p++)
			p += *p == '\\';
		return p < end ? p + 1 : end;
	}
	if (*p == '\033') {
		for (p++; p < end && !(*p == '\033' && end - p > 2 && p[1] == '('); p++)
			continue;
		return p < end ? p + 3 : end;
	}
	if (*p != '(')
		return start;
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

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The address of ITEM: the one in angle brackets, or else the first that stands there. */
static void item_address(const void *ctx, struct item *item)
{
	const char *p = item->start, *start, *next;
	char *text = talloc_strndup(ctx, item->start, (size_t)(item->end - item->start));
	size_t whole = strlen(text), length, n; /* there may be a NUL */

	for (item->length = 0; p < item->end; p = next) {
		next = opaque_end(p, item->end);
		if (next != p && *p != '"')
			continue;
		n = (size_t)(p - item->start) < whole ? address_scan(text + (p - item->start), &start, &length) : 0;
		if (n > 0 && (item->length == 0 || *p == '<')) {
			item->address = item->start + (start - text);
			item->length = length;
			next = p + n;
		} else if (next == p)
			next = p + 1;
	}
	talloc_free(text);
}

/* The recipient at *AT, which moves behind it; false at the end. The name of a group is passed over. */
static bool item_next(const void *ctx, const char **at, const char *end, struct item *item)
{
	const char *p = *at, *next;
	bool in_angle = false;

	while (p < end && (is_space(*p) || *p == ',' || *p == ';'))
		p++;
	item->start = p;
	for (; p < end; p = next) {
		next = opaque_end(p, end);
		if (next != p)
			continue;
		in_angle = *p == '<' || (in_angle && *p != '>');
		if (!in_angle && (*p == ',' || *p == ';'))
			break;
		next = p + 1;
		/* `name: a, b;` is a group (RFC 5322 section 3.4); in an encoded word a colon may stand too. */
		if (!in_angle && *p == ':' && memchr(p, ';', (size_t)(end - p)) != NULL &&
		        memmem(item->start, (size_t)(p - item->start), "=?", 2) == NULL)
			item->start = next;
	}
	*at = p;
	item->end = p;
	while (item->start < item->end && is_space(*item->start))
		item->start++;
	while (item->end > item->start && is_space(item->end[-1]))
		item->end--;
	item_address(ctx, item);
	return item->end > item->start || p < end;
}

/* What the address of ITEM is to become; NULL: it is not to get the draft. */
static const char *item_becomes(const void *ctx, const struct item *item, const struct recipients *recipients)
{
	const char *address = item->length > 0 ? talloc_strndup(ctx, item->address, item->length) : NULL;
	size_t i;

	if (address == NULL || (recipients->only != NULL && !address_list_has(recipients->only, address)))
		return NULL;
	for (i = 0; recipients->wrong != NULL && recipients->wrong[i] != NULL; i++)
		if (address_equal(recipients->wrong[i], address))
			return recipients->right[i];
	return address;
}

static size_t last_line_length(const struct buffer *line)
{
	const char *newline = line->text != NULL ? memrchr(line->text, '\n', line->length) : NULL;

	return newline != NULL ? line->length - (size_t)(newline + 1 - line->text) : line->length;
}

/* ITEM with its address replaced by BECOMES, behind those that LINE has already. */
static void item_add(struct buffer *line, const struct item *item, const char *becomes, bool is_first, const char *eol)
{
	size_t before = (size_t)(item->address - item->start), after = (size_t)(item->end - item->address) - item->length;

	if (!is_first)
		buffer_add_string(line, ",");
	if (!is_first && last_line_length(line) + before + strlen(becomes) + after + 2 > LINE_COLUMNS)
		buffer_add_string(line, eol);
	buffer_add_string(line, " ");
	buffer_add(line, item->start, before);
	buffer_add_string(line, becomes);
	buffer_add(line, item->end - after, after);
}

char *recipients_field(const void *ctx, const struct raw_field *field, const struct recipients *recipients, const char *eol)
{
	size_t length, kept = 0;
	const char *at = raw_field_value(field, &length), *end = at + length;
	struct buffer line = buffer_new(ctx);
	bool changed = false;
	struct item item;

	buffer_print(&line, "%.*s:", (int)field->name_length, field->text);
	while (item_next(ctx, &at, end, &item)) {
		const char *becomes = item_becomes(ctx, &item, recipients);

		/* What names nobody, like `undisclosed-recipients:;`, is of no use when somebody is to be picked. */
		changed = changed || (becomes == NULL && (item.length > 0 || recipients->only != NULL)) ||
		          (becomes != NULL && strncmp(becomes, item.address, item.length) != 0) ||
		          (becomes != NULL && becomes[item.length] != '\0');
		if (becomes != NULL)
			item_add(&line, &item, becomes, kept++ == 0, eol);
	}
	buffer_add_string(&line, eol);
	if (kept == 0 && recipients->only != NULL)
		return talloc_strdup(ctx, "");
	return changed ? buffer_text(&line) : talloc_strndup(ctx, field->text, field->length);
}

char **recipients_list(const void *ctx, const struct raw_field *field)
{
	size_t length, count = 0;
	const char *at = raw_field_value(field, &length), *end = at + length;
	char **list = list_new(ctx), *address;
	struct item item;

	while (item_next(ctx, &at, end, &item)) {
		if (item.length == 0)
			continue;
		address = talloc_strndup(ctx, item.address, item.length);
		list_add(ctx, &list, &count, address);
		talloc_free(address);
	}
	return list;
}
