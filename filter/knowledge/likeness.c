#include "knowledge/likeness.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "knowledge/numbering.h"

/* How many words and pairs of words of a text are looked at. */
#define FEATURES_MAX 400

/* A text with fewer features is too short to compare. */
#define FEATURES_MIN 4

/* The lead that a reason needs over the next: weight for each root of the number of features. Set
 * by trial on replies that were not learned, so that four of five answers are right. */
#define LIKENESS_MARGIN 5

/* The same for a notice, most of which is not about the cause. */
#define NOTICE_MARGIN (3 * LIKENESS_MARGIN)

/* For words longer than this, so many first letters are another feature, because endings differ. */
#define STEM_FROM 6
#define STEM_LENGTH 5

/* How many weights the user's own examples can teach. */
#define OWN_WEIGHTS_MAX 100000

/* How often a course goes through all lessons, and how many courses there are, each in another
 * order. What one order leaves to chance, the average of several doesn't. */
#define PASSES 20
#define COURSES 5

/* A lesson is repeated until the right reason leads by so many units for each root of the number of
 * its features. */
#define LESSON_LEAD 6

/* The step and the lead for the user's own examples, which must outweigh what was learned before:
 * weights of up to 127. */
#define OWN_STEP 4
#define OWN_LEAD 20

/* A word, or a pair of words: its hash, and where it stands among the words of the text. */
struct likeness_feature {
	uint32_t hash, first, last;
};

/* The features of a text, each once, sorted by their hashes. */
struct features {
	struct likeness_feature list[FEATURES_MAX];
	size_t count, seen; /* SEEN: how often there was one */
};

struct likeness {
	struct likeness_model own;
	const struct sources *own_examples;
};

static int root_of(size_t number)
{
	int root = 0;

	while ((size_t)(root + 1) * (size_t)(root + 1) <= number)
		root++;
	return root;
}

static uint32_t hash_of(uint32_t hash, const struct token *word, uint32_t length)
{
	hash = numbering_hash(hash, word->word, length);
	return hash ^ hash >> 15;
}

static void feature_add(struct features *features, uint32_t hash, size_t first, size_t last)
{
	struct likeness_feature *list = features->list;
	size_t from = 0, to = features->count;

	if (features->seen++ >= FEATURES_MAX)
		return;
	while (from < to) {
		size_t middle = (from + to) / 2;

		if (list[middle].hash < hash)
			from = middle + 1;
		else
			to = middle;
	}
	if (from < features->count && list[from].hash == hash)
		return;
	memmove(&list[from + 1], &list[from], (features->count++ - from) * sizeof *list);
	list[from] = (struct likeness_feature){hash, (uint32_t)first, (uint32_t)last};
}

/* Returns the features of TOKENS, owned by CTX. */
static struct features *features_read(const void *ctx, const struct tokens *tokens)
{
	struct features *features = talloc(ctx, struct features);
	const struct token *before = NULL;

	features->count = features->seen = 0;
	for (size_t i = 0; i < tokens->word_count; i++) {
		const struct token *word = &tokens->words[i];

		if (word->kind > TOKEN_CHARACTER)
			continue;
		feature_add(features, hash_of(NUMBERING_HASH, word, word->length), i, i);
		if (word->length > STEM_FROM)
			feature_add(features, hash_of(1, word, STEM_LENGTH), i, i);
		if (before != NULL)
			feature_add(features,
			        hash_of(hash_of(2, before, before->length), word, word->length),
			        (size_t)(before - tokens->words), i);
		before = word;
	}
	return features;
}

/* Adds what MODEL has for the feature HASH to SCORES. */
static void model_ask(const struct likeness_model *model, uint32_t hash, int scores[REASON_COUNT])
{
	uint32_t bucket = hash % LIKENESS_BUCKETS;
	uint16_t print = (uint16_t)(hash / LIKENESS_BUCKETS);

	if (model->buckets == NULL)
		return;
	for (uint32_t i = model->buckets[bucket]; i < model->buckets[bucket + 1]; i++)
		if (model->weights[i].print == print)
			scores[model->weights[i].reason] += model->weights[i].weight;
}

