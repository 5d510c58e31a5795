#include <talloc.h>

#include "base/buffer.h"
#include "explain/explain.h"
#include "text/text.h"

char *explain_short(const void *ctx, const struct explanation *explanation, const struct explain_style *style)
{
	struct buffer line = buffer_new(ctx);
	size_t i;

	for (i = 0; i < explanation->count; i++) {
		const struct explained *explained = &explanation->list[i];

		buffer_add_string(&line, i > 0 ? " / " : "");
		buffer_add_string(&line, explained->headline != NULL ? explained->headline : explained->name);
	}
	return talloc_asprintf(ctx, "%s\n", text_in_columns(ctx, buffer_text(&line), style->width));
}
