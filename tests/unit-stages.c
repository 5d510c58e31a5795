/* What the readers of the stages make of their input: fields, addresses, diagnostics, line patterns. */
#include "unit.h"

#include "base/buffer.h"
#include "judge/diagnostic.h"
#include "knowledge/line-pattern.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "mail/header.h"
#include "mail/message.h"

/* A header and the value that one of its fields has then. */
static const struct {
	const char *text;
	enum header_rule rule;
	const char *name, *expected;
} field_cases[] = {
        {"A: x\nB: y\n\nbody", HEADER_STRICT, "b", "y"},
        {"A: x\n\nB: y\n", HEADER_STRICT, "B", NULL},
        {"A:\nB: y\n", HEADER_STRICT, "A", ""},
        {"A:\nB: y\n", HEADER_STRICT, "B", "y"},
        {"A: \nB:\nC: z", HEADER_STRICT, "C", "z"},
        {"A : x\n", HEADER_STRICT, "A", "x"},
        {"A: x\n  y\n\tz\n", HEADER_STRICT, "A", "x y z"},
        {"A:\n x\n", HEADER_STRICT, "A", "x"},
        /* folding that lost its indent, as a field behind it shows */
        {"A: x\ny (z)\nB: w\n", HEADER_STRICT, "A", "x y (z)"},
        {"A: x\ny (z)\nB: w\n", HEADER_STRICT, "B", "w"},
        {"A: x\nThis is text.\n\nB: w\n", HEADER_STRICT, "A", "x"},
        /* a group of a delivery status takes any line */
        {"Status: 5.1.1\nDiagnostic-Code: smtp; 550\nno such user\n", HEADER_LENIENT, "diagnostic-code",
                "smtp; 550 no such user"},
        {"Action: failed\n   \nStatus: 5.1.1\n", HEADER_LENIENT, "Status", NULL},
};

UNIT(test_fields)
{
	for (size_t i = 0; i < COUNT(field_cases); i++) {
		const char *text = field_cases[i].text;
		struct fields fields;

		fields_read(ctx, text, strlen(text), field_cases[i].rule, &fields);
		is_string(fields_value(&fields, field_cases[i].name), field_cases[i].expected, "fields: %s of \"%s\"",
		        field_cases[i].name, show(text, strlen(text)));
	}
}

/* A field of a report and the address in it. */
static const struct {
	const char *value;
	bool encoded;
	const char *expected;
} address_cases[] = {
        {"rfc822; taro@example.jp", false, "taro@example.jp"},
        {"rfc822;<taro@example.jp>", false, "taro@example.jp"},
        {"RFC822; <taro@example.jp> (Taro)", false, "taro@example.jp"},
        {"taro@example.jp", false, "taro@example.jp"},
        {"rfc822; @relay.example,@b.example:taro@example.jp", false, "taro@example.jp"},
        {"rfc822; \"ta ro\"@example.jp", false, "\"ta ro\"@example.jp"},
        {"rfc822; taro@[192.0.2.1]", false, "taro@[192.0.2.1]"},
        {"rfc822; taro@example.jp.", false, "taro@example.jp"},
        {"system; <>", false, NULL},
        {"rfc822; taro", false, "taro"},
        /* xtext, RFC 3461 section 4 */
        {"rfc822; taro+2Bnews@example.jp", true, "taro+news@example.jp"},
        {"rfc822; taro+2Bnews@example.jp", false, "taro+2Bnews@example.jp"},
        {"rfc822; taro+news@example.jp", true, "taro+news@example.jp"},
        /* RFC 6533 section 3 */
        {"utf-8; \\x{592A}\\x{90CE}@example.jp", false, "太郎@example.jp"},
        {"utf-8; 太郎@例え.example", false, "太郎@例え.example"},
};

/* Encoded words (RFC 2047), and what they say. */
static const struct {
	const char *value, *expected;
} encoded_cases[] = {
        {"=?UTF-8?Q?caf=C3=A9?= =?UTF-8?Q?_noir?=", "café noir"},
        {"=?UTF-8?B?44GC?= =?UTF-8?B?44GE44GG?=", "あいう"},
        {"=?UTF-8?B?0JI=?= =?UTF-8?B?0LDRiNC1?= and =?UTF-8?B?0JI=?=", "Ваше and В"}, /* words with padding */
        {"=?ISO-2022-JP?B?GyRCJWEhPCVrJHIbKEI=?=\n =?ISO-2022-JP?B?GyRCJDckPxsoQg==?=", "メールをした"},
        {"=?UTF-8?B?0JI=?=", "В"},
        {"=?UTF-8?B?44E=?= =?utf-8?Q?=82?=", "あ"}, /* a character in two words */
        {"=?ISO-8859-1?Q?S=C3=BCd?=", "Süd"},       /* it is UTF-8 */
        {"a =?us-ascii*en?Q?b_c?= d", "a b c d"},
        {"=?x?= =?UTF-8?X?a?= =?UTF-8?Q?no end", "=?x?= =?UTF-8?X?a?= =?UTF-8?Q?no end"},
        {"(=?UTF-8?Q?a?=)=?UTF-8?Q?b?=  =?UTF-8?Q?=?=c", "(a)b=c"},
};