struct likeness *likeness_open(const void *ctx, struct problems *problems)
{
	struct likeness *likeness = talloc_zero(ctx, struct likeness);

	likeness->own_examples = source_list_own(likeness, "examples", problems);
	if (likeness->own_examples->count == 0)
		return likeness;
	struct likeness_learner *learner = likeness_learner_new(likeness);

	for (size_t i = 0; i < likeness->own_examples->count; i++)
		likeness_learner_add_file(learner, &likeness->own_examples->list[i], problems);
	likeness->own = likeness_learner_run(learner, &likeness_built_in, OWN_WEIGHTS_MAX);
	return likeness;
}

static void scores_add(const struct likeness *likeness, uint32_t feature, int scores[REASON_COUNT])
{
	model_ask(&likeness_built_in, feature, scores);
	model_ask(&likeness->own, feature, scores);
}

/* Names in ANSWER the words that weighed most for REASON against OTHER. */
static void words_name(const void *ctx, const struct likeness *likeness,
        const struct tokens *tokens, const struct features *features, int reason, int other,
        struct likeness_answer *answer)
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

/* Returns how many features two texts share, in thousandths of the larger number. Both lists are
 * sorted. */
static int features_shared(const struct features *a, const struct features *b)
{
	size_t i = 0, j = 0, shared = 0;

	while (i < a->count && j < b->count) {
		shared += a->list[i].hash == b->list[j].hash;
		if (a->list[i].hash <= b->list[j].hash)
			i++;
		else
			j++;
	}
	return (int)(1000 * shared / MAX(MAX(a->count, b->count), 1));
}

/* Compares the lines of SOURCE, if it is about the reason of ANSWER, with FEATURES. One that is
 * more similar than *BEST replaces the best so far. */
static void nearest_in(const void *ctx, const struct source *source,
        const struct features *features, struct likeness_answer *answer, int *best)
{
	if (reason_of_file(source->name) != answer->reason)
		return;
	struct source_lines lines = source_lines_of(ctx, source, NULL);
	char *line;

	while ((line = source_line_next(&lines)) != NULL) {
		struct tokens *tokens = tokens_read(lines.copy, line, strlen(line));
		int shared = features_shared(features, features_read(tokens, tokens));

		if (shared > *best) {
			*best = shared;
			answer->file = source->name;
			answer->line = lines.number;
			answer->example = talloc_strdup(ctx, line);
		}
		talloc_free(tokens);
	}
	talloc_free(lines.copy);
}

bool likeness_ask(const void *ctx, const struct likeness *likeness, const struct tokens *tokens,
        bool is_notice, struct likeness_answer *answer)
{
	const struct features *features = features_read(ctx, tokens);
	const int root = root_of(features->count);
	int scores[REASON_COUNT] = {0}, best = 0, next = 1, nearest = 0;

	for (size_t i = 0; i < features->count; i++)
		scores_add(likeness, features->list[i].hash, scores);
	for (int r = 1; r < REASON_COUNT; r++)
		if (scores[r] > scores[best]) {
			next = best;
			best = r;
		} else if (r != best && (next == best || scores[r] > scores[next])) {
			next = r;
		}
	*answer = (struct likeness_answer){.reason = (enum reason)best};
	if (best == REASON_UNKNOWN || features->count < FEATURES_MIN ||
	        (scores[best] - scores[next]) / root <
	                (is_notice ? NOTICE_MARGIN : LIKENESS_MARGIN))
		return false;
	words_name(ctx, likeness, tokens, features, best, next, answer);
	const struct sources *lists[] = {
	        likeness->own_examples, source_list_built_in(ctx, "examples")};

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < lists[k]->count; i++)
			nearest_in(ctx, &lists[k]->list[i], features, answer, &nearest);
	return true;
}

struct lesson {
	uint32_t first, count; /* of its features in the pool */
	enum reason reason;
};

/* What is learned about one feature: its weights now, and their sum over all steps, for the
 * average. */
