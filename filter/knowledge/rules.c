#include "knowledge/rules.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "text/text.h"

/* What was found in a layer's text, kept while the same text comes again. */
struct memory {
	const char *text;
	struct phrase_hits *hits;
};

struct rules {
	const struct sources *sources;
	struct rule *list;
	size_t count;
	struct phrases *phrases;
	size_t phrase_count;
	int32_t *by_phrase; /* first rule with a phrase, by phrase number; -1: none */
	int32_t *next;      /* next rule with the same phrase, by rule; -1: none */
	int32_t *plain;     /* first rule without a phrase, by source; -1: none. `next` chains these too */
	struct memory memory[RULES_LAYERS];
};

/* Room for a rule a line. What is not used costs nothing. */
static void rules_make_room(struct rules *rules)
{
	size_t lines = 0, length = 0, i;
	const char *at;

	for (i = 0; i < rules->sources->count; i++) {
		for (at = rules->sources->list[i].text, lines++; (at = strchr(at, '\n')) != NULL; at++)
			lines++;
		length += rules->sources->list[i].length;
	}
	rules->list = array_new(rules, struct rule, lines + 1);
	phrases_reserve(rules->phrases, lines, length);
}

static void rules_read_source(struct rules *rules, const struct source *source, struct problems *problems)
{
	struct source_lines lines = source_lines_of(rules, source);
	char *line;

	while ((line = source_line_next(&lines)) != NULL)
		rules->count += rule_parse(line, &lines, rules->phrases, problems, &rules->list[rules->count]);
}

static size_t rules_file_of(const struct rules *rules, size_t rule)
{
	return (size_t)(rules->list[rule].source - rules->sources->list);
}

/* Which rules to look at when a phrase was found, and which whatever was found. */
static void rules_index(struct rules *rules)
{
	int highest = -1;
	size_t i;

	for (i = 0; i < rules->count; i++)
		if (rules->list[i].phrase > highest)
			highest = rules->list[i].phrase;
	rules->phrase_count = (size_t)(highest + 1);
	rules->by_phrase = array_new(rules, int32_t, rules->phrase_count + 1);
	rules->next = array_new(rules, int32_t, rules->count + 1);
	rules->plain = array_new(rules, int32_t, rules->sources->count + 1);
	memset(rules->by_phrase, -1, (rules->phrase_count + 1) * sizeof *rules->by_phrase);
	memset(rules->plain, -1, (rules->sources->count + 1) * sizeof *rules->plain);
	for (i = rules->count; i-- > 0;) {
		int phrase = rules->list[i].phrase;
		int32_t *first = phrase >= 0 ? &rules->by_phrase[phrase] : &rules->plain[rules_file_of(rules, i)];

		rules->next[i] = *first;
		*first = (int32_t)i;
	}
}

enum status rules_read(const void *ctx, const struct sources *sources, struct problems *problems, struct rules **out)
{
	struct rules *rules = talloc_zero(ctx, struct rules);
	size_t i;

	rules->phrases = phrases_new(rules);
	rules->sources = sources;
	rules_make_room(rules);
	for (i = 0; i < sources->count; i++)
		rules_read_source(rules, &sources->list[i], problems);
	phrases_compile(rules->phrases);
	rules_index(rules);
	*out = rules;
	return STATUS_OK;
}

enum status rules_open(const void *ctx, struct problems *problems, struct rules **rules)
{
	struct sources *sources;
	enum status status = source_list(ctx, "rules", problems, &sources);

	return status == STATUS_OK ? rules_read(ctx, sources, problems, rules) : status;
}

const struct rule *rules_list(const struct rules *rules, size_t *count)
{
	*count = rules->count;
	return rules->list;
}

struct phrase_hits *rules_find_phrases(const void *ctx, const struct rules *rules, const char *text)
{
	char *folded = text_fold(ctx, text, strnlen(text, NOTICE_MAX));
	struct phrase_hits *hits = phrases_search(ctx, rules->phrases, folded, strlen(folded));