UNIT(test_encoded_words)
{
	for (size_t i = 0; i < COUNT(encoded_cases); i++)
		is_string(decode_words(ctx, encoded_cases[i].value), encoded_cases[i].expected, "words: %s",
		        show(encoded_cases[i].value, strlen(encoded_cases[i].value)));
}

UNIT(test_addresses)
{
	for (size_t i = 0; i < COUNT(address_cases); i++)
		is_string(address_from_field(ctx, address_cases[i].value, address_cases[i].encoded), address_cases[i].expected,
		        "address: %s", show(address_cases[i].value, strlen(address_cases[i].value)));
	ok(address_from_field(ctx, "\xE2\x80\xAE\xE2\x81\xA6", true) == NULL, "address: what can't be seen is none");
	is_string(address_scan_all(ctx, "'\xC3\xA9.ann@example.org'")[0], ".ann@example.org",
	        "address: a word of another script in front of one is no part of it, between apostrophes neither");
	is_string(address_scan_all(ctx, "'ann@example.org'")[0], "ann@example.org",
	        "address: apostrophes around it are no part of it");
	is_string(address_scan_all(ctx, "''ann@example.org''")[0], "ann@example.org", "address: nor are more of them");
}

/* Returns whether an address begins in TEXT where address_miss() passes over it. */
static bool is_missed(const char *text)
{
	const char *start;
	size_t length;

	for (size_t n = 1; *text != '\0'; text += n) {
		n = address_scan(text, &start, &length);
		if (n > 0)
			continue;
		n = address_miss(text);
		if (n == 0 || n > strlen(text))
			return true;
		for (size_t i = 1; i < n; i++)
			if (address_scan(text + i, &start, &length) > 0)
				return true;
	}
	return false;
}

