/* What is wrong with rules that are well-formed. */
#ifndef RULES_CHECK_H
#define RULES_CHECK_H

#include "base/problem.h"
#include "knowledge/source.h"

/* Reads SOURCES, of which the first FOREIGN are only there for the names that they define. Notes in
 * PROBLEMS: lines that are not rules; rules that can never decide, because earlier ones take all
 * texts that are made of them as samples; rules of which a single word decides one of EXAMPLES that
 * means something else; classes that no rule uses. Rules with `unless` are passed over. */
void rules_check(const void *ctx, const struct sources *sources, size_t foreign,
        const struct sources *examples, struct problems *problems);

#endif
