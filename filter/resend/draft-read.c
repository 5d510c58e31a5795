/* What is in a draft, for the person who decides about it: the part of draft.h that reads. */
#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/list.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "resend/draft-parts.h"
#include "text/html.h"
#include "text/text.h"

struct draft_repairs draft_repairs(const void *ctx, const struct draft_source *source)
{
	struct draft_repairs repairs = {.plain = false};
	struct mime mime;
	struct part *part;

	mime_read(ctx, source->fields, source->body, &mime);
	if (mime.is_unclear || parts_are_sealed(mime.root, true))
		return repairs;
	for (part = mime.root; part != NULL; part = part_next(mime.root, part)) {
		repairs.plain = repairs.plain || part_is(part, "text/html");
		repairs.attachments = repairs.attachments || part_is_attachment(part);
	}
	return repairs;
}

/* All of DRAFT in one piece. */
static struct draft_source source_of(const void *ctx, const struct draft *draft)
{
	struct buffer all = buffer_new(ctx);
	size_t i;

	for (i = 0; i < draft->count; i++)
		buffer_add(&all, draft->pieces[i].start, draft->pieces[i].length);
	return draft_source(all.text, all.length);
}

/* The header stands in the first piece. */
static struct bytes fields_of(const struct draft *draft)
{
	return draft_source(draft->pieces[0].start, draft->pieces[0].length).fields;
}

char *draft_subject_line(const void *ctx, const struct draft *draft)
{
	const char *subject = header_line(ctx, fields_of(draft), "Subject");
	char *text = decode_words(ctx, subject != NULL ? subject : "");

	return text_one_line(ctx, text, strlen(text), VALUE_MAX);
}

char **draft_recipients(const void *ctx, const struct draft *draft)
{
	struct bytes fields = fields_of(draft);
	const char *at = fields.start, *end = at + fields.length;
	char **all = list_new(ctx);
	struct header_field field;
	size_t count = 0;

	while (header_next(&at, end, HEADER_STRICT, &field))
		if (header_field_is_recipients(&field)) {
			struct bytes value = header_field_value(&field);
			char **some = address_list_read(ctx, value.start, value.length);

			for (; *some != NULL; some++)
				list_add(ctx, &all, &count, *some);
		}
	return all;
}

/* TEXT line by line, each cleaned. */
static void add_lines(const void *ctx, struct buffer *buffer, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n"), indent = strspn(text, " ");

		buffer_add(buffer, text, indent < length ? indent : length);
		buffer_add_string(buffer, text_one_line(ctx, text, length, length + 4));
		buffer_add_string(buffer, "\n");
		text += length + (text[length] == '\n');
	}
}

char *draft_text(const void *ctx, const struct draft *draft)
{
	static const char *const fields[] = {"From", "To", "Cc", "Bcc", "Subject"};
	struct draft_source source = source_of(ctx, draft);
	struct buffer buffer = buffer_new(ctx);
	bool has_text = false;
	struct mime mime;
	struct part *part;
	size_t i;

	for (i = 0; i < sizeof fields / sizeof *fields; i++) {
		const char *line = header_line(ctx, source.fields, fields[i]);
		char *value = line != NULL ? decode_words(ctx, line) : NULL;

		if (value != NULL)
			buffer_print(&buffer, "%s: %s\n", fields[i],
			        text_one_line(ctx, value, strlen(value), VALUE_MAX));
	}
	buffer_add_string(&buffer, "\n");
	mime_read(ctx, source.fields, source.body, &mime);
	for (part = mime.root; part != NULL; part = part_next(mime.root, part)) {
		char *text = !has_text && part_is_text(part) ? part_text(ctx, part) : NULL;

		has_text = has_text || text != NULL;
		if (text != NULL && part_is(part, "text/html") && strlen(text) <= HTML_LETTER_MAX)
			text = html_to_letter(ctx, text, strlen(text));
		if (text != NULL)
			add_lines(ctx, &buffer, text);
	}
	for (part = mime.root; part != NULL; part = part_next(mime.root, part))
		if (part_is_attachment(part))
			buffer_print(&buffer, "[%s, %s]\n", part_name(ctx, part),
			        size_words(ctx, part_content_size(part)));
	return buffer_text(&buffer);
}
