/* prepare FILE... > prepared.c: the knowledge of share/, parsed when the program is built, as
 * tables in C.
 *
 * Runs on the machine that builds. The same files make the same bytes anywhere. */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "knowledge/formats.h"
#include "knowledge/likeness.h"
#include "knowledge/rule-reader.h"

/* Nothing is built in yet. */
const struct source embedded_files[1];
const size_t embedded_files_count = 0;
const struct likeness_model likeness_built_in = {NULL, NULL, 0};

/* Weights that are kept, the heaviest: what they take in the program. */
#define WEIGHTS_MAX 30000

/* Texts that are made of one rule for learning. */
#define RULE_SAMPLES_MAX 12

/* LIST called NAME: COUNT of TYPE, each FIELDS numbers. C wants at least one. */
static void print_table(
        const char *type, const char *name, const void *list, size_t count, size_t fields)
{
	const uint32_t *numbers = list;
	bool is_struct = g_str_has_prefix(type, "struct");

	printf("\nstatic const %s %s[%zu] = {", type, name, count > 0 ? count : 1);
	for (size_t i = 0; i < count; i++) {
		printf("%s%s", i % 8 == 0 ? "\n" : "", is_struct ? "{" : "");
		for (size_t k = 0; k < fields; k++)
			printf("%uu,", *numbers++);
		printf("%s", is_struct ? "}," : "");
	}
	printf("%s};\n", count > 0 ? "\n" : is_struct ? "{0}" : "0");
}

