#include "knowledge/likeness.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "knowledge/likeness-learner.h"
#include "text/text.h"

/* How much more has to speak for one reason than for the next: weight for each root of the
 * features. Set by trying on replies that nothing was learned from, so that four of five answers
 * are right. */
#define LIKENESS_MARGIN 6

/* The same for a notice, most of which is not about the cause. */
#define NOTICE_MARGIN (3 * LIKENESS_MARGIN)

/* A word or two are like anything. */
#define LIKENESS_FEATURES_MIN 4

/* Of words longer than this, so many first letters are a feature as well: endings differ. */
#define STEM_FROM 6
#define STEM_LENGTH 5

/* Weights that the user's own examples can teach. */
#define OWN_WEIGHTS_MAX 100000

struct likeness {
	struct likeness_model own;
	const struct sources *own_examples;
};

static uint32_t hash_of(uint32_t hash, const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)word[i]) * 16777619u;
	return hash ^ hash >> 15;
}

static void feature_add(
        struct likeness_features *features, uint32_t hash, size_t first, size_t last)
{
	if (features->count < LIKENESS_FEATURES_MAX)
		features->list[features->count++] =
		        (struct likeness_feature){hash, (uint32_t)first, (uint32_t)last};
}

static int by_hash(const void *a, const void *b)
{
	const struct likeness_feature *one = a, *other = b;

	if (one->hash != other->hash)
		return one->hash < other->hash ? -1 : 1;
	return one->first < other->first ? -1 : one->first > other->first;
}

void likeness_features_read(const struct tokens *tokens, struct likeness_features *features)
{
	const struct token *before = NULL;
	size_t kept = 0;

	features->count = 0;
	for (size_t i = 0; i < tokens->word_count; i++) {
		const struct token *word = &tokens->words[i];

		if (word->kind > TOKEN_CHARACTER)
			continue;
		uint32_t hash = hash_of(2166136261u, word->word, word->length);

		feature_add(features, hash, i, i);
		if (word->length > STEM_FROM)
			feature_add(features, hash_of(1u, word->word, STEM_LENGTH), i, i);
		if (before != NULL)
			feature_add(features,
			        hash_of(hash_of(2u, before->word, before->length), word->word,
			                word->length),
			        (size_t)(before - tokens->words), i);
		before = word;
	}
	qsort(features->list, features->count, sizeof *features->list, by_hash);
	for (size_t i = 0; i < features->count; i++)
		if (i == 0 || features->list[i].hash != features->list[i - 1].hash)
			features->list[kept++] = features->list[i];
	features->count = kept;
}

void likeness_score_add(
        const struct likeness_model *model, uint32_t feature, int scores[REASON_COUNT])
{
	uint32_t bucket = feature % LIKENESS_BUCKETS;
	uint16_t print = (uint16_t)(feature / LIKENESS_BUCKETS);

	if (model->buckets == NULL)
		return;
	for (uint32_t i = model->buckets[bucket]; i < model->buckets[bucket + 1]; i++)
		if (model->weights[i].print == print)
			scores[model->weights[i].reason] += model->weights[i].weight;
}

struct likeness *likeness_open(const void *ctx, struct problems *problems)
{
	struct likeness *likeness = talloc_zero(ctx, struct likeness);
	struct likeness_learner *learner;

	likeness->own_examples = source_list_own(likeness, "examples", problems);
	if (likeness->own_examples->count == 0)
		return likeness;
	learner = likeness_learner_new(likeness);
	for (size_t i = 0; i < likeness->own_examples->count; i++)
		if (!likeness_learner_add_file(learner, &likeness->own_examples->list[i]))
			problems_add(problems, likeness->own_examples->list[i].name, 0,
			        "expected the name of a reason, as in user-unknown.txt");
	likeness->own = likeness_learner_run(learner, &likeness_built_in, OWN_WEIGHTS_MAX);
	return likeness;
}

static void scores_add(const struct likeness *likeness, uint32_t feature, int scores[REASON_COUNT])
{
	likeness_score_add(&likeness_built_in, feature, scores);
	likeness_score_add(&likeness->own, feature, scores);
}

