#include "knowledge/wording-file.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/list.h"
#include "text/text.h"
#include "text/wrap.h"

/* Whether the last character of TEXT is one that is written without blanks between it and the next: Chinese, Japanese, full-width punctuation. */
static bool ends_wide(const char *text)
{
	size_t length = strlen(text), start = length;

	while (start > 0 && ((unsigned char)text[start - 1] & 0xc0) == 0x80)
		start--;
	return start > 0 && start < length && wrap_is_solid(text + start - 1);
}

static void entry_add(struct wording_text *text, struct wording_entry entry)
{
	text->entries = array_grow(text, text->entries, struct wording_entry, text->count);
	text->entries[text->count++] = entry;
}

/* MORE behind the text of ENTRY. */
static void entry_go_on(struct wording_text *text, struct wording_entry *entry, const char *more)
{
	bool wide = ends_wide(entry->text) && wrap_is_solid(more);

	entry->text = talloc_asprintf(text, "%s%s%s", entry->text, wide || entry->text[0] == '\0' ? "" : " ", more);
}

struct wording_text *wording_file_read(
        const void *ctx, const struct source *source, const char *const *keys, struct problems *problems)
{
	struct wording_text *text = talloc_zero(ctx, struct wording_text);
	struct source_lines lines = source_lines_of(text, source);
	const char *groups = NULL;
	char *line;

	while ((line = source_line_next(&lines)) != NULL) {
		size_t length = strcspn(line, " \t");
		char *rest = line + length + strspn(line + length, " \t");

		if (!text_is_utf8(line, strlen(line)))
			problems_add(problems, source->name, lines.number, "is not UTF-8");
		else if (source_line_is_indented(&lines) && text->count > 0)
			entry_go_on(text, &text->entries[text->count - 1], line);
		else if (strncmp(line, "for", length) == 0 && length == 3)
			groups = rest;
		else if (line[length] = '\0', keys != NULL && !list_has(keys, line))
			problems_add(problems, source->name, lines.number, "unknown key \"%s\"", line);
		else
			entry_add(text, (struct wording_entry){line, talloc_strdup(text, rest), groups});
	}
	return text;
}
