/* What is kept in the index and how: ids, lists of addresses, what became of a mail, and which tags are ours. The last two need an index; a small
 * one is made with notmuch, and nothing is ever committed to it. */
#ifndef UNIT_INDEX_H
#define UNIT_INDEX_H

#include <talloc.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/list.h"
#include "index/fate.h"
#include "index/index.h"
#include "index/marks.h"
#include "mail/address-list.h"
#include "mail/address.h"
#include "mail/message-id.h"
#include "unit.h"

/* -- ids */

/* What stands in a Message-ID field, or between its brackets; the id that we make of it; whether notmuch has the mail with that field under it. */
static const struct {
	const char *field, *expected;
	bool known;
} message_id_cases[] = {
        {"<a@example.org>", "a@example.org", true},
        {"a@example.org", "a@example.org", true},
        {"", NULL, false},
        {"<>", NULL, false},
        {" \t", NULL, false},
        {"( )", NULL, false},
        /* blanks and folding */
        {" < a@example.org > ", "a@example.org", true},
        {"<a @ example.org>", "a@example.org", true},
        {"<a@\r\n\texample.org>", "a@example.org", true},
        {"a @ example.org", "a@example.org", false},
        /* comments: around the id and at its front they go, within it a parenthesis is a character like others */
        {"(new) <a@example.org> (really)", "a@example.org", true},
        {"(one (two) \\) three) <a@example.org>", "a@example.org", true},
        {"(<b@example.org>) <a@example.org>", "a@example.org", true},
        {"<(c) a@example.org>", "a@example.org", true},
        {"<a(b)c@example.org>", "a(b)c@example.org", true},
        {"<a(b@example.org>", "a(b@example.org", true},
        {"<a@example.org(>", "a@example.org(", true},
        {"( <a@example.org>", NULL, false},
        /* what is no id */
        {"see <a@example.org>", "a@example.org", true},
        {"<a@example.org> <b@example.org>", "a@example.org", true},
        {"<a@example.org> (b", "a@example.org", true},
        {"<a@example.org", "a@example.org", true},
        /* nothing in it is special */
        {"<\"a b\"@example.org>", "\"ab\"@example.org", true},
        {"<\"(\"@example.org>", "\"(\"@example.org", true},
        {"<100%25@example.org>", "100%25@example.org", true},
        {"<%s%n%1$s@example.org>", "%s%n%1$s@example.org", true},
        {"<a or tag:new>", "aortag:new", true},
        {"<**>", "**", true},
        {"<no-at-sign>", "no-at-sign", true},
        {"<k=v@example.org>", "k=v@example.org", true},
        {"<a\\@example.org>", "a\\@example.org", true},
        {"<太郎@example.org>", "太郎@example.org", true},
        {"<\x01\x1B]0;x\x07\x7F@example.org>", "\x01\x1B]0;x\x07\x7F@example.org", true},
        {"<\xFF\xC0@example.org>", "\xFF\xC0@example.org", false},
};

static void test_message_ids(const void *ctx)
{
	for (size_t i = 0; i < COUNT(message_id_cases); i++) {
		const char *field = message_id_cases[i].field, *expected = message_id_cases[i].expected;

		is_string(message_id_plain(ctx, field), expected, "message id: %s ==> %s", show(field, strlen(field)),
		        expected != NULL ? show(expected, strlen(expected)) : "none");
	}

	/* However long: libnotmuch has its own way with long ones. */
	char *longer = talloc_zero_size(ctx, 100001);
	memset(longer, 'x', 100000);
	is_string(message_id_plain(ctx, talloc_asprintf(ctx, "<%s>", longer)), longer, "message id: very long ==> the same");
	memset(longer, '(', 100000);
	is_string(message_id_plain(ctx, longer), NULL, "message id: a hundred thousand open comments ==> none");
}

/* The property bounce.of: 226 bytes and its own name are what a Xapian term holds. One more, and libnotmuch would end the process. */
static void test_what_properties_hold(const void *ctx)
{
	char *value = talloc_zero_size(ctx, 228);

	ok(!mail_can_hold("bounce.of", ""), "property: can't be empty");
	ok(mail_can_hold("bounce.of", "a@example.org"), "property: an id");
	memset(value, 'x', 226);
	ok(mail_can_hold("bounce.of", value), "property: an id of 226 bytes");
	ok(!mail_can_hold("bounce.link", value), "property: under a longer name less fits");
	value[226] = 'x';
	ok(!mail_can_hold("bounce.of", value), "property: an id of 227 bytes is too long");
}

