/* Rules files made into the tables that are searched: when the program is built those of
 * share/rules, when it starts the user's. */
#ifndef RULE_READER_H
#define RULE_READER_H

#include "knowledge/rules.h"

/* Read SOURCES. Lines that are no rules are left out and noted in PROBLEMS. Owned by CTX; SOURCES
 * and PROBLEMS must live as long. */
struct rule_reader;
struct rule_reader *rule_reader_new(
        const void *ctx, const struct sources *sources, struct problems *problems);

/* What was read, owned by READER. */
const struct rule_set *rule_reader_set(const struct rule_reader *reader);

/* The user's rules; NULL if there are none. */
const struct rule_set *rule_set_read_own(const void *ctx, struct problems *problems);

/* A text that one of the rows of PATTERN finds, as pattern_row_sample() has it; NULL if there are
 * no more than ROW. Owned by CTX. */
char *rule_reader_sample(const void *ctx, const struct rule_reader *reader, uint32_t pattern,
        size_t row, size_t number, const char *ending, const char *filler);

/* SOURCES behind those built in that give names to all files, which are read for these only. Owned
 * by CTX. */
struct sources *rule_sources_with_names(const void *ctx, const struct sources *sources);

/* Note in PROBLEMS what is wrong with SOURCES: lines that are not rules; rules that can never
 * decide, because earlier ones take all texts that are made of them as samples; rules of which a
 * single word decides one of EXAMPLES that means something else; classes that no rule uses. Rules
 * with `unless` are passed over. */
void rules_check(const void *ctx, const struct sources *sources, const struct sources *examples,
        struct problems *problems);

#endif
