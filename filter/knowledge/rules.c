#include "knowledge/rules.h"

#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "knowledge/rule-reader.h"
#include "text/text.h"

struct rules {
	const struct rule_set *own; /* NULL: the user has none */
	struct rule_set built_in;   /* with its files */
	struct pattern_search *own_search, *built_in_search;
};

struct rules *rules_of_set(const void *ctx, const struct rule_set *own)
{
	struct rules *rules = talloc_zero(ctx, struct rules);

	rules->built_in = rules_built_in;
	rules->built_in.files = source_list_built_in(rules, "rules")->list;
	rules->built_in_search = pattern_search_new(rules, rules->built_in.patterns);
	rules->own = own;
	if (own != NULL)
		rules->own_search = pattern_search_new(rules, own->patterns);
	return rules;
}

struct rules *rules_open(const void *ctx, struct problems *problems)
{
	return rules_of_set(ctx, rule_set_read_own(ctx, problems));
}

void rules_sets(const struct rules *rules, const struct rule_set *sets[2])
{
	sets[0] = rules->own;
	sets[1] = &rules->built_in;
}

struct rule_text {
	const char *text;
	size_t length;
	struct tokens *tokens;
	bool is_searched[2];
	struct pattern_hits hits[2]; /* of the user's rules, and of those built in */
};

struct rule_text *rule_text_new(const void *ctx, const char *text, size_t length)
{
	struct rule_text *new = talloc_zero(ctx, struct rule_text);

	new->text = text;
	new->length = length < NOTICE_MAX ? length : NOTICE_MAX;
	return new;
}

const struct tokens *rule_text_tokens(struct rule_text *text)
{
	if (text->tokens == NULL)
		text->tokens = tokens_read(text, text->text, text->length);
	return text->tokens;
}

/* What the rules of SET find in TEXT. */
static const struct pattern_hits *text_hits(
        struct rule_text *text, struct rules *rules, const struct rule_set *set)
{
	bool is_built_in = set == &rules->built_in;

	if (!text->is_searched[is_built_in]) {
		text->hits[is_built_in] = pattern_search_run(text,
		        is_built_in ? rules->built_in_search : rules->own_search,
		        rule_text_tokens(text));
		text->is_searched[is_built_in] = true;
	}
	return &text->hits[is_built_in];
}

static bool status_matches(const char *pattern, const char *status)
{
	if (pattern[0] != 'X' && pattern[0] != 'x' && pattern[0] != '*' && pattern[0] != status[0])
		return false;
	return text_glob(pattern + 1, status + 1);
}

static bool reply_matches(const char *pattern, const char *reply)
{
	for (int i = 0; i < 3; i++)
		if (pattern[i] != 'x' && pattern[i] != 'X' && pattern[i] != reply[i])
			return false;
	return true;
}

/* Whether `*.example.net` is HOST, or `*` stands for nothing and the dot is not there either. */
static bool host_matches(const char *glob, const char *host)
{
	return text_glob(glob, host) || (strncmp(glob, "*.", 2) == 0 && text_glob(glob + 2, host));
}

/* Whether VALUE is one of PATTERNS, which are separated by `|`. */
static bool is_one_of(const char *patterns, const char *value,
        bool (*matches)(const char *pattern, const char *value))
{
	char pattern[256];
	size_t length;

	for (; value != NULL && *patterns != '\0'; patterns += length + (patterns[length] == '|')) {
		length = strcspn(patterns, "|");
		if (length >= sizeof pattern)
			continue;
		memcpy(pattern, patterns, length);
		pattern[length] = '\0';
		if (matches(pattern, value))
			return true;
	}
	return false;
}

static bool reply_is_one_of(const char *patterns, int reply)
{
	char digits[16];

	if (strcmp(patterns, RULE_REPLY_NONE) == 0)
		return reply == 0;
	snprintf(digits, sizeof digits, "%03d", reply);
	return reply != 0 && is_one_of(patterns, digits, reply_matches);
}

/* Whether HOST, which wrote the report, belongs to DOMAIN. */
static bool is_reporter(const char *host, const char *domain)
{
	size_t length = host != NULL ? strlen(host) : 0,
	       domain_length = domain != NULL ? strlen(domain) : 0;

	return domain_length > 0 && length >= domain_length &&
	       strcmp(host + length - domain_length, domain) == 0 &&
	       (length == domain_length || host[length - domain_length - 1] == '.');
}

static bool domain_matches(const char *globs, const struct circumstances *where)
{
	if (strcmp(globs, RULE_DOMAIN_REPORTER) == 0)
		return is_reporter(where->reporter, where->domain);
	return is_one_of(globs, where->domain, host_matches);
}

static bool word_is(const char *wanted, const char *word)
{
	return word != NULL && strcmp(wanted, word) == 0;
}

