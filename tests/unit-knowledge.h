/* What the rules language and the formats language mean, on small files made here. */
#ifndef UNIT_KNOWLEDGE_H
#define UNIT_KNOWLEDGE_H

#include "base/buffer.h"
#include "knowledge/formats.h"
#include "knowledge/rules-check.h"
#include "unit.h"

/* One file of rules; what is said in two layers; the rule that decides ("" for none). */
static const struct {
	const char *rules, *diagnostic, *status, *notice, *field, *expected;
} rule_cases[] = {
        {"spam phrase junk", "550 Junk mail", NULL, NULL, NULL, "spam phrase junk"},
        {"spam phrase junk", "550 full", NULL, NULL, NULL, ""},
        /* the first in reading order */
        {"spam phrase mail\nvirus phrase junk mail", "junk mail", NULL, NULL, NULL, "spam phrase mail"},
        {"virus phrase junk mail\nspam phrase mail", "junk mail", NULL, NULL, NULL, "virus phrase junk mail"},
        /* the diagnostic before the notice */
        {"spam phrase junk\nvirus phrase worm", "a worm", NULL, "junk", NULL, "virus phrase worm"},
        {"spam phrase junk\nvirus phrase worm", "full", NULL, "junk", NULL, "spam phrase junk"},
        /* unless */
        {"spam phrase junk unless no junk", "this is no junk", NULL, NULL, NULL, ""},
        {"spam phrase junk unless no junk unless never", "junk", NULL, NULL, NULL,
                "spam phrase junk unless no junk unless never"},
        /* guards */
        {"spam status 5.7.1", "x", "5.7.1", NULL, NULL, "spam status 5.7.1"},
        {"spam status X.7.*", "x", "4.7.25", NULL, NULL, "spam status X.7.*"},
        {"spam status 5.7.1", "x", "5.7.10", NULL, NULL, ""},
        {"spam status 5.7.1", "x", "5.1.1", NULL, "5.7.1", "spam status 5.7.1"},
        {"spam reply 55x", "x", NULL, NULL, NULL, "spam reply 55x"},
        {"spam reply 45x", "x", NULL, NULL, NULL, ""},
        {"spam command RCPT reply 550", "x", NULL, NULL, NULL, "spam command RCPT reply 550"},
        {"spam command DATA phrase x", "x", NULL, NULL, NULL, ""},
        {"spam remote *.example.net phrase x", "x", NULL, NULL, NULL, "spam remote *.example.net phrase x"},
        {"spam remote *.example.jp phrase x", "x", NULL, NULL, NULL, "spam remote *.example.jp phrase x"},
        {"spam remote *.example.org phrase x", "x", NULL, NULL, NULL, ""},
        {"spam format q* phrase x", "x", NULL, NULL, NULL, "spam format q* phrase x"},
        {"spam action delayed phrase x", "x", NULL, NULL, NULL, ""},
};

static struct rules *rules_of(const void *ctx, const char *text, struct problems *problems)
{
	struct sources *sources = talloc_zero(ctx, struct sources);

	sources->list = talloc(sources, struct source);
	sources->list[0] = (struct source){"t.rules", text, strlen(text), true};
	sources->count = 1;
	return rules_read(ctx, sources, problems);
}

static void test_rules(const void *ctx)
{
	for (size_t i = 0; i < COUNT(rule_cases); i++) {
		struct problems *problems = problems_new(ctx);
		struct rules *rules = rules_of(ctx, rule_cases[i].rules, problems);
		const char *diagnostic = text_fold(ctx, rule_cases[i].diagnostic, strlen(rule_cases[i].diagnostic));
		const struct evidence layers[RULES_LAYERS] = {
		        {diagnostic, rule_cases[i].status, 550, "RCPT"},
		        {rule_cases[i].notice, rule_cases[i].field, 550, "RCPT"},
		};
		const struct circumstances where = {"mx.example.net", "example.jp", "qmail", "failed"};
		const struct rule *rule = rules_match(rules, layers, &where);

		is_string(rule != NULL ? talloc_strndup(ctx, rule->text, (size_t)rule->length) : "", rule_cases[i].expected,
		        "rules: \"%s\" on %s", show(rule_cases[i].rules, strlen(rule_cases[i].rules)), rule_cases[i].diagnostic);
		ok(problems->count == 0, "nothing is wrong with them");
	}
}

/* Which rule of three files decides: the user's, one so long that the next is read only when it is needed, and that one. All at once or not, it is the same. */
static void test_rules_later(const void *ctx)
{
	static const char *const said[] = {"mine", "long", "last", "nothing of these"};
	static const char *const expected[] = {"spam phrase mine", "virus phrase long", "loop phrase last", ""};
	char *filler = talloc_zero_size(ctx, 100000);
	struct source files[] = {
	        {"user.rules", "spamm phrase x\nspam phrase mine", 31, true},
	        {"long.rules", NULL, 0, false},
	        {"last.rules", "moved phrase mine\nloop phrase last", 34, false},
	};
	const struct sources sources = {files, COUNT(files)};
	struct problems *problems = problems_new(ctx);

	memset(filler, '#', 99999);
	files[1].text = talloc_asprintf(ctx, "%s\nvirus phrase long", filler);
	files[1].length = strlen(files[1].text);
	for (size_t i = 0; i < COUNT(said); i++) {
		struct rules *rules[] = {rules_new(ctx, &sources, problems), rules_read(ctx, &sources, problems_new(ctx))};
		const struct evidence layers[RULES_LAYERS] = {{said[i], NULL, 0, NULL}, {NULL, NULL, 0, NULL}};
		const struct circumstances where = {NULL, NULL, NULL, "failed"};

		for (size_t j = 0; j < COUNT(rules); j++) {
			const struct rule *rule = rules_match(rules[j], layers, &where);

			is_string(rule != NULL ? talloc_strndup(ctx, rule->text, (size_t)rule->length) : "", expected[i],
			        "rules read %s: \"%s\"", j == 0 ? "when they are needed" : "at once", said[i]);
			rules_forget(rules[j]);
		}
		ok(problems->count == i + 1, "the user's mistake is known with the first question");
	}
}

