#include "resend/draft-write.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "resend/draft-fields.h"
#include "resend/draft-subject.h"

struct writing {
	const void *ctx;
	struct draft *draft;
	unsigned share;
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

/* The depth is PART_DEPTH_MAX and what repairs put around it. */
static void part_write(struct writing *writing, const struct part *part)
{
	const struct part *child;

	if (!part_is_kept(part, writing->share))
		return;
	piece_add(writing, part->lead);
	if (part->parent != NULL)
		piece_add(writing, part->header);
	piece_add(writing, part->added);
	piece_add(writing, part->body);
	for (child = part->first; child != NULL; child = child->next)
		part_write(writing, child);
	piece_add(writing, part->tail);
}

size_t part_size(const struct part *part)
{
	const struct part *child;
	size_t size = part->lead.length + part->header.length + part->added.length + part->body.length + part->tail.length;

	if (part->dropped)
		return 0;
	for (child = part->first; child != NULL; child = child->next)
		size += part_size(child);
	return size;
}

void draft_write(struct making *making, unsigned share, unsigned count)
{
	const struct draft_plan *plan = making->plan;
	struct drafts *drafts = making->drafts;
	struct draft draft = {.id = draft_message_id(making->ctx, plan->from)};
	struct writing writing = {making->ctx, &draft, share};
	const struct draft_fields fields = {.from = plan->source.fields,
	        .eol = plan->source.eol,
	        .is_returned = plan->source.is_returned,
	        .recipients = &plan->recipients,
	        .id = draft.id,
	        .now = plan->now,
	        .subject = draft_subject(making),
	        .subject_end = count > 1 ? talloc_asprintf(making->ctx, "(%u/%u)", share, count) : NULL,
	        .content = making->root->is_new ? making->root->header.start : NULL};
	char *header = draft.id != NULL ? fields_for_draft(making->ctx, &fields) : NULL;

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
