#include "rules.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "array.h"
#include "limits.h"
#include "text.h"

/* What was found in a layer's text, kept while the same text comes again. */
struct memory {
	const char *text;
	struct phrase_hits *hits;
};

struct rules {
	const struct sources *sources;
	struct rule *list;
	size_t count;
	size_t *file_start;   /* index of the first rule of each source, and one past the last */
	struct phrases *phrases;
	size_t phrase_count;
	int32_t *by_phrase;   /* first rule with a phrase, by phrase number; -1: none */
	int32_t *next;        /* next rule with the same phrase, by rule; -1: none */
	size_t *plain;        /* rules without a phrase, in reading order */
	size_t plain_count;
	struct memory memory[RULES_LAYERS];
};

static bool
rules_add(struct rules *rules, const struct rule *rule)
{
	struct rule *list = array_grow(rules, rules->list, struct rule, rules->count);

	if (list == NULL)
		return false;
	rules->list = list;
	list[rules->count++] = *rule;
	return true;
}

static enum status
rules_read_source(struct rules *rules, const struct source *source, struct problems *problems)
{
	struct source_lines lines = {.source = source};
	struct rule rule;
	char *line;

	while ((line = source_line_next(rules, &lines)) != NULL)
		if (rule_parse(line, &lines, rules->phrases, problems, &rule) && !rules_add(rules, &rule))
			return STATUS_TRY_LATER;
	return STATUS_OK;
}

/* Which rules to look at when a phrase was found, and which whatever was found. */
static bool
rules_index(struct rules *rules)
{
	int highest = -1;
	size_t i;

	for (i = 0; i < rules->count; i++)
		if (rules->list[i].phrase > highest)
			highest = rules->list[i].phrase;
	rules->phrase_count = (size_t) (highest + 1);
	rules->by_phrase = array_new(rules, int32_t, rules->phrase_count + 1);
	rules->next = array_new(rules, int32_t, rules->count + 1);
	rules->plain = array_new(rules, size_t, rules->count + 1);
	if (rules->by_phrase == NULL || rules->next == NULL || rules->plain == NULL)
		return false;
	memset(rules->by_phrase, -1, (rules->phrase_count + 1) * sizeof *rules->by_phrase);
	for (i = 0; i < rules->count; i++)
		if (rules->list[i].phrase < 0)
			rules->plain[rules->plain_count++] = i;
	for (i = rules->count; i-- > 0;) {
		int phrase = rules->list[i].phrase;

		if (phrase < 0)
			continue;
		rules->next[i] = rules->by_phrase[phrase];
		rules->by_phrase[phrase] = (int32_t) i;
	}
	return true;
}

enum status
rules_read(const void *ctx, const struct sources *sources, struct problems *problems, struct rules **out)
{
	struct rules *rules = talloc_zero(ctx, struct rules);
	enum status status = STATUS_OK;
	size_t i;

	if (rules == NULL || (rules->phrases = phrases_new(rules)) == NULL)
		return STATUS_TRY_LATER;
	rules->sources = sources;
	rules->file_start = array_new(rules, size_t, sources->count + 1);
	if (rules->file_start == NULL)
		return STATUS_TRY_LATER;
	for (i = 0; status == STATUS_OK && i < sources->count; i++) {
		rules->file_start[i] = rules->count;
		status = rules_read_source(rules, &sources->list[i], problems);
	}
	rules->file_start[sources->count] = rules->count;
	if (status == STATUS_OK && (!phrases_compile(rules->phrases) || !rules_index(rules)))
		status = STATUS_TRY_LATER;
	*out = rules;
	return status;
}

enum status
rules_open(const void *ctx, struct problems *problems, struct rules **rules)
{
	struct sources *sources;
	enum status status = source_list(ctx, "rules", problems, &sources);

	return status == STATUS_OK ? rules_read(ctx, sources, problems, rules) : status;
}

const struct rule *
rules_list(const struct rules *rules, size_t *count)
{
	*count = rules->count;
	return rules->list;
}

/* Search TEXT, unless it was the last one of this layer. */
static const struct phrase_hits *
rules_search(struct rules *rules, struct memory *memory, const char *text)
{
	char *folded;

	if (text == NULL)
		text = "";
	if (memory->hits != NULL && memory->text == text)
		return memory->hits;
	talloc_free(memory->hits);
	folded = text_fold(rules, text, strnlen(text, NOTICE_MAX));
	memory->text = text;
	memory->hits = folded != NULL ? phrases_search(rules, rules->phrases, folded, strlen(folded)) : NULL;
	talloc_free(folded);
	return memory->hits;
}

void
rules_forget(struct rules *rules)
{
	size_t layer;

	for (layer = 0; layer < RULES_LAYERS; layer++) {
		talloc_free(rules->memory[layer].hits);
		rules->memory[layer] = (struct memory){NULL, NULL};
	}
}

