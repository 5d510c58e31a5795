/* Compares what no rule knows with examples of what servers say: an averaged perceptron in whole
 * numbers over words and pairs of words. What was learned at build time, from share/examples and
 * the rules' own words, is a table; the user's own examples are learned on top of it. */
#ifndef LIKENESS_H
#define LIKENESS_H

#include "knowledge/vocabulary.h"
#include "knowledge/source.h"
#include "knowledge/tokens.h"

/* How many of the words that weighed most are named. */
#define LIKENESS_WORDS_MAX 3

/* How much a feature weighs for or against a reason. Those of one bucket stand together; PRINT,
 * a part of the feature's hash, tells them apart. */
struct likeness_weight {
	uint16_t print;
	uint8_t reason;
	int8_t weight;
};

#define LIKENESS_BUCKETS 8192u

struct likeness_model {
	const uint32_t *buckets; /* LIKENESS_BUCKETS + 1: where each bucket's weights begin */
	const struct likeness_weight *weights;
	uint32_t weight_count;
};

extern const struct likeness_model likeness_built_in;

struct likeness_answer {
	enum reason reason;
	const char *words[LIKENESS_WORDS_MAX]; /* the words that weighed most; NULL: no more */
	/* the most similar example of that reason; NULL: none */
	const char *file, *example;
	int line;
};

struct likeness;

/* Returns what was learned at build time and from the user's own examples; owned by CTX. Files and
 * lines that can't be used are noted in PROBLEMS. */
struct likeness *likeness_open(const void *ctx, struct problems *problems);

/* Finds the reason that the words of TOKENS are most like. IS_NOTICE: they are those of a whole
 * notice. Returns false if nothing is similar enough, or it is most like the examples of `unknown`.
 * What ANSWER points to is owned by CTX. */
bool likeness_ask(const void *ctx, const struct likeness *likeness, const struct tokens *tokens,
        bool is_notice, struct likeness_answer *answer);

/* Learning. The same examples in the same order give the same result on any machine. */
struct likeness_learner;

struct likeness_learner *likeness_learner_new(const void *ctx);

/* Adds LENGTH bytes of TEXT as an example of REASON. */
void likeness_learner_add(
        struct likeness_learner *learner, const char *text, size_t length, enum reason reason);

/* Adds all lines of SOURCE, a file called <reason>.txt. Notes in PROBLEMS that there is no such
 * reason, and lines that can't be read. */
void likeness_learner_add_file(
        struct likeness_learner *learner, const struct source *source, struct problems *problems);

/* Returns what was learned, owned by LEARNER, which can't be used again: at most WEIGHTS_MAX
 * weights, the heaviest. BASE (NULL: nothing) was known before; callers ask both and add up the
 * weights. */
struct likeness_model likeness_learner_run(
        struct likeness_learner *learner, const struct likeness_model *base, size_t weights_max);

#endif