static void test_message_id_of_file(const void *ctx)
{
	FILE *file = tmpfile();
	int fd = file != NULL ? fileno(file) : -1;

	if (!ok(fd >= 0 && write(fd, "abc", 3) == 3, "id of a file: there is one"))
		return;
	is_string(message_id_of_file(ctx, fd, 3), "notmuch-sha1-a9993e364706816aba3e25717850c26c9cd0d89d",
	        "id of a file: its SHA-1");
	is_string(message_id_of_file(ctx, fd, 0), "notmuch-sha1-da39a3ee5e6b4b0d3255bfef95601890afd80709",
	        "id of a file: of nothing");
	is_string(message_id_of_file(ctx, fd, 4), NULL, "id of a file: shorter than it should be ==> none");
	ok(lseek(fd, 0, SEEK_CUR) == 3, "id of a file: its place is not changed");
	fclose(file);
}

/* -- lists */

static void test_lists(const void *ctx)
{
	char **list = list_new(ctx), **grown = NULL;
	size_t count = 0, kept = 0;

	ok(list != NULL && list[0] == NULL, "list: a new one is empty");
	ok(!list_has((const char *const *)list, "a") && !list_has(NULL, "a"), "list: an empty one, or none, has nothing");
	list_add(ctx, &list, &count, "a");
	list_add(ctx, &list, &count, "");
	ok(count == 2, "list: two added");
	is_string(list[0], "a", "list: the first");
	is_string(list[1], "", "list: may be empty");
	ok(list[2] == NULL, "list: ends with NULL");
	ok(list_has((const char *const *)list, "") && !list_has((const char *const *)list, "A"), "list: compared byte by byte");
	count = 0;
	for (int i = 0; i < 1000; i++) {
		char value[16];

		snprintf(value, sizeof value, "%d", i);
		list_add(ctx, &grown, &count, value);
	}
	for (size_t i = 0; grown != NULL && grown[i] != NULL; i++)
		kept += strtoul(grown[i], NULL, 10) == i;
	ok(count == 1000 && kept == 1000, "list: begun with NULL, a thousand are copied and stay in their order");
}

/* -- addresses */

/* One or more From or To fields, and the addresses in them. */
static const struct {
	const char *text, *expected;
} address_list_cases[] = {
        {"", ""},
        {"undisclosed-recipients:;", ""},
        {"Bo <bo@example.net>", "bo@example.net"},
        {"bo@example.net (Bo)", "bo@example.net"},
        {"Bo <bo@example.net>, ann@example.com", "bo@example.net ann@example.com"},
        {"\"Net, Bo\" <bo@example.net>,\n\tann@example.com", "bo@example.net ann@example.com"},
        {"Team: bo@example.net, ann@example.com;", "bo@example.net ann@example.com"},
        {", , bo@example.net, ,", "bo@example.net"},
        {"bo@example.net; ann@example.com", "bo@example.net ann@example.com"},
        {"A: bo@example.net, ann@example.com;, B: <c@example.org>;", "bo@example.net ann@example.com c@example.org"},
        {"\"a: b, c\": bo@example.net;", "bo@example.net"},
        {"Team: bo@example.net, ann@example.com", "bo@example.net ann@example.com"},
        {"mailto:bo@example.net", "bo@example.net"},
        {"<bo@example.net>, <ann@example.com", "bo@example.net ann@example.com"},
        {"<bo@example.net, Ann <ann@example.com>", "bo@example.net ann@example.com"},
        {"<<bo@example.net>>", "bo@example.net"},
        {" <\r\n\tbo@example.net > (Bo)", "bo@example.net"},
        {"<bo@example.net.>", "bo@example.net"},
        {"'bo@example.net'", "bo@example.net"},
        {"<@relay.example,@gate.example:bo@example.net>, ann@example.com", "bo@example.net ann@example.com"},
        {"<\"bo, net>\"@example.net>", "\"bo, net>\"@example.net"},
        {"\"a@b\"@example.net", "\"a@b\"@example.net"},
        {"bo@[IPv6:2001:db8::1], ann@example.com", "bo@[IPv6:2001:db8::1] ann@example.com"},
        /* what stands in a name, between quotes or in a comment is no address */
        {"\"ann@example.com\" <bo@example.net>", "bo@example.net"},
        {"\"ann@example.com,\" <bo@example.net>", "bo@example.net"},
        {"\"\\\"<ann@example.com>, \" <bo@example.net>", "bo@example.net"},
        {"ann@example.com <bo@example.net>", "bo@example.net"},
        {"ann@example.com x@example.com <bo@example.net>", "bo@example.net"},
        {"(ann@example.com) bo@example.net (<c@example.org>)", "bo@example.net"},
        {"(a (ann@example.com) <b@example.org> \\) , <c@example.org>) bo@example.net", "bo@example.net"},
        {"(ann@example.com, bo@example.net", ""},
        {"\"ann@example.com, bo@example.net", ""},
        {"=?utf-8?Q?ann@example.com,?= <bo@example.net>", "bo@example.net"},
        {"=?utf-8?Q?<ann@example.com>,?=<bo@example.net>", "bo@example.net"},
        {"=?utf-8?Q?ann@example.com?=", ""},
        {"=?utf-8?Q?ann=40example.com?=, bo@example.net", "bo@example.net"},
        {"\033$B<ann@example.com>,\033(B <bo@example.net>", "bo@example.net"},
        {"ann@example.com: bo@example.net;", "bo@example.net"},
        {"Bo bo@example.net", "bo@example.net"},
        /* two, and nobody can tell which */
        {"ann@example.com bo@example.net", ""},
        {"<ann@example.com> <bo@example.net>", ""},
        {"<ann@example.com> bo@example.net", ""},
        {"<ann@example.com bo@example.net>", ""},
        {"[ann@example.com] x", ""},
        {"bo@example.net, BO@EXAMPLE.NET", "bo@example.net BO@EXAMPLE.NET"},
        {"\"bo net\"@example.net", "\"bo net\"@example.net"},
        {"太郎 <太郎@例え.example>", "太郎@例え.example"},
        {"bo@[192.0.2.1]", "bo@[192.0.2.1]"},
        {"bo@[192.0.2.1", ""},
        {"bo@[192.0.\x1b[2J2.1]", ""},
        {"\"bo\nnet\"@example.net", ""},
        {"\"bo\\\nnet\"@example.net", ""},
        {"@ <> <@example.net> <bo@>", ""},
        {"\xFF\xFE <bo@example.net>\xE5", "bo@example.net"},
};

