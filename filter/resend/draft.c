#include "resend/draft.h"

#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "resend/draft-parts.h"
#include "text/text.h"

struct draft_source draft_source(const char *bytes, size_t length)
{
	size_t skip = header_preamble(bytes, length, '\n');
	const char *start = bytes + skip, *newline = memchr(start, '\n', length - skip);
	struct draft_source source = {
	        .eol = newline != NULL && newline > start && newline[-1] == '\r' ? "\r\n" : "\n"};

	header_split((struct bytes){start, length - skip}, &source.fields, &source.body);
	return source;
}

void making_refuse(struct making *making, const char *label, const struct wording_value *values)
{
	if (making->why == NULL)
		making->why = wording_say(making->ctx, making->plan->wording, label, values);
}

void making_remark(struct making *making, const char *label, const struct wording_value *values)
{
	list_add(making->ctx, &making->drafts->remarks, &making->drafts->remark_count,
	        wording_say(making->ctx, making->plan->wording, label, values));
}

void making_top(struct making *making, const char *line)
{
	list_add(making->ctx, &making->top, &making->top_count, line);
}

/* The original To and Cc, for a line on top; never the Bcc. */
static void quote_recipients(struct making *making)
{
	const struct draft_source *source = &making->plan->source;
	const char *at = source->fields.start, *end = at + source->fields.length;
	struct header_field field;

	while (header_next(&at, end, HEADER_STRICT, &field))
		if (header_field_is(&field, "To") || header_field_is(&field, "Cc")) {
			char *text =
			        decode_words(making->ctx, header_field_line(making->ctx, &field));
			char *clean = text_one_line(making->ctx, text, strlen(text), VALUE_MAX);

			making_top(
			        making, wording_say(making->ctx, making->plan->words,
			                        "draft-recipients", WORDING_VALUES({"to", clean})));
		}
}

/* Have what is left of the mail looked at. */
static void check_parts(struct making *making)
{
	const struct draft_plan *plan = making->plan;
	struct part *part;

	for (part = making->root; part != NULL && making->why == NULL;
	        part = part_next(making->root, part))
		if (part->first == NULL && !part->dropped) {
			void *scratch = talloc_new(making->ctx);
			const char *why;

			if (!plan->check(plan->check_argument, part_name(scratch, part),
			            decode_bytes(scratch, part->body, part->encoding, SIZE_MAX),
			            &why))
				making->why = talloc_strdup(making->ctx, why);
			talloc_free(scratch);
		}
}

/* Change the tree as the plan says. How many drafts it makes. */
static unsigned repair(struct making *making)
{
	const struct draft_plan *plan = making->plan;

	parts_check(making);
	if (plan->note)
		making_top(making, wording_label(plan->words, "draft-note"));
	if (plan->quote_recipients)
		quote_recipients(making);
	if (making->why == NULL && plan->no_attachments)
		parts_drop_attachments(making);
	if (making->why == NULL && plan->plain)
		draft_plain(making);
	if (making->why != NULL || making->failed)
		return 1;
	if (plan->check != NULL)
		check_parts(making);
	if (plan->zip && making->why == NULL)
		draft_zip(making);
	if (making->why == NULL && !making->failed)
		draft_top(making);
	return plan->split > 0 && making->why == NULL && !making->failed ? draft_split(making) : 1;
}

/* What is still too large is said before it is sent. A split goes by how large the drafts will be
 * about, so that has to be asked too. */
static void check_size(struct making *making)
{
	const struct draft_plan *plan = making->plan;
	size_t i;

	for (i = 0; i < making->drafts->count; i++) {
		size_t size = making->drafts->list[i].size;

		if (plan->max_size > 0 && size > plan->max_size)
			making_refuse(making, "refuse-too-large",
			        WORDING_VALUES({"size", size_words(making->ctx, size)},
			                {"most", size_words(making->ctx, plan->max_size)}));
		if (plan->split > 0 && size > plan->split)
			making_refuse(making, "refuse-share-large",
			        WORDING_VALUES(
			                {"size", talloc_asprintf(making->ctx, "%zu", size)}));
	}
}

struct writing {
	const void *ctx;
	struct draft *draft;
	unsigned share;
	const char *eol;
	bool is_within; /* behind something that is no boundary and no header */
};

