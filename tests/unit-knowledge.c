/* What the rules language and the formats language mean, on small files made here. */
#include "unit.h"

#include <time.h>

#include "base/buffer.h"
#include "knowledge/formats.h"
#include "knowledge/rules.h"

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
        {"spam reply none x", "x", NULL, NULL, NULL, ""},
        {"spam domain *.jp x", "x", NULL, NULL, NULL, "spam domain *.jp x"},
        {"spam domain mx.example.net x", "x", NULL, NULL, NULL, ""},
        {"spam domain @reporter x", "x", NULL, NULL, NULL, ""},
        {"host own = *.example.org *.example.jp\nspam remote @own x", "x", NULL, NULL, NULL, "spam remote @own x"},
        {"when command RCPT\nspam x\nwhen command DATA\nvirus y", "x y", NULL, NULL, NULL, "spam x"},
        {"when command DATA\nspam x\nwhen\nvirus x", "x", NULL, NULL, NULL, "virus x"},
        /* words */
        {"spam a b", "a b", NULL, NULL, NULL, "spam a b"},
        {"spam a b", "A, B!", NULL, NULL, NULL, "spam a b"},
        {"spam a b", "a c b", NULL, NULL, NULL, ""},
        {"spam a b", "a. b", NULL, NULL, NULL, ""},
        {"spam a b", "a\n\nb", NULL, NULL, NULL, ""},
        {"spam a b", "a\nb", NULL, NULL, NULL, "spam a b"},
        {"spam a b", "a:\nb", NULL, NULL, NULL, ""},
        {"spam a|c b", "c b", NULL, NULL, NULL, "spam a|c b"},
        {"spam a* b", "abc b", NULL, NULL, NULL, "spam a* b"},
        {"spam a* b", "bac b", NULL, NULL, NULL, ""},
        {"spam a [b] c", "a c", NULL, NULL, NULL, "spam a [b] c"},
        {"spam a [b] c", "a b c", NULL, NULL, NULL, "spam a [b] c"},
        {"spam a [b] c", "a d c", NULL, NULL, NULL, ""},
        {"spam a .. c", "a 1 d e f c", NULL, NULL, NULL, "spam a .. c"},
        {"spam a .. c", "a d e f g c", NULL, NULL, NULL, ""},
        {"spam a ..5 c", "a d e f g c", NULL, NULL, NULL, "spam a ..5 c"},
        {"spam a .. a c", "a c a a c", NULL, NULL, NULL, "spam a .. a c"},
        {"spam {a b}", "b d a", NULL, NULL, NULL, "spam {a b}"},
        {"spam {a b c}", "c a b", NULL, NULL, NULL, "spam {a b c}"},
        {"spam {a b c}", "c a", NULL, NULL, NULL, ""},
        {"spam x|no-longer a", "no longer a", NULL, NULL, NULL, "spam x|no-longer a"},
        {"word d = e\nword c = a b* no-more <d>\nspam <c> x", "no more x", NULL, NULL, NULL, "spam <c> x"},
        {"word d = e\nword c = a <d>\nspam <c> x", "e x", NULL, NULL, NULL, "spam <c> x"},
        {"spam a / b c unless d", "b c", NULL, NULL, NULL, "spam a / b c unless d"},
        {"spam a / b c unless d", "b c and d", NULL, NULL, NULL, ""},
        {"spam a unless d", "a. d", NULL, NULL, NULL, "spam a unless d"},
        {"spam a unless d", "a d. a", NULL, NULL, NULL, "spam a unless d"},
        {"spam a unless d", "d. a d", NULL, NULL, NULL, ""},
        {"spam phrase a unless d", "a. d", NULL, NULL, NULL, ""},
        /* lines that go on */
        {"spam a\n / b c\n\tunless d", "b c", NULL, NULL, NULL, "spam a / b c unless d"},
        {"spam a\n / b c\n\tunless d", "b c d", NULL, NULL, NULL, ""},
        {"spam a b|c\n  |d|e /\n  f", "a e", NULL, NULL, NULL, "spam a b|c|d|e / f"},
        {"word c = a\n  b\nspam <c>\r\n  x", "b x", NULL, NULL, NULL, "spam <c> x"},
        {" spam a\n  virus b", "b", NULL, NULL, NULL, "virus b"},
        /* what is one word, what is none */
        {"spam does not exist", "doesn't exist", NULL, NULL, NULL, "spam does not exist"},
        {"spam can not", "cannot", NULL, NULL, NULL, "spam can not"},
        {"spam email mailbox", "E-Mail mail box", NULL, NULL, NULL, "spam email mailbox"},
        {"spam over .. quota", "overquota", NULL, NULL, NULL, "spam over .. quota"},
        {"spam user inbox", "the user's in-box", NULL, NULL, NULL, "spam user inbox"},
        {"spam geloscht", "gel\u00f6scht", NULL, NULL, NULL, "spam geloscht"},
        {"spam gel\u00f6scht", "geloescht", NULL, NULL, NULL, "spam gel\u00f6scht"},
        {"spam gr\u00e5lista", "graalista GRALISTA", NULL, NULL, NULL, "spam gr\u00e5lista"},
        {"spam geloscht", "geloescht", NULL, NULL, NULL, ""},
        {"spam \u0623\u0631\u0633\u0644", "\u0627\u0631\u064e\u0633\u0644", NULL, NULL, NULL, "spam \u0623\u0631\u0633\u0644"},
        {"spam mb mail", "a 10MB mail", NULL, NULL, NULL, "spam mb mail"},
        {"spam 10mb", "10mb", NULL, NULL, NULL, "spam 10mb"},
        /* the ends of words */
        {"spam *regel", "Transportregel", NULL, NULL, NULL, "spam *regel"},
        {"spam *regel x", "Regel x", NULL, NULL, NULL, "spam *regel x"},
        {"spam a *gr\u00f6\u00dfe", "a Nachrichtengroesse", NULL, NULL, NULL, "spam a *gr\u00f6\u00dfe"},
        {"spam *regel", "Regelung egel", NULL, NULL, NULL, ""},
        {"spam *full|*regelung", "Filterregelung", NULL, NULL, NULL, "spam *full|*regelung"},
        {"spam nullmx", "host nullmx.example [192.0.2.1] nullmx@a.example http://nullmx/", NULL, NULL, NULL, ""},
        {"spam user unknown", "user <nullmx@a.example> unknown", NULL, NULL, NULL, "spam user unknown"},
        {"spam <address> unknown", "nullmx@a.example: unknown", NULL, NULL, NULL, "spam <address> unknown"},
        {"spam rejected see", "rejected.See", NULL, NULL, NULL, ""},
        {"spam is full", "is 100% full", NULL, NULL, NULL, "spam is full"},
        /* characters are words, two of them one of the words between */
        {"spam \u53d7\u4fe1\u62d2\u5426", "\u53d7\u4fe1\u62d2\u5426\u8a2d\u5b9a", NULL, NULL, NULL,
                "spam \u53d7\u4fe1\u62d2\u5426"},
        {"spam \u53d7\u4fe1 .. \u62d2\u5426", "\u53d7\u4fe1\u3092\u3059\u3079\u3066\u62d2\u5426", NULL, NULL, NULL,
                "spam \u53d7\u4fe1 .. \u62d2\u5426"},
        {"spam \u53d7\u4fe1 .. \u62d2\u5426", "\u53d7\u4fe1\u3002\u62d2\u5426", NULL, NULL, NULL, ""},
        {"spam \u0e44\u0e21\u0e48\u0e1e\u0e1a .. \u0e1c\u0e39\u0e49\u0e23\u0e31\u0e1a",
                "\u0e44\u0e21\u0e48\u0e1e\u0e1a\u0e1a\u0e31\u0e0d\u0e0a\u0e35\u0e1c\u0e39\u0e49\u0e23\u0e31\u0e1a", NULL, NULL,
                NULL, "spam \u0e44\u0e21\u0e48\u0e1e\u0e1a .. \u0e1c\u0e39\u0e49\u0e23\u0e31\u0e1a"},
        /* literally */
        {"spam \"spf=fail\"", "x spf=fail y", NULL, NULL, NULL, "spam \"spf=fail\""},
        {"spam \"spf=fail\"", "x spf fail y", NULL, NULL, NULL, ""},
        {"spam \"?p=block*\"", "https://x.example/?p=BlockedMessage", NULL, NULL, NULL, "spam \"?p=block*\""},
        {"spam \"?p=block\"", "https://x.example/?p=BlockedMessage", NULL, NULL, NULL, ""},
        {"spam \"[a1]\" .. b", "[a1] is b", NULL, NULL, NULL, "spam \"[a1]\" .. b"},
};

