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
	bool is_taken;           /* earlier rules take all of its samples so far; BY the first of them */
	const struct rule *by;
};

/* Whether each guard of GENERAL holds whenever those of SPECIAL do. Sound, not complete: false when in doubt. */
static bool guards_cover(const struct rule_set *set, const struct rule *general, const struct rule *special)
{
	const uint32_t *wide = (const uint32_t *)(const void *)&set->guards[general->guards];
	const uint32_t *narrow = (const uint32_t *)(const void *)&set->guards[special->guards];

	for (size_t i = 0; i < sizeof(struct rule_guards) / sizeof(uint32_t); i++)
		if (wide[i] != 0 && (narrow[i] == 0 || strcmp(set->pool + wide[i], set->pool + narrow[i]) != 0))
			return false;
	return true;
}

static bool comes_first(const struct check *check, const struct rule *earlier)
{
	bool is_same_question = (earlier->layer == RULE_LASTING) == (check->rule->layer == RULE_LASTING);

	return earlier < check->rule && is_same_question && earlier->exceptions == 0 && guards_cover(check->set, earlier, check->rule);
}

/* The first earlier rule that takes TEXT whenever the one that is checked does. */
static const struct rule *taken_by(const struct check *check, const char *text)
{
	void *scratch = talloc_new(NULL);
	struct pattern_hits hits = pattern_search_run(scratch, check->search, tokens_read(scratch, text, strlen(text)));
	const struct rule *by = NULL;

	for (size_t i = 0; i < hits.count; i++) {
		uint32_t number = check->set->by_pattern[hits.list[i].pattern];
		const struct rule *rule = number < check->set->count ? &check->set->rules[number] : NULL;

		if (rule != NULL && hits.list[i].pattern < rule->patterns + rule->alternatives && comes_first(check, rule) &&
		        (by == NULL || rule < by))
			by = rule;
	}
	talloc_free(scratch);
	return by;
}

static void check_rows(void *argument, const struct pattern_rows *rows)
{
	struct check *check = argument;
	const char *file = rule_file(check->set, check->rule);
	void *scratch = talloc_new(NULL);

	for (size_t i = 0; check->is_taken && i < rows->count; i++)
		for (size_t number = 0; check->is_taken && number < SAMPLES; number++) {
			const struct rule *by = taken_by(check, pattern_row_sample(scratch, check->builder, file, &rows->list[i], number, ENDING, FILLER));

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
		problems_add(check->problems, rule_file(check->set, rule), (int)rule->line, "never reached, shadowed by %s:%u: \"%s\"",
		        rule_file(check->set, by), by->line, rule_line(reader, check->set, by));
}

void rules_check(const void *ctx, const struct sources *sources, size_t foreign, struct problems *problems)
{
	struct rule_reader *reader = rule_reader_new(ctx, sources, foreign, false, problems);
	struct check check = {.set = rule_reader_set(reader), .builder = rule_reader_builder(reader), .problems = problems};

	check.search = pattern_search_new(reader, check.set->patterns);
	for (uint32_t i = 0; i < check.set->count; i++) {
		check.rule = &check.set->rules[i];
		check_rule(&check, reader);
	}
	pattern_builder_check(check.builder);
}
