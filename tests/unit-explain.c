/* The pieces an explanation is made of: lines, languages, dates, placeholders, the way. For unit.c. */
#include "unit.h"

#include <stdlib.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/date.h"
#include "explain/explanation.h"
#include "explain/page.h"
#include "knowledge/wording.h"
#include "text/wrap.h"

static const struct {
	const char *text, *prefix;
	size_t column, width;
	const char *expected;
} wrap_cases[] = {
        {"", "", 0, 10, ""},
        {"one two three", "", 0, 7, "one two\nthree"},
        {"one two three", "  ", 0, 7, "one two\n  three"},
        {"one two three", "  ", 4, 7, "one\n  two\n  three"},
        {"a  b", "", 0, 10, "a b"},
        {"abcdefghij", "", 0, 4, "abcd\nefgh\nij"},
        {"see abcdefghij", "", 0, 4, "see\nabcd\nefgh\nij"},
        {"日本語の文", "", 0, 6, "日本語\nの文"},
        {"日本語の文", "", 0, 7, "日本語\nの文"}, /* half a character does not fit */
        {"日本語。文", "", 0, 6, "日本\n語。文"}, /* a full stop begins no line */
        {"日本「語」", "", 0, 6, "日本\n「語」"}, /* a bracket ends none */
        {"宛先bo@example.netです", "", 0, 16,
                "宛先\nbo@example.netで\nす"},                 /* an address stays whole if a line has room for it */
        {"한국어 문장", "", 0, 7, "한국어\n문장"},             /* Korean words stay whole */
        {"une phrase : oui", "", 0, 11, "une\nphrase :\noui"}, /* a French colon belongs to its word */
        {"« oui »", "", 0, 4, "« ou\ni »"},
};

UNIT(test_wrap)
{
	for (size_t i = 0; i < COUNT(wrap_cases); i++) {
		struct buffer buffer = buffer_new(ctx);

		wrap_add(&buffer, wrap_cases[i].text, wrap_cases[i].column, wrap_cases[i].prefix, wrap_cases[i].width);
		is_string(buffer_text(&buffer), wrap_cases[i].expected, "wrap: %s in %zu columns", wrap_cases[i].text,
		        wrap_cases[i].width);
	}
}

static const struct {
	const char *option, *setting, *lc_all, *lc_messages, *lang, *expected;
} language_cases[] = {
        {NULL, NULL, NULL, NULL, NULL, "en"},
        {NULL, NULL, NULL, NULL, "ja_JP.UTF-8", "ja"},
        {NULL, NULL, NULL, "de_AT@euro", "ja_JP.UTF-8", "de"},
        {NULL, NULL, "C", "de_AT", "ja_JP.UTF-8", "en"},
        {NULL, NULL, "", "", "ja", "ja"},
        {NULL, NULL, NULL, NULL, "jam_JM", "en"},
        {NULL, NULL, NULL, NULL, "j", "en"},
        {NULL, "de", "ja", NULL, NULL, "de"},
        {"ja", "de", "en", NULL, NULL, "ja"},
};

static void variable(const char *name, const char *value)
{
	if (value != NULL)
		setenv(name, value, 1);
	else
		unsetenv(name);
}

UNIT(test_language)
{
	static const char *const choices[] = {"de", "en", "ja", NULL};

	(void)ctx;
	for (size_t i = 0; i < COUNT(language_cases); i++) {
		variable("LC_ALL", language_cases[i].lc_all);
		variable("LC_MESSAGES", language_cases[i].lc_messages);
		variable("LANG", language_cases[i].lang);
		is_string(wording_choose(language_cases[i].option, language_cases[i].setting, choices),
		        language_cases[i].expected, "language: option %s, setting %s, LC_ALL=%s, LC_MESSAGES=%s, LANG=%s ==> %s",
		        language_cases[i].option, language_cases[i].setting, language_cases[i].lc_all,
		        language_cases[i].lc_messages, language_cases[i].lang, language_cases[i].expected);
	}
	variable("LC_ALL", "C");
}

static const struct {
	const char *value;
	long long expected;
} date_cases[] = {
        {"Thu, 1 Jan 1970 00:00:01 +0000", 1},
        {"Sun, 01 Mar 2026 19:00:00 +0900", 1772359200},
        {"1 Mar 2026 10:00:00 +0000 (a comment)", 1772359200},
        {"Sun, 01 Mar 2026 10:00:00", 1772359200},
        {"Sun,\t01\tMar\t2026\t10:00:00\t+0000", 1772359200},
        {"1 march 2026 10:00:00 Z", 1772359200},
        {"01 MAR 2026 05:30:00 -04:30", 1772359200},
        {"01 Mai 2026 10:00:00", 0},
        {"01 2026 10:00:00", 0},
        {"yesterday", 0},
        {"", 0},
        {NULL, 0},
};

UNIT(test_dates)
{
	for (size_t i = 0; i < COUNT(date_cases); i++)
		ok((long long)date_read(date_cases[i].value) == date_cases[i].expected, "date: %s ==> %lld", date_cases[i].value,
		        date_cases[i].expected);
	variable("TZ", "JST-9");
	tzset();
	is_string(date_write_day(ctx, 1772380800), "2026-03-02", "date: the day is a person's, in local time");
	is_string(date_write_time(ctx, 1772380800), "2026-03-01T16:00:00Z", "date: the time is a program's, in UTC");
	variable("TZ", NULL);
	tzset();
}

