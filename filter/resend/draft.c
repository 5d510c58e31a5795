#include "resend/draft.h"

#include <stdint.h>
#include <strings.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "mail/parameter.h"
#include "resend/draft-parts.h"
#include "text/html.h"
#include "text/text.h"

/* How many bytes a draft may have besides the mail's header and its share of the parts: another
 * Date and Message-ID, a boundary, the number in the subject, the line that says which part it
 * is. */
#define OVERHEAD 1000

struct draft_source draft_source(const char *bytes, size_t length)
{
	struct draft_source source = {.is_returned = false};

	source.fields = header_split(bytes, length, &source.body);
	const char *start = source.fields.start,
	           *newline = memchr(start, '\n', length - (size_t)(start - bytes));

	source.eol = newline != NULL && newline > start && newline[-1] == '\r' ? "\r\n" : "\n";
	return source;
}

struct bytes draft_source_bytes(const struct draft_source *source)
{
	const char *start = source->fields.start;

	if (start == NULL)
		return (struct bytes){NULL, 0};
	return (struct bytes){start, (size_t)(source->body.start + source->body.length - start)};
}

bool draft_source_is_whole(const struct draft_source *source)
{
	struct bytes body = source->body;
	size_t i = 0;

	while (i < body.length && (body.start[i] == '\r' || body.start[i] == '\n'))
		i++;
	return i < body.length;
}

char *size_words(const void *ctx, size_t size)
{
	if (size < 1000)
		return talloc_asprintf(ctx, "%zu bytes", size);
	if (size < 1000000)
		return talloc_asprintf(ctx, "%zu kB", (size + 500) / 1000);
	return talloc_asprintf(
	        ctx, "%zu.%zu MB", (size + 50000) / 1000000, (size + 50000) / 100000 % 10);
}

void making_refuse(struct making *making, const char *label, const struct wording_value *values)
{
	if (making->why == NULL)
		making->why = wording_say(making->ctx, making->plan->wording, label, values);
}

void making_remark(struct making *making, const char *label, const struct wording_value *values)
{
	list_add(making->ctx, &making->drafts->remarks,
	        wording_say(making->ctx, making->plan->wording, label, values));
}

/* Adds a line for the top of the text. */
static void add_top(struct making *making, const char *label, const struct wording_value *values)
{
	list_add(making->ctx, &making->top,
	        wording_say(making->ctx, making->plan->words, label, values));
}

/* -- what a part is */

/* Returns whether PART's Content-Disposition is `attachment`. */
static bool is_attached(const struct part *part)
{
	const char *at = part->disposition.start, *end = at + part->disposition.length;

	while (at < end && strchr(" \t\r\n", *at) != NULL)
		at++;
	return end - at >= 10 && strncasecmp(at, "attachment", 10) == 0;
}

/* Returns the file name in PART's header, in UTF-8, owned by CTX; NULL if there is none. */
static char *file_name(const void *ctx, const struct part *part)
{
	char *name = parameter_text(ctx, part->disposition, "filename");

	return name != NULL && name[0] != '\0' ? name
	                                       : parameter_text(ctx, part->content_type, "name");
}

bool part_is_text(const struct part *part)
{
	if (part->first != NULL || !(part_is(part, "text/plain") || part_is(part, "text/html")))
		return false;
	if (part->parent == NULL)
		return true;
	if (is_attached(part))
		return false;
	/* There a text is one even if it has a file name. */
	if (part_is(part->parent, "multipart/alternative"))
		return true;
	return file_name(part, part) == NULL;
}

bool part_is_attachment(const struct part *part)
{
	if (part->first != NULL || part_is(part, "multipart/") || part_is_text(part))
		return false;
	if (is_attached(part))
		return true;
	/* Beside a text in one of these is another form of it, or something that it shows. */
	if (part->parent != NULL && part_is(part->parent, "multipart/alternative"))
		return false;
	while (part != NULL && !part_is(part, "multipart/related"))
		part = part->parent;
	return part == NULL;
}

/* Returns the ending for the name that a file without one gets. */
static const char *ending_of(const struct part *part)
{
	static const char *const endings[][2] = {{"message/rfc822", "eml"}, {"text/plain", "txt"},
	        {"text/html", "html"}, {"image/jpeg", "jpg"}, {"image/png", "png"},
	        {"image/gif", "gif"}, {"application/pdf", "pdf"}, {"text/calendar", "ics"},
	        {"text/vcard", "vcf"}, {"text/csv", "csv"}, {"application/zip", "zip"}};

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
		if (part_is(part, endings[i][0]))
			return endings[i][1];
	return "bin";
}

