/* prepare FILE... > prepared.c: the knowledge of share/, parsed when the program is built, as tables in C.
 *
 * Runs on the machine that builds. The same files make the same bytes anywhere. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "knowledge/embedded.h"
#include "knowledge/rule-reader.h"

/* Nothing is built in yet. */
const struct embedded_file embedded_files[1];
const size_t embedded_files_count = 0;

static void print_bytes(const char *name, const char *bytes, size_t length)
{
	printf("\nstatic const char %s[] = \"\"", name);
	for (size_t i = 0; i < length; i++)
		printf("%s\\%03o%s", i % 24 == 0 ? "\n\t\"" : "", (unsigned char)bytes[i], i % 24 == 23 || i + 1 == length ? "\"" : "");
	printf(";\n");
}

/* An array of COUNT elements, each as PRINT has it; C wants at least one. */
#define PRINT_ARRAY(type, name, list, count, ...)                                              \
	do {                                                                                   \
		printf("\nstatic const " type " " name "[] = {\n");                          \
		for (uint32_t i = 0; i < (count); i++) {                                       \
			printf(__VA_ARGS__);                                                   \
			printf(i % 8 == 7 ? ",\n" : ",");                                    \
		}                                                                              \
		printf((count) == 0 ? "{0}};\n" : "};\n");                                     \
	} while (0)

static void print_patterns(const struct patterns *p)
{
	print_bytes("pool", p->pool, p->pool_length);
	PRINT_ARRAY("struct pattern_atom", "atoms", p->atoms, p->atom_count, "{%u,%u,%d}", p->atoms[i].text, p->atoms[i].length,
	        p->atoms[i].is_open);
	PRINT_ARRAY("uint32_t", "atom_table", p->atom_table, p->atom_room, "%u", p->atom_table[i]);
	PRINT_ARRAY("struct pattern_node", "nodes", p->nodes, p->node_count, "{%u,%d}", p->nodes[i].fires, p->nodes[i].has_edges);
	PRINT_ARRAY("struct pattern_edge", "edges", p->edges, p->edge_room, "{%u,%u,%u}", p->edges[i].node, p->edges[i].atom,
	        p->edges[i].to);
	PRINT_ARRAY("struct pattern_fire", "fires", p->fires, p->fire_count, "{%u,%u,%u}", p->fires[i].group, p->fires[i].literal,
	        p->fires[i].next);
	PRINT_ARRAY("struct pattern_literal", "literals", p->literals, p->literal_count, "{%u,%u,%u}", p->literals[i].text,
	        p->literals[i].length, p->literals[i].lead);
	PRINT_ARRAY("struct pattern_group", "groups", p->groups, p->group_count, "{%u}", p->groups[i].steps);
	PRINT_ARRAY("struct pattern_step", "steps", p->steps, p->step_count, "{%u,%u}", p->steps[i].place, p->steps[i].next);
	PRINT_ARRAY("struct pattern_place", "places", p->places, p->place_count, "{%u,%u,%d,%d}", p->places[i].pattern, p->places[i].gap,
	        p->places[i].is_first, p->places[i].is_last);
	PRINT_ARRAY("uint32_t", "open_lengths", p->open_lengths, 256u, "%u", p->open_lengths[i]);
	printf("\nstatic const struct patterns patterns = {\n\tpool, atoms, atom_table, nodes, edges, fires, literals, groups, steps, places, "
	       "open_lengths,\n\t%u, %u, %u, %u, %u, %u, %u, %u, %u, %u, %u,\n};\n",
	        p->pool_length, p->atom_count, p->atom_room, p->node_count, p->edge_room, p->fire_count, p->literal_count, p->group_count,
	        p->step_count, p->place_count, p->pattern_count);
}

static void print_rules(const struct rule_set *set)
{
	PRINT_ARRAY("struct rule", "rules", set->rules, set->count, "{%u,%u,%u,%u,%u,%u,%u,%u,%u,%u}", set->rules[i].patterns,
	        set->rules[i].guards, set->rules[i].line, set->rules[i].offset, set->rules[i].length, set->rules[i].file,
	        set->rules[i].reason, set->rules[i].layer, set->rules[i].alternatives, set->rules[i].exceptions);
	PRINT_ARRAY("struct rule_guards", "guards", set->guards, set->guards_count, "{%u,%u,%u,%u,%u,%u,%u}", set->guards[i].status,
	        set->guards[i].reply, set->guards[i].command, set->guards[i].remote, set->guards[i].domain, set->guards[i].format,
	        set->guards[i].action);
	PRINT_ARRAY("uint32_t", "by_pattern", set->by_pattern, set->patterns->pattern_count, "%uu", set->by_pattern[i]);
	PRINT_ARRAY("uint32_t", "wordless", set->wordless, set->wordless_count, "%u", set->wordless[i]);
	print_bytes("values", set->pool, set->pool_length);
	printf("\nconst struct rule_set rules_built_in = {\n\t.patterns = &patterns,\n\t.rules = rules,\n\t.guards = guards,\n"
	       "\t.by_pattern = by_pattern,\n\t.wordless = wordless,\n\t.pool = values,\n\t.count = %u,\n\t.guards_count = %u,\n"
	       "\t.pool_length = %u,\n\t.wordless_count = %u,\n};\n",
	        set->count, set->guards_count, set->pool_length, set->wordless_count);
}

int main(int argc, char **argv)
{
	void *ctx = talloc_new(NULL);
	struct problems *problems = problems_new(ctx);
	struct sources *sources = talloc_zero(ctx, struct sources);

	for (int i = 1; i < argc; i++) {
		struct source source;

		if (source_open(ctx, argv[i], &source) != STATUS_OK) {
			fprintf(stderr, "prepare: can't read %s\n", argv[i]);
			return EXIT_FAILURE;
		}
		source_add(sources, &source);
	}
	printf("/* Made by prepare.c. */\n#include <stddef.h>\n\n#include \"knowledge/rules.h\"\n");
	const struct rule_set *set = rule_set_read(ctx, sources, 0, false, problems);

	print_patterns(set->patterns);
	print_rules(set);
	for (size_t i = 0; i < problems->count; i++)
		fprintf(stderr, "%s:%d: %s\n", problems->list[i].file, problems->list[i].line, problems->list[i].text);
	talloc_free(ctx);
	return problems->count > 0 || fflush(stdout) != 0 || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
