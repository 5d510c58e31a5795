#include "knowledge/rules.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "text/text.h"

enum { OWN, BUILT_IN, SETS };

struct rules {
	const struct rule_set *sets[SETS]; /* NULL: the user has none */
	struct pattern_search *searches[SETS];
};

struct rules *rules_of_set(const void *ctx, const struct rule_set *own)
{
	struct rules *rules = talloc_zero(ctx, struct rules);

	rules->sets[OWN] = own;
	rules->sets[BUILT_IN] = &rules_built_in;
	for (int i = 0; i < SETS; i++)
		if (rules->sets[i] != NULL)
			rules->searches[i] = pattern_search_new(rules, rules->sets[i]->patterns);
	return rules;
}

struct rules *rules_open(const void *ctx, struct problems *problems)
{
	const struct sources *own = source_list_own(ctx, "rules", problems);

	return rules_of_set(ctx, own->count > 0 ? rule_set_read(ctx, own, problems) : NULL);
}

const struct rule_set *const *rules_sets(const struct rules *rules)
{
	return rules->sets;
}

struct rule_text {
	const char *text;
	size_t length;
	struct tokens *tokens;
	bool is_searched[SETS];
	struct pattern_hits hits[SETS];
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

/* Returns whether VALUE matches LENGTH bytes of GLOB. */
static bool glob_matches(const char *glob, size_t length, const char *value)
{
	char copy[256];

	if (length >= sizeof copy)
		return false;
	memcpy(copy, glob, length);
	copy[length] = '\0';
	return text_glob(copy, value);
}

static bool status_matches(const char *pattern, size_t length, const char *status)
{
	size_t same = 1;

	while (same < length && pattern[same] != '*' && pattern[same] == status[same])
		same++;
	if (strchr("Xx*", pattern[0]) == NULL && pattern[0] != status[0])
		return false;
	return same == length ? status[same] == '\0'
	                      : pattern[same] == '*' &&
	                                glob_matches(pattern + same, length - same, status + same);
}

static bool reply_matches(const char *pattern, size_t length, const char *reply)
{
	for (size_t i = 0; i < length; i++)
		if (pattern[i] != 'x' && pattern[i] != 'X' && pattern[i] != reply[i])
			return false;
	return true;
}

/* Returns whether HOST matches GLOB. `*.example.net` also matches `example.net`. */
static bool host_matches(const char *glob, size_t length, const char *host)
{
	return glob_matches(glob, length, host) ||
	       (strncmp(glob, "*.", 2) == 0 && glob_matches(glob + 2, length - 2, host));
}

/* Returns whether VALUE matches one of PATTERNS, which are separated by `|`. */
static bool is_one_of(const char *patterns, const char *value,
        bool (*matches)(const char *pattern, size_t length, const char *value))
{
	const char *end;

	for (; value != NULL && *patterns != '\0'; patterns = end + (*end == '|')) {
		end = strchrnul(patterns, '|');
		if (matches(patterns, (size_t)(end - patterns), value))
			return true;
	}
	return false;
}

/* Returns whether HOST, which wrote the report, belongs to DOMAIN. */
static bool is_reporter(const char *host, const char *domain)
{
	size_t length = host != NULL ? strlen(host) : 0,
	       domain_length = domain != NULL ? strlen(domain) : 0;

	return domain_length > 0 && length >= domain_length &&
	       strcmp(host + length - domain_length, domain) == 0 &&
	       (length == domain_length || host[length - domain_length - 1] == '.');
}

static bool guard_holds(enum rule_guard guard, const char *wanted,
        const struct rule_evidence *evidence, const struct circumstances *where)
{
	char reply[16];

	switch (guard) {
	case GUARD_STATUS: return is_one_of(wanted, evidence->status, status_matches);
	case GUARD_REPLY:
		if (strcmp(wanted, RULE_REPLY_NONE) == 0)
			return evidence->reply == 0;
		snprintf(reply, sizeof reply, "%03d", evidence->reply);
		return evidence->reply != 0 && is_one_of(wanted, reply, reply_matches);
	case GUARD_COMMAND: return g_strcmp0(wanted, evidence->command) == 0;
	case GUARD_REMOTE:
		return is_one_of(wanted, where->remote, host_matches) ||
		       is_one_of(wanted, where->domain, host_matches);
	case GUARD_DOMAIN:
		if (strcmp(wanted, RULE_DOMAIN_REPORTER) == 0)
			return is_reporter(where->reporter, where->domain);
		return is_one_of(wanted, where->domain, host_matches);
	case GUARD_FORMAT: return where->format != NULL && text_glob(wanted, where->format);
	case GUARD_ACTION: return g_strcmp0(wanted, where->action) == 0;
	default: return false;
	}
}

static bool guards_hold(const struct rule_set *set, const struct rule *rule,
        const struct rule_evidence *evidence, const struct circumstances *where)
{
	for (int i = 0; rule->guards != 0 && i < GUARD_COUNT; i++) {
		const char *wanted = rule_guard(set, rule, (enum rule_guard)i);

		if (wanted != NULL && !guard_holds((enum rule_guard)i, wanted, evidence, where))
			return false;
	}
	return true;
}

/* Returns whether an `unless` of RULE holds: in the sentence of hit NUMBER, or anywhere for an old
 * phrase. */
static bool is_excepted(const struct rule *rule, const struct pattern_hits *hits, size_t number)
{
	for (uint32_t i = 0; i < rule->exceptions; i++) {
		uint32_t pattern = rule->patterns + rule->alternatives + i;

		if (rule->is_phrase ? bit_get(hits->found, pattern)
		                    : pattern_hits_beside(hits, number, pattern))
			return true;
	}
	return false;
}

/* Returns the first rule of LAYER in SET that holds: of those whose words are among HITS (NULL: no
 * text), and of those with codes only. *HIT is where its words are; NULL: it has only codes. */
static const struct rule *set_match(const struct rule_set *set, enum rule_layer layer,
        const struct pattern_hits *hits, const struct rule_evidence *evidence,
        const struct circumstances *where, const struct pattern_hit **hit)
{
	const struct rule *best = NULL;

	*hit = NULL;
	for (size_t i = 0; hits != NULL && i < hits->count; i++) {
		const struct rule *rule = rule_of_hit(set, &hits->list[i]);

		if (rule != NULL && rule->layer == layer && (best == NULL || rule < best) &&
		        guards_hold(set, rule, evidence, where) && !is_excepted(rule, hits, i)) {
			best = rule;
			*hit = &hits->list[i];
		}
	}
	for (uint32_t i = 0; i < set->wordless_count; i++) {
		const struct rule *rule = &set->rules[set->wordless[i]];

		if (best != NULL && rule > best)
			break;
		if (rule->layer == layer && guards_hold(set, rule, evidence, where)) {
			*hit = NULL;
			return rule;
		}
	}
	return best;
}

struct rule_found rules_match(const void *ctx, struct rules *rules, enum rule_layer layer,
        const struct rule_evidence *evidence, const struct circumstances *where)
{
	struct rule_text *text = evidence->text;

	for (int i = 0; i < SETS; i++) {
		const struct rule_set *set = rules->sets[i];
		const struct pattern_hits *hits = text != NULL ? &text->hits[i] : NULL;

		if (set == NULL ||
		        (i == OWN ? layer != RULE_OWN && layer != RULE_LASTING : layer == RULE_OWN))
			continue;
		if (text != NULL && !text->is_searched[i])
			text->hits[i] = pattern_search_run(
			        text, rules->searches[i], rule_text_tokens(text));
		if (text != NULL)
			text->is_searched[i] = true;
		const struct pattern_hit *hit;
		struct rule_found found = {
		        set, set_match(set, layer, hits, evidence, where, &hit), NULL, 0};

		if (hit != NULL) {
			found.alternative = hit->pattern - found.rule->patterns;
			found.words = text_one_line_of(ctx, text->tokens->text + hit->start,
			        hit->end - hit->start, VALUE_MAX);
		}
		if (found.rule != NULL)
			return found;
	}
	return (struct rule_found){NULL, NULL, NULL, 0};
}

char *rule_found_line(const void *ctx, const struct rule_found *found)
{
	char *line = talloc_strdup(ctx, rule_line(found->set, found->rule)), *at = line, *next;

	if (found->words == NULL || found->rule->is_phrase)
		return line;
	rule_cut(line, " unless ", false);
	next = rule_cut(at, " / ", false);
	for (uint32_t i = 0; i < found->alternative && next != NULL; i++) {
		at = next;
		next = rule_cut(at, " / ", false);
	}
	return at == line
	               ? line
	               : talloc_asprintf(ctx, "%.*s ... / %s", (int)strcspn(line, " "), line, at);
}
