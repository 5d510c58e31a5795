/* What makes a draft: recipients picked from a field, charsets, encodings, and parts that are found where others would look elsewhere. */
#include "unit.h"

#include "mail/mime.h"
#include "resend/draft-parts.h"
#include "resend/resend.h"
#include "text/html.h"

/* A field, the addresses that stay (separated by a blank; NULL: all), what `a@x` becomes (NULL: itself), and the field of the draft. */
static const struct {
	const char *field, *only, *becomes, *expected;
} recipient_cases[] = {
        {"To: a@x", NULL, NULL, "To: a@x\n"},
        {"To:a@x,\n\tb@x", NULL, NULL, "To:a@x,\n\tb@x\n"},
        {"To: a@x, b@x", "a@x", NULL, "To: a@x\n"},
        {"To: a@x, b@x", "A@X", NULL, "To: a@x\n"},
        {"To: a@x, b@x", "c@x", NULL, ""},
        {"To: a@x, b@x", "b@x a@x", NULL, "To: a@x, b@x\n"},
        {"To: \"A, B\" <a@x>, C <c@x>", "a@x", NULL, "To: \"A, B\" <a@x>\n"},
        {"To: \"A \\\", <b@x>\" <a@x>, C <c@x>", "a@x", NULL, "To: \"A \\\", <b@x>\" <a@x>\n"},
        {"To: \"b@x\" <a@x>, c@x", "b@x", NULL, ""},
        {"To: b@x <a@x>, c@x", "a@x", NULL, "To: b@x <a@x>\n"},
        {"To: (a@x, b@x) c@x, d@x", "c@x", NULL, "To: (a@x, b@x) c@x\n"},
        {"To: =?utf-8?q?a=40x=2C?= <c@x>, d@x", "c@x", NULL, "To: =?utf-8?q?a=40x=2C?= <c@x>\n"},
        {"To: =?utf-8?B?YTo=?= x:y <c@x>, d@x;", "c@x", NULL, "To: y <c@x>\n"},
        {"To: \033$B!,<,\033(B <a@x>, d@x", "a@x", NULL, "To: \033$B!,<,\033(B <a@x>\n"},
        {"Cc: friends: a@x, b@x;, c@x", "b@x c@x", NULL, "Cc: b@x, c@x\n"},
        {"To: undisclosed-recipients:;", NULL, NULL, "To: undisclosed-recipients:;\n"},
        {"To: undisclosed-recipients:;", "a@x", NULL, ""},
        {"To: undisclosed-recipients:;", NULL, "new@x", "To: undisclosed-recipients:;\n"},
        {"To: nobody, a@x", NULL, "new@x", "To: new@x\n"},
        {"To: A <a@x>", NULL, "new@x", "To: A <new@x>\n"},
        {"To: A <a@x>, b@x", "a@x", "new@x", "To: A <new@x>\n"},
        {"To: a@x (a@x)", NULL, "new@x", "To: new@x (a@x)\n"},
        {"To: <a@x>, \"open", "a@x", NULL, "To: <a@x>\n"},
        {"To: <a@x", NULL, "new@x", "To: <new@x\n"},
        {"To:", NULL, NULL, "To:\n"},
        {"To: ,,;", "a@x", NULL, ""},
        {"To: aaaaaaaaaaaaaaaaaaaaaaaaa@example.org, bbbbbbbbbbbbbbbbbbbbbb@example.org, c@x, d@x",
                "aaaaaaaaaaaaaaaaaaaaaaaaa@example.org bbbbbbbbbbbbbbbbbbbbbb@example.org c@x", NULL,
                "To: aaaaaaaaaaaaaaaaaaaaaaaaa@example.org,\n bbbbbbbbbbbbbbbbbbbbbb@example.org, c@x\n"},
};

static char **addresses_in(const void *ctx, const char *text)
{
	char **list = talloc_zero_array(ctx, char *, 10), *copy = talloc_strdup(ctx, text), *rest;
	size_t count = 0;

	for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest))
		list[count++] = word;
	return list;
}

