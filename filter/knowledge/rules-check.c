#include "knowledge/rules-check.h"

#include <string.h>
#include <talloc.h>

#include "knowledge/rule-reader.h"

/* Texts that are made of each row of a pattern: with other words of its classes each time. */
#define SAMPLES 5

/* A word that no rule knows. */
#define FILLER "qx "
#define ENDING "qx"

struct check {
	const struct rule_set *set;
	struct pattern_builder *builder;
	struct pattern_search *search;
	struct problems *problems;
	const struct rule *rule; /* that is checked */
	bool *is_noted;          /* by rule: what is wrong with its words was said */
	/* earlier rules take all of its samples so far; BY the first of them */
	bool is_taken;
	const struct rule *by;
};

/* Whether each guard of GENERAL holds whenever those of SPECIAL do. Sound, not complete: false when
 * in doubt. */
static bool guards_cover(
        const struct rule_set *set, const struct rule *general, const struct rule *special)
{
	const uint32_t *wide = (const uint32_t *)(const void *)&set->guards[general->guards];
	const uint32_t *narrow = (const uint32_t *)(const void *)&set->guards[special->guards];

	for (size_t i = 0; i < sizeof(struct rule_guards) / sizeof(uint32_t); i++)
		if (wide[i] != 0 &&
		        (narrow[i] == 0 || strcmp(set->pool + wide[i], set->pool + narrow[i]) != 0))
			return false;
	return true;
}

static bool comes_first(const struct check *check, const struct rule *earlier)
{
	bool is_same_question =
	        (earlier->layer == RULE_LASTING) == (check->rule->layer == RULE_LASTING);

	return earlier < check->rule && is_same_question && earlier->exceptions == 0 &&
	       guards_cover(check->set, earlier, check->rule);
}

/* The first earlier rule that takes TEXT whenever the one that is checked does. */
static const struct rule *taken_by(const struct check *check, const char *text)
{
	void *scratch = talloc_new(NULL);
	struct pattern_hits hits = pattern_search_run(
	        scratch, check->search, tokens_read(scratch, text, strlen(text)));
	const struct rule *by = NULL;

	for (size_t i = 0; i < hits.count; i++) {
		uint32_t number = check->set->by_pattern[hits.list[i].pattern];
		const struct rule *rule =
		        number < check->set->count ? &check->set->rules[number] : NULL;

		if (rule != NULL && hits.list[i].pattern < rule->patterns + rule->alternatives &&
		        comes_first(check, rule) && (by == NULL || rule < by))
			by = rule;
	}
	talloc_free(scratch);
	return by;
}

static void check_rows(void *argument, char *const *rows)
{
	struct check *check = argument;
	const char *file = rule_file(check->set, check->rule);
	void *scratch = talloc_new(NULL);

	for (; check->is_taken && *rows != NULL; rows++)
		for (size_t number = 0; check->is_taken && number < SAMPLES; number++) {
			const struct rule *by =
			        taken_by(check, pattern_row_sample(scratch, check->builder, file,
			                                *rows, number, ENDING, FILLER));

			check->is_taken = by != NULL;
			if (check->by == NULL)
				check->by = by;
		}
	talloc_free(scratch);
}

/* The first rule about codes only that takes all that the one checked does. */
static const struct rule *taken_by_codes(const struct check *check)
{
	const struct rule_set *set = check->set;

	for (uint32_t i = 0; i < set->wordless_count; i++)
		if (comes_first(check, &set->rules[set->wordless[i]]))
			return &set->rules[set->wordless[i]];
	return NULL;
}

static void check_rule(struct check *check, struct rule_reader *reader)
{
	const struct rule *rule = check->rule, *by = taken_by_codes(check);

	if (by == NULL && rule->alternatives > 0) {
		check->is_taken = true;
		check->by = NULL;
		rule_reader_rows(reader, rule, check_rows, check);
		by = check->is_taken ? check->by : NULL;
	}
	if (by != NULL)
		problems_add(check->problems, rule_file(check->set, rule), (int)rule->line,
		        "never reached, shadowed by %s:%u: \"%s\"", rule_file(check->set, by),
		        by->line, rule_line(reader, check->set, by));
}

/* Whether the bytes that HIT took are a single word; of Chinese, Japanese or Korean, two
 * characters. */
static bool is_one_word(const struct pattern_hit *hit, const struct tokens *tokens)
{
	const char *taken = tokens->text + hit->start;
	size_t length = hit->end - hit->start;

	return memchr(taken, ' ', length) == NULL &&
	       ((unsigned char)taken[0] < 0xE3 || length <= 2 * 3);
}

/* The hit of the first rule about words alone; NULL if there is none. */
static const struct pattern_hit *first_hit(
        const struct check *check, const struct pattern_hits *hits, const struct rule **rule)
{
	const struct pattern_hit *first = NULL;

	*rule = NULL;
	for (size_t i = 0; i < hits->count; i++) {
		uint32_t number = check->set->by_pattern[hits->list[i].pattern];
		const struct rule *its =
		        number < check->set->count ? &check->set->rules[number] : NULL;

		if (its == NULL || its->guards != 0 || its->layer == RULE_LASTING ||
		        hits->list[i].pattern >= its->patterns + its->alternatives)
			continue;
		if (*rule == NULL || its < *rule) {
			*rule = its;
			first = &hits->list[i];
		}
	}
	return first;
}

/* Note a rule of which one word alone decides an example that means something else. */
static void check_example(struct check *check, const struct source_lines *lines, enum reason means)
{
	void *scratch = talloc_new(NULL);
	const struct tokens *tokens = tokens_read(scratch, lines->text, (size_t)lines->length);
	struct pattern_hits hits = pattern_search_run(scratch, check->search, tokens);
	const struct rule *rule;
	const struct pattern_hit *hit = first_hit(check, &hits, &rule);

	if (hit != NULL && rule->reason != means && rule->exceptions == 0 &&
	        is_one_word(hit, tokens) && !check->is_noted[rule - check->set->rules]) {
		check->is_noted[rule - check->set->rules] = true;
		problems_add(check->problems, rule_file(check->set, rule), (int)rule->line,
		        "\"%.*s\" alone decides, and it also stands in what means something else, "
		        "%s:%d: expected more words, a guard or unless",
		        (int)(hit->end - hit->start), tokens->text + hit->start,
		        lines->source->name, lines->number);
	}
	talloc_free(scratch);
}

static void check_examples(
        struct check *check, struct rule_reader *reader, const struct sources *examples)
{
	check->is_noted = talloc_zero_array(reader, bool, check->set->count + 1);
	for (size_t i = 0; i < examples->count; i++) {
		struct source_lines lines = source_lines_of(reader, &examples->list[i]);

		while (source_line_next(&lines) != NULL)
			check_example(check, &lines, reason_of_file(examples->list[i].name));
	}
}

void rules_check(const void *ctx, const struct sources *sources, size_t foreign,
        const struct sources *examples, struct problems *problems)
{
	struct rule_reader *reader = rule_reader_new(ctx, sources, foreign, false, problems);
	struct check check = {.set = rule_reader_set(reader),
	        .builder = rule_reader_builder(reader),
	        .problems = problems};

	check.search = pattern_search_new(reader, check.set->patterns);
	for (uint32_t i = 0; i < check.set->count; i++) {
		check.rule = &check.set->rules[i];
		check_rule(&check, reader);
	}
	check_examples(&check, reader, examples);
	pattern_builder_check(check.builder);
}