static struct sources *sources_of(const void *ctx, const char *text)
{
	struct sources *sources = talloc_zero(ctx, struct sources);

	source_add(sources, &(struct source){"t.rules", text, strlen(text), true});
	return sources;
}

static struct rule_text *said(const void *ctx, const char *text)
{
	return text != NULL ? rule_text_new(ctx, text, strlen(text)) : NULL;
}

/* What the user's rules decide: on the diagnostic, then on the notice. */
UNIT(test_rules)
{
	for (size_t i = 0; i < COUNT(rule_cases); i++) {
		struct problems *problems = problems_new(ctx);
		const struct rule_set *set = rule_set_read(ctx, sources_of(ctx, rule_cases[i].rules), problems);
		struct rules *rules = rules_of_set(ctx, set);
		const struct rule_evidence evidence[] = {
		        {said(ctx, rule_cases[i].diagnostic), rule_cases[i].status, 550, "RCPT"},
		        {said(ctx, rule_cases[i].notice), rule_cases[i].field, 550, "RCPT"},
		};
		const struct circumstances where = {.remote = "mx.example.net",
		        .domain = "example.jp",
		        .reporter = "mail.example.org",
		        .format = "qmail",
		        .action = "failed"};
		struct rule_found found = rules_match(ctx, rules, RULE_OWN, &evidence[0], &where);

		if (found.rule == NULL)
			found = rules_match(ctx, rules, RULE_OWN, &evidence[1], &where);
		is_string(found.rule != NULL ? rule_line(found.set, found.rule) : "", rule_cases[i].expected,
		        "rules: \"%s\" on %s", show(rule_cases[i].rules, strlen(rule_cases[i].rules)), rule_cases[i].diagnostic);
		ok(problems->count == 0, "nothing is wrong with them");
	}
}