UNIT(test_recipients)
{
	for (size_t i = 0; i < COUNT(recipient_cases); i++) {
		char *text = talloc_asprintf(ctx, "%s\n", recipient_cases[i].field);
		struct correction correction = {"a@x", recipient_cases[i].becomes};
		const struct draft_plan plan = {.source = {.fields = {text, strlen(text)}, .eol = "\n"},
		        .recipients = {
		                .only = recipient_cases[i].only != NULL ? addresses_in(ctx, recipient_cases[i].only) : NULL,
		                .corrections = &correction,
		                .correction_count = recipient_cases[i].becomes != NULL}};
		const char *header = draft_header(ctx, &plan, "new@x", NULL, NULL);

		is_string(talloc_strndup(ctx, header, (size_t)(strstr(header, "Date: ") - header)), recipient_cases[i].expected,
		        "recipients: %s, %s ==> %s", recipient_cases[i].field,
		        recipient_cases[i].only != NULL ? recipient_cases[i].only : "all",
		        show(recipient_cases[i].expected, strlen(recipient_cases[i].expected)));
	}
}

/* UTF-8, a charset, the bytes, and how many characters got lost. */
static const struct {
	const char *text, *charset, *expected;
	size_t lost;
} charset_cases[] = {
        {"plain", "iso-2022-jp", "plain", 0},
        {"資料", "iso-2022-jp", "\033$B;qNA\033(B", 0},
        {"資\n料", "iso-2022-jp", "\033$B;q\033(B\n\033$BNA\033(B", 0},
        {"①⑳Ⅳ㈱", "iso-2022-jp", "(1)(20)IV(\033$B3t\033(B)", 0},
        {"～－―", "iso-2022-jp", "\033$B!A!]!=\033(B", 0},
        {"ｶﾞﾊﾟｳﾞｱ", "iso-2022-jp", "\033$B%,%Q%t%\"\033(B", 0},
        {"ｶﾞ", "utf-8", "ｶﾞ", 0},
        {"é", "iso-2022-jp", "\033$B\".\033(B", 1},
        {"😀", "iso-8859-1", "?", 1},
        {"“é” – €", "iso-8859-1", "\"\xe9\" - EUR", 0},
        {"é", "us-ascii", "?", 1},
        {"髙﨑", "iso-2022-jp", "\033$B9b:j\033(B", 0},
        {"", "iso-2022-jp", "", 0},
};

UNIT(test_charsets)
{
	for (size_t i = 0; i < COUNT(charset_cases); i++) {
		const char *text = charset_cases[i].text, *expected = charset_cases[i].expected;
		size_t length, lost = 99;
		char *got = charset_encode(ctx, text, strlen(text), charset_cases[i].charset, &length, &lost);

		is_string(got, expected, "charset: %s in %s ==> %s", text, charset_cases[i].charset,
		        show(expected, strlen(expected)));
		ok(lost == charset_cases[i].lost, "charset: %s in %s: %zu lost", text, charset_cases[i].charset,
		        charset_cases[i].lost);
	}
	static const char *const known[] = {"iso-2022-jp", "UTF-8", "us-ascii", "Shift_JIS", NULL};
	/* iconv takes none for the locale's, and what follows a slash for orders */
	static const char *const unknown[] = {"nonsense", "", "us-ascii//IGNORE", "utf-8//TRANSLIT", NULL};
	size_t length, lost;

	for (const char *const *charset = known; *charset != NULL; charset++)
		is_string(charset_encode(ctx, "a\n", 2, *charset, &length, &lost), "a\n", "charset: %s is known", *charset);
	for (const char *const *charset = unknown; *charset != NULL; charset++)
		ok(charset_encode(ctx, "a\n", 2, *charset, &length, &lost) == NULL, "charset: `%s` is not known", *charset);
}

