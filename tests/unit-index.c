/* What is kept in the index and how: ids, lists of addresses, what became of a mail, and which tags are ours. The last needs an index; a small
 * one is made with notmuch, and nothing is ever committed to it. */
#include "unit.h"

#include <sys/mman.h>
#include <talloc.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/list.h"
#include "index/index.h"
#include "index/properties.h"
#include "index/outcome.h"
#include "index/tagger.h"
#include "mail/address.h"
#include "mail/message.h"

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

UNIT(test_message_ids)
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
UNIT(test_what_properties_hold)
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

UNIT(test_message_id_of_file)
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

UNIT(test_lists)
{
	char **list = list_new(ctx), **grown = NULL;
	size_t kept = 0;

	ok(list != NULL && list[0] == NULL, "list: a new one is empty");
	ok(!list_has((const char *const *)list, "a") && !list_has(NULL, "a"), "list: an empty one, or none, has nothing");
	list_add(ctx, &list, "a");
	list_add(ctx, &list, "");
	ok(list_length(list) == 2, "list: two added");
	is_string(list[0], "a", "list: the first");
	is_string(list[1], "", "list: may be empty");
	ok(list[2] == NULL, "list: ends with NULL");
	ok(list_has((const char *const *)list, "") && !list_has((const char *const *)list, "A"), "list: compared byte by byte");
	for (int i = 0; i < 1000; i++) {
		char value[16];

		snprintf(value, sizeof value, "%d", i);
		list_add(ctx, &grown, value);
	}
	for (size_t i = 0; grown != NULL && grown[i] != NULL; i++)
		kept += strtoul(grown[i], NULL, 10) == i;
	ok(list_length(grown) == 1000 && kept == 1000, "list: begun with NULL, a thousand are copied and stay in their order");
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

UNIT(test_address_lists)
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
	for (int hyphens = 50; hyphens <= 60; hyphens += 10) { /* soft ones, which are shown as \u00ad */
		char *hidden = talloc_strdup(ctx, "bo@net");

		for (int i = 0; i < hyphens; i++)
			hidden = talloc_strdup_append(hidden, "\xc2\xad");
		hidden = talloc_strdup_append(hidden, ".example");
		ok((address_list(ctx, hidden)[0] != NULL) == (6 * hyphens + 14 <= ADDRESS_MAX),
		        "addresses: as long as it is when it is shown: %d invisible characters", hyphens);
		talloc_enable_null_tracking();
		size_t kept = talloc_total_blocks(NULL);
		talloc_free(address_list(ctx, hidden));
		ok(talloc_total_blocks(NULL) == kept, "addresses: none of it stays in memory: %d", hyphens);
		talloc_disable_null_tracking();
	}
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

UNIT(test_address_digests)
{
	/* the published test vectors of FNV-1a, 64 bits */
	is_string(address_digest(ctx, ""), "cbf29ce484222325", "digest: of nothing");
	is_string(address_digest(ctx, "a"), "af63dc4c8601ec8c", "digest: of a");
	is_string(address_digest(ctx, "foobar"), "85944171f73967e8", "digest: of foobar");
	is_string(address_digest(ctx, "FOObar"), "85944171f73967e8", "digest: of FOObar, the same");
	ok(strcmp(address_digest(ctx, "é"), address_digest(ctx, "É")) != 0, "digest: only ASCII has no case");
	is_string(address_digest(ctx, "Bo@日本語.example"), address_digest(ctx, "bo@XN--wgv71a119e.example"),
	        "digest: of a domain as people write it and as mail carries it");
	ok(address_equal("Bo@日本語.example", "bo@XN--wgv71a119e.example") && address_equal("bo@BÜCHER.example", "bo@bücher.example"),
	        "equal: both of them, in any case");
	ok(!address_equal("bob@日本語.example", "bo@xn--wgv71a119e.example") &&
	                !address_equal("bo@日本人.example", "bo@xn--wgv71a119e.example"),
	        "equal: not another address, nor another domain");
	is_string(address_digest(ctx, "\") or tag:new"), address_digest(ctx, "\") OR tag:new"),
	        "digest: of a query, a number as well");
	ok(strspn(address_digest(ctx, "\") or tag:new"), "0123456789abcdef") == 16, "digest: 16 digits");
}

/* What stands behind a text must not be read, wherever its last character is cut off: here that would end us. */
UNIT(test_addresses_cut)
{
	static const char *const cut[] = {"bo@\xe6\x97\xa5\xe6\x9c", "bo@xn--wgv71a119e.\xe6", "bo@b\xc3", "bo@\xf0\x9f\x98"};
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	mprotect(pages + page, page, PROT_NONE);
	for (size_t i = 0; i < COUNT(cut); i++) {
		char *text = pages + page - strlen(cut[i]) - 1;

		strcpy(text, cut[i]);
		is_string(address_wire(ctx, text), cut[i], "a domain that is no UTF-8 stays as it is: %zu", i);
		is_string(address_decoded(ctx, text), cut[i], "and is shown as it is: %zu", i);
		ok(address_equal(text, text) && !address_equal(text, "bo@\xe6\x97\xa5.example"), "and is equal to itself alone: %zu", i);
	}
	munmap(pages, 2 * page);
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

/* What is known of a recipient: what was heard, each at a second and for a reason (`delay 1000 system`), of which one is told at the end; and what is
 * known then if that was dated earlier than all, at the time of the last, and later. "=": as without it. */
static const struct {
	const char *heard, *then, *earlier, *same, *later;
} state_cases[] = {
        {"", "delay network", "delayed 900 network", "delayed 1000 network", "delayed 1100 network"},
        {"", "failure user-unknown", "failed 900 user-unknown", "failed 1000 user-unknown", "failed 1100 user-unknown"},
        {"", "success", "confirmed 900 -", "confirmed 1000 -", "confirmed 1100 -"},
        {"", "reply", "=", "=", "="},
        {"", "resend", "=", "=", "="},
        {"", "hand", "=", "=", "="},

        {"delay 1000 system", "delay network", "=", "delayed 1000 network", "delayed 1100 network"},
        /* mail is not dated in the order in which it was sent: who gave up gave up */
        {"delay 1000 system", "failure user-unknown", "failed 1000 user-unknown", "failed 1000 user-unknown",
                "failed 1100 user-unknown"},
        {"delay 1000 system", "success", "confirmed 900 -", "confirmed 1000 -", "confirmed 1100 -"},
        {"delay 1000 system", "reply", "=", "=", "replied 1000 system"},
        {"delay 1000 system", "resend", "=", "=", "="},
        {"delay 1000 system", "hand", "=", "handled 1000 system", "handled 1000 system"},

        /* a delay that is told late says nothing of the failure; a sign of life must be younger than both */
        {"failure 1000 mailbox-full", "delay network", "=", "=", "failed 1100 mailbox-full"},
        {"failure 1000 mailbox-full", "failure user-unknown", "=", "failed 1000 user-unknown", "failed 1100 user-unknown"},
        /* of two copies for one address, in one report: one did not arrive, whichever is named first */
        {"failure 1000 mailbox-full", "success", "=", "=", "confirmed 1100 -"},
        {"failure 1000 mailbox-full", "reply", "=", "=", "replied 1000 mailbox-full"},
        {"failure 1000 mailbox-full", "resend", "=", "resent 1000 -", "resent 1100 -"},
        {"failure 1000 mailbox-full", "hand", "=", "handled 1000 mailbox-full", "handled 1000 mailbox-full"},
        /* they write, and still can't be reached there: only what passes by itself is settled */
        {"failure 1000 rate-limited", "reply", "=", "=", "replied 1000 rate-limited"},
        {"failure 1000 expired", "reply", "=", "=", "replied 1000 expired"},
        {"failure 1000 network", "reply", "=", "=", "replied 1000 network"},
        {"failure 1000 system", "reply", "=", "=", "replied 1000 system"},
        {"failure 1000 system-full", "reply", "=", "=", "replied 1000 system-full"},
        {"failure 1000 user-unknown", "reply", "=", "=", "="},
        {"failure 1000 spam", "reply", "=", "=", "="},
        {"failure 1000 unknown", "reply", "=", "=", "="},
        {"failure 1000", "reply", "=", "=", "="},

        {"success 1000", "delay network", "=", "=", "="},
        {"success 1000", "failure user-unknown", "=", "failed 1000 user-unknown", "failed 1100 user-unknown"},
        {"success 1000", "success", "=", "=", "confirmed 1100 -"},
        {"success 1000", "reply", "=", "=", "="},
        {"success 1000", "resend", "=", "=", "="},
        {"success 1000", "hand", "=", "=", "="},

        {"failure 1000 mailbox-full, reply 1050", "delay network", "replied 1000 mailbox-full", "replied 1000 mailbox-full",
                "failed 1100 mailbox-full"},
        {"delay 1000 system, reply 1050", "delay network", "=", "replied 1000 network", "delayed 1100 network"},
        {"failure 1000 mailbox-full, reply 1050", "failure network", "=", "=", "failed 1100 network"},
        {"failure 1000 mailbox-full, reply 1050", "success", "=", "=", "confirmed 1100 -"},
        {"failure 1000 mailbox-full, reply 1050", "reply", "=", "=", "="},
        {"failure 1000 mailbox-full, reply 1050", "resend", "=", "resent 1000 -", "resent 1100 -"},
        {"failure 1000 mailbox-full, reply 1050", "hand", "=", "handled 1000 mailbox-full", "handled 1000 mailbox-full"},

        /* sent again: what is told of this mail once more brings nothing back */
        {"failure 900 network, resend 1000", "delay network", "=", "=", "="},
        {"failure 900 network, resend 1000", "failure spam", "=", "=", "="},
        {"failure 900 network, resend 1000", "success", "=", "confirmed 1000 -", "confirmed 1100 -"},
        {"failure 900 network, resend 1000", "reply", "=", "=", "="},
        {"failure 900 network, resend 1000", "resend", "resent 900 -", "=", "="},
        {"failure 900 network, resend 1000", "hand", "=", "=", "="},

        /* dealt with: until another report says that it failed */
        {"failure 1000 network, hand 1000", "delay network", "=", "=", "="},
        {"failure 1000 network, hand 1000", "failure spam", "=", "handled 1000 spam", "failed 1100 spam"},
        {"failure 1000 network, hand 1000", "success", "=", "=", "confirmed 1100 -"},
        {"failure 1000 network, hand 1000", "reply", "=", "=", "="},
        {"failure 1000 network, hand 1000", "resend", "=", "resent 1000 -", "resent 1100 -"},
        {"failure 1000 network, hand 1000", "hand", "=", "=", "="},
};

static const char *const event_names[EVENT_COUNT] = {"delay", "success", "failure", "resend", "hand", "reply"};

/* Events as text, separated by commas. */
static size_t events_read(const char *text, struct event *events)
{
	size_t count = 0;

	while (*text != '\0') {
		char name[20] = "", reason[30] = "";
		int time = 0, kind = 0;

		sscanf(text, "%19s %d %29[a-z-]", name, &time, reason);
		while (kind < EVENT_COUNT && strncmp(event_names[kind], name, strlen(event_names[kind])) != 0)
			kind++;
		events[count++] = (struct event){0, (enum recipient_event)kind, time, reason_by_name(reason, strlen(reason))};
		text += strcspn(text, ",");
		text += strspn(text, ", ");
	}
	return count;
}

/* What is known after COUNT events, without the address. */
static char *state_after(const void *ctx, const struct event *heard, size_t count)
{
	struct recipient_fate fate = {STATE_NOTHING, 0, REASON_COUNT, ""};
	struct event *events = talloc_array(ctx, struct event, 20);
	size_t others = 0, i;
	time_t reply = 0;

	for (i = 0; i < count; i++)
		if (heard[i].kind != EVENT_REPLY)
			events[others++] = heard[i];
		else if (heard[i].time > reply)
			reply = heard[i].time;
	recipient_states_apply(&fate, events, others);
	recipient_state_reply(&fate, reply);
	return fate.state == STATE_NOTHING ? talloc_strdup(ctx, "") : recipient_state_write(ctx, &fate);
}

static void test_state(const void *ctx, size_t i, int time, const char *when, const char *expected)
{
	struct event events[10];
	size_t count = events_read(state_cases[i].heard, events);
	char *without = state_after(ctx, events, count), *got;
	const char *then = state_cases[i].then, *reason = strchr(then, ' ');

	count += events_read(talloc_asprintf(ctx, "%.*s %d%s", (int)strcspn(then, " "), then, time, reason != NULL ? reason : ""),
	        events + count);
	got = state_after(ctx, events, count);
	expected = strcmp(expected, "=") == 0 ? without : talloc_asprintf(ctx, "%s%s", expected, expected[0] != '\0' ? " " : "");
	is_string(got, expected, "state: heard `%s`, and %s %s ==> %s", state_cases[i].heard, then, when, expected);
}

/* Three events in each way, in each order, the first once more: what is known is the same. */
static void test_states_in_any_order(const void *ctx)
{
	static const int orders[][4] = {{0, 1, 2, 0}, {0, 2, 1, 1}, {1, 0, 2, 2}, {1, 2, 0, 0}, {2, 0, 1, 1}, {2, 1, 0, 0}};
	static const enum reason reasons[EVENT_COUNT] = {
	        REASON_NETWORK, REASON_COUNT, REASON_MAILBOX_FULL, REASON_COUNT, REASON_COUNT, REASON_COUNT};
	int ways = EVENT_COUNT * 3, wrong = 0;

	for (int all = 0; all < ways * ways * ways; all++) {
		int way[3] = {all % ways, all / ways % ways, all / ways / ways};
		void *scratch = talloc_new(ctx);
		char *first = NULL;

		for (size_t i = 0; i < COUNT(orders); i++) {
			struct event events[4];

			for (int j = 0; j < 4; j++) {
				int one = way[orders[i][j]];

				events[j] = (struct event){0, (enum recipient_event)(one / 3), 1000 + one % 3, reasons[one / 3]};
			}
			char *got = state_after(scratch, events, 4);
			wrong += first != NULL && strcmp(first, got) != 0;
			first = first != NULL ? first : got;
		}
		talloc_free(scratch);
	}
	ok(wrong == 0, "states: three events in any order, one told twice, are the same (%d are not)", wrong);
}

static void test_states(const void *ctx)
{
	struct recipient_fate fate = {STATE_FAILED, 1000, REASON_SENDER_SUSPENDED, NULL}, again;
	char *longest = talloc_zero_size(ctx, 400);

	for (size_t i = 0; i < COUNT(state_cases); i++) {
		test_state(ctx, i, 900, "earlier", state_cases[i].earlier);
		test_state(ctx, i, 1000, "at the same time", state_cases[i].same);
		test_state(ctx, i, 1100, "later", state_cases[i].later);
	}
	test_states_in_any_order(ctx);
	memset(longest, 'x', 380);
	memcpy(longest + 380, "@example.net", 12);
	fate.address = longest;
	ok(mail_can_hold(PROPERTY_STATE, recipient_state_write(ctx, &fate)), "states: a long address is kept in part");
	fate.address = "bo net@example.net";
	ok(recipient_state_read(ctx, recipient_state_write(ctx, &fate), &again) && again.state == fate.state &&
	                again.since == fate.since && again.reason == fate.reason && strcmp(again.address, fate.address) == 0,
	        "states: what was written is read again");
	ok(!recipient_state_read(ctx, "nonsense", &again) && !recipient_state_read(ctx, "failed x y", &again) &&
	                !recipient_state_read(ctx, "nothing 1 - a@example.net", &again),
	        "states: what is none is not read");
}

/* -- which tags are ours */

/* The tags that a mail has (ours behind the bar are those that we set), which ones it is to have, and what it has then. */
static const struct {
	const char *has, *ours, *wanted, *then_has, *then_ours;
} tags_cases[] = {
        {"", "", "a b", "a b", "a b"},
        {"a b", "a b", "a b", "a b", "a b"},
        {"mine", "", "", "mine", ""},
        {"mine", "", "a", "a mine", "a"},
        /* other tags than before */
        {"a b mine", "a b", "b c", "b c mine", "b c"},
        {"a mine", "a", "", "mine", ""},
        /* the user had it first: it's never taken off */
        {"a", "", "a", "a", ""},
        {"a", "", "", "a", ""},
        /* the user took one off: it's never put back, nor is another put beside it */
        {"b", "a b", "a b", "b", "a b"},
        {"b", "a b", "b c", "b", "a b"},
        {"b c", "a b", "a b", "b c", "a b"},
        {"", "a", "a", "", "a"},
        {"mine", "a", "b", "mine", "a"},
        {"", "a", "", "", "a"},
};

/* WORDS apart at their blanks. */
static const char *const *words_of(const void *ctx, const char *words)
{
	char **list = list_new(ctx);

	for (words += strspn(words, " "); *words != '\0'; words += strspn(words, " ")) {
		char *word = talloc_strndup(ctx, words, strcspn(words, " "));

		list_add(ctx, &list, word);
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

static void test_tags(struct mail *mail, size_t i, bool again)
{
	const char *const *has = words_of(mail, tags_cases[i].has);
	char *name = talloc_asprintf(mail, "tags: has `%s`, of which ours `%s`, is to have `%s`%s", tags_cases[i].has,
	        tags_cases[i].ours, tags_cases[i].wanted, again ? ", and looked at again" : "");
	char **old = mail_values(mail, mail, MAIL_TAGS);

	if (!again) {
		for (size_t j = 0; old[j] != NULL; j++)
			mail_put_tag(mail, old[j], false);
		for (size_t j = 0; has[j] != NULL; j++)
			mail_put_tag(mail, has[j], true);
		mail_clear(mail, PROPERTY_TAG);
		for (const char *const *ours = words_of(mail, tags_cases[i].ours); *ours != NULL; ours++)
			mail_put_value(mail, PROPERTY_TAG, *ours, true);
	}
	tags_apply(mail, words_of(mail, tags_cases[i].wanted));
	is_string(joined(mail, mail_values(mail, mail, MAIL_TAGS)), tags_cases[i].then_has, "%s ==> has `%s`", name, tags_cases[i].then_has);
	is_string(joined(mail, mail_values(mail, mail, PROPERTY_TAG)), tags_cases[i].then_ours, "%s ==> ours `%s`", name,
	        tags_cases[i].then_ours);
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

UNIT(test_index)
{
	struct index *index;
	struct mail *mail;
	const char *why;

	test_states(ctx);
	if (!scratch_open(ctx) || index_open(ctx, problems_new(ctx), &index, &why) != STATUS_OK) {
		skip("index", "no index can be made here: is notmuch installed?");
		scratch_close();
		return;
	}
	test_ids_in_index(ctx, index);
	if (ok(index_write(index, 10, &why) == STATUS_OK, "index: writable")) {
		mail = index_find(ctx, index, "o@example.org");
		for (size_t i = 0; i < COUNT(tags_cases); i++) {
			test_tags(mail, i, false);
			test_tags(mail, i, true);
		}
		ok(mail_write(mail) == STATUS_OK, "index: all went well");
		talloc_free(mail);
	}
	index_close(index);
	scratch_close();
}