UNIT(test_address_miss)
{
	static const char *const pieces[] = {"a", "b@", "@", ".", "..", "-", "+", "'", "\"", "<", ">", "[", "]", " ", ":",
	        "\xC3\xA9", "\xE3\x81\x82", "\xEF\xBC\xA0", "\xFF", "@c.d",
	        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	unsigned seed = 1;
	struct buffer text = buffer_new(ctx);

	for (unsigned round = 0; round < 3000; round++) {
		text.length = 0;
		for (unsigned i = 0; i < 1 + round % 30; i++) {
			seed = seed * 1103515245u + 12345u;
			buffer_add_string(&text, pieces[(seed >> 16) % COUNT(pieces)]);
		}
		if (is_missed(text.text))
			ok(false, "address: none is passed over in %s", show(text.text, text.length));
	}
	ok(true, "address: none is passed over");
}

/* A diagnostic and the codes in it. */
static const struct {
	const char *text;
	int reply;
	const char *status, *command, *remote;
} diagnostic_cases[] = {
        {"550 5.1.1 User unknown", 550, "5.1.1", NULL, NULL},
        {"User unknown", 0, NULL, NULL, NULL},
        {"550-5.7.1 blocked 550 5.7.1 see", 550, "5.7.1", NULL, NULL},
        {"sorry, no mailbox here by that name (#5.1.1)", 0, "5.1.1", NULL, NULL},
        {"host mx.example.net[192.0.2.25] said: 554 5.7.1 no (in reply to RCPT TO command)", 554, "5.7.1", "RCPT",
                "mx.example.net"},
        {"host mx.example.net[192.0.2.25] said: 552 too big (in reply to end of DATA command)", 552, NULL, "DATA",
                "mx.example.net"},
        {"SMTP error from remote mail server after MAIL FROM:<a@example.jp>: 501 bad", 501, NULL, "MAIL", NULL},
        {"SMTP error from remote server after RCPT command:\nhost: mx.example.net\n5.1.1 no", 0, "5.1.1", "RCPT",
                "mx.example.net"},
        {"lost connection with mx.example.net[192.0.2.25] while sending RCPT TO", 0, NULL, "RCPT", NULL},
        /* numbers that are no codes */
        {"connect to 192.0.2.550: timed out", 0, NULL, NULL, NULL},
        {"Postfix 3.7.10 at 5.1.1.1", 0, NULL, NULL, NULL},
        {"queue id 4550 and user550", 0, NULL, NULL, NULL},
};

UNIT(test_diagnostics)
{
	for (size_t i = 0; i < COUNT(diagnostic_cases); i++) {
		const char *text = diagnostic_cases[i].text, *name = show(text, strlen(text));

		ok(diagnostic_reply(text) == diagnostic_cases[i].reply, "reply: %s", name);
		is_string(diagnostic_status(ctx, text), diagnostic_cases[i].status, "status: %s", name);
		is_string(diagnostic_command(text), diagnostic_cases[i].command, "command: %s", name);
		is_string(diagnostic_remote(ctx, text), diagnostic_cases[i].remote, "remote: %s", name);
	}
	is_string(diagnostic_clean(ctx, "smtp; 550-5.1.1 The account 550-5.1.1 does not\n 550 5.1.1 exist"),
	        "550-5.1.1 The account does not exist", "clean: the code of each line is kept once");
	is_string(diagnostic_clean(ctx, "550-mailbox unavailableFor explanation visit http://a.example/X"),
	        "550-mailbox unavailable For explanation visit http://a.example/X",
	        "clean: OpenSMTPD joins lines without a blank");
	is_string(diagnostic_clean(ctx, "550-Blocked by AntiSpam\n550 see FortiGuard"), "550-Blocked by AntiSpam see FortiGuard",
	        "clean: words of lines that are not joined stay whole");
	is_string(diagnostic_inner(ctx, "smtp; 5.1.0 - Unknown address error 550-'blocked by list'"), "blocked by list",
	        "inner: what a gateway quotes");
	is_string(diagnostic_inner(ctx, "550 no - really"), "550 no - really", "inner: nothing is quoted");
}

/* A line pattern, a line, and what it captures of the address and the diagnostic; NULL, NULL: it does not fit. */
static const struct {
	const char *pattern, *line, *address, *diagnostic;
} pattern_cases[] = {
        {"<{address}>: {diagnostic}", "<a@example.jp>: no such user", "a@example.jp", "no such user"},
        {"<{address}>: {diagnostic}", "<a@example.jp>:", NULL, NULL},
        {"{address}", "a@example.jp", "a@example.jp", NULL},
        {"{address}", "<a@example.jp>", "a@example.jp", NULL},
        {"{address}", "a@example.jp failed", NULL, NULL},
        {"to {address} failed: {diagnostic}", "TO a@example.jp FAILED: full", "a@example.jp", "full"},
        {"*: {address}", "one: two: a@example.jp", "a@example.jp", NULL},
        {"* {address} *", "mail to a@example.jp was lost", "a@example.jp", NULL},
        {"{diagnostic} ({address})", "full (really) (a@example.jp)", "a@example.jp", "full (really)"},
};

/* Where an address begins and ends in running text. */
static const struct {
	const char *text, *expected;
} scan_cases[] = {
        {"宛先：taro@example.jp（太郎）", "taro@example.jp"},
        {"收件人（joe@example.com）所属", "joe@example.com"},
        {"宛先taro@example.jp", "taro@example.jp"},
        {"太郎@例え.example、次", "太郎@例え.example"},
        {"(a@example.jp)", "a@example.jp"},
        {"see a@example.jp.", "a@example.jp"},
        {"'a@example.jp'", "a@example.jp"},
};

UNIT(test_scan)
{
	for (size_t i = 0; i < COUNT(scan_cases); i++) {
		struct match match;

		line_pattern_match("*{address}*", false, scan_cases[i].text, &match);
		is_string(talloc_strndup(ctx, match.start[CAPTURE_ADDRESS], match.length[CAPTURE_ADDRESS]),
		        scan_cases[i].expected, "address in \"%s\"", scan_cases[i].text);
	}
}

UNIT(test_patterns)
{
	char hostile[4001];

	for (size_t i = 0; i < COUNT(pattern_cases); i++) {
		const char *address = pattern_cases[i].address, *diagnostic = pattern_cases[i].diagnostic;
		struct match match;
		bool fits = line_pattern_match(pattern_cases[i].pattern, false, pattern_cases[i].line, &match);

		ok(fits == (address != NULL), "pattern: %s on \"%s\"", pattern_cases[i].pattern, pattern_cases[i].line);
		if (address != NULL)
			is_string(talloc_strndup(ctx, match.start[CAPTURE_ADDRESS], match.length[CAPTURE_ADDRESS]), address,
			        "its address");
		if (diagnostic != NULL)
			is_string(talloc_strndup(ctx, match.start[CAPTURE_DIAGNOSTIC], match.length[CAPTURE_DIAGNOSTIC]),
			        diagnostic, "its diagnostic");
	}
	memset(hostile, 'a', sizeof hostile - 1);
	hostile[sizeof hostile - 1] = '\0';
	struct match match;

	ok(!line_pattern_match("*a*a*a*a*a*b", false, hostile, &match), "pattern: a hostile line ends the search");
	ok(line_pattern_wrong("<{adress}>") != NULL, "pattern: an unknown capture is wrong");
}
