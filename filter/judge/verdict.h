/* The fourth stage: for each recipient a reason, whether it is permanent, and what decided: a rule,
 * or likeness. */
#ifndef VERDICT_H
#define VERDICT_H

#include "judge/facts.h"
#include "knowledge/likeness.h"
#include "knowledge/rules.h"

/* What verdicts are reached by. */
struct knowledge {
	struct rules *rules;
	struct likeness *likeness;
};

struct verdict {
	enum reason reason;
	bool permanent;
	struct rule_found found; /* the rule that decided; its `rule` is NULL if none fitted */
	const struct likeness_answer *like; /* what decided then; NULL: nothing, `unknown` */
};

/* Judge each recipient of FACTS, in their order; the array is owned by CTX. */
struct verdict *verdict_reach(
        const void *ctx, const struct facts *facts, const struct knowledge *knowledge);

#endif