static bool guards_hold(const struct rule_set *set, const struct rule *rule,
        const struct rule_evidence *evidence, const struct circumstances *where)
{
	const struct rule_guards *wanted = &set->guards[rule->guards];
	const char *pool = set->pool;

	if (rule->guards == 0)
		return true;
	if (wanted->status != 0 &&
	        !is_one_of(pool + wanted->status, evidence->status, status_matches))
		return false;
	if (wanted->reply != 0 && !reply_is_one_of(pool + wanted->reply, evidence->reply))
		return false;
	if (wanted->command != 0 && !word_is(pool + wanted->command, evidence->command))
		return false;
	if (wanted->remote != 0 && !is_one_of(pool + wanted->remote, where->remote, host_matches) &&
	        !is_one_of(pool + wanted->remote, where->domain, host_matches))
		return false;
	if (wanted->domain != 0 && !domain_matches(pool + wanted->domain, where))
		return false;
	if (wanted->format != 0 &&
	        (where->format == NULL || !text_glob(pool + wanted->format, where->format)))
		return false;
	return wanted->action == 0 || word_is(pool + wanted->action, where->action);
}

/* Whether an `unless` of RULE holds: in the sentence of hit NUMBER, or anywhere, if it is an old
 * phrase. */
static bool is_excepted(const struct rule *rule, const struct pattern_hits *hits, size_t number)
{
	for (uint32_t i = 0; i < rule->exceptions; i++) {
		uint32_t pattern = rule->patterns + rule->alternatives + i;

		if (rule->is_phrase ? pattern_hits_has(hits, pattern)
		                    : pattern_hits_beside(hits, number, pattern))
			return true;
	}
	return false;
}

/* The first rule of LAYER among those whose words were found. */
static const struct rule *match_words(const struct rule_set *set, enum rule_layer layer,
        const struct pattern_hits *hits, const struct rule_evidence *evidence,
        const struct circumstances *where)
{
	const struct rule *best = NULL;

	for (size_t i = 0; i < hits->count; i++) {
		uint32_t pattern = hits->list[i].pattern, number = set->by_pattern[pattern];

		if (number >= set->count)
			continue;
		const struct rule *rule = &set->rules[number];

		if (rule->layer != layer || pattern >= rule->patterns + rule->alternatives)
			continue;
		if ((best == NULL || rule < best) && guards_hold(set, rule, evidence, where) &&
		        !is_excepted(rule, hits, i))
			best = rule;
	}
	return best;
}

/* The same, of those that are about codes only, if one stands before RULE. */
static const struct rule *match_codes(const struct rule_set *set, enum rule_layer layer,
        const struct rule *best, const struct rule_evidence *evidence,
        const struct circumstances *where)
{
	for (uint32_t i = 0; i < set->wordless_count; i++) {
		const struct rule *rule = &set->rules[set->wordless[i]];

		if (best != NULL && rule > best)
			break;
		if (rule->layer == layer && guards_hold(set, rule, evidence, where))
			return rule;
	}
	return best;
}

/* What RULE took of the text. */
static const char *words_taken(const void *ctx, const struct rule *rule,
        const struct tokens *tokens, const struct pattern_hits *hits)
{
	for (size_t i = 0; i < hits->count; i++) {
		const struct pattern_hit *hit = &hits->list[i];

		if (hit->pattern >= rule->patterns &&
		        hit->pattern < rule->patterns + rule->alternatives)
			return text_one_line(
			        ctx, tokens->text + hit->start, hit->end - hit->start, VALUE_MAX);
	}
	return NULL;
}

static struct rule_found set_match(const void *ctx, struct rules *rules, const struct rule_set *set,
        enum rule_layer layer, const struct rule_evidence *evidence,
        const struct circumstances *where)
{
	const struct pattern_hits *hits =
	        evidence->text != NULL ? text_hits(evidence->text, rules, set) : NULL;
	const struct rule *rule =
	        hits != NULL ? match_words(set, layer, hits, evidence, where) : NULL;

	rule = match_codes(set, layer, rule, evidence, where);
	if (rule == NULL)
		return (struct rule_found){NULL, NULL, NULL};
	return (struct rule_found){set, rule,
	        hits != NULL ? words_taken(ctx, rule, evidence->text->tokens, hits) : NULL};
}

struct rule_found rules_match(const void *ctx, struct rules *rules, enum rule_layer layer,
        const struct rule_evidence *evidence, const struct circumstances *where)
{
	struct rule_found found = {NULL, NULL, NULL};

	if (rules->own != NULL && (layer == RULE_OWN || layer == RULE_LASTING))
		found = set_match(ctx, rules, rules->own, layer, evidence, where);
	if (found.rule == NULL && layer != RULE_OWN)
		found = set_match(ctx, rules, &rules->built_in, layer, evidence, where);
	return found;
}
