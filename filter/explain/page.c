#include "explain/page.h"

#include <stddef.h>
#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "text/text.h"

static const struct {
	const char *name;
	const char *key;
	const char *command; /* with the id behind it, if it ends in a blank */
} actions[] = {
        {"resend", "r", "notmuch bounce resend "},
        {"resend-to", "m", "notmuch bounce resend --suggest "},
        {"resend-plain", "m", "notmuch bounce resend --plain "},
        {"resend-without", "m", "notmuch bounce resend --no-attachments "},
        {"resend-zip", "m", "notmuch bounce resend --zip "},
        {"resend-split", "m", "notmuch bounce resend --split=5M --draft=DIR "},
        {"status", "s", "notmuch bounce status "},
        {"undelivered", "u", "notmuch bounce status"},
        {"original", "o", NULL},
        {"handled", "h", "notmuch bounce handled "},
        {"explain", "o", "notmuch bounce explain "},
};

/* Ids are chosen by whoever wrote the mail: only what no shell and no query looks at is shown to be copied. */
static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._@+-=";

char *page_action(const void *ctx, const char *action, const char *id, const char *prefix)
{
	size_t i;

	for (i = 0; i < sizeof actions / sizeof *actions; i++)
		if (strcmp(actions[i].name, action) == 0)
			break;
	if (i == sizeof actions / sizeof *actions)
		return NULL;
	if (prefix != NULL)
		return talloc_asprintf(ctx, "%s%s", prefix, actions[i].key);
	if (actions[i].command != NULL && actions[i].command[strlen(actions[i].command) - 1] != ' ')
		return talloc_strdup(ctx, actions[i].command);
	if (actions[i].command == NULL || id == NULL || id[0] == '\0' || id[0] == '-' || strspn(id, plain) != strlen(id))
		return NULL;
	return talloc_asprintf(ctx, "%sid:%s", actions[i].command, id);
}

char *page_short(const void *ctx, const struct explanation *explanation, const struct page_style *style)
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