	talloc_free(folded);
	return hits;
}

/* Search TEXT, unless it was the last one of this layer. */
static const struct phrase_hits *rules_search(struct rules *rules, struct memory *memory, const char *text)
{
	if (text == NULL)
		text = "";
	if (memory->hits != NULL && memory->text == text)
		return memory->hits;
	talloc_free(memory->hits);
	memory->text = text;
	memory->hits = phrases_search(rules, rules->phrases, text, strnlen(text, NOTICE_MAX));
	return memory->hits;
}

void rules_forget(struct rules *rules)
{
	size_t layer;

	for (layer = 0; layer < RULES_LAYERS; layer++) {
		talloc_free(rules->memory[layer].hits);
		rules->memory[layer] = (struct memory){NULL, NULL};
	}
}

static bool rule_is_excepted(const struct rule *rule, const struct phrase_hits *hits)
{
	int i;

	for (i = 0; i < rule->unless_count; i++)
		if (phrase_hits_has(hits, rule->unless[i]))
			return true;
	return false;
}

/* What is known of one layer: what was found in its text, and the first fitting rule with a phrase of each file. */
struct layer {
	const struct evidence *evidence;
	const struct phrase_hits *hits;
	size_t *best;
};

static bool rule_fits(const struct rule *rule, const struct layer *layer, const struct circumstances *where)
{
	return rule_guards_hold(rule, layer->evidence, where) && !rule_is_excepted(rule, layer->hits);
}

/* Note the first fitting rule of each file among those whose phrase was found. */
static void layer_search(struct rules *rules, struct memory *memory, const struct circumstances *where, struct layer *layer)
{
	const int *found;
	size_t count, file, i;
	int32_t rule;

	layer->hits = rules_search(rules, memory, layer->evidence->text);
	layer->best = array_new(rules, size_t, rules->sources->count + 1);
	for (i = 0; i < rules->sources->count; i++)
		layer->best[i] = SIZE_MAX;
	found = phrase_hits_list(layer->hits, &count);
	for (i = 0; i < count; i++) {
		if ((size_t)found[i] >= rules->phrase_count)
			continue;
		for (rule = rules->by_phrase[found[i]]; rule >= 0; rule = rules->next[rule]) {
			file = rules_file_of(rules, (size_t)rule);
			if ((size_t)rule < layer->best[file] && rule_fits(&rules->list[rule], layer, where))
				layer->best[file] = (size_t)rule;
		}
	}
}

/* The first fitting rule of FILE, with a phrase or without; NULL if none fits. */
static const struct rule *layer_decide(
        const struct rules *rules, const struct layer *layer, size_t file, const struct circumstances *where)
{
	size_t best = layer->best[file];
	int32_t rule;

	for (rule = rules->plain[file]; rule >= 0 && (size_t)rule < best; rule = rules->next[rule])
		if (rule_guards_hold(&rules->list[rule], layer->evidence, where))
			best = (size_t)rule;
	return best != SIZE_MAX ? &rules->list[best] : NULL;
}

const struct rule *rules_match(
        struct rules *rules, const struct evidence evidence[RULES_LAYERS], const struct circumstances *where)
{
	struct layer layers[RULES_LAYERS];
	const struct rule *rule = NULL;
	size_t file, i;

	for (i = 0; i < RULES_LAYERS; i++) {
		layers[i].evidence = &evidence[i];
		layer_search(rules, &rules->memory[i], where, &layers[i]);
	}
	for (file = 0; rule == NULL && file < rules->sources->count; file++)
		for (i = 0; rule == NULL && i < RULES_LAYERS; i++)
			rule = layer_decide(rules, &layers[i], file, where);
	for (i = 0; i < RULES_LAYERS; i++)
		talloc_free(layers[i].best);
	return rule;
}