char *part_name(const void *ctx, const struct part *part)
{
	char *given = file_name(ctx, part), *name = NULL;

	if (given != NULL) {
		for (char *p = given; *p != '\0'; p++)
			if (*p == '/' || *p == '\\')
				given = p + 1;
		name = text_one_line(ctx, given, VALUE_MAX / 4);
	}
	if (name != NULL && name[strspn(name, " .")] != '\0')
		return name;
	return talloc_asprintf(ctx, "%s.%s",
	        part_is(part, "message/rfc822") ? "mail" : "attachment", ending_of(part));
}

size_t part_content_size(const struct part *part)
{
	SCOPED void *scratch = talloc_new(NULL);

	return decode_bytes(scratch, part->body, part->encoding, SIZE_MAX).length;
}

/* Returns whether the mail, or with TEXT_COUNTS something within its text, is signed or
 * encrypted. */
static bool is_signed_part(struct part *root, bool text_counts)
{
	static const char *const seals[] = {"multipart/signed", "multipart/encrypted",
	        "application/pkcs7-mime", "application/x-pkcs7-mime"};

	for (struct part *part = root; part != NULL; part = part_next(root, part)) {
		for (size_t i = 0; i < sizeof seals / sizeof *seals; i++)
			if (part_is(part, seals[i]))
				return true;
		if (part_is_text(part) && text_counts &&
		        memmem(part->body.start, part->body.length, "-----BEGIN PGP ", 15) != NULL)
			return true;
	}
	return false;
}

/* -- changing the tree */

char *content_fields(const void *ctx, struct bytes header, const char *const *left_out)
{
	const char *at = header.start, *end = at + header.length;
	struct buffer copy = buffer_new(ctx);
	struct header_field field;

	while (header_next(&at, end, HEADER_STRICT, &field))
		if (header_field_is(&field, "Content-*") &&
		        !header_field_is_one_of(&field, left_out))
			header_field_copy(&copy, &field);
	return buffer_text(&copy);
}

struct bytes bytes_of(const char *text)
{
	return (struct bytes){text, strlen(text)};
}

struct part *part_new(const void *ctx, const char *header, struct bytes body)
{
	struct part *part = talloc_zero(ctx, struct part);

	part->header = bytes_of(header);
	part->body = body;
	part->is_new = true;
	part_describe(ctx, part, "text/plain");
	return part;
}

static void part_put_into(struct part *into, struct part *part, bool at_end, const char *eol)
{
	struct part **link = &into->first;
	struct buffer header = buffer_new(part);

	/* The header must be complete in its new place: that of a root lacks its empty line, and in
	 * a digest a mail need not have the type that says so. */
	if (part->content_type.length == 0 && !part_is(part, "text/plain"))
		buffer_print(&header, "Content-Type: %s%s", part->type, eol);
	buffer_add(&header, part->header.start, part->header.length);
	if (part->parent == NULL)
		buffer_add_string(&header, eol);
	part->header = (struct bytes){header.text, header.length};
	part->lead = bytes_of(talloc_asprintf(part, "%s--%s%s", eol, into->boundary, eol));
	part->parent = into;
	while (at_end && *link != NULL)
		link = &(*link)->next;
	part->next = at_end ? NULL : *link;
	*link = part;
}

void making_insert(struct making *making, struct part *part, bool at_end)
{
	const char *eol = making->eol;
	struct part *root = making->root;

	if (!part_is(root, "multipart/mixed") || root->boundary == NULL || root->tail.length == 0) {
		/* `=_` can stand in no quoted-printable text (RFC 2045 section 6.7), and base64 has
		 * no `_`. */
		char *boundary = talloc_asprintf(making->ctx, "=_%s", draft_random(making->ctx));

		root = part_new(making->ctx,
		        talloc_asprintf(making->ctx,
		                "Content-Type: multipart/mixed;%s boundary=\"%s\"%s", eol, boundary,
		                eol),
		        bytes_of(""));
		root->boundary = boundary;
		root->tail = bytes_of(talloc_asprintf(root, "%s--%s--%s", eol, boundary, eol));
		part_put_into(root, making->root, true, eol);
		making->root = root;
	}
	part_put_into(root, part, at_end, eol);
}

