/* Rules files made into the tables that are searched: when the program is built those of
 * share/rules, when it starts the user's. */
#ifndef RULE_READER_H
#define RULE_READER_H

#include "knowledge/pattern-builder.h"
#include "knowledge/rules.h"

/* Read SOURCES, of which the first FOREIGN are only there for the names that they give. Lines that
 * are no rules are left out and noted in PROBLEMS. Owned by CTX; SOURCES and PROBLEMS must live as
 * long. IS_OWN: all in the user's layer. */
const struct rule_set *rule_set_read(const void *ctx, const struct sources *sources, size_t foreign,
        bool is_own, struct problems *problems);

/* The user's rules; NULL if there are none. */
const struct rule_set *rule_set_read_own(const void *ctx, struct problems *problems);

/* For who needs more than the set: the reader, owned by CTX, its set, and the builder of its
 * patterns. */
struct rule_reader;
struct rule_reader *rule_reader_new(const void *ctx, const struct sources *sources, size_t foreign,
        bool is_own, struct problems *problems);
const struct rule_set *rule_reader_set(const struct rule_reader *reader);
struct pattern_builder *rule_reader_builder(const struct rule_reader *reader);

/* Do VISIT with the rows of each pattern of RULE, without those behind `unless`. */
void rule_reader_rows(struct rule_reader *reader, const struct rule *rule,
        void (*visit)(void *argument, char *const *rows), void *argument);

/* SOURCES behind those built in that give names to all files; *FOREIGN says how many these are.
 * Owned by CTX. */
struct sources *rule_sources_with_names(
        const void *ctx, const struct sources *sources, size_t *foreign);

#endif
