/* Makes the patterns of a rules file into the tables that patterns.h searches with. */
#ifndef PATTERN_BUILDER_H
#define PATTERN_BUILDER_H

#include "knowledge/source.h"
#include "knowledge/patterns.h"

struct pattern_builder;

/* Where a pattern or a class is written, for messages about it. */
struct pattern_source {
	const char *file;
	int line;
	bool is_shared;  /* all files may use the classes of this file */
	bool is_foreign; /* the file is read only for its classes: they need not be used */
};

/* Returns a builder, owned by CTX. It notes errors in PROBLEMS. */
struct pattern_builder *pattern_builder_new(const void *ctx, struct problems *problems);

/* Adds the class NAME. MEMBERS is written as after the `=` of a `word` line. */
void pattern_builder_class(struct pattern_builder *builder, const struct pattern_source *at,
        const char *name, const char *members);

/* Adds TEXT, a pattern as written, or IS_PHRASE, the words of an old `phrase` line. Returns false
 * if there is an error in it. */
bool pattern_builder_add(struct pattern_builder *builder, const struct pattern_source *at,
        const char *text, bool is_phrase);

/* Returns the number that the next pattern will have. */
uint32_t pattern_builder_next(struct pattern_builder *builder);

/* Returns a text that PATTERN finds, owned by CTX: in the way numbered ROW of the ways to read it;
 * NULL if it has fewer. Another NUMBER chooses other words of its sets. ENDING is added to words
 * with a `*`; FILLER, a word and a blank, fills the gaps. */
char *pattern_builder_sample(const void *ctx, struct pattern_builder *builder, uint32_t pattern,
        size_t row, size_t number, const char *ending, const char *filler);

/* Notes in the problems the classes that no pattern uses. */
void pattern_builder_check(struct pattern_builder *builder);

/* Returns the tables of all that was added, owned by BUILDER. */
const struct patterns *pattern_builder_tables(struct pattern_builder *builder);

#endif