/* Rules that are wrong, and what --check says of them. */
static const struct {
	const char *rules, *expected;
} check_cases[] = {
        {"spamm phrase x", "not a reason"},
        {"spam", "expected a condition"},
        {"spam status 5.1", "expected a status"},
        {"spam reply 5500", "expected a reply code"},
        {"spam command HELLO", "expected CONN"},
        {"spam phrase", "nothing after"},
        {"spam phrase xq\nspam phrase XQ", "shadowed by t.rules:1"},
        {"spam phrase no user\nvirus phrase such no user here", "shadowed by t.rules:1"},
        {"spam phrase \xff\xfe", "not UTF-8"},
        {"spam a ..", "before and after"},
        {"spam .. a", "before and after"},
        {"spam [a]", "before and after"},
        {"spam {a}", "two to four"},
        {"spam {a b", "expected }"},
        {"spam {a .. b}", "two to four"},
        {"spam a|", "expected words"},
        {"spam <none> a", "is not a class"},
        {"spam \"a b", "second quote"},
        {"spam \"...\"", "letters or digits"},
        {"spam a*b", "only at the beginning or end"},
        {"spam 5.1.1", "expected a guard"},
        {"spam user@a.example", "expected a guard"},
        {"spam remote @none x", "name that"},
        {"word a = b", "no rule uses"},
        {"word a = b\nword a = c\nspam <a> d", "before"},
        {"word a\nspam aq", "NAME ="},
        {"when x\nspam aq", "expected a guard"},
        {"spam {a b}\nvirus c b .. a", "shadowed by t.rules:1"},
        {"spam a .. b\nvirus a [c] b", "shadowed by t.rules:1"},
        {"word c = a b\nspam <c> d\nvirus b d e", "shadowed by t.rules:2"},
        {"loop mailbox", "alone decides"},
        {"loop \u90ae\u7bb1", "alone decides"},
};

