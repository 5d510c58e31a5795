#include "knowledge/likeness-learner.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"

#define PASSES 10

/* A lesson is repeated until the right reason leads by that many units for each root of its
 * features. */
#define LEAD 1

/* On top of what is known before, whose weights go up to 127: what one repetition adds, and the
 * lead. */
#define OWN_STEP 4
#define OWN_LEAD 20

struct lesson {
	uint32_t first, count; /* of its features in the pool */
	enum reason reason;
};

/* What is known of one feature: weights now, and their sum over all steps, for the average. */
struct memory {
	uint32_t hash;
	bool is_used;
	int32_t now[REASON_COUNT];
	int64_t past[REASON_COUNT];
};

struct likeness_learner {
	struct lesson *lessons;
	size_t lesson_count;
	uint32_t *pool;
	size_t pool_count, pool_room;
	struct memory *memories; /* by hash; as many as a power of two */
	size_t room;
	const struct likeness_model *base;
	int64_t step;
};

struct likeness_learner *likeness_learner_new(const void *ctx)
{
	return talloc_zero(ctx, struct likeness_learner);
}

void likeness_learner_add(
        struct likeness_learner *l, const char *text, size_t length, enum reason reason)
{
	void *scratch = talloc_new(l);
	struct likeness_features *features = talloc_zero(scratch, struct likeness_features);

	likeness_features_read(tokens_read(scratch, text, length), features);
	if (l->pool_count + features->count > l->pool_room) {
		l->pool_room = 2 * l->pool_room + features->count + 1024;
		l->pool = talloc_realloc_size(l, l->pool, l->pool_room * sizeof *l->pool);
	}
	l->lessons = array_grow(l, l->lessons, struct lesson, l->lesson_count);
	l->lessons[l->lesson_count++] =
	        (struct lesson){(uint32_t)l->pool_count, (uint32_t)features->count, reason};
	for (size_t i = 0; i < features->count; i++)
		l->pool[l->pool_count++] = features->list[i].hash;
	talloc_free(scratch);
}

bool likeness_learner_add_file(struct likeness_learner *l, const struct source *source)
{
	enum reason reason = reason_of_file(source->name);
	struct source_lines lines = source_lines_of(l, source);
	char *line;

	if (reason == REASON_COUNT)
		return false;
	while ((line = source_line_next(&lines)) != NULL)
		likeness_learner_add(l, line, strlen(line), reason);
	talloc_free(lines.copy);
	return true;
}

static struct memory *memory_of(struct likeness_learner *l, uint32_t hash)
{
	size_t at = hash & (l->room - 1);

	while (l->memories[at].is_used && l->memories[at].hash != hash)
		at = (at + 1) & (l->room - 1);
	l->memories[at].hash = hash;
	l->memories[at].is_used = true;
	return &l->memories[at];
}

static int root_of(size_t number)
{
	int root = 0;

	while ((size_t)(root + 1) * (size_t)(root + 1) <= number)
		root++;
	return root;
}

static void lesson_scores(
        struct likeness_learner *l, const struct lesson *lesson, int scores[REASON_COUNT])
{
	memset(scores, 0, REASON_COUNT * sizeof *scores);
	for (uint32_t i = 0; i < lesson->count; i++) {
		const struct memory *memory = memory_of(l, l->pool[lesson->first + i]);

		for (int r = 0; r < REASON_COUNT; r++)
			scores[r] += memory->now[r];
		if (l->base != NULL)
			likeness_score_add(l->base, memory->hash, scores);
	}
}

static void lesson_learn(struct likeness_learner *l, const struct lesson *lesson)
{
	int scores[REASON_COUNT], best = lesson->reason == 0, unit = l->base != NULL ? OWN_STEP : 1;
	int lead = root_of(lesson->count) * (l->base != NULL ? OWN_LEAD : LEAD);

	l->step++;
	lesson_scores(l, lesson, scores);
	for (int r = 0; r < REASON_COUNT; r++)
		if (r != (int)lesson->reason && scores[r] > scores[best])
			best = r;
	if (scores[lesson->reason] - scores[best] > lead)
		return;
	for (uint32_t i = 0; i < lesson->count; i++) {
		struct memory *memory = memory_of(l, l->pool[lesson->first + i]);

		memory->now[lesson->reason] += unit;
		memory->past[lesson->reason] += unit * l->step;
		memory->now[best] -= unit;
		memory->past[best] -= unit * l->step;
	}
}

/* All lessons in an order of chance that is the same each time. */
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

/* A weight that was learned, for the table: VALUE is its average times the steps. */
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

static struct learned *learned_list(struct likeness_learner *l, size_t *count)
{
	struct learned *list = talloc_size(l, l->room * sizeof *list);
	size_t room = l->room;

	*count = 0;
	for (size_t i = 0; i < l->room; i++)
		for (int r = 0; l->memories[i].is_used && r < REASON_COUNT; r++) {
			int64_t now = l->memories[i].now[r],
			        value = l->base != NULL
			                        ? now
			                        : now * (l->step + 1) - l->memories[i].past[r];

			if (value == 0)
				continue;
			if (*count == room) {
				room *= 2;
				list = talloc_realloc_size(l, list, room * sizeof *list);
			}
			list[(*count)++] = (struct learned){value, l->memories[i].hash, (uint8_t)r};
		}
	return list;
}

/* The table: weights of -127 to 127, by bucket. */
static struct likeness_model model_of(
        struct likeness_learner *l, struct learned *list, size_t count, int64_t unit)
{
	uint32_t *buckets = talloc_zero_size(l, (LIKENESS_BUCKETS + 1) * sizeof *buckets);
	struct likeness_weight *weights = talloc_zero_size(l, (count + 1) * sizeof *weights);
	uint32_t kept = 0, bucket = 0;

	qsort(list, count, sizeof *list, by_bucket);
	for (size_t i = 0; i < count; i++) {
		int64_t weight =
		        (list[i].value + (list[i].value > 0 ? unit / 2 : -unit / 2)) / unit;

		while (bucket <= list[i].hash % LIKENESS_BUCKETS)
			buckets[bucket++] = kept;
		if (weight != 0)
			weights[kept++] = (struct likeness_weight){
			        (uint16_t)(list[i].hash / LIKENESS_BUCKETS), list[i].reason,
			        (int8_t)(weight > 127    ? 127
			                 : weight < -127 ? -127
			                                 : weight)};
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

	l->base = base;
	for (l->room = 1024; l->room < 2 * l->pool_count; l->room *= 2)
		continue;
	l->memories = talloc_zero_size(l, l->room * sizeof *l->memories);
	for (int pass = 0; pass < PASSES; pass++) {
		lessons_shuffle(l, &chance);
		for (size_t i = 0; i < l->lesson_count; i++)
			lesson_learn(l, &l->lessons[i]);
	}
	struct learned *list = learned_list(l, &count);

	qsort(list, count, sizeof *list, by_value);
	int64_t heaviest = count > 0 ? llabs(list[0].value) : 0;

	return model_of(l, list, count < weights_max ? count : weights_max,
	        base != NULL ? 1 : heaviest / 127 + 1);
}
