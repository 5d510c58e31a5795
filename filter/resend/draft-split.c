#include "resend/draft-split.h"

#include <talloc.h>

#include "base/limits.h"
#include "resend/draft-parts.h"
#include "resend/draft-top.h"
#include "resend/draft-write.h"

/* Bytes that the header of a draft may have besides that of the mail: another Date and Message-ID, a boundary, the number in the subject, the
 * line that says which part it is. */
#define OVERHEAD 1000

/* What the first draft has besides attachments. */
static size_t text_size(const struct making *making)
{
	size_t size = making->plan->source.fields.length + OVERHEAD + part_size(making->root);
	struct part *part;

	for (part = making->root; part != NULL; part = tree_next(making->root, part))
		if (part_is_attachment(part) && !part->dropped)
			size -= part_size(part);
	return size;
}

/* The first draft in which PART has room: first in, first out, but what is small may fill up an earlier one. */
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

static void too_large(struct making *making, const struct part *part, size_t size)
{
	if (part != NULL)
		making_refuse(making, "refuse-part-large",
		        WORDING_VALUES({"name", part_name(making->ctx, part)}, {"size", size_words(making->ctx, size)}));
	else
		making_refuse(making, "refuse-text-large", WORDING_VALUES({"size", size_words(making->ctx, size)}));
}

/* `(Part 2 of 3.)` at the top of those that have no text. */
static void add_lines(struct making *making, unsigned count)
{
	unsigned i;

	for (i = 2; i <= count && parts_wrap(making); i++) {
		char *number = talloc_asprintf(making->ctx, "%u", i), *all = talloc_asprintf(making->ctx, "%u", count);
		struct part *part = top_part(making, wording_say(making->ctx, making->plan->words, "draft-part",
		                                             WORDING_VALUES({"number", number}, {"count", all})));

		part_insert(making->root, part, false, making->plan->source.eol);
		part->share = i;
	}
}

unsigned draft_split(struct making *making)
{
	size_t most = making->plan->split, text = text_size(making), empty = making->plan->source.fields.length + OVERHEAD;
	size_t *sizes = talloc_zero_array(making->ctx, size_t, PARTS_MAX + 2);
	unsigned count = 1;
	struct part *part;

	sizes[0] = text;
	if (text > most)
		too_large(making, NULL, text);
	for (part = making->root; part != NULL && making->why == NULL; part = tree_next(making->root, part)) {
		bool attachment = part_is_attachment(part);

		if (part->first != NULL || part->dropped)
			continue;
		if (attachment && part_size(part) + empty > most)
			too_large(making, part, part_size(part) + empty);
		part->share = attachment ? share_for(sizes, &count, part_size(part), most, empty) : 1;
	}
	if (making->why != NULL)
		return 1;
	if (count > 1)
		add_lines(making, count);
	else
		making_remark(making, "remark-one-draft", NULL);
	return count;
}