/* Refuses the plan if it changes or checks parts and it is not certain which parts the mail has, or
 * if it would break a signature or change what is encrypted. */
static void check_tree(struct making *making, bool is_unclear)
{
	const struct draft_plan *plan = making->plan;
	const char *repair = plan->plain              ? "--plain"
	                     : plan->no_attachments   ? "--no-attachments"
	                     : plan->zip              ? "--zip"
	                     : plan->split > 0        ? "--split"
	                     : plan->note             ? "--note"
	                     : plan->quote_recipients ? "--quote-recipients"
	                                              : NULL;

	if (is_unclear && (repair != NULL || plan->check != NULL))
		making_refuse(making, "refuse-unclear",
		        WORDING_VALUES({"option", repair != NULL ? repair : "--scan"}));
	if (repair != NULL && is_signed_part(making->root, plan->plain))
		making_refuse(making, "refuse-sealed", WORDING_VALUES({"option", repair}));
}

/* Adds a line for the top for each original To and Cc, never for a Bcc. */
static void quote_recipients(struct making *making)
{
	const struct bytes *fields = &making->plan->source.fields;
	const char *at = fields->start;
	struct header_field field;

	for (size_t count = 0;
	        count < RECIPIENTS_MAX &&
	        header_next(&at, fields->start + fields->length, HEADER_STRICT, &field);)
		if (header_field_is(&field, "To") || header_field_is(&field, "Cc")) {
			SCOPED void *scratch = talloc_new(NULL);
			char *text = decode_words(scratch, header_field_line(scratch, &field));

			add_top(making, "draft-recipients",
			        WORDING_VALUES({"to", text_one_line(scratch, text, VALUE_MAX)}));
			count++;
		}
}

static void drop_attachments(struct making *making)
{
	for (struct part *part = making->root; part != NULL; part = part_next(making->root, part))
		if (part_is_attachment(part)) {
			add_top(making, "draft-left-out",
			        WORDING_VALUES({"name", part_name(making->ctx, part)},
			                {"size",
			                        size_words(making->ctx, part_content_size(part))}));
			part->dropped = true;
		}
}

/* Has every part that is still in the mail checked. */
static void check_parts(struct making *making)
{
	const struct draft_plan *plan = making->plan;

	for (struct part *part = making->root; part != NULL && making->why == NULL;
	        part = part_next(making->root, part))
		if (part->first == NULL && !part->dropped) {
			SCOPED void *scratch = talloc_new(NULL);
			const char *why;

			if (!plan->check(plan->check_argument, part_name(scratch, part),
			            decode_bytes(scratch, part->body, part->encoding, SIZE_MAX),
			            &why))
				making->why = talloc_strdup(making->ctx, why);
		}
}

/* -- several drafts of one mail */

/* Returns how many bytes PART takes, with all that is in it and not dropped. */
static size_t part_size(const struct part *part)
{
	size_t size = part->lead.length + part->header.length + part->added.length +
	              part->body.length + part->tail.length;

	if (part->dropped)
		return 0;
	for (const struct part *child = part->first; child != NULL; child = child->next)
		size += part_size(child);
	return size;
}

/* Returns the number of the first draft with room for a part of SIZE bytes, if need be a new one.
 * So parts keep their order, but for small ones that fill up an earlier draft. */
static unsigned share_for(size_t *sizes, unsigned *count, size_t size, size_t most, size_t empty)
{
	unsigned i = 0;

	while (i < *count && sizes[i] + size > most)
		i++;
	if (i == *count)
		sizes[(*count)++] = empty;
	sizes[i] += size;
	return i + 1;
}

/* Gives each part the number of its draft, so that no draft is larger than the plan says. Returns
 * how many drafts there are; 1 if the mail fits into one, or if it can't be split and was
 * refused. */
