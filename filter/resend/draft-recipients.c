#include "resend/draft-recipients.h"

#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "mail/address-list.h"
#include "mail/address.h"

/* Columns in which recipients stand beside each other. */
#define LINE_COLUMNS 76

/* What the address of ITEM is to become; NULL: it is not to get the draft. */
static const char *item_becomes(const void *ctx, const struct address_item *item, const struct recipients *recipients)
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
static void item_add(struct buffer *line, const struct address_item *item, const char *becomes, bool is_first, const char *eol)
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
	struct address_item item;

	buffer_print(&line, "%.*s:", (int)field->name_length, field->text);
	while (address_list_next(&at, end, &item)) {
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
