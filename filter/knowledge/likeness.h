/* What no rule knows, compared with what servers say: an averaged perceptron in whole numbers over
 * words and pairs of words. What was learned from share/examples and the rules' own words when the
 * program was built is a table; the user's own examples are learned on top of it. */
#ifndef LIKENESS_H
#define LIKENESS_H

#include "knowledge/vocabulary.h"
#include "knowledge/source.h"
#include "knowledge/tokens.h"

/* Words that are named as those which weighed most. */
#define LIKENESS_WORDS_MAX 3

/* What a feature says for or against a reason. Those of one bucket stand together; PRINT tells them
 * apart. */
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
	/* how much more speaks for it than for the next, see LIKENESS_MARGIN */
	int margin;
	const char *words[LIKENESS_WORDS_MAX]; /* that weighed most; NULL: no more */
	/* the nearest one of that reason; NULL: there is none */
	const char *file, *example;
	int line;
};

struct likeness;

/* What is built in, and what the user's own examples teach; owned by CTX. What can't be read is
 * noted in PROBLEMS. */
struct likeness *likeness_open(const void *ctx, struct problems *problems);

/* What the words of TOKENS are like; IS_NOTICE: they are those of a whole notice. False if nothing
 * is near enough, or it is like what means nothing. What ANSWER points to is owned by CTX. */
bool likeness_ask(const void *ctx, const struct likeness *likeness, const struct tokens *tokens,
        bool is_notice, struct likeness_answer *answer);

/* Learning. The same examples in the same order teach the same, on any machine. */
struct likeness_learner;

struct likeness_learner *likeness_learner_new(const void *ctx);

/* TEXT is an example of REASON. */
void likeness_learner_add(
        struct likeness_learner *learner, const char *text, size_t length, enum reason reason);

/* All lines of SOURCE, a file called <reason>.txt. False if no reason is called so. */
bool likeness_learner_add_file(struct likeness_learner *learner, const struct source *source);

/* What was learned, owned by LEARNER, which is done then: at most WEIGHTS_MAX weights, the heaviest.
 * BASE (NULL: nothing) is what was known before; what it says is added to by whoever asks both. */
struct likeness_model likeness_learner_run(
        struct likeness_learner *learner, const struct likeness_model *base, size_t weights_max);

#endif
