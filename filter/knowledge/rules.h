/* All rules in reading order, and the first one that fits what a report says.
 *
 * Files are tried one after the other, the user's first. Each is tried on the layers of evidence in their order, the
 * diagnostic before the notice's own words, before the next file is tried; within a file the first rule in reading order
 * decides. All phrases of all rules are searched in one pass over a text. */
#ifndef RULES_H
#define RULES_H

#include "knowledge/rule.h"

#define RULES_LAYERS 2

struct rules;

/* All rules, the user's and ours; lines that are no rules are left out and noted in PROBLEMS. */
enum status rules_open(const void *ctx, struct problems *problems, struct rules **rules);

/* Only the rules of SOURCES, which must live as long as RULES. */
enum status rules_read(const void *ctx, const struct sources *sources, struct problems *problems, struct rules **rules);

/* The first rule that fits, NULL if none does. What was found in a text is remembered by its address for the next recipient
 * with the same one: see rules_forget(). */
const struct rule *rules_match(
        struct rules *rules, const struct evidence layers[RULES_LAYERS], const struct circumstances *where);

/* Forget what was found in the texts of the last mail: call it before they are freed or changed. */
void rules_forget(struct rules *rules);

/* The rules themselves, in reading order. */
const struct rule *rules_list(const struct rules *rules, size_t *count);

/* Which phrases of the rules are in TEXT (not folded), owned by CTX. */
struct phrase_hits *rules_find_phrases(const void *ctx, const struct rules *rules, const char *text);

#endif