static void test_address_lists(const void *ctx)
{
	for (size_t i = 0; i < COUNT(address_list_cases); i++) {
		char **list = address_list(ctx, address_list_cases[i].text), *all = talloc_strdup(ctx, "");

		for (size_t j = 0; list != NULL && list[j] != NULL; j++)
			all = talloc_asprintf_append(all, "%s%s", j > 0 ? " " : "", list[j]);
		is_string(all, address_list_cases[i].expected, "addresses: %s ==> %s",
		        show(address_list_cases[i].text, strlen(address_list_cases[i].text)), address_list_cases[i].expected);
	}

	char *many = talloc_strdup(ctx, "");
	size_t count = 0;
	for (int i = 0; i < RECIPIENTS_MAX + 10; i++)
		many = talloc_asprintf_append(many, "a%d@example.net, ", i);
	char **list = address_list(ctx, many);
	while (list[count] != NULL)
		count++;
	ok(count == RECIPIENTS_MAX, "addresses: at most RECIPIENTS_MAX");
	char *longest = talloc_asprintf(ctx, "bo@[%0*d]", ADDRESS_MAX - 5, 1);
	ok(strlen(longest) == ADDRESS_MAX && address_list(ctx, longest)[0] != NULL, "addresses: as long as one can be");
	longest = talloc_asprintf(ctx, "bo@[%0*d]", ADDRESS_MAX, 1);
	ok(address_list(ctx, longest)[0] == NULL, "addresses: a longer one is none");
	ok(address_list_has(list, "A7@Example.NET"), "address in a list: in any case");
	ok(!address_list_has(list, "a7@example.ne") && !address_list_has(list, "7@example.net"),
	        "address in a list: the whole of it");
	ok(!address_list_has(NULL, "a@example.net"), "address in no list");
	is_string(address_list_only(ctx, "\"eve@example.org\" <bo@example.net>"), "bo@example.net", "address of an author");
	ok(address_list_only(ctx, "bo@example.net, eve@example.org") == NULL && address_list_only(ctx, "") == NULL &&
	                address_list_only(ctx, "Bo: bo@example.net, eve@example.org;") == NULL,
	        "address of an author: of several it is none");
	is_string(address_list_read(ctx, BYTES("a\0@x.example, bo@example.net"))[0], "bo@example.net",
	        "addresses: none has a NUL in it");
}

static void test_address_digests(const void *ctx)
{
	/* the published test vectors of FNV-1a, 64 bits */
	is_string(address_digest(ctx, ""), "cbf29ce484222325", "digest: of nothing");
	is_string(address_digest(ctx, "a"), "af63dc4c8601ec8c", "digest: of a");
	is_string(address_digest(ctx, "foobar"), "85944171f73967e8", "digest: of foobar");
	is_string(address_digest(ctx, "FOObar"), "85944171f73967e8", "digest: of FOObar, the same");
	ok(strcmp(address_digest(ctx, "é"), address_digest(ctx, "É")) != 0, "digest: only ASCII has no case");
	is_string(address_digest(ctx, "\") or tag:new"), address_digest(ctx, "\") OR tag:new"),
	        "digest: of a query, a number as well");
	ok(strspn(address_digest(ctx, "\") or tag:new"), "0123456789abcdef") == 16, "digest: 16 digits");
}

