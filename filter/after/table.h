/* Lists as people and programs get them: cells in columns, CSV (RFC 4180), JSON. */
#ifndef TABLE_H
#define TABLE_H

#include <time.h>

#include "base/json.h"

/* Add TEXT, made harmless, in COLUMNS columns: cut at a character's edge, or filled up with
 * blanks. */
void table_cell(struct buffer *buffer, const char *text, size_t columns);

/* COUNT as text, owned by CTX. */
char *table_number(const void *ctx, size_t count);

enum table_form {
	TABLE_CSV,
	TABLE_LINES, /* a JSON object a line */
	TABLE_JSON,  /* JSON objects in an array, or whatever else is opened in `json` */
};

/* Rows for programs, whose cells are put one after the other. What is not known (NULL, 0) is an
 * empty cell of CSV, and no member in JSON. */
struct table {
	enum table_form form;
	struct json json; /* its buffer has what is written so far */
	bool separate;    /* a comma is due before the next cell of CSV */
};

/* HEADER are the names of the columns of CSV, with commas between. */
struct table table_new(const void *ctx, enum table_form form, const char *header);

void table_begin_row(struct table *table);
void table_end_row(struct table *table);

/* In CSV the text is one harmless line, and what a spreadsheet would take for a formula gets an
 * apostrophe before it. */
void table_text(struct table *table, const char *name, const char *text);
void table_count(struct table *table, const char *name, size_t count);
void table_day(struct table *table, const char *name, time_t time);
void table_flag(struct table *table, const char *name, bool flag);

#endif