static unsigned draft_split(struct making *making)
{
	size_t most = making->plan->split, empty = making->plan->source.fields.length + OVERHEAD,
	       text = empty + part_size(making->root);
	size_t *sizes = talloc_zero_array(making->ctx, size_t, PARTS_MAX + 2);
	unsigned count = 1;

	for (struct part *part = making->root; part != NULL; part = part_next(making->root, part))
		if (part_is_attachment(part))
			text -= part_size(part);
	sizes[0] = text;
	if (text > most)
		making_refuse(making, "refuse-text-large",
		        WORDING_VALUES({"size", size_words(making->ctx, text)}));
	for (struct part *part = making->root; part != NULL; part = part_next(making->root, part)) {
		size_t size = part_size(part);

		if (part->first != NULL || part->dropped)
			continue;
		part->share = 1;
		if (!part_is_attachment(part))
			continue;
		if (size + empty > most) {
			making_refuse(making, "refuse-part-large",
			        WORDING_VALUES({"name", part_name(making->ctx, part)},
			                {"size", size_words(making->ctx, size + empty)}));
			return 1;
		}
		part->share = share_for(sizes, &count, size, most, empty);
	}
	if (making->why != NULL)
		return 1;
	if (count == 1)
		making_remark(making, "remark-one-draft", NULL);
	/* The others have no text: they get `(Part 2 of 3.)`. */
	for (unsigned i = 2; i <= count; i++) {
		struct part *part = top_part(
		        making, wording_say(making->ctx, making->plan->words, "draft-part",
		                        WORDING_VALUES({"number", wording_number(making->ctx, i)},
		                                {"count", wording_number(making->ctx, count)})));

		making_insert(making, part, false);
		part->share = i;
	}
	return count;
}

/* -- writing */

/* Adds BYTES to the draft. If they follow the last piece in memory, that becomes longer. */
static void draft_piece_add(struct making *making, struct bytes bytes)
{
	struct draft *draft = &making->draft;
	struct bytes *last = draft->count > 0 ? &draft->pieces[draft->count - 1] : NULL;

	draft->size += bytes.length;
	if (last != NULL && last->start + last->length == bytes.start)
		last->length += bytes.length;
	else if (bytes.length > 0) {
		array_add(making->ctx, draft->pieces, draft->count) = bytes;
	}
}

/* Adds the LINE of a boundary, which begins with its newline; with one of our own if it has none,
 * as it stood right after another line, and something now comes between them. */
static void boundary_add(struct making *making, struct bytes line)
{
	if (line.length == 0)
		return;
	if (making->is_within && strchr("\r\n", line.start[0]) == NULL)
		draft_piece_add(making, bytes_of(making->eol));
	draft_piece_add(making, line);
	making->is_within = false;
}

bool part_is_kept(const struct part *part, unsigned share)
{
	const struct part *child = part->first;

	if (part->dropped || (part->share != 0 && share != 0 && part->share != share))
		return false;
	while (child != NULL && !part_is_kept(child, share))
		child = child->next;
	return part->first == NULL || child != NULL;
}

/* Recursive; no deeper than PART_DEPTH_MAX and what repairs put around the parts. */
static void part_write(struct making *making, const struct part *part)
{
	if (!part_is_kept(part, making->share))
		return;
	boundary_add(making, part->lead);
	if (part->parent != NULL)
		draft_piece_add(making, part->header);
	draft_piece_add(making, part->added);
	draft_piece_add(making, part->body);
	making->is_within = making->is_within || part->added.length + part->body.length > 0;
	for (const struct part *child = part->first; child != NULL; child = child->next)
		part_write(making, child);
	boundary_add(making, part->tail);
	making->is_within = making->is_within || part->tail.length > 0;
}

/* Writes draft number SHARE of COUNT (0: the only one) and adds it to the drafts. */
static void draft_write(struct making *making, unsigned share, unsigned count)
{
	const void *ctx = making->ctx;
	const struct draft_plan *plan = making->plan;
	struct drafts *drafts = making->drafts;
	char *id = draft_message_id(ctx, plan->from);
	const char *content = making->root->is_new ? making->root->header.start : NULL;
	const char *number = share > 0 ? talloc_asprintf(ctx, "(%u/%u)", share, count) : NULL;

	making->draft = (struct draft){.id = id};
	making->share = share;
	making->is_within = false;
	draft_piece_add(making, bytes_of(draft_header(ctx, plan, id, content, number)));
	draft_piece_add(making, bytes_of(making->eol));
	part_write(making, making->root);
	array_add(ctx, drafts->list, drafts->count) = making->draft;
	/* A split goes by estimated sizes, so the draft may be too large all the same. */
	size_t size = making->draft.size;

	if (plan->max_size > 0 && size > plan->max_size)
		making_refuse(making, "refuse-too-large",
		        WORDING_VALUES({"size", size_words(ctx, size)},
		                {"most", size_words(ctx, plan->max_size)}));
	if (plan->split > 0 && size > plan->split)
		making_refuse(making, "refuse-share-large",
		        WORDING_VALUES({"size", wording_number(ctx, size)}));
}