/* -- a scratch index */

static char *scratch_index;

static bool scratch_write(const char *name, const char *text)
{
	char *path = talloc_asprintf(NULL, "%s/%s", scratch_index, name);
	FILE *file = fopen(path, "w");
	bool fine = file != NULL && fputs(text, file) >= 0;

	fine = file != NULL && fclose(file) == 0 && fine;
	talloc_free(path);
	return fine;
}

/* In the scratch directory. */
static bool scratch_run(const char *command)
{
	char *line = talloc_asprintf(NULL, "cd '%s' && %s", scratch_index, command);
	bool fine = system(line) == 0;

	talloc_free(line);
	return fine;
}

/* TEXT with `example.org` replaced by a domain of case I, so that no two cases have one id. */
static char *case_text(const void *ctx, size_t i, const char *text)
{
	const char *at = strstr(text, "example.org");

	return at != NULL ? talloc_asprintf(ctx, "%.*sm%zu.example%s", (int)(at - text), text, i, at + strlen("example.org"))
	                  : talloc_strdup(ctx, text);
}

/* Makes the index, with the mail o@example.org in it, one whose id is too long, and one for each of message_id_cases. False: that can't be done
 * here. */
static bool scratch_open(const void *ctx)
{
	const char *tmp = getenv("TMPDIR");

	scratch_index = talloc_asprintf(ctx, "%s/unit-index.XXXXXX", tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(scratch_index) == NULL)
		return false;
	setenv("HOME", scratch_index, 1);
	setenv("NOTMUCH_CONFIG", talloc_asprintf(ctx, "%s/config", scratch_index), 1);
	unsetenv("NOTMUCH_PROFILE");
	unsetenv("NOTMUCH_DATABASE");
	unsetenv("MAILDIR");
	scratch_write("config",
	        talloc_asprintf(ctx, "[database]\npath=%s/mail\n[user]\nprimary_email=you@example.org\n", scratch_index));
	if (!scratch_run("mkdir -p mail/cur mail/new mail/tmp && command -v notmuch >/dev/null"))
		return false;
	scratch_write(
	        "mail/cur/o", "From: you@example.org\nTo: bo@example.net\nMessage-ID: <o@example.org>\nSubject: o\n\nHello.\n");
	scratch_write("mail/cur/long",
	        talloc_asprintf(ctx, "From: you@example.org\nMessage-ID: <%0300d@example.org>\nSubject: long\n\nHello.\n", 0));
	for (size_t i = 0; i < COUNT(message_id_cases); i++)
		scratch_write(talloc_asprintf(ctx, "mail/cur/case-%zu", i),
		        talloc_asprintf(ctx, "From: you@example.org\nSubject: case%zu\nMessage-ID: %s\n\nHello.\n", i,
		                case_text(ctx, i, message_id_cases[i].field)));
	return scratch_run("notmuch new --quiet --no-hooks");
}

static void scratch_close(void)
{
	scratch_run("rm -rf \"$PWD\"");
}

/* -- what became of a mail */

/* What is known of a recipient since second 1000, what is heard, and what is known then if that was dated earlier, at second 900; at the same
 * second; later, at 1100. "=": as before. Of a delay the news is `network`, of a failure `user-unknown`. */