/* What follows in the mail what was written last is one piece with it. */
static void piece_add(struct writing *writing, struct bytes bytes)
{
	struct draft *draft = writing->draft;
	struct bytes *last = draft->count > 0 ? &draft->pieces[draft->count - 1] : NULL;

	if (bytes.length == 0)
		return;
	draft->size += bytes.length;
	if (last != NULL && last->start + last->length == bytes.start) {
		last->length += bytes.length;
		return;
	}
	draft->pieces = array_grow(writing->ctx, draft->pieces, struct bytes, draft->count);
	draft->pieces[draft->count++] = bytes;
}

/* A boundary, which begins with its newline: unless there was nothing between it and another line,
 * and now there is. */
static void boundary_add(struct writing *writing, struct bytes line)
{
	if (line.length == 0)
		return;
	if (writing->is_within && strchr("\r\n", line.start[0]) == NULL)
		piece_add(writing, (struct bytes){writing->eol, strlen(writing->eol)});
	piece_add(writing, line);
	writing->is_within = false;
}

static void content_add(struct writing *writing, struct bytes bytes)
{
	piece_add(writing, bytes);
	writing->is_within = writing->is_within || bytes.length > 0;
}

/* The depth is PART_DEPTH_MAX and what repairs put around it. */
static void part_write(struct writing *writing, const struct part *part)
{
	const struct part *child;

	if (!part_is_kept(part, writing->share))
		return;
	boundary_add(writing, part->lead);
	if (part->parent != NULL)
		piece_add(writing, part->header);
	content_add(writing, part->added);
	content_add(writing, part->body);
	for (child = part->first; child != NULL; child = child->next)
		part_write(writing, child);
	boundary_add(writing, part->tail);
	writing->is_within = writing->is_within || part->tail.length > 0;
}

/* Add the draft number SHARE (0: the only one) of COUNT to the drafts that are being made. */
static void draft_write(struct making *making, unsigned share, unsigned count)
{
	const struct draft_plan *plan = making->plan;
	struct drafts *drafts = making->drafts;
	struct draft draft = {.id = draft_message_id(making->ctx, plan->from)};
	const char *subject;
	bool fine = draft_subject(
	        making->ctx, plan->source.fields, plan->charset, plan->source.eol, &subject);
	struct writing writing = {making->ctx, &draft, share, plan->source.eol, false};
	const struct draft_fields fields = {.from = plan->source.fields,
	        .eol = plan->source.eol,
	        .is_returned = plan->source.is_returned,
	        .recipients = &plan->recipients,
	        .id = draft.id,
	        .now = plan->now,
	        .subject = subject,
	        .subject_end =
	                count > 1 ? talloc_asprintf(making->ctx, "(%u/%u)", share, count) : NULL,
	        .content = making->root->is_new ? making->root->header.start : NULL};
	char *header = fine && draft.id != NULL ? draft_header(making->ctx, &fields) : NULL;

	if (header == NULL) {
		making->failed = true;
		return;
	}
	piece_add(&writing, (struct bytes){header, strlen(header)});
	piece_add(&writing, (struct bytes){plan->source.eol, strlen(plan->source.eol)});
	part_write(&writing, making->root);
	drafts->list = array_grow(making->ctx, drafts->list, struct draft, drafts->count);
	drafts->list[drafts->count++] = draft;
}

enum status draft_make(
        const void *ctx, const struct draft_plan *plan, struct drafts *drafts, const char **why)
{
	const struct draft_source *source = &plan->source;
	struct making making = {.ctx = ctx, .plan = plan, .drafts = drafts};
	static const char *const left_out[] = {"Content-Length", NULL};
	struct mime mime;
	const char *content;
	unsigned count, share;

	*drafts = (struct drafts){.remarks = list_new(ctx)};
	mime_read(ctx, source->fields, source->body, &mime);
	making.root = mime.root;
	/* Of the mail's own header the tree has what describes the body; draft_header() has the
	 * rest. */
	content = content_fields(ctx, source->fields, left_out);
	making.root->header = (struct bytes){content, strlen(content)};
	making.is_unclear = mime.is_unclear;
	count = repair(&making);
	for (share = 1; share <= count && making.why == NULL && !making.failed; share++)
		draft_write(&making, count > 1 ? share : 0, count);
	check_size(&making);
	*why = making.why;
	return making.failed ? STATUS_TRY_LATER : making.why != NULL ? STATUS_REFUSED : STATUS_OK;
}
