#include "knowledge/rule-set.h"

#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"

/* What was found in a layer's text, kept while the same text comes again. */
struct memory {
	const char *text;
	struct phrase_hits *hits;
};

struct rule_set {
	const struct source *sources;
	size_t source_count;
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
static void make_room(struct rule_set *set)
{
	size_t lines = 0, length = 0, i;
	const char *at;

	for (i = 0; i < set->source_count; i++) {
		for (at = set->sources[i].text, lines++; (at = strchr(at, '\n')) != NULL; at++)
			lines++;
		length += set->sources[i].length;
	}
	set->list = array_new(set, struct rule, lines + 1);
	phrases_reserve(set->phrases, lines, length);
}

static void read_source(struct rule_set *set, const struct source *source, struct problems *problems)
{
	struct source_lines lines = source_lines_of(set, source);
	char *line;

	while ((line = source_line_next(&lines)) != NULL)
		set->count += rule_parse(line, &lines, set->phrases, problems, &set->list[set->count]);
}

static size_t file_of(const struct rule_set *set, size_t rule)
{
	return (size_t)(set->list[rule].source - set->sources);
}

/* Which rules to look at when a phrase was found, and which whatever was found. */
static void index_phrases(struct rule_set *set)
{
	int highest = -1;
	size_t i;

	for (i = 0; i < set->count; i++)
		if (set->list[i].phrase > highest)
			highest = set->list[i].phrase;
	set->phrase_count = (size_t)(highest + 1);
	set->by_phrase = array_new(set, int32_t, set->phrase_count + 1);
	set->next = array_new(set, int32_t, set->count + 1);
	set->plain = array_new(set, int32_t, set->source_count + 1);
	memset(set->by_phrase, -1, (set->phrase_count + 1) * sizeof *set->by_phrase);
	memset(set->plain, -1, (set->source_count + 1) * sizeof *set->plain);
	for (i = set->count; i-- > 0;) {
		int phrase = set->list[i].phrase;
		int32_t *first = phrase >= 0 ? &set->by_phrase[phrase] : &set->plain[file_of(set, i)];

		set->next[i] = *first;
		*first = (int32_t)i;
	}
}

struct rule_set *rule_set_read(const void *ctx, const struct source *sources, size_t count, struct problems *problems)
{
	struct rule_set *set = talloc_zero(ctx, struct rule_set);
	size_t i;

	set->phrases = phrases_new(set);
	set->sources = sources;
	set->source_count = count;
	make_room(set);
	for (i = 0; i < count; i++)
		read_source(set, &sources[i], problems);
	phrases_compile(set->phrases);
	index_phrases(set);
	return set;
}

const struct rule *rule_set_list(const struct rule_set *set, size_t *count)
{
	*count = set->count;
	return set->list;
}

const struct phrases *rule_set_phrases(const struct rule_set *set)
{
	return set->phrases;
}

/* Search TEXT, unless it was the last one of this layer. */
static const struct phrase_hits *search(struct rule_set *set, struct memory *memory, const char *text)
{
	if (text == NULL)
		text = "";
	if (memory->hits != NULL && memory->text == text)
		return memory->hits;
	talloc_free(memory->hits);
	memory->text = text;
	memory->hits = phrases_search(set, set->phrases, text, strnlen(text, NOTICE_MAX));
	return memory->hits;
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
static void layer_search(struct rule_set *set, struct memory *memory, const struct circumstances *where, struct layer *layer)
{
	const int *found;
	size_t count, file, i;
	int32_t rule;

	layer->hits = search(set, memory, layer->evidence->text);
	layer->best = array_new(set, size_t, set->source_count + 1);
	for (i = 0; i < set->source_count; i++)
		layer->best[i] = SIZE_MAX;
	found = phrase_hits_list(layer->hits, &count);
	for (i = 0; i < count; i++) {
		if ((size_t)found[i] >= set->phrase_count)
			continue;
		for (rule = set->by_phrase[found[i]]; rule >= 0; rule = set->next[rule]) {
			file = file_of(set, (size_t)rule);
			if ((size_t)rule < layer->best[file] && rule_fits(&set->list[rule], layer, where))
				layer->best[file] = (size_t)rule;
		}
	}
}

/* The first fitting rule of FILE, with a phrase or without; NULL if none fits. */
static const struct rule *layer_decide(
        const struct rule_set *set, const struct layer *layer, size_t file, const struct circumstances *where)
{
	size_t best = layer->best[file];
	int32_t rule;

	for (rule = set->plain[file]; rule >= 0 && (size_t)rule < best; rule = set->next[rule])
		if (rule_guards_hold(&set->list[rule], layer->evidence, where))
			best = (size_t)rule;
	return best != SIZE_MAX ? &set->list[best] : NULL;
}

const struct rule *rule_set_match(
        struct rule_set *set, const struct evidence evidence[RULES_LAYERS], const struct circumstances *where)
{
	struct layer layers[RULES_LAYERS];
	const struct rule *rule = NULL;
	size_t file, i;

	for (i = 0; i < RULES_LAYERS; i++) {
		layers[i].evidence = &evidence[i];
		layer_search(set, &set->memory[i], where, &layers[i]);
	}
	for (file = 0; rule == NULL && file < set->source_count; file++)
		for (i = 0; rule == NULL && i < RULES_LAYERS; i++)
			rule = layer_decide(set, &layers[i], file, where);
	for (i = 0; i < RULES_LAYERS; i++)
		talloc_free(layers[i].best);
	return rule;
}

void rule_set_forget(struct rule_set *set)
{
	size_t layer;

	for (layer = 0; layer < RULES_LAYERS; layer++) {
		talloc_free(set->memory[layer].hits);
		set->memory[layer] = (struct memory){NULL, NULL};
	}
}