static const struct {
	const char *known;
	enum fate_event event;
	const char *earlier, *same, *later;
} fate_cases[] = {
        {"", FATE_DELAY, "delayed 900 network", "delayed 1000 network", "delayed 1100 network"},
        {"", FATE_FAILURE, "failed 900 user-unknown", "failed 1000 user-unknown", "failed 1100 user-unknown"},
        {"", FATE_SUCCESS, "confirmed 900 -", "confirmed 1000 -", "confirmed 1100 -"},
        {"", FATE_REPLY, "=", "=", "="},
        {"", FATE_RESEND, "=", "=", "="},

        {"delayed 1000 system", FATE_DELAY, "=", "delayed 1000 network", "delayed 1100 network"},
        /* mail is not indexed in the order of its dates: who gave up gave up */
        {"delayed 1000 system", FATE_FAILURE, "failed 1000 user-unknown", "failed 1000 user-unknown", "failed 1100 user-unknown"},
        {"delayed 1000 system", FATE_SUCCESS, "=", "confirmed 1000 -", "confirmed 1100 -"},
        {"delayed 1000 system", FATE_REPLY, "=", "=", "replied 1100 system"},
        {"delayed 1000 system", FATE_RESEND, "=", "=", "="},

        /* a delay that is told late says nothing of the failure; a sign of life must be younger than both */
        {"failed 1000 mailbox-full", FATE_DELAY, "=", "=", "failed 1100 mailbox-full"},
        {"failed 1000 mailbox-full", FATE_FAILURE, "=", "failed 1000 user-unknown", "failed 1100 user-unknown"},
        /* of two copies for one address, in one report: one did not arrive, whichever is named first */
        {"failed 1000 mailbox-full", FATE_SUCCESS, "=", "=", "confirmed 1100 -"},
        {"failed 1000 mailbox-full", FATE_REPLY, "=", "=", "replied 1100 mailbox-full"},
        /* they write, and still can't be reached there: only what passes by itself is settled */
        {"failed 1000 rate-limited", FATE_REPLY, "=", "=", "replied 1100 rate-limited"},
        {"failed 1000 expired", FATE_REPLY, "=", "=", "replied 1100 expired"},
        {"failed 1000 network", FATE_REPLY, "=", "=", "replied 1100 network"},
        {"failed 1000 system", FATE_REPLY, "=", "=", "replied 1100 system"},
        {"failed 1000 system-full", FATE_REPLY, "=", "=", "replied 1100 system-full"},
        {"failed 1000 user-unknown", FATE_REPLY, "=", "=", "="},
        {"failed 1000 spam", FATE_REPLY, "=", "=", "="},
        {"failed 1000 unknown", FATE_REPLY, "=", "=", "="},
        {"failed 1000 -", FATE_REPLY, "=", "=", "="},
        /* whatever the server's clock said: it was sent after the bounce came */
        {"failed 1000 mailbox-full", FATE_RESEND, "resent 1000 -", "resent 1000 -", "resent 1100 -"},

        {"confirmed 1000 -", FATE_DELAY, "=", "=", "confirmed 1100 -"},
        {"confirmed 1000 -", FATE_FAILURE, "=", "failed 1000 user-unknown", "failed 1100 user-unknown"},
        {"confirmed 1000 -", FATE_SUCCESS, "=", "=", "confirmed 1100 -"},
        {"confirmed 1000 -", FATE_REPLY, "=", "=", "="},
        {"confirmed 1000 -", FATE_RESEND, "=", "=", "="},

        {"replied 1000 mailbox-full", FATE_DELAY, "=", "=", "delayed 1100 network"},
        {"replied 1000 mailbox-full", FATE_FAILURE, "=", "failed 1000 user-unknown", "failed 1100 user-unknown"},
        {"replied 1000 mailbox-full", FATE_SUCCESS, "=", "confirmed 1000 -", "confirmed 1100 -"},
        {"replied 1000 mailbox-full", FATE_REPLY, "=", "=", "="},
        {"replied 1000 mailbox-full", FATE_RESEND, "=", "=", "="},

        /* sent again: what is told of this mail once more brings nothing back */
        {"resent 1000 -", FATE_DELAY, "=", "=", "resent 1100 -"},
        {"resent 1000 -", FATE_FAILURE, "=", "=", "="},
        {"resent 1000 -", FATE_SUCCESS, "=", "confirmed 1000 -", "confirmed 1100 -"},
        {"resent 1000 -", FATE_REPLY, "=", "=", "="},
        {"resent 1000 -", FATE_RESEND, "=", "=", "resent 1100 -"},
};

static const char *const event_names[FATE_EVENT_COUNT] = {"a delay", "a failure", "a success", "a reply", "it was sent again"};

/* Nothing of ours on the mail but STATE for bo@example.net ("": nothing at all). */
static void fate_begin(struct mail *mail, const char *state)
{
	char *value = talloc_asprintf(NULL, "%s bo@example.net", state);

	mail_remove_tag(mail, "undelivered");
	mail_remove_tag(mail, "delayed");
	mail_set_values(mail, MARK_PROPERTY, NULL);
	mail_set_values(mail, "bounce.waits", NULL);
	mail_set_value(mail, "bounce.state", state[0] != '\0' ? value : NULL);
	talloc_free(value);
}

static void happen(struct mail *mail, enum fate_event event, const char *address, time_t time, enum reason reason)
{
	struct fates *fates = fates_open(mail, mail);

	fates_happen(fates, event, address, time, reason);
	fates_write(fates);
	talloc_free(fates);
}

/* What is recorded of bo@example.net, without the address. */
static char *fate_now(struct mail *mail)
{
	char *value = mail_value(mail, mail, "bounce.state"), *address = value != NULL ? strstr(value, " bo@example.net") : NULL;

	if (address != NULL)
		*address = '\0';
	return value != NULL ? value : talloc_strdup(mail, "");
}

