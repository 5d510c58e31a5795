/* What phrases.h finds, case by case. */
#include "unit.h"

#include <talloc.h>

#include "base/limits.h"
#include "knowledge/phrases.h"
#include "text/text.h"

static bool is_hit(const struct phrase_hits *hits, uint32_t number)
{
	return phrase_hits_next(hits, &number, number);
}

static const struct {
	const char *phrase, *text;
	bool expected;
} phrase_cases[] = {
        {"user unknown", "550 5.1.1 User unknown", true},
        {"user unknown", "unknown user", false},
        {"USER  Unknown", "user unknown", true},
        {"宛先不明", "エラー: 宛先不明です", true},
        {"ｕｓｅｒ", "no such user", true},
        {"ﾒｰﾙﾎﾞｯｸｽ", "メールボックスが一杯です", true},

        /* anything between */
        {"mailbox*full", "mailbox is full", true},
        {"mailbox*full", "full mailbox", false},
        {"mailbox*full", "mailboxfull", true},
        {"user * unknown", "user x@example.com unknown", true},

        /* the parts don't overlap, but one blank will do for two */
        {"user * unknown", "user unknown", true},
        {"user * unknown", "userunknown", false},
        {"user * unknown", "users unknown", false},
        {"a*b*c", "a c b", false},
        {"a*b*c", "b a c b c", true},
        {"ab*bc", "abc", false},
        {"ab*bc", "abbc", true},
        {"aa*aa", "aaa", false},
        {"aa*aa", "aaaa", true},
        {"abcd*cdef*gh", "abcdef cdefgh gh", true},
        {"abcd*cdef*gh", "abcdef gh", false},
        {"x * * y", "x y", true},
        {"* user unknown *", "user unknown", true},

        /* anything at all */
        {"*", "whatever", true},
        {"*", "", true},
        {"", "whatever", true},
        {" * ", "whatever", true},

        /* word edges */
        {"%rbl%", "listed in rbl at", true},
        {"%rbl%", "marble", false},
        {"%rbl%", "rbl", true},
        {"%rbl%", "(rbl-plus)", true},
        {"%rbl%", "warbl, then rbl", true},
        {"%rbl%", "rbl2", false},
        {"%full", "helpfull", false},
        {"full%", "fullness", false},
        {"%no*user%", "no such user.", true},
        {"%no*user%", "no such users", false},
        {"%no*user%", "no users, no user", true},
        {"100% full", "100% full", true},
        {"%mail", "日本mail", true},
};

UNIT(test_phrases_alone)
{
	for (size_t i = 0; i < COUNT(phrase_cases); i++) {
		struct phrases *set = phrases_new(ctx);
		uint32_t number = phrases_add(set, phrase_cases[i].phrase);
		char *text = text_fold(ctx, phrase_cases[i].text, strlen(phrase_cases[i].text));

		ok(is_hit(phrases_search(ctx, set, text, strlen(text)), number) == phrase_cases[i].expected,
		        "phrase: `%s` in `%s` ==> %s", phrase_cases[i].phrase, phrase_cases[i].text,
		        phrase_cases[i].expected ? "yes" : "no");
	}
}

/* All phrases in one set, where they share beginnings, ends and parts: each is found where it's found alone. */
UNIT(test_phrases_together)
{
	struct phrases *set = phrases_new(ctx);
	uint32_t numbers[COUNT(phrase_cases)];

	for (size_t i = 0; i < COUNT(phrase_cases); i++)
		numbers[i] = phrases_add(set, phrase_cases[i].phrase);
	for (size_t i = 0; i < COUNT(phrase_cases); i++) {
		char *text = text_fold(ctx, phrase_cases[i].text, strlen(phrase_cases[i].text));
		struct phrase_hits *hits = phrases_search(ctx, set, text, strlen(text));

		ok(is_hit(hits, numbers[i]) == phrase_cases[i].expected, "phrase among others: `%s` in `%s` ==> %s",
		        phrase_cases[i].phrase, phrase_cases[i].text, phrase_cases[i].expected ? "yes" : "no");
	}
}

UNIT(test_phrases_set)
{
	struct phrases *set = phrases_new(ctx);

	ok(phrases_add(set, "user unknown") == 0, "phrases: the first is 0");
	ok(phrases_add(set, "mailbox full") == 1, "phrases: the next is 1");
	ok(!is_hit(phrases_search(ctx, set, "", 0), 0), "phrases: nothing in nothing");
	ok(!is_hit(phrases_search(ctx, set, "user unknown", 11), 0), "phrases: the text ends at its length");
}

/* Two thousand phrases wait for parts that a hostile text repeats: a minute if each occurrence looked at each phrase. */
UNIT(test_phrases_hostile)
{
	struct phrases *set = phrases_new(ctx);
	char *text = repeat(ctx, "a a b ", NOTICE_MAX / 6);
	char phrase[64];

	for (int i = 0; i < 2000; i++) {
		snprintf(phrase, sizeof phrase, "a*a*b*%c%d*a", i % 2 ? 'z' : 'a', i);
		phrases_add(set, phrase);
		snprintf(phrase, sizeof phrase, "a*a%.*s", 1 + i % 30, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
		phrases_add(set, phrase);
	}
	uint32_t found = phrases_add(set, "a*a*a*b*b*a a b");
	struct phrase_hits *hits = phrases_search(ctx, set, text, strlen(text));
	size_t count = 0;

	for (uint32_t i = 0; i <= found; i++)
		count += is_hit(hits, i);
	ok(count == 1 && is_hit(hits, found), "phrases: many waiting in a hostile text ==> the one that's there");
}
