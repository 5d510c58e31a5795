/* The cells that lists are made of: on a terminal, in CSV, and the days in both. */
#ifndef TABLE_H
#define TABLE_H

#include <time.h>

#include "base/buffer.h"

/* Add TEXT, made harmless, in COLUMNS columns: cut at a character's edge, or filled up with
 * blanks. */
void table_cell(struct buffer *buffer, const char *text, size_t columns);

/* Add TEXT (NULL: empty) as a cell of CSV (RFC 4180), and END. What a spreadsheet would take for a
 * formula gets an apostrophe before it. */
void table_csv(struct buffer *buffer, const char *text, const char *end);

/* TIME as a day, 2026-11-30, in UTC; "" if TIME is 0. */
char *table_iso_day(const void *ctx, time_t time);

/* COUNT as text, owned by CTX. */
char *table_number(const void *ctx, size_t count);

#endif