UNIT(test_rules_check)
{
	static const char good[] =
	        "# a comment\n\nspam phrase xq # no comment\nvirus phrase %yq%\nspam phrase xyq unless z\nvirus phrase yxq\n"
	        "spam a b\nvirus a .. b\nloop a ..5 b\nspam g|h i\nvirus h|k i\nword c = d e\nspam <c> f unless e f\nvirus e f\n"
	        "loop mailbox unless gone\nloop reply 551 recipient\n";
	struct problems *none = problems_new(ctx);

	for (size_t i = 0; i < COUNT(check_cases); i++) {
		struct problems *problems = problems_new(ctx);

		rules_check(ctx, sources_of(ctx, check_cases[i].rules), source_list_built_in(ctx, "examples"), problems);
		ok(problems->count == 1 && strstr(problems->list[0].text, check_cases[i].expected) != NULL, "check: %s ==> %s",
		        show(check_cases[i].rules, strlen(check_cases[i].rules)), check_cases[i].expected);
	}
	rules_check(ctx, sources_of(ctx, good), source_list_built_in(ctx, "examples"), none);
	ok(none->count == 0, "check: nothing is said of what is right");
}

/* A line that is wrong is noted wherever it stands, and takes nothing from those that are right. */
UNIT(test_rules_wrong)
{
	static const char text[] = "content full|gone\nblocked <none> list\nvirus full\nspam a 5.1.1 b\nspam a 5.1.1 b\n"
	                           "word c = d 5.1.1\nspam <c>\nspam x <c>\n";
	static const int lines[] = {2, 4, 5, 6, 8};
	struct problems *problems = problems_new(ctx);
	const struct rule_set *set = rule_set_read(ctx, sources_of(ctx, text), problems);
	struct tokens *tokens = tokens_read(ctx, "is full", 7);
	struct pattern_hits hits = pattern_search_run(ctx, pattern_search_new(ctx, set->patterns), tokens);

	ok(set->count == 2, "rules: all that are right, and no others");
	ok(hits.count == 2, "rules: each is found after one that is wrong");
	ok(problems->count == COUNT(lines), "rules: each that is wrong is noted");
	for (size_t i = 0; i < problems->count && i < COUNT(lines); i++)
		ok(problems->list[i].line == lines[i], "rules: line %d is noted", lines[i]);
}

/* What begins like a number, an address or a host again and again, and is none, is read once. */
UNIT(test_tokens_linear)
{
	static const char *const pieces[] = {"1:", "a:", "1.", "1,", "a.", "a@", "a-", "a'", "http:/", "(in "};

	for (size_t i = 0; i < COUNT(pieces); i++) {
		struct buffer text = buffer_new(ctx);

		while (text.length < 200000)
			buffer_add_string(&text, pieces[i]);
		buffer_add_string(&text, "z");
		clock_t before = clock();

		tokens_read(ctx, text.text, text.length);
		ok(clock() - before < CLOCKS_PER_SEC, "tokens: 200,000 bytes of \"%s\" in less than a second", pieces[i]);
		talloc_free(text.text);
	}
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
        {"format a\nfrom *nobody* | *daemon*\nstart hi", "daemon", "y", "hi", "a"},
        {"word who = *nobody* | *daemon*\nformat a\nfrom <who> | root\nstart hi", "daemon", "y", "hi", "a"},
        {"word who = *nobody*\nword who = *daemon*\nformat a\nfrom <who>\nstart hi", "daemon", "y", "hi", "a"},
        {"format a\nfrom <who> | root\nword who = *daemon*", "root", "y", "hi", "a"},
        {"sign answer -6\nsubject re: *\nformat a\nstart hi", "x", "Re: hi", "hi", ""},
        {"sign answer -6\nsubject re: *\nformat a\nstart hi\nanswers too", "x", "Re: hi", "hi", "a"},
        {"sign answer -6\nsubject re: *\nformat a\nstart hi\nkind auto-reply", "x", "Re: hi", "hi", "a"},
        {"sign a 4\nfrom *daemon*\nsign b 2\nstart hi", "daemon", "y", "hi", "general"},
        {"sign a 4\nfrom *daemon* | *aemon*", "daemon", "y", "hi", ""},
        {"sign who/a 4\nfrom *daemon*\nsign who/b 3\nfrom *aemon*", "daemon", "y", "hi", ""},
        {"sign a 4\nfrom *daemon*\nsign b 4\nstart hi\nsign c -3\nheader X-K*d: b*", "daemon", "y", "hi", ""},
};