#define PRINT_TABLE(type, name, list, count)                                                       \
	print_table(#type, name, list, count, sizeof(type) / sizeof(uint32_t))

static void print_bytes(const char *name, const char *bytes, size_t length)
{
	printf("\nstatic const char %s[] = \"\"", name);
	for (size_t i = 0; i < length; i++)
		printf("%s\\%03o%s", i % 24 == 0 ? "\n\t\"" : "", (unsigned char)bytes[i],
		        i % 24 == 23 || i + 1 == length ? "\"" : "");
	printf(";\n");
}

/* The tables of a numbering; they are called NAME, NAME_keys and NAME_slots. */
static void print_numbering(const char *name, const struct numbering *n)
{
	char *keys = g_strconcat(name, "_keys", NULL), *slots = g_strconcat(name, "_slots", NULL);

	print_bytes(name, n->pool, n->pool_length);
	PRINT_TABLE(struct numbering_key, keys, n->keys, n->count);
	PRINT_TABLE(uint32_t, slots, n->slots, n->room);
	g_free(keys);
	g_free(slots);
}

static void print_patterns(const struct patterns *p)
{
	print_numbering("words", &p->words);
	print_numbering("literals", &p->literals);
	PRINT_TABLE(uint32_t, "may_be", p->may_be, PATTERN_FILTER_BITS / 32);
	PRINT_TABLE(struct pattern_atom, "atoms", p->atoms, p->atom_count);
	PRINT_TABLE(struct pattern_term, "terms", p->terms, p->term_count);
	PRINT_TABLE(struct pattern_step, "steps", p->steps, p->step_count);
	PRINT_TABLE(struct pattern_place, "places", p->places, p->place_count);
	PRINT_TABLE(struct pattern_end, "ends", p->ends, p->end_count);
	printf("\nstatic const struct patterns patterns = {\n"
	       "\t.words = {words, words_keys, words_slots, %u, %u, %u},\n"
	       "\t.literals = {literals, literals_keys, literals_slots, %u, %u, %u},\n"
	       "\t.may_be = (void *)may_be, .atoms = (void *)atoms, .terms = (void *)terms,\n"
	       "\t.steps = (void *)steps, .places = (void *)places, .ends = (void *)ends,\n"
	       "\t.place_count = %u, .pattern_count = %u,\n};\n",
	        p->words.pool_length, p->words.count, p->words.room, p->literals.pool_length,
	        p->literals.count, p->literals.room, p->place_count, p->pattern_count);
}

static void print_rules(const struct rule_set *set)
{
	PRINT_TABLE(struct rule, "rules", set->rules, set->count);
	PRINT_TABLE(uint32_t, "guards", set->guards, (size_t)set->guards_count * GUARD_COUNT);
	PRINT_TABLE(uint32_t, "by_pattern", set->by_pattern, set->patterns->pattern_count);
	PRINT_TABLE(uint32_t, "wordless", set->wordless, set->wordless_count);
	print_bytes("values", set->pool, set->pool_length);
	printf("\nconst struct rule_set rules_built_in = {\n"
	       "\t.patterns = &patterns, .rules = (void *)rules, .guards = (void *)guards,\n"
	       "\t.pool = (void *)values, .by_pattern = (void *)by_pattern,\n"
	       "\t.wordless = (void *)wordless,\n"
	       "\t.count = %u, .guards_count = %u, .wordless_count = %u,\n};\n",
	        set->count, set->guards_count, set->wordless_count);
}

/* The words of the rules are examples of their reasons. */
static void rules_learn(struct likeness_learner *learner, const struct rule_reader *reader)
{
	const struct rule_set *set = rule_reader_set(reader);

	for (const struct rule *rule = set->rules; rule < set->rules + set->count; rule++) {
		size_t count = 0;

		if (rule->guards != 0 || rule->reason >= REASON_COUNT || rule->layer > RULE_WORDS)
			continue;
		for (uint32_t i = 0; i < rule->alternatives; i++)
			for (size_t row = 0; count < RULE_SAMPLES_MAX; row++, count++) {
				char *text = rule_reader_sample(
				        learner, reader, rule->patterns + i, row, count, "", "");

				if (text == NULL)
					break;
				likeness_learner_add(
				        learner, text, strlen(text), (enum reason)rule->reason);
				talloc_free(text);
			}
	}
}

static void print_likeness(struct likeness_learner *learner)
{
	struct likeness_model model = likeness_learner_run(learner, NULL, WEIGHTS_MAX);

	PRINT_TABLE(uint32_t, "buckets", model.buckets, LIKENESS_BUCKETS + 1);
	printf("\nstatic const struct likeness_weight weights[] = {");
	for (uint32_t i = 0; i < model.weight_count; i++)
		printf("%s{%u,%u,%d},", i % 8 == 0 ? "\n" : "", model.weights[i].print,
		        model.weights[i].reason, model.weights[i].weight);
	printf("\n};\n\nconst struct likeness_model likeness_built_in = {buckets, weights, %u};\n",
	        model.weight_count);
}

static void print_phrases(const struct phrases *p)
{
	print_numbering("texts", &p->texts);
	PRINT_TABLE(struct phrase, "phrase_list", p->list, p->texts.count);
	PRINT_TABLE(uint32_t, "by_eight", p->by_eight, PHRASE_KEYS);
	PRINT_TABLE(uint32_t, "by_four", p->by_four, PHRASE_KEYS);
	PRINT_TABLE(uint32_t, "by_byte", p->by_byte, 256);
	PRINT_TABLE(uint32_t, "filter_eight", p->filter_eight, PHRASE_FILTER_WORDS);
	PRINT_TABLE(uint32_t, "filter_four", p->filter_four, PHRASE_FILTER_WORDS);
	printf("\nstatic const struct phrases phrases = {\n"
	       "\t.texts = {texts, texts_keys, texts_slots, %u, %u, %u},\n\t.list = phrase_list,\n"
	       "\t.by_eight = by_eight, .by_four = by_four, .by_byte = by_byte,\n"
	       "\t.filter_eight = filter_eight, .filter_four = filter_four, .always = %u,\n};\n",
	        p->texts.pool_length, p->texts.count, p->texts.room, p->always);
}

/* A string as C has it; NULL too. */
static void print_string(const char *text)
{
	printf("%s", text != NULL ? "\"" : "NULL");
	for (const char *p = text; p != NULL && *p != '\0'; p++)
		printf("\\%03o", (unsigned char)*p);
	printf("%s,", text != NULL ? "\"" : "");
}

/* LIST, ended by NULL, as an element called NAME. */
static void print_strings(const char *name, char *const *list)
{
	printf("\n\t.%s = (char **)(const char *const[]){", name);
	while (list != NULL && *list != NULL)
		print_string(*list++);
	printf("NULL},");
}

static void print_conditions(const char *name, const struct condition_list *conditions)
{
	const struct condition *c = conditions->list;

	printf("\n\t.%s = {LIST(struct condition){", name);
	for (size_t i = 0; i < conditions->count; i++, c++) {
		printf("{%uu,%u,{%u,%u},", c->view, c->feature, c->run.first, c->run.last);
		print_string(c->glob);
		printf("},");
	}
	printf("{0}},%zu},", conditions->count);
}

static void print_format(const struct format *f)
{
	printf("{\n\t.name = ");
	print_string(f->name);
	printf("\n\t.phrases = (struct phrases *)&phrases, .is_sign = %d, .weight = %d, .kind = "
	       "%d,",
	        f->is_sign, f->weight, (int)f->kind);
	print_conditions("conditions", &f->conditions);
	print_conditions("exceptions", &f->exceptions);
	printf("\n\t.asks_header = %d, .answers = %d, .rest_is_diagnostic = %d,", f->asks_header,
	        f->answers, f->rest_is_diagnostic);
	printf("\n\t.line_count = %zu, .lines = LIST(struct line){", f->line_count);
	for (size_t i = 0; i < f->line_count; i++) {
		printf("{");
		print_string(f->lines[i].pattern);
		printf("%d},", f->lines[i].find);
	}
	printf("{0}},");
	for (size_t use = 0; use < WORDS_COUNT; use++) {
		printf("\n\t.words[%zu] = {LIST(struct phrase_run){", use);
		for (size_t i = 0; i < f->words[use].count; i++)
			printf("{%u,%u},", f->words[use].list[i].first, f->words[use].list[i].last);
		printf("{0}},%zu},", f->words[use].count);
	}
	if (f->recipient_fields != NULL)
		print_strings("recipient_fields", f->recipient_fields);
	printf("\n}");
}

static void print_formats(const struct format_set *set)
{
	print_phrases(set->phrases);
	printf("\nstatic const struct format format_list[] = {");
	for (size_t i = 0; i < set->count; i++) {
		print_format(&set->list[i]);
		printf(",");
	}
	printf("{0}};\n\nconst struct format_set formats_built_in = {\n\t.list = (struct format "
	       "*)format_list, "
	       ".count "
	       "= %zu, .phrases = (struct phrases *)&phrases, .field_count = %zu,",
	        set->count, set->field_count);
	print_strings("fields", set->fields);
	printf("\n\t.general = ");
	print_format(&set->general);
	printf("};\n");
}

int main(int argc, char **argv)
{
	void *ctx = talloc_new(NULL);
	struct problems *problems = problems_new(ctx);
	struct sources *rules = talloc_zero(ctx, struct sources),
	               *formats = talloc_zero(ctx, struct sources);
	struct likeness_learner *learner = likeness_learner_new(ctx);

	for (int i = 1; i < argc; i++) {
		struct source source;

		if (source_open(ctx, argv[i], &source) != STATUS_OK) {
			fprintf(stderr, "prepare: can't read %s\n", argv[i]);
			return EXIT_FAILURE;
		}
		source.user = false;
		if (g_str_has_suffix(argv[i], ".rules"))
			source_add(rules, &source);
		else if (g_str_has_suffix(argv[i], ".format"))
			source_add(formats, &source);
		else if (!likeness_learner_add_file(learner, &source))
			problems_add(problems, argv[i], 0, "expected the name of a reason");
	}
	struct rule_reader *reader = rule_reader_new(ctx, rules, problems);

	printf("/* Made by prepare.c. */\n#include <stddef.h>\n\n#include \"knowledge/formats.h\"\n"
	       "#include \"knowledge/likeness.h\"\n#include \"knowledge/rules.h\"\n\n"
	       "#define LIST(type) (type *)(type const[])\n");
	print_patterns(rule_reader_set(reader)->patterns);
	print_rules(rule_reader_set(reader));
	rules_learn(learner, reader);
	print_likeness(learner);
	print_formats(formats_parse(ctx, formats, problems));
	for (size_t i = 0; i < problems->count; i++)
		fprintf(stderr, "%s:%d: %s\n", problems->list[i].file, problems->list[i].line,
		        problems->list[i].text);
	bool is_good = problems->count == 0 && fflush(stdout) == 0 && ferror(stdout) == 0;

	talloc_free(ctx);
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