static const struct {
	const char *text, *expected;
} fill_cases[] = {
        {"no placeholder", "no placeholder"}, {"{address}", "bo@example.net"},
        {"to {address}, to {address}.", "to bo@example.net, to bo@example.net."}, {"from {sender}", NULL}, /* not known */
        {"{address} from {sender}", NULL}, {"{strange}", NULL},                                            /* none of ours */
        {"{address", "{address"}, {"{braces}", "{address}"}, /* a value is not filled in again */
};

UNIT(test_fill)
{
	static const struct wording_value values[] = {
	        {"address", "bo@example.net"}, {"sender", NULL}, {"braces", "{address}"}, {NULL, NULL}};

	for (size_t i = 0; i < COUNT(fill_cases); i++)
		is_string(wording_fill(ctx, fill_cases[i].text, values), fill_cases[i].expected, "fill: %s ==> %s",
		        fill_cases[i].text, fill_cases[i].expected);
}

/* Of English, French and Japanese, which have one rule each. */
static const struct {
	const char *language, *count, *expected;
} plural_cases[] = {
        {"en", "1", "1 day"},
        {"en", "2", "2 days"},
        {"en", "0", "0 days"},
        {"fr", "0", "0 jour"},
        {"fr", "1", "1 jour"},
        {"fr", "2", "2 jours"},
        {"ja", "1", "1日"},
};

UNIT(test_plural)
{
	for (size_t i = 0; i < COUNT(plural_cases); i++) {
		struct wording *wording = wording_open(ctx, plural_cases[i].language, problems_new(ctx));
		const struct wording_value values[] = {{"count", plural_cases[i].count}, {NULL, NULL}};

		is_string(wording_label_with(ctx, wording, "days", values), plural_cases[i].expected, "plural, %s: %s ==> %s",
		        plural_cases[i].language, plural_cases[i].count, plural_cases[i].expected);
	}
}

static const struct {
	enum reason reason;
	const char *reporting, *remote;
	enum action action;
	enum hop stopped_before;
	const char *why;
} path_cases[] = {
        {REASON_USER_UNKNOWN, NULL, NULL, ACTION_FAILED, HOP_MAILBOX, "their server knows nobody of that name"},
        {REASON_HOST_UNKNOWN, NULL, NULL, ACTION_FAILED, HOP_THEIR_SERVER, "there is no server of theirs"},
        {REASON_SENDER_SUSPENDED, NULL, NULL, ACTION_FAILED, HOP_YOUR_SERVER, "your own server takes nothing"},
        {REASON_UNKNOWN, NULL, NULL, ACTION_FAILED, HOP_YOU, "nobody says"},
        {REASON_SPAM, "mx.you.example", "mx.them.example", ACTION_FAILED, HOP_MAILBOX, "another host refused it"},
        {REASON_SPAM, "mx.you.example", "out.you.example", ACTION_FAILED, HOP_THEIR_SERVER,
                "a host of your own domain refused it"},
        {REASON_SPAM, "mx.you.example", NULL, ACTION_FAILED, HOP_THEIR_SERVER, "your own server reports, and asked nobody"},
        {REASON_SPAM, "mx.them.example", NULL, ACTION_FAILED, HOP_MAILBOX, "their server reports"},
        {REASON_SPAM, "mx.notthem.example", NULL, ACTION_FAILED, HOP_YOU, "a host of neither reports"},
        {REASON_NETWORK, NULL, NULL, ACTION_DELAYED, HOP_THEIR_SERVER, "on its way"},
};

UNIT(test_path)
{
	(void)ctx;
	for (size_t i = 0; i < COUNT(path_cases); i++) {
		struct facts facts = {.reporting_mta = (char *)path_cases[i].reporting};
		struct recipient recipient = {.address = (char *)"bo@them.example",
		        .remote_mta = (char *)path_cases[i].remote,
		        .action = path_cases[i].action};
		struct path path = path_of(&facts, &recipient, path_cases[i].reason, "you@you.example");

		ok(path.stopped_before == path_cases[i].stopped_before && path.waiting == (path_cases[i].action == ACTION_DELAYED),
		        "way, %s: %s", reason_name(path_cases[i].reason), path_cases[i].why);
	}
}

static const struct {
	const char *action, *id, *prefix, *expected;
} action_cases[] = {
        {"status", "a@example.org", NULL, "notmuch bounce status id:a@example.org"},
        {"status", "a@example.org", ",b", ",bs"},
        {"status", "$(reboot)@example.org", NULL, NULL},
        {"status", "a b@example.org", NULL, NULL},
        {"status", "a'@example.org", NULL, NULL},
        {"status", "-x", NULL, NULL},
        {"status", "", NULL, NULL},
        {"status", NULL, NULL, NULL},
        {"status", "$(reboot)@example.org", ",b", ",bs"}, /* a key has no id in it */
        {"strange", "a@example.org", NULL, NULL},
};

UNIT(test_actions)
{
	for (size_t i = 0; i < COUNT(action_cases); i++)
		is_string(page_action(ctx, &(struct step){.action = action_cases[i].action}, action_cases[i].id, action_cases[i].prefix),
		        action_cases[i].expected, "action: %s of %s ==> %s", action_cases[i].action, action_cases[i].id,
		        action_cases[i].expected);
}