/* What a mail with this one fate has besides: its tag, and whether a sign of life from there is awaited. */
static const char *fate_shown(struct mail *mail)
{
	return talloc_asprintf(mail, "%s%s%s", mail_has_tag(mail, "undelivered") ? "undelivered " : "",
	        mail_has_tag(mail, "delayed") ? "delayed " : "",
	        mail_has_value(mail, "bounce.waits", address_digest(mail, "bo@example.net")) ? "waits" : "");
}

static const char *fate_to_show(const char *state)
{
	const char *reason = strrchr(state, ' ');

	if (strncmp(state, "delayed ", 8) == 0)
		return "delayed waits";
	if (strncmp(state, "failed ", 7) != 0)
		return "";
	return strstr(" mailbox-full rate-limited expired network system system-full ",
	               talloc_asprintf(scratch_index, "%s ", reason)) != NULL
	               ? "undelivered waits"
	               : "undelivered ";
}

static void test_fate(struct mail *mail, size_t i, time_t time, const char *when, const char *expected)
{
	static const enum reason reasons[FATE_EVENT_COUNT] = {
	        REASON_NETWORK, REASON_USER_UNKNOWN, REASON_COUNT, REASON_COUNT, REASON_COUNT};
	const char *known = fate_cases[i].known;
	enum fate_event event = fate_cases[i].event;
	char *name = talloc_asprintf(
	        mail, "fate: %s, then %s dated %s", known[0] != '\0' ? known : "nothing heard", event_names[event], when);

	expected = strcmp(expected, "=") == 0 ? known : expected;
	fate_begin(mail, known);
	happen(mail, event, "bo@example.net", time, reasons[event]);
	is_string(fate_now(mail), expected, "%s ==> %s", name, expected);
	is_string(fate_shown(mail), fate_to_show(expected), "%s: its tag, and what is awaited", name);
	happen(mail, event, "Bo@Example.NET", time, reasons[event]);
	is_string(fate_now(mail), expected, "%s: told twice, the same", name);
}

static void test_fates_together(struct mail *mail)
{
	char *longest = talloc_zero_size(mail, 400);
	size_t count;

	fate_begin(mail, "");
	happen(mail, FATE_DELAY, "ann@example.com", 1000, REASON_NETWORK);
	ok(mail_has_tag(mail, "delayed"), "fates: one is delayed");
	happen(mail, FATE_FAILURE, "bo@example.net", 1000, REASON_MAILBOX_FULL);
	ok(mail_has_tag(mail, "undelivered") && !mail_has_tag(mail, "delayed"), "fates: one failed, one delayed: undelivered");
	happen(mail, FATE_REPLY, "bo@example.net", 1100, REASON_COUNT);
	ok(!mail_has_tag(mail, "undelivered") && mail_has_tag(mail, "delayed"), "fates: the failure is settled: delayed");
	happen(mail, FATE_SUCCESS, "ann@example.com", 1100, REASON_COUNT);
	ok(!mail_has_tag(mail, "undelivered") && !mail_has_tag(mail, "delayed"), "fates: all is settled: no tag");
	fate_read(mail, mail, &count);
	ok(count == 2, "fates: of each recipient one is kept");
	ok(mail_value(mail, mail, "bounce.waits") == NULL && mail_value(mail, mail, MARK_PROPERTY) == NULL,
	        "fates: and nothing besides");

	/* Order does not matter. */
	fate_begin(mail, "");
	happen(mail, FATE_SUCCESS, "bo@example.net", 1000, REASON_COUNT);
	happen(mail, FATE_FAILURE, "bo@example.net", 1000, REASON_SPAM);
	is_string(fate_now(mail), "failed 1000 spam", "fates: a success and a failure at once ==> failed");
	mail_remove_tag(mail, "undelivered");
	happen(mail, FATE_SUCCESS, "bo@example.net", 1000, REASON_COUNT);
	happen(mail, FATE_FAILURE, "bo@example.net", 1000, REASON_SPAM);
	ok(!mail_has_tag(mail, "undelivered"), "fates: what the user took off stays off when both are told again");
	happen(mail, FATE_FAILURE, "ann@example.com", 1000, REASON_SPAM);
	ok(mail_has_tag(mail, "undelivered"), "fates: but comes back for another recipient's failure");

	/* What the index can't hold. */
	fate_begin(mail, "");
	memset(longest, 'x', 380);
	memcpy(longest + 380, "@example.net", 12);
	happen(mail, FATE_FAILURE, longest, 1000, REASON_SENDER_SUSPENDED);
	happen(mail, FATE_FAILURE, longest, 1000, REASON_SENDER_SUSPENDED);
	fate_read(mail, mail, &count);
	ok(count == 1, "fates: an address that is too long is kept in part, once");
	mail_set_value(mail, "bounce.state", "nonsense");
	fate_read(mail, mail, &count);
	ok(count == 0, "fates: what is no fate is not read");
	mail_set_value(mail, "bounce.state", "failed x y");
	fate_read(mail, mail, &count);
	ok(count == 0, "fates: nor what ends too early");
}

