#include "after/table.h"

#include "base/date.h"
#include "base/limits.h"
#include "text/text.h"

void table_cell(struct buffer *buffer, const char *text, size_t columns)
{
	SCOPED char *cut = text_in_columns(buffer->ctx, text, columns);
	size_t width = text_width(cut);

	buffer_add_string(buffer, cut);
	buffer_print(buffer, "%*s", width < columns ? (int)(columns - width) : 0, "");
}

struct table table_new(const void *ctx, enum table_form form, const char *header)
{
	struct table table = {.form = form, .json = json_new(ctx)};

	if (form == TABLE_CSV)
		buffer_print(&table.json.buffer, "%s\r\n", header);
	return table;
}

void table_begin_row(struct table *table)
{
	if (table->form != TABLE_CSV)
		json_open(&table->json, NULL, '{');
}

void table_end_row(struct table *table)
{
	if (table->form != TABLE_CSV)
		json_close(&table->json, '}');
	if (table->form != TABLE_JSON) {
		buffer_add_string(&table->json.buffer, table->form == TABLE_CSV ? "\r\n" : "\n");
		table->separate = table->json.separate = false;
	}
}

/* Begins a cell of CSV; returns the buffer that it is written to. */
static struct buffer *next_cell(struct table *table)
{
	if (table->separate)
		buffer_add(&table->json.buffer, ",", 1);
	table->separate = true;
	return &table->json.buffer;
}

/* Returns whether a spreadsheet takes a cell with LINE for a formula. In Japan it also does with
 * signs of full width. */
static bool is_formula(const char *line)
{
	static const char *const signs[] = {"=", "+", "-", "@", "＝", "＋", "－", "＠"};
	size_t i = 0;

	while (i < sizeof signs / sizeof *signs && strncmp(line, signs[i], strlen(signs[i])) != 0)
		i++;
	return i < sizeof signs / sizeof *signs;
}

void table_text(struct table *table, const char *name, const char *text)
{
	if (table->form != TABLE_CSV) {
		json_string(&table->json, name, text);
		return;
	}
	struct buffer *buffer = next_cell(table);
	SCOPED char *line = text_one_line(NULL, text != NULL ? text : "", VALUE_MAX);

	buffer_add_string(buffer, is_formula(line) ? "\"'" : "\"");
	for (const char *at = line; *at != '\0'; at++)
		buffer_add(buffer, *at == '"' ? "\"\"" : at, *at == '"' ? 2 : 1);
	buffer_add(buffer, "\"", 1);
}

void table_count(struct table *table, const char *name, size_t count)
{
	if (table->form == TABLE_CSV)
		buffer_print(next_cell(table), "%zu", count);
	else
		json_number(&table->json, name, (long)count);
}

void table_day(struct table *table, const char *name, time_t time)
{
	SCOPED char *day = date_write_day(NULL, time);

	if (table->form == TABLE_CSV)
		buffer_add_string(next_cell(table), day != NULL ? day : "");
	else
		json_string(&table->json, name, day);
}

void table_flag(struct table *table, const char *name, bool flag)
{
	if (table->form == TABLE_CSV)
		buffer_add_string(next_cell(table), flag ? "yes" : "no");
	else
		json_bool(&table->json, name, flag);
}
