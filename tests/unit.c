/* The unit tests of the modules that know nothing of mail. `make check` runs this; it prints TAP. */
#include "unit.h"

#include <talloc.h>

#include "base/limits.h"
#include "knowledge/phrases.h"
#include "text/html.h"
#include "text/text.h"
#include "unit-draft.h"
#include "unit-explain.h"
#include "unit-distance.h"
#include "unit-html.h"
#include "unit-index.h"
#include "unit-knowledge.h"
#include "unit-phrases.h"
#include "unit-sandbox.h"
#include "unit-setup.h"
#include "unit-stages.h"
#include "unit-text.h"

/* SEED COUNT times over, for what must stay linear. Freed with CTX. */
static char *repeat(const void *ctx, const char *seed, size_t count)
{
	size_t length = strlen(seed);
	char *text = talloc_size(ctx, length * count + 1);

	for (size_t i = 0; i < count; i++)
		memcpy(text + i * length, seed, length);
	text[length * count] = '\0';
	return text;
}

static void test_text_to_utf8(const void *ctx)
{
	for (size_t i = 0; i < COUNT(utf8_cases); i++) {
		const char *charset = utf8_cases[i].charset, *expected = utf8_cases[i].expected;
		char *got = text_to_utf8(ctx, utf8_cases[i].bytes, utf8_cases[i].length, charset);

		is_string(got, expected, "to utf-8, %s: %s in %s ==> %s", utf8_cases[i].why,
		        show(utf8_cases[i].bytes, utf8_cases[i].length), charset ? charset : "nothing",
		        show(expected, strlen(expected)));
	}
}

static void test_text_fold(const void *ctx)
{
	for (size_t i = 0; i < COUNT(is_utf8_cases); i++)
		ok(text_is_utf8(is_utf8_cases[i].bytes, strlen(is_utf8_cases[i].bytes)) == is_utf8_cases[i].expected,
		        "is utf-8: %s ==> %s", show(is_utf8_cases[i].bytes, strlen(is_utf8_cases[i].bytes)),
		        is_utf8_cases[i].expected ? "yes" : "no");
	for (size_t i = 0; i < COUNT(fold_cases); i++) {
		const char *text = fold_cases[i].text, *expected = fold_cases[i].expected;
		char *once = text_fold(ctx, text, strlen(text));

		is_string(once, expected, "fold: %s ==> %s", text, expected);
		is_string(text_fold(ctx, once, strlen(once)), once, "fold: again ==> the same");
	}
}

static void test_text(const void *ctx)
{
	for (size_t i = 0; i < COUNT(line_cases); i++) {
		const char *text = line_cases[i].text, *expected = line_cases[i].expected;

		is_string(text_one_line(ctx, text, line_cases[i].max), expected, "one line: %s, %zu ==> %s",
		        show(text, strlen(text)), line_cases[i].max, expected);
	}
	for (size_t i = 0; i < COUNT(address_text_cases); i++)
		is_string(text_address(ctx, address_text_cases[i].text, strlen(address_text_cases[i].text), 100), address_text_cases[i].expected,
		        "in an address: %s", address_text_cases[i].expected);
	ok(text_is_clean("a  b　見積") && !text_is_clean("a\xE2\x80\x8B") && !text_is_clean("\xFF") && !text_is_clean("\x1B") && !text_is_clean("a\n"),
	        "what can be shown as it is");
	for (size_t i = 0; i < COUNT(width_cases); i++) {
		size_t got = text_width(width_cases[i].text);

		ok(got == width_cases[i].expected, "width: %s ==> %zu (%zu)",
		        show(width_cases[i].text, strlen(width_cases[i].text)), width_cases[i].expected, got);
	}
	for (size_t i = 0; i < COUNT(glob_cases); i++)
		ok(text_glob(glob_cases[i].pattern, glob_cases[i].value) == glob_cases[i].expected, "glob: %s, %s ==> %s",
		        glob_cases[i].pattern, glob_cases[i].value, glob_cases[i].expected ? "yes" : "no");
}

static void test_phrases_alone(const void *ctx)
{
	for (size_t i = 0; i < COUNT(phrase_cases); i++) {
		struct phrases *set = phrases_new(ctx);
		int number = phrases_add(set, phrase_cases[i].phrase);
		char *text = text_fold(ctx, phrase_cases[i].text, strlen(phrase_cases[i].text));

		ok(phrase_hits_has(phrases_search(ctx, set, text, strlen(text)), number) == phrase_cases[i].expected,
		        "phrase: `%s` in `%s` ==> %s", phrase_cases[i].phrase, phrase_cases[i].text,
		        phrase_cases[i].expected ? "yes" : "no");
	}
}

