#include "text/html.h"

#include <talloc.h>

#include "base/module.h"

static const struct html_module *html_module_get(void)
{
	static const struct html_module *loaded;

	if (loaded == NULL)
		loaded = module_load("html");
	/* Without it every answer might be wrong: the program ends, as when there is no memory. */
	if (loaded == NULL)
		memory_out();
	return loaded;
}

void html_load(void)
{
	html_module_get();
}

char *html_to_text(const void *ctx, const char *utf8, size_t length, bool is_letter)
{
	return html_module_get()->read(ctx, utf8, length, is_letter);
}