struct memory {
	uint32_t hash;
	int32_t now[REASON_COUNT];
	int64_t past[REASON_COUNT], learned[REASON_COUNT];
};

struct likeness_learner {
	struct lesson *lessons;
	size_t lesson_count;
	uint32_t *pool; /* numbers of memories */
	size_t pool_count;
	struct memory *memories;
	size_t memory_count;
	GHashTable *numbers; /* the number of the memory + 1, by the hash of its feature */
	const struct likeness_model *base;
	int64_t step;
};

struct likeness_learner *likeness_learner_new(const void *ctx)
{
	struct likeness_learner *l = talloc_zero(ctx, struct likeness_learner);

	l->numbers = g_hash_table_new(NULL, NULL);
	return l;
}

/* Returns the number of the memory of the feature HASH. */
static uint32_t memory_number(struct likeness_learner *l, uint32_t hash)
{
	gpointer key = GUINT_TO_POINTER(hash), number = g_hash_table_lookup(l->numbers, key);

	if (number == NULL) {
		array_add(l, l->memories, l->memory_count) = (struct memory){.hash = hash};
		number = GUINT_TO_POINTER(l->memory_count);
		g_hash_table_insert(l->numbers, key, number);
	}
	return GPOINTER_TO_UINT(number) - 1;
}

void likeness_learner_add(
        struct likeness_learner *l, const char *text, size_t length, enum reason reason)
{
	struct tokens *tokens = tokens_read(l, text, length);
	const struct features *features = features_read(tokens, tokens);

	array_add(l, l->lessons, l->lesson_count) =
	        (struct lesson){(uint32_t)l->pool_count, (uint32_t)features->count, reason};
	for (size_t i = 0; i < features->count; i++) {
		array_add(l, l->pool, l->pool_count) = memory_number(l, features->list[i].hash);
	}
	talloc_free(tokens);
}

void likeness_learner_add_file(
        struct likeness_learner *l, const struct source *source, struct problems *problems)
{
	enum reason reason = reason_of_file(source->name);

	if (reason == REASON_COUNT) {
		problems_add(problems, source->name, 0,
		        "expected the name of a reason, as in user-unknown.txt");
		return;
	}
	struct source_lines lines = source_lines_of(l, source, problems);
	char *line;

	while ((line = source_line_next(&lines)) != NULL)
		likeness_learner_add(l, line, strlen(line), reason);
	talloc_free(lines.copy);
}

static void lesson_learn(struct likeness_learner *l, const struct lesson *lesson)
{
	const uint32_t *numbers = l->pool + lesson->first;
	int scores[REASON_COUNT] = {0}, right = (int)lesson->reason, best = right == 0,
	    unit = l->base != NULL ? OWN_STEP : 1,
	    lead = root_of(lesson->count) * (l->base != NULL ? OWN_LEAD : LESSON_LEAD);

	l->step++;
	for (uint32_t i = 0; i < lesson->count; i++) {
		const struct memory *memory = &l->memories[numbers[i]];

		for (int r = 0; r < REASON_COUNT; r++)
			scores[r] += memory->now[r];
		if (l->base != NULL)
			model_ask(l->base, memory->hash, scores);
	}
	for (int r = 0; r < REASON_COUNT; r++)
		if (r != right && scores[r] > scores[best])
			best = r;
	if (scores[right] - scores[best] > lead)
		return;
	for (uint32_t i = 0; i < lesson->count; i++) {
		struct memory *memory = &l->memories[numbers[i]];

		memory->now[right] += unit;
		memory->past[right] += unit * l->step;
		memory->now[best] -= unit;
		memory->past[best] -= unit * l->step;
	}
}

/* Shuffles the lessons, in the same way each time. */
static void lessons_shuffle(struct likeness_learner *l, uint32_t *chance)
{
	for (size_t i = l->lesson_count; i > 1; i--) {
		*chance = *chance * 1664525u + 1013904223u;
		size_t other = (*chance >> 8) % i;
		struct lesson kept = l->lessons[i - 1];

		l->lessons[i - 1] = l->lessons[other];
		l->lessons[other] = kept;
	}
}

