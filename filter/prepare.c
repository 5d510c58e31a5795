/* prepare FILE... > prepared.c: the knowledge of share/, parsed when the program is built, as
 * tables in C.
 *
 * Runs on the machine that builds. The same files make the same bytes anywhere. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "knowledge/embedded.h"
#include "knowledge/likeness-learner.h"
#include "knowledge/rule-reader.h"

/* Nothing is built in yet. */
const struct embedded_file embedded_files[1];
const size_t embedded_files_count = 0;
const struct likeness_model likeness_built_in = {NULL, NULL, 0};

/* Weights that are kept, the heaviest: what they take in the program. */
#define WEIGHTS_MAX 24000

/* Texts that are made of one rule for learning. */
#define RULE_SAMPLES_MAX 12

/* An array of COUNT elements, each as PRINT has it; C wants at least one. */
#define PRINT_ARRAY(type, name, list, count, ...)                                                  \
	do {                                                                                       \
		printf("\nstatic const " type " %s[] = {\n", name);                                \
		for (uint32_t i = 0; i < (count); i++) {                                           \
			printf(__VA_ARGS__);                                                       \
			printf(i % 8 == 7 ? ",\n" : ",");                                          \
		}                                                                                  \
		printf((count) == 0 ? "{0}};\n" : "};\n");                                         \
	} while (0)

static void print_bytes(const char *name, const char *bytes, size_t length)
{
	printf("\nstatic const char %s[] = \"\"", name);
	for (size_t i = 0; i < length; i++)
		printf("%s\\%03o%s", i % 24 == 0 ? "\n\t\"" : "", (unsigned char)bytes[i],
		        i % 24 == 23 || i + 1 == length ? "\"" : "");
	printf(";\n");
}

/* The tables of NUMBERING, called NAME. */
static void print_numbering(const char *name, const struct numbering *n)
{
	char list[64];

	snprintf(list, sizeof list, "%s_pool", name);
	print_bytes(list, n->pool, n->pool_length);
	snprintf(list, sizeof list, "%s_keys", name);
	PRINT_ARRAY("struct numbering_key", list, n->keys, n->count, "{%u,%u}", n->keys[i].at,
	        n->keys[i].length);
	snprintf(list, sizeof list, "%s_slots", name);
	PRINT_ARRAY("uint32_t", list, n->slots, n->room, "%u", n->slots[i]);
}

static void print_patterns(const struct patterns *p)
{
	print_numbering("words", &p->words);
	print_numbering("literals", &p->literals);
	PRINT_ARRAY("uint32_t", "may_begin", p->may_begin, PATTERN_FILTER_BITS / 32, "%uu",
	        p->may_begin[i]);
	PRINT_ARRAY("struct pattern_atom", "atoms", p->atoms, p->atom_count, "{%u,%u}",
	        p->atoms[i].first_words, p->atoms[i].first_literal);
	PRINT_ARRAY("struct pattern_term", "terms", p->terms, p->term_count, "{%u,%u,%u,%u}",
	        p->terms[i].group, p->terms[i].more, p->terms[i].literal, p->terms[i].next);
	PRINT_ARRAY("uint32_t", "mores", p->mores, p->more_count, "%u", p->mores[i]);
	PRINT_ARRAY("struct pattern_group", "groups", p->groups, p->group_count, "{%u}",
	        p->groups[i].first_step);
	PRINT_ARRAY("struct pattern_step", "steps", p->steps, p->step_count, "{%u,%u,%u,%u}",
	        p->steps[i].place, p->steps[i].before, p->steps[i].gap, p->steps[i].next);
	PRINT_ARRAY("struct pattern_place", "places", p->places, p->place_count, "{%u,%u}",
	        p->places[i].first_end, p->places[i].goes_on);
	PRINT_ARRAY("struct pattern_end", "ends", p->ends, p->end_count, "{%u,%u}",
	        p->ends[i].pattern, p->ends[i].next);
	printf("\n#define NUMBERING(name, pool_length, count, room) {name##_pool, name##_keys, "
	       "name##_slots, pool_length, count, room}\n"
	       "static const struct patterns patterns = {\n"
	       "\tNUMBERING(words, %u, %u, %u), NUMBERING(literals, %u, %u, %u),\n"
	       "\tmay_begin, atoms, terms, mores, groups, steps, places, ends, %u, %u, %u, "
	       "%u, %u, %u, %u, %u,\n};\n",
	        p->words.pool_length, p->words.count, p->words.room, p->literals.pool_length,
	        p->literals.count, p->literals.room, p->atom_count, p->term_count, p->more_count,
	        p->group_count, p->step_count, p->place_count, p->end_count, p->pattern_count);
}

