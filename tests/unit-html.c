/* What html.h makes of HTML, case by case. */
#include "unit.h"

#include <libxml/xmlversion.h>
#include <talloc.h>

#include "base/limits.h"
#include "text/html.h"

/* What a reference to no character comes to: since libxml2 2.14 to U+FFFD, as in HTML 5. */
#if LIBXML_VERSION >= 21400
#define NO_CHARACTERS "\xEF\xBF\xBD \xEF\xBF\xBD"
#else
#define NO_CHARACTERS ""
#endif

static const struct {
	const char *html, *expected;
} html_cases[] = {
        {"", ""},
        {"plain & simple", "plain & simple"},
        {"one\n  two\tthree", "one two three"},
        {"one<br>two<BR/>three", "one\ntwo\nthree"},
        {"<p>one</p><p>two", "one\n\ntwo"},
        {"<div>one</div><div>two</div>three", "one\ntwo\nthree"},
        {"one<br><br><br>two", "one\n\ntwo"},
        {"<table><tr><td>a</td><td>b</td><td>c</td></tr><tr><th>d<td>e</table>", "a: b c\nd: e"},
        {"<table><tr><td><p>Why:</p></td><td>b</td></tr><tr><td>x@y.example<td>d</table>", "Why:\n\nb\nx@y.example d"},
        {"<dl><dt>Reason</dt><dd>full</dd><dt>To</dt><dd>a</dd></dl>", "Reason: full\nTo: a"},
        {"<table><tr><td>one very long cell is a sentence and no label</td><td>b</td></tr></table>",
                "one very long cell is a sentence and no label b"},
        {"<ul><li>one<li>two</ul>", "one\ntwo"},
        {"<pre>550 no\n  such   user\nend</pre>", "550 no\nsuch user\nend"},
        {"<b>5</b>.<i>1</i>.1", "5.1.1"},
        {"<head><title>t</title><style>p{}</style></head><body>text</body>", "text"},
        {"one<script>var x = '<p>no</p>';</script> two<style>b{}</style>", "one two"},
        {"one<!-- no --> two", "one two"},
        {"&lt;x@y.example&gt; &eacute; &#37197; &nbsp; end", "<x@y.example> é 配 end"},
        {"<a href=\"mailto:x@y.example\">x@y.example</a>", "x@y.example"},
        {"&unknown; & &#0; &#xD800;end", "&unknown; & " NO_CHARACTERS "end"},
        {"<meta charset=iso-8859-1><p>Größe 配信", "Größe 配信"},
        {"<?xml version=\"1.0\" encoding=\"shift_jis\"?><html><body>配信</body></html>", "配信"},
        {"<p>never <b>closed <table><tr><td>at <a", "never closed\nat"},
        {"</p></div></table>stray ends", "stray ends"},
        {"a < b > c", "a < b > c"},
        {"stray \xE9 byte", "stray é byte"},
};

UNIT(test_html)
{
	for (size_t i = 0; i < COUNT(html_cases); i++) {
		const char *html = html_cases[i].html;

		is_string(html_to_text(ctx, html, strlen(html), false), html_cases[i].expected, "html: %s ==> %s",
		        show(html, strlen(html)), show(html_cases[i].expected, strlen(html_cases[i].expected)));
	}
	is_string(html_to_text(ctx, BYTES("a\0b<br>\0c"), false), "ab\nc", "html: NULs are dropped");

	char *deep = talloc_asprintf(ctx, "seen%send", repeat(ctx, "<b>", 1000000));
	is_string(html_to_text(ctx, deep, strlen(deep), false), "seen", "html: a million tags deep ==> what was before");
	char *shallow = talloc_asprintf(ctx, "%sseen", repeat(ctx, "<b>", HTML_DEPTH_MAX - 10));
	is_string(html_to_text(ctx, shallow, strlen(shallow), false), "seen", "html: not quite too deep ==> all");
	char *wide = talloc_asprintf(ctx, "seen%s", repeat(ctx, "<p>", 1000000));
	is_string(html_to_text(ctx, wide, strlen(wide), false), "seen", "html: a million tags one after the other");
	char *big = repeat(ctx, "配", HTML_MAX);
	ok(strlen(html_to_text(ctx, big, strlen(big), false)) == HTML_MAX / 3 * 3, "html: cut at a character at HTML_MAX");
}
