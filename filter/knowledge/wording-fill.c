#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "knowledge/wording.h"

/* The value of the placeholder called LENGTH bytes of NAME; NULL: not known. */
static const char *value_of(const struct wording_value *values, const char *name, size_t length)
{
	for (; values != NULL && values->name != NULL; values++)
		if (strncmp(values->name, name, length) == 0 && values->name[length] == '\0')
			return values->value;
	return NULL;
}

char *wording_fill(const void *ctx, const char *text, const struct wording_value *values)
{
	struct buffer buffer = buffer_new(ctx);
	const char *open, *close;

	while ((open = strchr(text, '{')) != NULL && (close = strchr(open, '}')) != NULL) {
		const char *value = value_of(values, open + 1, (size_t)(close - open - 1));

		if (value == NULL)
			return NULL;
		buffer_add(&buffer, text, (size_t)(open - text));
		buffer_add_string(&buffer, value);
		text = close + 1;
	}
	buffer_add_string(&buffer, text);
	return buffer_text(&buffer);
}
