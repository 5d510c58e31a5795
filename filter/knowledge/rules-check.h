/* What is wrong with rules that are well-formed. */
#ifndef RULES_CHECK_H
#define RULES_CHECK_H

#include "base/problem.h"
#include "knowledge/source.h"

/* Read SOURCES, of which the first FOREIGN are only there for the names that they give, and note in
 * PROBLEMS what is no rule, which rules can never decide because earlier ones take all texts that
 * are made of them as samples, and which classes no rule uses. What depends on an `unless` is
 * passed over. */
void rules_check(
        const void *ctx, const struct sources *sources, size_t foreign, struct problems *problems);

#endif