/* Three events in each way, the replies behind the reports as `tag` tells them, each at one of three times. */
enum { STORY_EVENTS = 3, STORY_TIMES = 3, STORY_WAYS = (FATE_REPLY + 1) * STORY_TIMES };

static bool is_story(int story)
{
	bool replied = false, orderly = true;

	for (int i = 0; i < STORY_EVENTS; i++, story /= STORY_WAYS) {
		bool reply = story % STORY_WAYS / STORY_TIMES == FATE_REPLY;

		orderly = orderly && (reply || !replied);
		replied = replied || reply;
	}
	return orderly;
}

/* What is known in the end, owned by MAIL. */
static char *story_tell(struct mail *mail, int story)
{
	static const enum reason reasons[] = {REASON_NETWORK, REASON_MAILBOX_FULL, REASON_COUNT, REASON_COUNT};

	for (int i = 0; i < STORY_EVENTS; i++, story /= STORY_WAYS) {
		enum fate_event event = (enum fate_event)(story % STORY_WAYS / STORY_TIMES);

		happen(mail, event, "bo@example.net", 1000 + story % STORY_TIMES, reasons[event]);
	}
	return fate_now(mail);
}

/* Everything is told again whenever all mail is sorted: that changes nothing, and brings no tag back that the user took off. */
static void test_fates_again(struct mail *mail)
{
	int told = 0, wrong = 0;

	for (int story = 0; story < STORY_WAYS * STORY_WAYS * STORY_WAYS; story++) {
		if (!is_story(story))
			continue;
		fate_begin(mail, "");
		char *once = story_tell(mail, story);
		mail_remove_tag(mail, "undelivered");
		mail_remove_tag(mail, "delayed");
		char *twice = story_tell(mail, story);

		told++;
		if (strcmp(once, twice) == 0 && !mail_has_tag(mail, "undelivered") && !mail_has_tag(mail, "delayed"))
			continue;
		if (wrong++ == 0)
			printf("# story %d: `%s`, then `%s`%s\n", story, once, twice,
			        mail_has_tag(mail, "undelivered") ? ", undelivered" : "");
	}
	ok(told > 1000 && wrong == 0, "fates: %d stories of three events, told again, are the same (%d are not)", told, wrong);
}

/* -- which tags are ours */

/* The tags that a mail has (ours behind the bar are those that we set), which ones it is to have, why, and what it has then. */
static const struct {
	const char *has, *ours, *wanted;
	enum marks_why why;
	const char *then_has, *then_ours;
} marks_cases[] = {
        {"", "", "a b", MARKS_AGAIN, "a b", "a b"},
        {"a b", "a b", "a b", MARKS_AGAIN, "a b", "a b"},
        {"mine", "", "", MARKS_AGAIN, "mine", ""},
        {"mine", "", "a", MARKS_AGAIN, "a mine", "a"},
        /* other tags than before */
        {"a b mine", "a b", "b c", MARKS_AGAIN, "b c mine", "b c"},
        {"a mine", "a", "", MARKS_AGAIN, "mine", ""},
        /* the user had it first: it's never taken off */
        {"a", "", "a", MARKS_AGAIN, "a", ""},
        {"a", "", "", MARKS_AGAIN, "a", ""},
        {"a", "", "a", MARKS_NEWS, "a", ""},
        /* the user took one off: it's never put back, nor is another put beside it */
        {"b", "a b", "a b", MARKS_AGAIN, "b", "a b"},
        {"b", "a b", "b c", MARKS_AGAIN, "b", "a b"},
        {"b c", "a b", "a b", MARKS_AGAIN, "b c", "a b"},
        {"", "a", "a", MARKS_AGAIN, "", "a"},
        {"mine", "a", "b", MARKS_AGAIN, "mine", "a"},
        {"", "a", "", MARKS_AGAIN, "", "a"},
        /* unless something happened */
        {"b", "a b", "a b", MARKS_NEWS, "a b", "a b"},
        {"", "a", "a", MARKS_NEWS, "a", "a"},
        {"", "a", "b", MARKS_NEWS, "b", "b"},
        {"mine", "a", "", MARKS_NEWS, "mine", ""},
        /* just delivered: notmuch insert set them, and they are ours */
        {"a b", "", "a b", MARKS_DELIVERED, "a b", "a b"},
        {"", "", "a b", MARKS_DELIVERED, "a b", "a b"},
        {"a mine", "", "a", MARKS_DELIVERED, "a mine", "a"},
};

