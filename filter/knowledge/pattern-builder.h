/* Patterns as they are written in a rules file, made into the tables that patterns.h searches
 * with. */
#ifndef PATTERN_BUILDER_H
#define PATTERN_BUILDER_H

#include "base/problem.h"
#include "knowledge/patterns.h"

/* Rows that one pattern may stand for: `[a]` doubles them, `{a b}` as well. Steps of a row, words
 * of a term, and alternatives. */
#define PATTERN_ROWS_MAX 64
#define PATTERN_STEPS_MAX 24
#define PATTERN_TERM_MAX 40

struct pattern_builder;

/* Where a pattern or a class stands, for what is to be said about it. */
struct pattern_source {
	const char *file;
	int line;
	bool is_shared;  /* the classes of this file are for all files */
	bool is_foreign; /* the file is only read for its classes: nobody has to use them */
};

/* A step of a row as written: terms and `<class>`es, ended by NULL; and the room that may lie
 * before it. */
struct pattern_part {
	char **terms;
	uint16_t gap;
};

struct pattern_row {
	struct pattern_part parts[PATTERN_STEPS_MAX];
	size_t count;
	uint16_t gap; /* that the next part has before it */
};

/* The rows that a pattern stands for. */
struct pattern_rows {
	struct pattern_row list[PATTERN_ROWS_MAX];
	size_t count;
};

/* What is wrong is noted in PROBLEMS. */
struct pattern_builder *pattern_builder_new(const void *ctx, struct problems *problems);

/* The class NAME has the LENGTH bytes of MEMBERS, which are as behind the `=` of a `word` line.
 * False if something is wrong. */
bool pattern_builder_class(struct pattern_builder *builder, const struct pattern_source *at,
        const char *name, const char *members);

/* TEXT, a pattern as written, into ROWS, owned by CTX. False if something is wrong. */
bool pattern_rows_read(const void *ctx, struct pattern_builder *builder,
        const struct pattern_source *at, const char *text, struct pattern_rows *rows);

/* The words of an old `phrase` line: parts that stand in this order, anything between them. */
bool pattern_rows_read_phrase(const void *ctx, struct pattern_builder *builder,
        const struct pattern_source *at, const char *text, struct pattern_rows *rows);

/* The next pattern is that number. */
uint32_t pattern_builder_next(struct pattern_builder *builder);

/* Add ROWS as the next pattern. False if something is wrong in them. */
bool pattern_builder_add(struct pattern_builder *builder, const struct pattern_source *at,
        const struct pattern_rows *rows);

/* A text that ROW finds, owned by CTX: another NUMBER picks other words of its sets. Words that may
 * end anyhow have that ENDING; FILLER, a word and a blank, stands wherever words may stand
 * between. */
char *pattern_row_sample(const void *ctx, struct pattern_builder *builder, const char *file,
        const struct pattern_row *row, size_t number, const char *ending, const char *filler);

/* Note in the problems the classes that no pattern uses. */
void pattern_builder_check(struct pattern_builder *builder);

/* The tables, owned by BUILDER, of all that was added. */
const struct patterns *pattern_builder_tables(struct pattern_builder *builder);

#endif
