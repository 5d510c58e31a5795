/* A rules file; behind a NUL, what a server said, on which the rules are tried. */
#include "fuzz.h"
#include "knowledge/rules-check.h"
#include "text/text.h"

static void check_list(const struct rules *rules, const struct source *source)
{
	size_t count, i;
	const struct rule *list = rules_list(rules, &count);

	for (i = 0; i < count; i++) {
		CHECK(list[i].reason < REASON_COUNT && list[i].source == source && list[i].line > 0);
		CHECK(list[i].text >= source->text && list[i].length > 0);
		CHECK((size_t)(list[i].text - source->text) + (size_t)list[i].length <= source->length);
		CHECK(list[i].unless_count >= 0 && list[i].unless_count <= RULE_UNLESS_MAX);
	}
}

static void check_problems(const struct problems *problems)
{
	size_t i;

	for (i = 0; i < problems->count; i++)
		CHECK(problems->list[i].text != NULL && strchr(problems->list[i].text, '\n') == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct fuzz_pair pair = fuzz_pair(data, size);
	struct source source = fuzz_source(ctx, "user.rules", pair.first, pair.first_size);
	const struct sources sources = {&source, 1};
	struct problems *problems = problems_new(ctx);
	char *said = text_to_utf8(ctx, pair.second, pair.second_size, NULL), *folded = text_fold(ctx, said, strlen(said));
	const struct evidence layers[RULES_LAYERS] = {{folded, "5.1.1", 550, "RCPT"}, {NULL, "4.2.2", 0, NULL}};
	const struct circumstances where = {"mx.example.net", "example.jp", "qmail", size % 2 ? "failed" : "delayed"};
	const struct rule *rule;
	struct rules *rules = rules_read(ctx, &sources, problems);

	check_list(rules, &source);
	CHECK(rules_find_phrases(ctx, rules, said) != NULL);
	rule = rules_match(rules, layers, &where);
	CHECK(rules_match(rules, layers, &where) == rule);
	CHECK(rule == NULL || rule_guards_hold(rule, &layers[0], &where) || rule_guards_hold(rule, &layers[1], &where));
	rules_forget(rules);
	rules_check(ctx, rules, problems);
	check_problems(problems);
	talloc_free(ctx);
	return 0;
}
