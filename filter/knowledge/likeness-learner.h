/* Learning what texts mean from examples. The same examples in the same order teach the same, on
 * any machine. */
#ifndef LIKENESS_LEARNER_H
#define LIKENESS_LEARNER_H

#include "knowledge/likeness.h"

struct likeness_learner;

struct likeness_learner *likeness_learner_new(const void *ctx);

/* TEXT is an example of REASON. */
void likeness_learner_add(
        struct likeness_learner *learner, const char *text, size_t length, enum reason reason);

/* All lines of SOURCE, a file called <reason>.txt. False if no reason is called so. */
bool likeness_learner_add_file(struct likeness_learner *learner, const struct source *source);

/* What was learned, owned by LEARNER: at most WEIGHTS_MAX weights, the heaviest. BASE (NULL:
 * nothing) is what was known before; what it says is added to by whoever asks both. */
struct likeness_model likeness_learner_run(
        struct likeness_learner *learner, const struct likeness_model *base, size_t weights_max);

#endif