static const struct {
	const char *text, *expected;
} quoted_cases[] = {
        {"plain\n", "plain\n"},
        {"a=b", "a=3Db"},
        {"\xc3\xa9", "=C3=A9"},
        {"end \nof\t\n", "end=20\nof=09\n"},
        {"From here\n.\nx.", "=46rom here\n=2E\nx."},
        {"a\r\nb", "a\r\nb"},
        {"a\rb", "a=0Db"},
        {"end ", "end=20"},
        {"1234567890123456789012345678901234567890123456789012345678901234567890123456",
                "123456789012345678901234567890123456789012345678901234567890123456789012=\n3456"},
        {"12345678901234567890123456789012345678901234567890123456789012345678901\xc3\xa9",
                "12345678901234567890123456789012345678901234567890123456789012345678901=\n=C3=A9"},
};

UNIT(test_encodings)
{
	for (size_t i = 0; i < COUNT(quoted_cases); i++) {
		const char *text = quoted_cases[i].text, *expected = quoted_cases[i].expected;

		is_string(encode_quoted(ctx, text, strlen(text), "\n"), expected, "quoted-printable: %s ==> %s",
		        show(text, strlen(text)), show(expected, strlen(expected)));
	}
	is_string(encode_base64(ctx, "", 0, "\n"), "", "base64: nothing");
	is_string(encode_base64(ctx, "a", 1, "\n"), "YQ==\n", "base64: a");
	is_string(encode_base64(ctx, "ab", 2, "\n"), "YWI=\n", "base64: ab");
	is_string(encode_base64(ctx, "abc", 3, "\r\n"), "YWJj\r\n", "base64: abc");
}

/* A body with the boundary b, and its parts: type, and bytes of the body. */
static const struct {
	const char *body, *expected;
} tree_cases[] = {
        {"--b\n\none\n--b\n\ntwo\n--b--\n", "text/plain:one text/plain:two "},
        {"pre\n--b\nContent-Type: TEXT/HTML; x=y\n\none\n\n--b--\npost", "text/html:one\n "},
        {"--b\n\none\n--b--", "text/plain:one "},
        {"--b\n\none\n--b", "text/plain:one "},
        {"--b\n\none", "text/plain:one "},
        {"--b\n--b\n\n--b--\n", "text/plain: text/plain: "},
        {"--b\r\n\r\none\r\n--b--\r\n", "text/plain:one "},
        {"--b \t\n\none\n--b--  \n", "text/plain:one "},
        {"--b\n\none\n--bb\ntwo\n --b\n--b--\n", "text/plain:one\n--bb\ntwo\n --b "},
        {"--b\nContent-Type: multipart/x; boundary=\"c d\"\n\n--c d\n\none\n--c d--\n\n--b\n\ntwo\n--b--\n",
                "multipart/x: text/plain:one text/plain:two "},
        {"--b\nContent-Type: multipart/x; boundary=c\n\n--c\n\none\n--b\n\ntwo\n--b--\n",
                "multipart/x: text/plain:one text/plain:two "},
        {"--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/x; boundary=c\n\n--c\n\n--c--\n--b--\n",
                "message/rfc822:Content-Type: multipart/x; boundary=c\n\n--c\n\n--c-- "},
        {"--b\nContent-Type: nonsense\n\none\n--b--\n", "text/plain:one "},
        {"no boundary", ""},
};

UNIT(test_trees)
{
	static const char fields[] = "Content-Type: multipart/mixed; boundary=b\n";

	for (size_t i = 0; i < COUNT(tree_cases); i++) {
		const char *body = tree_cases[i].body, *expected = tree_cases[i].expected;
		struct mime mime;
		char *got = talloc_strdup(ctx, "");

		mime_read(ctx, (struct bytes){fields, strlen(fields)}, (struct bytes){body, strlen(body)}, &mime);
		for (struct part *part = mime.root->first; part != NULL; part = part_next(mime.root, part))
			got = talloc_asprintf_append(
			        got, "%s:%.*s ", part->type, part->first == NULL ? (int)part->body.length : 0, part->body.start);
		is_string(got, expected, "tree: %s ==> %s", show(body, strlen(body)), show(expected, strlen(expected)));
	}
}

