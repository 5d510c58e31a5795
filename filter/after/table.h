/* Writes lists: in columns for people, as CSV (RFC 4180) or JSON for programs. */
#ifndef TABLE_H
#define TABLE_H

#include <time.h>

#include "base/json.h"

/* Adds TEXT, cleaned for a terminal, cut or filled up with blanks to COLUMNS columns. */
void table_cell(struct buffer *buffer, const char *text, size_t columns);

enum table_form {
	TABLE_CSV,
	TABLE_LINES, /* one JSON object per line */
	TABLE_JSON,  /* JSON objects within whatever the caller opens in `json` */
};

/* A table for programs, written cell by cell. A text of NULL or a day of 0 is an empty cell in CSV,
 * and left out in JSON. */
struct table {
	enum table_form form;
	struct json json; /* its buffer has what was written so far, CSV too */
	bool separate;    /* in CSV, a comma goes before the next cell */
};

/* Returns an empty table. HEADER has the names of the columns in CSV, separated by commas. */
struct table table_new(const void *ctx, enum table_form form, const char *header);

void table_begin_row(struct table *table);
void table_end_row(struct table *table);

/* Each adds a cell; NAME is that of the member in JSON. In CSV, text is cleaned and made one line,
 * and gets an apostrophe in front if a spreadsheet would take it for a formula. */
void table_text(struct table *table, const char *name, const char *text);
void table_count(struct table *table, const char *name, size_t count);
void table_day(struct table *table, const char *name, time_t time);
void table_flag(struct table *table, const char *name, bool flag);

#endif