static const char *letter_header_of(void *argument, const char *name)
{
	(void)argument;
	return strcmp(name, "X-Kind") == 0 || strcmp(name, "X-K*d") == 0 ? "Bounce" : NULL;
}

/* What the program has of share/formats is what reading them would give. */
UNIT(test_formats_built_in)
{
	struct problems *problems = problems_new(ctx);
	const struct format_set *read = formats_parse(ctx, source_list_built_in(ctx, "formats"), problems),
	                        *ours = &formats_built_in;
	const struct numbering *texts = &read->phrases->texts;

	ok(problems->count == 0 && read->count == ours->count && read->field_count == ours->field_count,
	        "formats: as many are built in");
	ok(texts->pool_length == ours->phrases->texts.pool_length &&
	                memcmp(texts->pool, ours->phrases->texts.pool, texts->pool_length) == 0,
	        "formats: the same phrases are built in");
	ok(memcmp(read->phrases->list, ours->phrases->list, texts->count * sizeof *read->phrases->list) == 0,
	        "formats: all that is known of them too");
	for (size_t i = 0; i < read->count; i++)
		ok(strcmp(read->list[i].name, ours->list[i].name) == 0 && read->list[i].line_count == ours->list[i].line_count &&
		                read->list[i].conditions.count == ours->list[i].conditions.count,
		        "formats: %s is built in", read->list[i].name);
}

UNIT(test_formats)
{
	for (size_t i = 0; i < COUNT(format_cases); i++) {
		struct problems *problems = problems_new(ctx);
		const struct letter letter = {
		        .view = {format_cases[i].from, format_cases[i].subject, format_cases[i].start, format_cases[i].start},
		        .header = letter_header_of};
		struct source source = {"t.format", format_cases[i].formats, strlen(format_cases[i].formats), true};
		const struct sources sources = {&source, 1};
		struct formats *formats = formats_read(ctx, &sources, problems);
		struct phrase_hits *hits;
		const struct format *format = formats_detect(ctx, formats, &letter, &hits);

		is_string(format != NULL ? format->name : "", format_cases[i].expected, "formats: %s",
		        show(format_cases[i].formats, strlen(format_cases[i].formats)));
		ok(problems->count == 0, "nothing is wrong with them");
		ok(format == NULL || formats_may_detect(formats, &letter), "the header lets it pass");
	}
}

/* Files of formats with one line that is wrong, and what is said of it. */
static const struct {
	const char *formats, *expected;
} format_wrong_cases[] = {
        {"format", "without a value"},
        {"format a\nbody", "without a value"},
        {"format a\nbody b\nunless body", "without a value"},
        {"format a\nheader X-Kind:", "without a value"},
        {"format a\nheader X-Kind", "header Name"},
        {"format a\nunless begin b", "expected `unless`"},
        {"format a\nbogus b", "no such key"},
        {"format a\nkind b", "no such kind"},
        {"format a\nbody <b>", "no such class"},
        {"format a\nline {b}", "no such capture"},
        {"sign", "without a value"},
        {"sign a\nbody b", "whole number"},
        {"body b", "expected `format NAME`"},
};

UNIT(test_formats_wrong)
{
	for (size_t i = 0; i < COUNT(format_wrong_cases); i++) {
		const char *text = format_wrong_cases[i].formats;
		struct problems *problems = problems_new(ctx);
		struct sources sources = {&(struct source){"t.format", text, strlen(text), true}, 1};

		formats_parse(ctx, &sources, problems);
		ok(problems->count > 0 && strstr(problems->list[0].text, format_wrong_cases[i].expected) != NULL,
		        "formats: %s ==> %s", text, format_wrong_cases[i].expected);
	}
}

UNIT(test_reasons)
{
	(void)ctx;
	ok(reason_is_gone(REASON_MOVED) && !reason_is_gone(REASON_NETWORK), "a reason tells whether anybody is there");
	ok(!reason_is_gone(REASON_COUNT) && !reason_is_permanent(REASON_COUNT) && !reason_is_yours(REASON_COUNT),
	        "one that is not known says nothing");
}
