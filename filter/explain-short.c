#include <string.h>
#include <talloc.h>

#include "buffer.h"
#include "explain.h"
#include "limits.h"
#include "text.h"

/* At most WIDTH columns of LINE, with … at the end if it was cut. */
static char *cut(const void *ctx, const char *line, size_t width)
{
	char *shown = text_one_line(ctx, line, strlen(line), VALUE_MAX);
	size_t length = shown != NULL ? strlen(shown) : 0;
	bool shortened = false;

	while (shown != NULL && text_width(shown) + shortened > width && length > 0) {
		do
			length--;
		while (length > 0 && ((unsigned char)shown[length] & 0xc0) == 0x80);
		shown[length] = '\0';
		shortened = true;
	}
	return shown != NULL ? talloc_asprintf(ctx, "%s%s\n", shown, shortened ? "…" : "") : NULL;
}

char *explain_short(const void *ctx, const struct explanation *explanation, const struct explain_style *style)
{
	struct buffer line = buffer_new(ctx);
	size_t i;

	for (i = 0; i < explanation->count; i++) {
		const struct explained *explained = &explanation->list[i];

		buffer_add_string(&line, i > 0 ? " / " : "");
		buffer_add_string(&line, explained->headline != NULL ? explained->headline : explained->name);
	}
	return buffer_text(&line) != NULL ? cut(ctx, line.text, style->width) : NULL;
}