static const struct {
	const char *html, *expected;
} letter_cases[] = {
        {"<p>one</p><p>two", "one\n\ntwo"},
        {"<ul><li>one<li>two</ul>", "- one\n- two"},
        {"<a href=\"https://example.org/x\">there</a>.", "there <https://example.org/x>."},
        {"<a href=\"https://example.org/\">example.org</a>", "example.org"},
        {"<a href=\"https://example.org/x\"><img src=y></a> z", "<https://example.org/x> z"},
        {"<a href=\"javascript:x\">one</a> <a href=\"#x\">two</a> <a>three</a>", "one two three"},
        {"<a href=\"mailto:a@example.org\">a@example.org</a>", "a@example.org"},
        {"<a href=\"http://a.example\">one", "one <http://a.example>"},
};

UNIT(test_letters)
{
	for (size_t i = 0; i < COUNT(letter_cases); i++)
		is_string(html_to_text(ctx, letter_cases[i].html, strlen(letter_cases[i].html), true), letter_cases[i].expected,
		        "letter: %s ==> %s", letter_cases[i].html, letter_cases[i].expected);
}

/* -- headers */

/* A string ends at a NUL: what stands behind one in the header of a mail must not be lost for that. */
UNIT(test_draft_header)
{
	static const char mail[] = "From: a@x\nTo: b@x\0, c@x\nDate: now\nMessage-ID: <m@x>\nSubject: a\0b\nX-More: \0";
	const struct draft_plan plan = {.source = {.fields = {mail, sizeof mail - 1}, .eol = "\n"}};
	const char *header = draft_header(ctx, &plan, "new@x", NULL, NULL), *date = strstr(header, "Date: "),
	           *rest = strchr(date, '\n');

	is_string(talloc_strndup(ctx, header, (size_t)(date - header)), "From: a@x\nTo: b@x, c@x\n", "header of a draft: no NUL");
	is_string(rest, "\nMessage-ID: <new@x>\nSubject: ab\nX-More: \n", "header of a draft: nothing is lost behind one");
}

/* What came back within the words of a bounce, whose last byte is the last there is. */
static const struct {
	const char *bounce, *taken;
	bool is_whole;
} returned_cases[] = {
        {"Subject: x\n\nSorry.\n\nTo: a@b\nMessage-ID: <i@d>\n\nHello.", "To: a@b\nMessage-ID: <i@d>\n\nHello.", true},
        {"Subject: x\n\nSorry.\n\nTo: a@b\nMessage-ID: <i@d>\n", "To: a@b\nMessage-ID: <i@d>\n", false},
        {"Subject: x\n\nSorry.\n\nTo: a@b\nMessage-ID: <i@d>\n\n\r\n\n", "To: a@b\nMessage-ID: <i@d>\n\n\r\n\n", false},
        {"Subject: x\n\nSorry for <i@d>.\n", NULL, false},
};

UNIT(test_returned)
{
	static char id[] = "i@d";
	const struct facts facts = {.original = {.message_id = id}};

	for (size_t i = 0; i < COUNT(returned_cases); i++) {
		size_t length = strlen(returned_cases[i].bounce);
		char *bounce = talloc_memdup(ctx, returned_cases[i].bounce, length);
		struct draft_source returned = original_returned(ctx, bounce, length, &facts);
		struct bytes copy = draft_source_bytes(&returned);

		is_string(copy.start != NULL ? talloc_strndup(ctx, copy.start, copy.length) : NULL, returned_cases[i].taken,
		        "returned: %s", show(returned_cases[i].bounce, length));
		ok(draft_source_is_whole(&returned) == returned_cases[i].is_whole, "returned:   whole, or not");
		talloc_free(bounce);
	}
}

