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
#include "knowledge/rules.h"

/* Nothing is built in yet. */
const struct source embedded_files[1];
const size_t embedded_files_count = 0;
const struct likeness_model likeness_built_in = {NULL, NULL, 0};

/* Weights that are kept, the heaviest: what they take in the program. */
#define WEIGHTS_MAX 60000

/* Texts that are made of one rule for learning. */
#define RULE_SAMPLES_MAX 12

/* A member called NAME: LIST has COUNT of TYPE, each FIELDS numbers. C wants at least one. */
static void print_list(
        const char *name, const char *type, const void *list, size_t count, size_t fields)
{
	const uint32_t *numbers = list;
	bool is_struct = g_str_has_prefix(type, "struct");

	printf("\n.%s = (void *)(const %s[]){", name, type);
	for (size_t i = 0; i < count; i++) {
		printf("%s%s", i % 8 == 0 ? "\n" : "", is_struct ? "{" : "");
		for (size_t k = 0; k < fields; k++)
			printf("%uu,", *numbers++);
		printf("%s", is_struct ? "}," : "");
	}
	printf("%s},", count > 0 ? "" : is_struct ? "{0}" : "0");
}

#define PRINT_LIST(of, list, type, count)                                                          \
	print_list(#list, #type, (of)->list, count, sizeof(type) / sizeof(uint32_t))
#define PRINT_NUMBER(of, number) printf("\n." #number " = %u,", (unsigned)(of)->number)

static void print_bytes(const char *name, const char *bytes, size_t length)
{
	printf("\n.%s = (void *)\"\"", name);
	for (size_t i = 0; i < length; i++)
		printf("%s\\%03o%s", i % 24 == 0 ? "\n\"" : "", (unsigned char)bytes[i],
		        i % 24 == 23 || i + 1 == length ? "\"" : "");
	printf(",");
}

static void print_numbering(const char *name, const struct numbering *n)
{
	printf("\n.%s = {", name);
	print_bytes("pool", n->pool, n->pool_length);
	PRINT_LIST(n, keys, struct numbering_key, n->count);
	PRINT_LIST(n, slots, uint32_t, n->room);
	PRINT_NUMBER(n, pool_length);
	PRINT_NUMBER(n, count);
	PRINT_NUMBER(n, room);
	printf("},");
}

static void print_phrases(const char *name, const struct phrases *p)
{
	printf("\nstatic const struct phrases %s = {", name);
	print_numbering("texts", &p->texts);
	PRINT_LIST(p, list, struct phrase, p->texts.count);
	PRINT_LIST(p, by_eight, uint32_t, PHRASE_KEYS);
	PRINT_LIST(p, by_four, uint32_t, PHRASE_KEYS);
	PRINT_LIST(p, by_byte, uint32_t, 256);
	PRINT_LIST(p, filter_eight, uint32_t, PHRASE_FILTER_WORDS);
	PRINT_LIST(p, filter_four, uint32_t, PHRASE_FILTER_WORDS);
	PRINT_NUMBER(p, always);
	printf("};\n");
}

static void print_patterns(const struct patterns *p)
{
	print_phrases("literals", p->literals);
	printf("\nstatic const struct patterns patterns = {.literals = &literals,");
	print_numbering("words", &p->words);
	PRINT_LIST(p, literal_terms, uint32_t, p->literals->texts.count);
	PRINT_LIST(p, may_be, uint32_t, PATTERN_FILTER_BITS / 32);
	PRINT_LIST(p, atoms, struct pattern_atom, p->atom_count);
	PRINT_LIST(p, terms, struct pattern_term, p->term_count);
	PRINT_LIST(p, steps, struct pattern_step, p->step_count);
	PRINT_LIST(p, places, struct pattern_place, p->place_count);
	PRINT_LIST(p, ends, struct pattern_end, p->end_count);
	PRINT_NUMBER(p, place_count);
	PRINT_NUMBER(p, pattern_count);
	printf("};\n");
}

static void print_rules(const struct rule_set *set)
{
	printf("\nconst struct rule_set rules_built_in = {.patterns = &patterns,");
	PRINT_LIST(set, rules, struct rule, set->count);
	print_list("guards", "uint32_t", set->guards, (size_t)set->guards_count * GUARD_COUNT, 1);
	PRINT_LIST(set, by_pattern, uint32_t, set->patterns->pattern_count);
	PRINT_LIST(set, wordless, uint32_t, set->wordless_count);
	print_bytes("pool", set->pool, set->pool_length);
	PRINT_NUMBER(set, count);
	PRINT_NUMBER(set, guards_count);
	PRINT_NUMBER(set, wordless_count);
	printf("};\n");
}

/* The words of the rules are examples of their reasons. */
static void rules_learn(struct likeness_learner *learner, const struct rule_set *set)
{
	for (const struct rule *rule = set->rules; rule < set->rules + set->count; rule++) {
		size_t count = 0;

		if (rule->guards != 0 || rule->reason >= REASON_COUNT || rule->layer > RULE_WORDS)
			continue;
		for (uint32_t i = 0; i < rule->alternatives; i++)
			for (size_t row = 0; count < RULE_SAMPLES_MAX; row++, count++) {
				char *text = pattern_builder_sample(learner, set->builder,
				        rule->patterns + i, row, count, "", "");

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

	printf("\nconst struct likeness_model likeness_built_in = {");
	PRINT_LIST(&model, buckets, uint32_t, LIKENESS_BUCKETS + 1);
	printf("\n.weights = (const struct likeness_weight[]){");
	for (uint32_t i = 0; i < model.weight_count; i++)
		printf("%s{%u,%u,%d},", i % 8 == 0 ? "\n" : "", model.weights[i].print,
		        model.weights[i].reason, model.weights[i].weight);
	printf("},\n.weight_count = %u};\n", model.weight_count);
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
		printf("{%uu,%u,{%u,%u},", c->view, c->features, c->run.first, c->run.last);
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
	print_phrases("phrases", set->phrases);
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
		else
			likeness_learner_add_file(learner, &source, problems);
	}
	const struct rule_set *set = rule_set_read(ctx, rules, problems);

	printf("/* Made by prepare.c. */\n#include <stddef.h>\n\n#include \"knowledge/formats.h\"\n"
	       "#include \"knowledge/likeness.h\"\n#include \"knowledge/rules.h\"\n\n"
	       "#define LIST(type) (type *)(type const[])\n");
	print_patterns(set->patterns);
	print_rules(set);
	rules_learn(learner, set);
	print_likeness(learner);
	print_formats(formats_parse(ctx, formats, problems));
	for (size_t i = 0; i < problems->count; i++)
		fprintf(stderr, "%s:%d: %s\n", problems->list[i].file, problems->list[i].line,
		        problems->list[i].text);
	bool is_good = problems->count == 0 && fflush(stdout) == 0 && ferror(stdout) == 0;

	talloc_free(ctx);
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
