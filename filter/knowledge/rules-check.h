/* What is wrong with rules that are well-formed. */
#ifndef RULES_CHECK_H
#define RULES_CHECK_H

#include "knowledge/rules.h"

/* Note in PROBLEMS which rules say again what an earlier one said, and which can never match because an earlier one matches whenever they
 * do. Sound, not complete: what depends on an `unless` is passed over. */
void rules_check(const void *ctx, struct rules *rules, struct problems *problems);

#endif
