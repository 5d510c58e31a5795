/* Rules that are read together: their phrases are searched for in one pass over a text. */
#ifndef RULE_SET_H
#define RULE_SET_H

#include "knowledge/rule.h"

/* How many layers of evidence there are: see rules.h. */
#define RULES_LAYERS 2

struct rule_set;

/* The rules of COUNT SOURCES, which must live as long; owned by CTX. Lines that are no rules are left out and noted in PROBLEMS. */
struct rule_set *rule_set_read(const void *ctx, const struct source *sources, size_t count, struct problems *problems);

/* The first rule that fits, as rules_match(). What was found in a text is remembered by its address. */
const struct rule *rule_set_match(
        struct rule_set *set, const struct evidence layers[RULES_LAYERS], const struct circumstances *where);

/* Forget that. */
void rule_set_forget(struct rule_set *set);

/* The rules, in reading order. */
const struct rule *rule_set_list(const struct rule_set *set, size_t *count);

/* Their phrases. */
const struct phrases *rule_set_phrases(const struct rule_set *set);

#endif
