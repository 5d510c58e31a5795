#include "knowledge/rules.h"

#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "text/text.h"

/* Most bounces are decided by the first files: the user's, those of single mailers, English. Reading a file takes longer than asking it, so the others
 * are a set of their own, read when they are needed. */
#define SETS_MAX 2
#define FIRST_SET_BYTES (96u << 10)

struct rules {
	const struct sources *sources;
	struct problems *problems;
	size_t end[SETS_MAX]; /* the first source that no longer belongs to the set */
	size_t set_count;
	struct rule_set *sets[SETS_MAX]; /* NULL: not read yet */
};

static struct rule_set *set_at(struct rules *rules, size_t number)
{
	size_t start = number > 0 ? rules->end[number - 1] : 0;

	if (rules->sets[number] == NULL)
		rules->sets[number] =
		        rule_set_read(rules, rules->sources->list + start, rules->end[number] - start, rules->problems);
	return rules->sets[number];
}

struct rules *rules_new(const void *ctx, const struct sources *sources, struct problems *problems)
{
	struct rules *rules = talloc_zero(ctx, struct rules);
	size_t first = 0, bytes = 0;

	rules->sources = sources;
	rules->problems = problems;
	while (first < sources->count && (bytes < FIRST_SET_BYTES || sources->list[first].user))
		bytes += sources->list[first++].length;
	rules->end[rules->set_count++] = first;
	if (first < sources->count)
		rules->end[rules->set_count++] = sources->count;
	return rules;
}

struct rules *rules_read(const void *ctx, const struct sources *sources, struct problems *problems)
{
	struct rules *rules = talloc_zero(ctx, struct rules);

	rules->sources = sources;
	rules->problems = problems;
	rules->end[rules->set_count++] = sources->count;
	set_at(rules, 0);
	return rules;
}

struct rules *rules_open(const void *ctx, struct problems *problems)
{
	return rules_read(ctx, source_list(ctx, "rules", problems), problems);
}

const struct rule *rules_list(const struct rules *rules, size_t *count)
{
	return rule_set_list(rules->sets[0], count);
}

struct phrase_hits *rules_find_phrases(const void *ctx, const struct rules *rules, const char *text)
{
	char *folded = text_fold(ctx, text, strnlen(text, NOTICE_MAX));
	struct phrase_hits *hits = phrases_search(ctx, rule_set_phrases(rules->sets[0]), folded, strlen(folded));

	talloc_free(folded);
	return hits;
}

const struct rule *rules_match(
        struct rules *rules, const struct evidence evidence[RULES_LAYERS], const struct circumstances *where)
{
	const struct rule *rule = NULL;
	size_t i;

	for (i = 0; rule == NULL && i < rules->set_count; i++)
		rule = rule_set_match(set_at(rules, i), evidence, where);
	return rule;
}

void rules_forget(struct rules *rules)
{
	size_t i;

	for (i = 0; i < rules->set_count; i++)
		if (rules->sets[i] != NULL)
			rule_set_forget(rules->sets[i]);
}