/* Rules that are wrong, and what --check says of them. */
static const struct {
	const char *rules, *expected;
} check_cases[] = {
        {"spamm phrase x", "no reason"},
        {"spam", "expected a condition"},
        {"spam words x", "no condition"},
        {"spam status 5.1", "expected a status"},
        {"spam reply 5500", "expected a reply code"},
        {"spam command HELLO", "expected CONN"},
        {"spam phrase", "nothing behind"},
        {"spam phrase x\nspam phrase X", "duplicate of t.rules:1"},
        {"spam phrase no user\nvirus phrase such no user here", "shadowed by t.rules:1"},
        {"spam phrase \xff\xfe", "not UTF-8"},
};

static void test_rules_check(const void *ctx)
{
	static const char good[] =
	        "# a comment\n\nspam phrase x # no comment\nvirus phrase %y%\nspam phrase xy unless z\nvirus phrase yx\n";
	struct problems *none = problems_new(ctx);

	for (size_t i = 0; i < COUNT(check_cases); i++) {
		struct problems *problems = problems_new(ctx);

		rules_check(ctx, rules_of(ctx, check_cases[i].rules, problems), problems);
		ok(problems->count == 1 && strstr(problems->list[0].text, check_cases[i].expected) != NULL, "check: %s ==> %s",
		        show(check_cases[i].rules, strlen(check_cases[i].rules)), check_cases[i].expected);
	}
	rules_check(ctx, rules_of(ctx, good, none), none);
	ok(none->count == 0, "check: nothing is said of what is right");
}

/* One file of formats, a letter, and the format that it is in ("" for none). */
static const struct {
	const char *formats, *from, *subject, *start, *expected;
} format_cases[] = {
        {"format a\nstart hi. this is", "x", "y", "hi. this is the mailer", "a"},
        {"format a\nfrom *daemon*\nstart hi", "MAILER-DAEMON <m@example.jp>", "y", "hi", "a"},
        {"format a\nfrom *daemon*\nstart hi", "Hanako <h@example.jp>", "y", "hi", ""},
        {"format a\nfrom *daemon*\nfrom *master*", "postmaster@example.jp", "y", "hi", "a"},
        {"format a\nsubject failure notice", "x", "Failure Notice", "hi", "a"},
        {"format a\nsubject failure notice", "x", "Re: failure notice", "hi", ""},
        {"format a\nsubject *failure*\nunless subject re:*", "x", "Re: failure", "hi", ""},
        {"format a\nsubject *mail deliver *", "x", "mail delivery", "hi", ""},
        {"format a\nheader X-Kind: b*", "x", "y", "hi", "a"},
        {"format a\nheader X-None: *", "x", "y", "hi", ""},
        {"format a\nstart no\nformat b\nstart hi", "x", "y", "hi", "b"},
        {"format .s\nfrom *daemon*\nformat a\nlike .s from\nstart hi", "daemon", "y", "hi", "a"},
        {"format .s\nfrom *daemon*", "daemon", "y", "hi", ""},
};

static const char *letter_header_of(const void *argument, const char *name)
{
	(void)argument;
	return strcmp(name, "X-Kind") == 0 ? "Bounce" : NULL;
}

static void test_formats(const void *ctx)
{
	for (size_t i = 0; i < COUNT(format_cases); i++) {
		struct problems *problems = problems_new(ctx);
		const struct letter letter = {
		        {format_cases[i].from, format_cases[i].subject, format_cases[i].start, format_cases[i].start},
		        letter_header_of, NULL};
		struct source source = {"t.format", format_cases[i].formats, strlen(format_cases[i].formats), true};
		const struct sources sources = {&source, 1};
		struct formats *formats = formats_read(ctx, &sources, problems);
		const struct format *format = formats_detect(formats, &letter);

		is_string(format != NULL ? format->name : "", format_cases[i].expected, "formats: %s",
		        show(format_cases[i].formats, strlen(format_cases[i].formats)));
		ok(problems->count == 0, "nothing is wrong with them");
		ok(format == NULL || formats_may_detect(formats, &letter), "the header lets it pass");
	}
}

/* What is too many is left out; the others stay. */
static void test_formats_too_many(const void *ctx)
{
	struct problems *problems = problems_new(ctx);
	struct buffer text = buffer_new(ctx);
	struct source source = {"t.format", NULL, 0, true};
	const struct sources sources = {&source, 1};
	const struct letter letter = {{"x", "y", "mail 65534", "mail 65534"}, letter_header_of, NULL},
	                    left_out = {{"x", "y", "mail 65535", "mail 65535"}, letter_header_of, NULL};
	const struct format *format;
	struct formats *formats;

	for (int i = 0; i <= UINT16_MAX; i++)
		buffer_print(&text, "format f%d\nstart mail %05d\n", i, i);
	source.text = buffer_text(&text);
	source.length = strlen(source.text);
	formats = formats_read(ctx, &sources, problems);
	format = formats_detect(formats, &letter);
	is_string(format != NULL ? format->name : "", "f65534", "formats: as many as there can be");
	ok(problems->count == 1 && problems->list[0].line == 2 * UINT16_MAX + 1, "formats: one more is noted as wrong");
	ok(formats_detect(formats, &left_out) == NULL, "formats:   and left out");
}

#endif
