/* The fourth stage: for each recipient a reason, whether it is permanent, and the rule that decided. */
#ifndef VERDICT_H
#define VERDICT_H

#include "judge/facts.h"
#include "knowledge/rules.h"

struct verdict {
	enum reason reason;
	bool permanent;
	struct rule_found found; /* the rule that decided, and its words; `rule` is NULL if none fitted: the reason is unknown */
};

/* Judge each recipient of FACTS, in their order; the array is owned by CTX. */
struct verdict *verdict_reach(const void *ctx, const struct facts *facts, struct rules *rules);

#endif