/* The words that spoke most for REASON against OTHER. */
static void words_name(const void *ctx, const struct likeness *likeness,
        const struct tokens *tokens, const struct likeness_features *features, int reason,
        int other, struct likeness_answer *answer)
{
	int weights[LIKENESS_WORDS_MAX] = {0};

	for (size_t i = 0; i < features->count; i++) {
		const struct likeness_feature *feature = &features->list[i];
		int scores[REASON_COUNT] = {0}, weight, at = LIKENESS_WORDS_MAX;

		scores_add(likeness, feature->hash, scores);
		weight = scores[reason] - scores[other];
		while (at > 0 && weight > weights[at - 1])
			at--;
		if (at == LIKENESS_WORDS_MAX || weight <= 0)
			continue;
		memmove(&weights[at + 1], &weights[at],
		        (size_t)(LIKENESS_WORDS_MAX - 1 - at) * sizeof *weights);
		memmove(&answer->words[at + 1], &answer->words[at],
		        (size_t)(LIKENESS_WORDS_MAX - 1 - at) * sizeof *answer->words);
		weights[at] = weight;
		answer->words[at] = talloc_strndup(ctx,
		        tokens->text + tokens->words[feature->first].start,
		        tokens->words[feature->last].end - tokens->words[feature->first].start);
	}
}

/* How many features two texts share, in thousandths of the larger one's. Both lists are in
 * order. */
static int features_shared(const struct likeness_features *a, const struct likeness_features *b)
{
	size_t i = 0, j = 0, shared = 0;

	while (i < a->count && j < b->count) {
		shared += a->list[i].hash == b->list[j].hash;
		if (a->list[i].hash <= b->list[j].hash)
			i++;
		else
			j++;
	}
	return (int)(1000 * shared /
	             (a->count > b->count   ? a->count
	                     : b->count > 0 ? b->count
	                                    : 1));
}

/* The lines of SOURCE, if it is about the reason of ANSWER, compared with FEATURES: the best so
 * far, *BEST, is replaced by a better one. */
static void nearest_in(const void *ctx, const struct source *source,
        const struct likeness_features *features, struct likeness_answer *answer, int *best)
{
	struct source_lines lines;
	char *line;

	if (reason_of_file(source->name) != answer->reason)
		return;
	lines = source_lines_of(ctx, source);
	while ((line = source_line_next(&lines)) != NULL) {
		struct likeness_features *its = talloc_zero(lines.copy, struct likeness_features);
		int shared;

		likeness_features_read(tokens_read(its, line, strlen(line)), its);
		shared = features_shared(features, its);
		if (shared > *best) {
			*best = shared;
			answer->file = source->name;
			answer->line = lines.number;
			answer->example = talloc_strdup(ctx, line);
		}
		talloc_free(its);
	}
	talloc_free(lines.copy);
}

static void nearest_name(const void *ctx, const struct likeness *likeness,
        const struct likeness_features *features, struct likeness_answer *answer)
{
	const struct sources *lists[] = {
	        likeness->own_examples, source_list_built_in(ctx, "examples")};
	int best = 0;

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < lists[k]->count; i++)
			nearest_in(ctx, &lists[k]->list[i], features, answer, &best);
}

bool likeness_ask(const void *ctx, const struct likeness *likeness, const struct tokens *tokens,
        bool is_notice, struct likeness_answer *answer)
{
	struct likeness_features *features = talloc_zero(ctx, struct likeness_features);
	int scores[REASON_COUNT] = {0}, best = 0, next = 1, root = 0;

	likeness_features_read(tokens, features);
	for (size_t i = 0; i < features->count; i++)
		scores_add(likeness, features->list[i].hash, scores);
	for (int r = 1; r < REASON_COUNT; r++)
		if (scores[r] > scores[best]) {
			next = best;
			best = r;
		} else if (r != best && (next == best || scores[r] > scores[next])) {
			next = r;
		}
	while ((size_t)(root + 1) * (size_t)(root + 1) <= features->count)
		root++;
	*answer = (struct likeness_answer){.reason = (enum reason)best,
	        .margin = root > 0 ? (scores[best] - scores[next]) / root : 0};
	if (best == REASON_UNKNOWN ||
	        answer->margin < (is_notice ? NOTICE_MARGIN : LIKENESS_MARGIN) ||
	        features->count < LIKENESS_FEATURES_MIN)
		return false;
	words_name(ctx, likeness, tokens, features, best, next, answer);
	nearest_name(ctx, likeness, features, answer);
	return true;
}