/* Learns all lessons in PASSES orders, from nothing, and adds what they taught to what is
 * learned. */
static void course_run(struct likeness_learner *l, uint32_t *chance)
{
	l->step = 0;
	for (int pass = 0; pass < PASSES; pass++) {
		lessons_shuffle(l, chance);
		for (size_t i = 0; i < l->lesson_count; i++)
			lesson_learn(l, &l->lessons[i]);
	}
	for (size_t i = 0; i < l->memory_count; i++)
		for (int r = 0; r < REASON_COUNT; r++) {
			struct memory *memory = &l->memories[i];

			memory->learned[r] +=
			        l->base != NULL ? memory->now[r]
			                        : memory->now[r] * (l->step + 1) - memory->past[r];
			memory->past[r] = memory->now[r] = 0;
		}
}

/* A learned weight, for the table. VALUE is its average times the steps. */
struct learned {
	int64_t value;
	uint32_t hash;
	uint8_t reason;
};

static int by_value(const void *a, const void *b)
{
	const struct learned *one = a, *other = b;
	int64_t x = llabs(one->value), y = llabs(other->value);

	if (x != y)
		return x > y ? -1 : 1;
	if (one->hash != other->hash)
		return one->hash < other->hash ? -1 : 1;
	return (int)one->reason - (int)other->reason;
}

static int by_bucket(const void *a, const void *b)
{
	const struct learned *one = a, *other = b;
	uint32_t x = one->hash % LIKENESS_BUCKETS, y = other->hash % LIKENESS_BUCKETS;

	if (x != y)
		return x < y ? -1 : 1;
	return by_value(a, b);
}

/* Returns all weights that are not 0, the heaviest first. */
static struct learned *learned_list(struct likeness_learner *l, size_t *count)
{
	struct learned *list = NULL;

	*count = 0;
	for (size_t i = 0; i < l->memory_count; i++)
		for (int r = 0; r < REASON_COUNT; r++) {
			const struct memory *memory = &l->memories[i];
			int64_t value = memory->learned[r];

			if (value == 0)
				continue;
			array_add(l, list, *count) =
			        (struct learned){value, memory->hash, (uint8_t)r};
		}
	if (*count > 0)
		qsort(list, *count, sizeof *list, by_value);
	return list;
}

/* Returns the table: weights from -127 to 127, by bucket. */
static struct likeness_model model_of(
        struct likeness_learner *l, struct learned *list, size_t count, int64_t unit)
{
	uint32_t *buckets = talloc_zero_size(l, (LIKENESS_BUCKETS + 1) * sizeof *buckets);
	struct likeness_weight *weights = talloc_zero_size(l, (count + 1) * sizeof *weights);
	uint32_t kept = 0, bucket = 0;

	if (count > 0)
		qsort(list, count, sizeof *list, by_bucket);
	for (size_t i = 0; i < count; i++) {
		int64_t weight =
		        (list[i].value + (list[i].value > 0 ? unit / 2 : -unit / 2)) / unit;

		while (bucket <= list[i].hash % LIKENESS_BUCKETS)
			buckets[bucket++] = kept;
		if (weight != 0)
			weights[kept++] = (struct likeness_weight){
			        (uint16_t)(list[i].hash / LIKENESS_BUCKETS), list[i].reason,
			        (int8_t)CLAMP(weight, -127, 127)};
	}
	while (bucket <= LIKENESS_BUCKETS)
		buckets[bucket++] = kept;
	return (struct likeness_model){buckets, weights, kept};
}

struct likeness_model likeness_learner_run(
        struct likeness_learner *l, const struct likeness_model *base, size_t weights_max)
{
	uint32_t chance = 1;
	size_t count;

	g_hash_table_destroy(l->numbers);
	l->base = base;
	for (int course = 0; course < (base != NULL ? 1 : COURSES); course++)
		course_run(l, &chance);
	struct learned *list = learned_list(l, &count);
	int64_t heaviest = count > 0 ? llabs(list[0].value) : 0;

	return model_of(l, list, MIN(count, weights_max), base != NULL ? 1 : heaviest / 127 + 1);
}
