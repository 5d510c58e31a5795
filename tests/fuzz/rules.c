/* A rules file; behind a NUL, what a server said, on which the rules are tried. */
#include "fuzz.h"
#include "knowledge/rules.h"
#include "text/text.h"

static void check_set(const struct rule_set *set, const struct source *source)
{
	for (uint32_t i = 0; i < set->count; i++) {
		const struct rule *rule = &set->rules[i];

		CHECK(rule->reason < LASTING_END && rule->line > 0 && rule->guards < set->guards_count);
		CHECK(rule->text < set->pool_length && strlen(rule_line(set, rule)) <= source->length);
		CHECK(rule->patterns + rule->alternatives + rule->exceptions <= set->patterns->pattern_count);
	}
}

static void check_problems(const struct problems *problems)
{
	for (size_t i = 0; i < problems->count; i++)
		CHECK(problems->list[i].text != NULL && strchr(problems->list[i].text, '\n') == NULL);
}

static void check_tokens(const struct tokens *tokens)
{
	for (size_t i = 0; i < tokens->word_count; i++) {
		const struct token *word = &tokens->words[i];

		CHECK(word->length > 0 && word->start < word->end && word->end <= tokens->length && word->from <= word->to);
		CHECK(i == 0 || (word[-1].end <= word->start && word[-1].to <= word->from));
	}
}

static void check_hits(const struct pattern_hits *hits, const struct rule_set *set, const struct tokens *tokens)
{
	for (size_t i = 0; i < hits->count; i++) {
		CHECK(hits->list[i].pattern < set->patterns->pattern_count);
		CHECK(hits->list[i].start < hits->list[i].end && hits->list[i].end <= tokens->length);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct fuzz_pair pair = fuzz_pair(data, size);
	struct source source = fuzz_source(ctx, "user.rules", pair.first, pair.first_size);
	struct sources *sources = talloc_zero(ctx, struct sources);
	struct problems *problems = problems_new(ctx);
	char *said = text_to_utf8(ctx, pair.second, pair.second_size, NULL);
	const struct circumstances where = {
	        .remote = "mx.example.net", .domain = "example.jp", .format = "qmail", .action = size % 2 ? "failed" : "delayed"};

	source_add(sources, &source);
	const struct rule_set *set = rule_set_read(ctx, sources, problems);
	struct rules *rules = rules_of_set(ctx, set);
	struct rule_text *text = rule_text_new(ctx, said, strlen(said));
	const struct tokens *tokens = rule_text_tokens(text);
	struct pattern_hits own = pattern_search_run(ctx, pattern_search_new(ctx, set->patterns), tokens);
	struct pattern_hits built_in = pattern_search_run(ctx, pattern_search_new(ctx, rules_built_in.patterns), tokens);
	const struct rule_evidence evidence = {text, "5.1.1", 550, "RCPT"};

	check_set(set, &source);
	check_tokens(tokens);
	check_hits(&own, set, tokens);
	check_hits(&built_in, &rules_built_in, tokens);
	struct rule_found found = rules_match(ctx, rules, RULE_OWN, &evidence, &where);

	CHECK(rules_match(ctx, rules, RULE_OWN, &evidence, &where).rule == found.rule);
	/* What the second half says is the example, too. */
	struct source example = fuzz_source(ctx, "spam.txt", pair.second, pair.second_size);
	struct sources *examples = talloc_zero(ctx, struct sources);

	source_add(examples, &example);
	rules_check(ctx, sources, examples, problems);
	check_problems(problems);
	talloc_free(ctx);
	return 0;
}