/* WORDS apart at their blanks. */
static const char *const *words_of(const void *ctx, const char *words)
{
	char **list = list_new(ctx);
	size_t count = 0;

	for (words += strspn(words, " "); *words != '\0'; words += strspn(words, " ")) {
		char *word = talloc_strndup(ctx, words, strcspn(words, " "));

		list_add(ctx, &list, &count, word);
		words += strlen(word);
	}
	return (const char *const *)list;
}

static char *joined(const void *ctx, char **list)
{
	char *all = talloc_strdup(ctx, "");

	for (size_t i = 0; list[i] != NULL; i++)
		all = talloc_asprintf_append(all, "%s%s", i > 0 ? " " : "", list[i]);
	return all;
}

static void test_marks(struct mail *mail, size_t i, bool again)
{
	static const char *const names[] = {"looked at", "something happened", "just delivered"};
	const char *const *has = words_of(mail, marks_cases[i].has);
	enum marks_why why = again ? MARKS_AGAIN : marks_cases[i].why;
	char *name = talloc_asprintf(mail, "marks: has `%s`, of which ours `%s`, is to have `%s`, %s%s", marks_cases[i].has,
	        marks_cases[i].ours, marks_cases[i].wanted, names[marks_cases[i].why], again ? ", and looked at again" : "");
	char **old = mail_tags(mail, mail);

	if (!again) {
		for (size_t j = 0; old[j] != NULL; j++)
			mail_remove_tag(mail, old[j]);
		for (size_t j = 0; has[j] != NULL; j++)
			mail_add_tag(mail, has[j]);
		mail_set_values(mail, MARK_PROPERTY, words_of(mail, marks_cases[i].ours));
	}
	marks_apply(mail, words_of(mail, marks_cases[i].wanted), why);
	is_string(joined(mail, mail_tags(mail, mail)), marks_cases[i].then_has, "%s ==> has `%s`", name, marks_cases[i].then_has);
	is_string(joined(mail, mail_values(mail, mail, MARK_PROPERTY)), marks_cases[i].then_ours, "%s ==> ours `%s`", name,
	        marks_cases[i].then_ours);
}

/* An id as we make it of a field is the one by which notmuch has the mail with that field. */
static void test_ids_in_index(const void *ctx, struct index *index)
{
	for (size_t i = 0; i < COUNT(message_id_cases); i++) {
		const char *field = message_id_cases[i].field;
		char *id = message_id_plain(ctx, case_text(ctx, i, field));
		struct mail *mail = index_find(ctx, index, id);

		if (message_id_cases[i].known)
			is_string(mail != NULL ? mail_header(mail, "Subject") : NULL, talloc_asprintf(ctx, "case%zu", i),
			        "index: the mail of %s is found by its id", show(field, strlen(field)));
		talloc_free(mail);
	}

	struct mail *mail = index_find(ctx, index, talloc_asprintf(ctx, "%0300d@example.org", 0));
	is_string(
	        mail != NULL ? mail_header(mail, "Subject") : NULL, "long", "index: a mail whose id is too long is found by it");
	talloc_free(mail);
	ok(index_find(ctx, index, NULL) == NULL && index_find(ctx, index, "") == NULL, "index: no id, no mail");
	ok(index_find(ctx, index, "*") == NULL && index_find(ctx, index, "o@example.or*") == NULL &&
	                index_find(ctx, index, "id:o@example.org") == NULL,
	        "index: an id is looked up, not searched for");
}

static void test_index(const void *ctx)
{
	struct index *index;
	struct mail *mail;
	const char *why;

	if (!scratch_open(ctx) || index_open(ctx, INDEX_READ, &index, &why) != STATUS_OK) {
		printf("ok %d - index # SKIP no index can be made here: is notmuch installed?\n", ++tests_run);
		scratch_close();
		return;
	}
	test_ids_in_index(ctx, index);
	if (ok(index_write(index, 10, &why) == STATUS_OK && index_begin(index) == STATUS_OK, "index: writable")) {
		mail = index_find(ctx, index, "o@example.org");
		for (size_t i = 0; i < COUNT(fate_cases); i++) {
			test_fate(mail, i, 900, "earlier", fate_cases[i].earlier);
			test_fate(mail, i, 1000, "at the same time", fate_cases[i].same);
			test_fate(mail, i, 1100, "later", fate_cases[i].later);
		}
		test_fates_together(mail);
		test_fates_again(mail);
		for (size_t i = 0; i < COUNT(marks_cases); i++) {
			test_marks(mail, i, false);
			test_marks(mail, i, true);
		}
		ok(mail_status(mail) == STATUS_OK, "index: all went well");
		talloc_free(mail);
	}
	index_close(index);
	scratch_close();
}

#endif