static void print_rules(const struct rule_set *set)
{
	PRINT_ARRAY("struct rule", "rules", set->rules, set->count,
	        "{%u,%u,%u,%u,%u,%u,%u,%u,%u,%u,%d}", set->rules[i].patterns, set->rules[i].guards,
	        set->rules[i].line, set->rules[i].offset, set->rules[i].length, set->rules[i].file,
	        set->rules[i].reason, set->rules[i].layer, set->rules[i].alternatives,
	        set->rules[i].exceptions, set->rules[i].is_phrase);
	PRINT_ARRAY("struct rule_guards", "guards", set->guards, set->guards_count,
	        "{%u,%u,%u,%u,%u,%u,%u}", set->guards[i].status, set->guards[i].reply,
	        set->guards[i].command, set->guards[i].remote, set->guards[i].domain,
	        set->guards[i].format, set->guards[i].action);
	PRINT_ARRAY("uint32_t", "by_pattern", set->by_pattern, set->patterns->pattern_count, "%uu",
	        set->by_pattern[i]);
	PRINT_ARRAY(
	        "uint32_t", "wordless", set->wordless, set->wordless_count, "%u", set->wordless[i]);
	print_bytes("values", set->pool, set->pool_length);
	printf("\nconst struct rule_set rules_built_in = {\n\t.patterns = &patterns,\n\t.rules = "
	       "rules,\n\t.guards = guards,\n"
	       "\t.by_pattern = by_pattern,\n\t.wordless = wordless,\n\t.pool = values,\n\t.count "
	       "= %u,\n\t.guards_count = %u,\n"
	       "\t.pool_length = %u,\n\t.wordless_count = %u,\n};\n",
	        set->count, set->guards_count, set->pool_length, set->wordless_count);
}

/* The words of a rule are an example of its reason. */
struct lesson_of_rule {
	struct likeness_learner *learner;
	struct rule_reader *reader;
	const struct rule_set *set;
	const struct rule *rule;
	size_t count;
};

static void rows_learn(void *argument, char *const *rows)
{
	struct lesson_of_rule *lesson = argument;

	for (; *rows != NULL && lesson->count < RULE_SAMPLES_MAX; rows++, lesson->count++) {
		char *text = pattern_row_sample(lesson->reader, rule_reader_builder(lesson->reader),
		        rule_file(lesson->set, lesson->rule), *rows, lesson->count, "",
		        "");

		likeness_learner_add(
		        lesson->learner, text, strlen(text), (enum reason)lesson->rule->reason);
		talloc_free(text);
	}
}

static void rules_learn(struct likeness_learner *learner, struct rule_reader *reader)
{
	const struct rule_set *set = rule_reader_set(reader);

	for (uint32_t i = 0; i < set->count; i++) {
		struct lesson_of_rule lesson = {learner, reader, set, &set->rules[i], 0};

		if (set->rules[i].alternatives > 0 && set->rules[i].guards == 0 &&
		        set->rules[i].reason < REASON_COUNT && set->rules[i].layer <= RULE_WORDS)
			rule_reader_rows(reader, lesson.rule, rows_learn, &lesson);
	}
}

static void print_likeness(struct likeness_learner *learner)
{
	struct likeness_model model = likeness_learner_run(learner, NULL, WEIGHTS_MAX);

	PRINT_ARRAY(
	        "uint32_t", "buckets", model.buckets, LIKENESS_BUCKETS + 1, "%u", model.buckets[i]);
	PRINT_ARRAY("struct likeness_weight", "weights", model.weights, model.weight_count,
	        "{%u,%u,%d}", model.weights[i].print, model.weights[i].reason,
	        model.weights[i].weight);
	printf("\nconst struct likeness_model likeness_built_in = {buckets, weights, %u};\n",
	        model.weight_count);
}

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), end_length = strlen(end);

	return length >= end_length && strcmp(name + length - end_length, end) == 0;
}

int main(int argc, char **argv)
{
	void *ctx = talloc_new(NULL);
	struct problems *problems = problems_new(ctx);
	struct sources *rules = talloc_zero(ctx, struct sources);
	struct likeness_learner *learner = likeness_learner_new(ctx);

	for (int i = 1; i < argc; i++) {
		struct source source;

		if (source_open(ctx, argv[i], &source) != STATUS_OK) {
			fprintf(stderr, "prepare: can't read %s\n", argv[i]);
			return EXIT_FAILURE;
		}
		if (ends_with(argv[i], ".rules"))
			source_add(rules, &source);
		else if (!likeness_learner_add_file(learner, &source))
			problems_add(problems, argv[i], 0, "expected the name of a reason");
	}
	struct rule_reader *reader = rule_reader_new(ctx, rules, 0, false, problems);

	printf("/* Made by prepare.c. */\n#include <stddef.h>\n\n#include "
	       "\"knowledge/likeness.h\"\n#include \"knowledge/rules.h\"\n");
	print_patterns(rule_reader_set(reader)->patterns);
	print_rules(rule_reader_set(reader));
	rules_learn(learner, reader);
	print_likeness(learner);
	for (size_t i = 0; i < problems->count; i++)
		fprintf(stderr, "%s:%d: %s\n", problems->list[i].file, problems->list[i].line,
		        problems->list[i].text);
	talloc_free(ctx);
	return problems->count > 0 || fflush(stdout) != 0 || ferror(stdout) ? EXIT_FAILURE
	                                                                    : EXIT_SUCCESS;
}
