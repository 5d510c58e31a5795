/* What html.h makes of HTML, case by case. */
#ifndef UNIT_HTML_H
#define UNIT_HTML_H

#include <libxml/xmlversion.h>

#include "unit.h"

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
        {"<table><tr><td>a</td><td>b</td></tr><tr><th>c<td>d</table>", "a b\nc d"},
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

#endif
