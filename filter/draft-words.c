#include "draft-words.h"

#include <string.h>
#include <talloc.h>

const struct draft_words *draft_words(const char *language)
{
	static const struct draft_words english = {
	        .note = "(Sent again: the first copy of this mail did not arrive.)",
	        .recipients = "(The first copy went to: {to})",
	        .left_out = "(Not attached: {name}, {size})",
	        .zipped = "attachments",
	        .part = "(Part {number} of {count}.)",
	};

	(void)language;
	return &english;
}

char *draft_words_fill(const void *ctx, const char *words, const char *name, const char *value)
{
	char *hole = talloc_asprintf(NULL, "{%s}", name), *filled;
	const char *at = hole != NULL ? strstr(words, hole) : NULL;

	if (at == NULL)
		filled = talloc_strdup(ctx, words);
	else
		filled = talloc_asprintf(ctx, "%.*s%s%s", (int)(at - words), words, value, at + strlen(hole));
	talloc_free(hole);
	return filled;
}
