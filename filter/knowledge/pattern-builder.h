/* Patterns as they are written in a rules file, made into the tables that patterns.h searches
 * with. */
#ifndef PATTERN_BUILDER_H
#define PATTERN_BUILDER_H

#include "base/problem.h"
#include "knowledge/patterns.h"

struct pattern_builder;

/* Where a pattern or a class stands, for what is to be said about it. */
struct pattern_source {
	const char *file;
	int line;
	bool is_shared;  /* the classes of this file are for all files */
	bool is_foreign; /* the file is only read for its classes: nobody has to use them */
};

/* What is wrong is noted in PROBLEMS. */
struct pattern_builder *pattern_builder_new(const void *ctx, struct problems *problems);

/* The class NAME has MEMBERS, which are as behind the `=` of a `word` line. */
void pattern_builder_class(struct pattern_builder *builder, const struct pattern_source *at,
        const char *name, const char *members);

/* The rows that TEXT, a pattern as written, stands for: patterns without [ ] and { }, a list owned
 * by CTX. NULL if something is wrong. */
char **pattern_rows_read(const void *ctx, struct pattern_builder *builder,
        const struct pattern_source *at, const char *text);

/* The same for the words of an old `phrase` line: parts that stand in this order, anything between
 * them. */
char **pattern_rows_read_phrase(const void *ctx, struct pattern_builder *builder,
        const struct pattern_source *at, const char *text);

/* The next pattern is that number. */
uint32_t pattern_builder_next(struct pattern_builder *builder);

/* Add ROWS as the next pattern. False if something is wrong in them. */
bool pattern_builder_add(
        struct pattern_builder *builder, const struct pattern_source *at, char *const *rows);

/* A text that ROW finds, owned by CTX: another NUMBER picks other words of its sets. Words that may
 * end anyhow have that ENDING; FILLER, a word and a blank, stands wherever words may stand
 * between. */
char *pattern_row_sample(const void *ctx, struct pattern_builder *builder, const char *file,
        const char *row, size_t number, const char *ending, const char *filler);

/* Note in the problems the classes that no pattern uses. */
void pattern_builder_check(struct pattern_builder *builder);

/* The tables, owned by BUILDER, of all that was added. */
const struct patterns *pattern_builder_tables(struct pattern_builder *builder);

#endif
