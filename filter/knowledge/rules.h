/* All rules in reading order, and the first one that fits what a report says.
 *
 * Files are tried one after the other, the user's first. Each is tried on the layers of evidence in their order, the
 * diagnostic before the notice's own words, before the next file is tried; within a file the first rule in reading order
 * decides. */
#ifndef RULES_H
#define RULES_H

#include "knowledge/rule-set.h"

struct rules;

/* The rules of SOURCES, which must live as long as RULES, as must PROBLEMS; owned by CTX. They are read when they are needed: the user's with the first
 * question, all others at the latest when none of the first ones fits. Lines that are no rules are left out and noted in PROBLEMS. */
struct rules *rules_new(const void *ctx, const struct sources *sources, struct problems *problems);

/* The same, all read at once. */
struct rules *rules_read(const void *ctx, const struct sources *sources, struct problems *problems);

/* All rules, the user's and ours, read at once. */
struct rules *rules_open(const void *ctx, struct problems *problems);

/* The first rule that fits, NULL if none does. What was found in a text is remembered by its address for the next recipient
 * with the same one: see rules_forget(). */
const struct rule *rules_match(
        struct rules *rules, const struct evidence layers[RULES_LAYERS], const struct circumstances *where);

/* Forget what was found in the texts of the last mail: call it before they are freed or changed. */
void rules_forget(struct rules *rules);

/* The rules themselves, in reading order, if all were read at once. */
const struct rule *rules_list(const struct rules *rules, size_t *count);

/* Which phrases of the rules, if all were read at once, are in TEXT (not folded), owned by CTX. */
struct phrase_hits *rules_find_phrases(const void *ctx, const struct rules *rules, const char *text);

#endif