static bool
rule_is_excepted(const struct rule *rule, const struct phrase_hits *hits)
{
	int i;

	for (i = 0; i < rule->unless_count; i++)
		if (phrase_hits_has(hits, rule->unless[i]))
			return true;
	return false;
}

static size_t
rules_file_of(const struct rules *rules, size_t rule)
{
	return (size_t) (rules->list[rule].source - rules->sources->list);
}

/* Note RULE in BEST, the first fitting rule of each file, if it is earlier and fits. */
static void
rules_consider(const struct rules *rules, size_t rule, const struct phrase_hits *hits,
	const struct evidence *evidence, const struct circumstances *where, size_t *best)
{
	size_t file = rules_file_of(rules, rule);

	if (rule < best[file] && rule_guards_hold(&rules->list[rule], evidence, where) &&
		!rule_is_excepted(&rules->list[rule], hits))
		best[file] = rule;
}

/* The first fitting rule of each file for one layer. */
static size_t *
rules_match_layer(struct rules *rules, struct memory *memory, const struct evidence *evidence,
	const struct circumstances *where)
{
	const struct phrase_hits *hits = rules_search(rules, memory, evidence->text);
	size_t *best = array_new(rules, size_t, rules->sources->count + 1);
	const int *found;
	size_t count, i;
	int32_t rule;

	if (hits == NULL || best == NULL)
		return best;
	for (i = 0; i < rules->sources->count; i++)
		best[i] = SIZE_MAX;
	for (i = 0; i < rules->plain_count; i++)
		rules_consider(rules, rules->plain[i], hits, evidence, where, best);
	found = phrase_hits_list(hits, &count);
	for (i = 0; i < count; i++)
		if ((size_t) found[i] < rules->phrase_count)
			for (rule = rules->by_phrase[found[i]]; rule >= 0; rule = rules->next[rule])
				rules_consider(rules, (size_t) rule, hits, evidence, where, best);
	return best;
}

const struct rule *
rules_match(struct rules *rules, const struct evidence layers[RULES_LAYERS], const struct circumstances *where)
{
	size_t *best[RULES_LAYERS];
	const struct rule *rule = NULL;
	size_t file, layer;

	for (layer = 0; layer < RULES_LAYERS; layer++)
		best[layer] = rules_match_layer(rules, &rules->memory[layer], &layers[layer], where);
	for (file = 0; rule == NULL && file < rules->sources->count; file++)
		for (layer = 0; rule == NULL && layer < RULES_LAYERS; layer++)
			if (best[layer] != NULL && best[layer][file] != SIZE_MAX)
				rule = &rules->list[best[layer][file]];
	for (layer = 0; layer < RULES_LAYERS; layer++)
		talloc_free(best[layer]);
	return rule;
}

/* The rule's phrase as the shortest text it fits. A letter at each open end keeps another rule's word edge from
 * matching there; a rare character stands for what `*` may skip. */
static char *
rule_example(const void *ctx, const struct rule *rule)
{
	char *text = talloc_asprintf(ctx, "%c%s%c", rule->words[0] == '%' ? ' ' : 'x', rule->words, 'x');
	char *p;

	if (text == NULL)
		return NULL;
	for (p = text; *p != '\0'; p++)
		if (*p == '*')
			*p = '\001';
	p = text + strlen(text) - 2;
	if (*p == '%')
		*p = ' ';
	if (text[1] == '%')
		text[1] = ' ';
	return text;
}

static void
rules_check_one(const void *ctx, struct rules *rules, size_t number, struct problems *problems)
{
	const struct rule *rule = &rules->list[number];
	char *example = rule->words != NULL ? rule_example(ctx, rule) : NULL;
	struct memory memory = {NULL, NULL};
	const struct phrase_hits *hits = rules_search(rules, &memory, example);
	size_t i;

	for (i = 0; hits != NULL && i < number; i++) {
		const struct rule *earlier = &rules->list[i];

		if (!rule_guards_cover(earlier, rule) || earlier->unless_count > 0)
			continue;
		if (earlier->phrase >= 0 && !phrase_hits_has(hits, earlier->phrase))
			continue;
		problems_add(problems, rule->source->name, rule->line, "%s %s:%d: \"%s\"",
			earlier->phrase == rule->phrase && rule_guards_cover(rule, earlier) ? "duplicate of" : "never reached, shadowed by",
			earlier->source->name, earlier->line, earlier->text);
		break;
	}
	talloc_free(memory.hits);
	talloc_free(example);
}

void
rules_check(const void *ctx, struct rules *rules, struct problems *problems)
{
	size_t i;

	for (i = 0; i < rules->count; i++)
		rules_check_one(ctx, rules, i, problems);
}
