#include "resend/draft.h"

#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "base/list.h"
#include "mail/fields.h"
#include "mail/message.h"
#include "mail/raw-header.h"
#include "resend/draft-content.h"
#include "resend/draft-making.h"
#include "resend/draft-parts.h"
#include "resend/draft-plain.h"
#include "resend/draft-split.h"
#include "resend/draft-top.h"
#include "resend/draft-write.h"
#include "resend/draft-zip.h"
#include "text/text.h"

struct draft_source draft_source(const char *bytes, size_t length)
{
	size_t skip = fields_preamble(bytes, length, '\n');
	const char *start = bytes + skip, *end = bytes + length, *fields_end, *newline = memchr(start, '\n', length - skip);
	const char *body = raw_header_end(start, end, &fields_end);
	bool is_crlf = newline != NULL && newline > start && newline[-1] == '\r';

	return (struct draft_source){.fields = {start, (size_t)(fields_end - start)},
	        .body = {body, (size_t)(end - body)},
	        .eol = is_crlf ? "\r\n" : "\n"};
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
	struct raw_field field;

	while (raw_header_next(&at, end, &field))
		if (raw_field_is(&field, "To") || raw_field_is(&field, "Cc")) {
			char *text = message_decode(making->ctx, raw_field_line(making->ctx, &field));
			char *clean = text_one_line(making->ctx, text, strlen(text), VALUE_MAX);

			making_top(making,
			        wording_say(making->ctx, making->plan->words, "draft-recipients", WORDING_VALUES({"to", clean})));
		}
}

/* Have what is left of the mail looked at. */
static void check_parts(struct making *making)
{
	const struct draft_plan *plan = making->plan;
	struct part *part;

	for (part = making->root; part != NULL && making->why == NULL; part = tree_next(making->root, part))
		if (part->first == NULL && !part->dropped) {
			void *scratch = talloc_new(making->ctx);
			const char *why;

			if (!plan->check(plan->check_argument, part_name(scratch, part), content_decode(scratch, part), &why))
				making->why = talloc_strdup(making->ctx, why);
			talloc_free(scratch);
		}
}

/* Change the tree as the plan says. How many drafts it makes. */
static unsigned repair(struct making *making)
{
	const struct draft_plan *plan = making->plan;

	parts_check_seal(making);
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

/* What is still too large is said before it is sent. A split goes by how large the drafts will be about, so that has to be asked too. */
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
			        WORDING_VALUES({"size", talloc_asprintf(making->ctx, "%zu", size)}));
	}
}

enum status draft_make(const void *ctx, const struct draft_plan *plan, struct drafts *drafts, const char **why)
{
	const struct draft_source *source = &plan->source;
	struct making making = {.ctx = ctx, .plan = plan, .drafts = drafts};
	unsigned count, share;

	*drafts = (struct drafts){.remarks = list_new(ctx)};
	making.root = tree_read(ctx, source->fields.start, source->fields.start + source->fields.length, source->body.start,
	        source->body.start + source->body.length);
	count = repair(&making);
	for (share = 1; share <= count && making.why == NULL && !making.failed; share++)
		draft_write(&making, count > 1 ? share : 0, count);
	check_size(&making);
	*why = making.why;
	return making.failed ? STATUS_TRY_LATER : making.why != NULL ? STATUS_REFUSED : STATUS_OK;
}
