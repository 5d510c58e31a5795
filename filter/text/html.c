#include "text/html.h"

#include <talloc.h>

#include "base/module.h"

/* NULL if it can't be loaded; it is not looked for again. */
static const struct html_module *html(void)
{
	static const struct html_module *loaded;
	static bool is_known;
	if (!is_known)
		loaded = module_load("html");
	is_known = true;
	return loaded;
}

void html_load(void)
{
	html();
}

char *html_to_text(const void *ctx, const char *utf8, size_t length)
{
	return html() != NULL ? html()->read(ctx, utf8, length, false) : talloc_strdup(ctx, "");
}

char *html_to_letter(const void *ctx, const char *utf8, size_t length)
{
	return html() != NULL ? html()->read(ctx, utf8, length, true) : talloc_strdup(ctx, "");
}