const char *draft_make(const void *ctx, const struct draft_plan *plan, struct drafts *drafts)
{
	static const char *const left_out[] = {"Content-Length", NULL};
	const struct draft_source *source = &plan->source;
	struct making making = {.ctx = ctx,
	        .plan = plan,
	        .eol = source->eol,
	        .drafts = drafts,
	        .top = list_new(ctx)};
	unsigned count = 1;
	struct mime mime;

	*drafts = (struct drafts){.remarks = list_new(ctx)};
	mime_read(ctx, source->fields, source->body, &mime);
	making.root = mime.root;
	/* The root has the Content fields of the mail's header; draft_header() has the others. */
	making.root->header = bytes_of(content_fields(ctx, source->fields, left_out));
	check_tree(&making, mime.is_unclear);
	if (making.why == NULL && plan->note)
		add_top(&making, "draft-note", NULL);
	if (making.why == NULL && plan->quote_recipients)
		quote_recipients(&making);
	if (making.why == NULL && plan->no_attachments)
		drop_attachments(&making);
	if (making.why == NULL && plan->plain)
		draft_plain(&making);
	if (making.why == NULL && plan->check != NULL)
		check_parts(&making);
	if (making.why == NULL && plan->zip)
		draft_zip(&making);
	if (making.why == NULL)
		draft_top(&making);
	if (making.why == NULL && plan->split > 0)
		count = draft_split(&making);
	for (unsigned i = 1; i <= count && making.why == NULL; i++)
		draft_write(&making, count > 1 ? i : 0, count);
	return making.why;
}

/* -- what the user decides by */

struct draft_repairs draft_repairs(const void *ctx, const struct draft_source *source)
{
	struct draft_repairs repairs = {.plain = false};
	struct mime mime;

	mime_read(ctx, source->fields, source->body, &mime);
	if (mime.is_unclear || is_signed_part(mime.root, true))
		return repairs;
	for (struct part *part = mime.root; part != NULL; part = part_next(mime.root, part)) {
		repairs.plain = repairs.plain || part_is(part, "text/html");
		repairs.attachments = repairs.attachments || part_is_attachment(part);
	}
	return repairs;
}

/* Adds the lines of TEXT, each of them cleaned. */
static void add_lines(const void *ctx, struct buffer *buffer, const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n"), indent = strspn(text, " ");

		buffer_add(buffer, text, indent < length ? indent : length);
		buffer_add_string(buffer, text_one_line_of(ctx, text, length, length + 4));
		buffer_add_string(buffer, "\n");
		text += length + (text[length] == '\n');
	}
}

char *draft_text(const void *ctx, const struct draft *draft)
{
	static const char *const fields[] = {"From", "To", "Cc", "Bcc", "Subject"};
	struct buffer all = buffer_new(ctx), buffer = buffer_new(ctx);
	struct mime mime;

	for (size_t i = 0; i < draft->count; i++)
		buffer_add(&all, draft->pieces[i].start, draft->pieces[i].length);
	struct draft_source source = draft_source(all.text, all.length);

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const char *line = header_line(ctx, source.fields, fields[i]);
		char *value = line != NULL ? decode_words(ctx, line) : NULL;

		if (value != NULL)
			buffer_print(&buffer, "%s: %s\n", fields[i],
			        text_one_line(ctx, value, VALUE_MAX));
	}
	buffer_add_string(&buffer, "\n");
	mime_read(ctx, source.fields, source.body, &mime);
	struct part *part = mime.root;

	while (part != NULL && !part_is_text(part))
		part = part_next(mime.root, part);
	if (part != NULL) {
		char *text = part_text(ctx, part);

		if (part_is(part, "text/html") && strlen(text) <= HTML_LETTER_MAX)
			text = html_to_text(ctx, text, strlen(text), true);
		add_lines(ctx, &buffer, text);
	}
	for (part = mime.root; part != NULL; part = part_next(mime.root, part))
		if (part_is_attachment(part))
			buffer_print(&buffer, "[%s, %s]\n", part_name(ctx, part),
			        size_words(ctx, part_content_size(part)));
	return buffer_text(&buffer);
}
