#include "resend/draft-words.h"

#include <string.h>
#include <talloc.h>

struct draft_words draft_words_in(struct wording *wording)
{
	return (struct draft_words){
	        .note = wording_label(wording, "draft-note"),
	        .recipients = wording_label(wording, "draft-recipients"),
	        .left_out = wording_label(wording, "draft-left-out"),
	        .zipped = wording_label(wording, "draft-zipped"),
	        .part = wording_label(wording, "draft-part"),
	};
}

char *draft_words_fill(const void *ctx, const char *words, const char *name, const char *value)
{
	char *hole = talloc_asprintf(NULL, "{%s}", name), *filled;
	const char *at = strstr(words, hole);

	if (at == NULL)
		filled = talloc_strdup(ctx, words);
	else
		filled = talloc_asprintf(ctx, "%.*s%s%s", (int)(at - words), words, value, at + strlen(hole));
	talloc_free(hole);
	return filled;
}
