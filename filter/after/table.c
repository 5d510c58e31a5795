#include "after/table.h"

#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "text/text.h"

void table_cell(struct buffer *buffer, const char *text, size_t columns)
{
	char *cut = text_in_columns(buffer->ctx, text, columns);
	size_t width = text_width(cut);

	buffer_add_string(buffer, cut);
	buffer_print(buffer, "%*s", width < columns ? (int)(columns - width) : 0, "");
	talloc_free(cut);
}

void table_csv(struct buffer *buffer, const char *text, const char *end)
{
	char *line = text_one_line(
	        buffer->ctx, text != NULL ? text : "", text != NULL ? strlen(text) : 0, VALUE_MAX);
	const char *at;

	buffer_add_string(
	        buffer, line[0] != '\0' && strchr("=+-@", line[0]) != NULL ? "\"'" : "\"");
	for (at = line; *at != '\0'; at++)
		buffer_add(buffer, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
	buffer_print(buffer, "\"%s", end);
	talloc_free(line);
}

char *table_iso_day(const void *ctx, time_t time)
{
	char text[sizeof "-2147483648-01-01"] = "";
	struct tm tm;

	if (time != 0 && gmtime_r(&time, &tm) != NULL)
		strftime(text, sizeof text, "%Y-%m-%d", &tm);
	return talloc_strdup(ctx, text);
}

char *table_number(const void *ctx, size_t count)
{
	return talloc_asprintf(ctx, "%zu", count);
}
