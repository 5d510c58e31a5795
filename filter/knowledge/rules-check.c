#include "knowledge/rules-check.h"

#include <string.h>
#include <talloc.h>

/* The rule's phrase as the shortest text it fits. A letter at each open end keeps another rule's word edge from
 * matching there; a bar stands for what `*` may skip. */
static char *rule_example(const void *ctx, const struct rule *rule)
{
	char *text = talloc_asprintf(ctx, "%c%s%c", rule->words[0] == '%' ? ' ' : 'x', rule->words, 'x');
	char *p;

	for (p = text; *p != '\0'; p++)
		if (*p == '*')
			*p = '|';
	p = text + strlen(text) - 2;
	if (*p == '%')
		*p = ' ';
	if (text[1] == '%')
		text[1] = ' ';
	return text;
}

static void check_rule(const void *ctx, const struct rules *rules, size_t number, struct problems *problems)
{
	const struct rule *list = rules_list(rules, &(size_t){0}), *rule = &list[number];
	char *example = rule->words != NULL ? rule_example(ctx, rule) : NULL;
	struct phrase_hits *hits = rules_find_phrases(ctx, rules, example != NULL ? example : "");
	size_t i;

	for (i = 0; i < number; i++) {
		const struct rule *earlier = &list[i];

		if (!rule_guards_cover(earlier, rule) || earlier->unless_count > 0)
			continue;
		if (earlier->phrase >= 0 && !phrase_hits_has(hits, earlier->phrase))
			continue;
		problems_add(problems, rule->source->name, rule->line, "%s %s:%d: \"%.*s\"",
		        earlier->phrase == rule->phrase && rule_guards_cover(rule, earlier) ? "duplicate of"
		                                                                            : "never reached, shadowed by",
		        earlier->source->name, earlier->line, earlier->length, earlier->text);
		break;
	}
	talloc_free(hits);
	talloc_free(example);
}

void rules_check(const void *ctx, struct rules *rules, struct problems *problems)
{
	size_t count, i;

	rules_list(rules, &count);
	for (i = 0; i < count; i++)
		check_rule(ctx, rules, i, problems);
}