/* All phrases in one set, where they share beginnings, ends and parts: each is found where it's found alone. */
static void test_phrases_together(const void *ctx)
{
	struct phrases *set = phrases_new(ctx);
	int numbers[COUNT(phrase_cases)];

	for (size_t i = 0; i < COUNT(phrase_cases); i++)
		numbers[i] = phrases_add(set, phrase_cases[i].phrase);
	for (size_t i = 0; i < COUNT(phrase_cases); i++) {
		char *text = text_fold(ctx, phrase_cases[i].text, strlen(phrase_cases[i].text));
		struct phrase_hits *hits = phrases_search(ctx, set, text, strlen(text));

		ok(phrase_hits_has(hits, numbers[i]) == phrase_cases[i].expected, "phrase among others: `%s` in `%s` ==> %s",
		        phrase_cases[i].phrase, phrase_cases[i].text, phrase_cases[i].expected ? "yes" : "no");
	}
}

static void test_phrases_set(const void *ctx)
{
	struct phrases *set = phrases_new(ctx);

	ok(phrases_add(set, "user unknown") == 0, "phrases: the first is 0");
	ok(phrases_add(set, "mailbox full") == 1, "phrases: the next is 1");
	ok(!phrase_hits_has(phrases_search(ctx, set, "", 0), 0), "phrases: nothing in nothing");
	ok(!phrase_hits_has(phrases_search(ctx, set, "user unknown", 11), 0), "phrases: the text ends at its length");
}

/* Two thousand phrases wait for parts that a hostile text repeats: a minute if each occurrence looked at each phrase. */
static void test_phrases_hostile(const void *ctx)
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
	int found = phrases_add(set, "a*a*a*b*b*a a b");
	struct phrase_hits *hits = phrases_search(ctx, set, text, strlen(text));
	size_t count = 0;

	for (int i = 0; i <= found; i++)
		count += phrase_hits_has(hits, i);
	ok(count == 1 && phrase_hits_has(hits, found), "phrases: many waiting in a hostile text ==> the one that's there");
}

static void test_html(const void *ctx)
{
	for (size_t i = 0; i < COUNT(html_cases); i++) {
		const char *html = html_cases[i].html;

		is_string(html_to_text(ctx, html, strlen(html)), html_cases[i].expected, "html: %s ==> %s",
		        show(html, strlen(html)), show(html_cases[i].expected, strlen(html_cases[i].expected)));
	}
	is_string(html_to_text(ctx, BYTES("a\0b<br>\0c")), "ab\nc", "html: NULs are dropped");

	char *deep = talloc_asprintf(ctx, "seen%send", repeat(ctx, "<b>", 1000000));
	is_string(html_to_text(ctx, deep, strlen(deep)), "seen", "html: a million tags deep ==> what was before");
	char *shallow = talloc_asprintf(ctx, "%sseen", repeat(ctx, "<b>", HTML_DEPTH_MAX - 10));
	is_string(html_to_text(ctx, shallow, strlen(shallow)), "seen", "html: not quite too deep ==> all");
	char *wide = talloc_asprintf(ctx, "seen%s", repeat(ctx, "<p>", 1000000));
	is_string(html_to_text(ctx, wide, strlen(wide)), "seen", "html: a million tags one after the other");
	char *big = repeat(ctx, "配", HTML_MAX);
	ok(strlen(html_to_text(ctx, big, strlen(big))) == HTML_MAX / 3 * 3, "html: cut at a character at HTML_MAX");
}

int main(void)
{
	static void (*const tests[])(const void *ctx) = {
	        test_text_to_utf8,
	        test_text_fold,
	        test_text,
	        test_phrases_alone,
	        test_phrases_together,
	        test_phrases_set,
	        test_phrases_hostile,
	        test_html,
	        test_fields,
	        test_encoded_words,
	        test_addresses,
	        test_shell,
	        test_diagnostics,
	        test_scan,
	        test_patterns,
	        test_rules,
	        test_rules_check,
	        test_formats,
	        test_message_ids,
	        test_message_id_of_file,
	        test_what_properties_hold,
	        test_lists,
	        test_address_lists,
	        test_address_digests,
	        test_index,
	        test_distance,
	        test_slips,
	        test_domains,
	        test_mailboxes,
	        test_words,
	        test_words_near,
	        test_wrap,
	        test_language,
	        test_dates,
	        test_fill,
	        test_plural,
	        test_path,
	        test_actions,
	        test_judgement_wire,
	        test_wire_refused,
	        test_recipients,
	        test_charsets,
	        test_encodings,
	        test_trees,
	        test_letters,
	        test_returned,
	        test_draft_header,
	        test_sandbox,
	};

	for (size_t i = 0; i < COUNT(tests); i++) {
		void *ctx = talloc_new(NULL);

		tests[i](ctx);
		talloc_free(ctx);
	}
	return tests_done();
}
