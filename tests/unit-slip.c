/* Slips: what they cost, which address may be meant for which, and what is looked for in the index. */
#include "unit.h"

#include <talloc.h>

#include "knowledge/domains.h"
#include "mail/address.h"
#include "mail/slip.h"
#include "mail/words.h"

/* -- words */

/* What was typed, what was meant, and what the cheapest slips between them cost. */
static const struct {
	const char *typed, *meant;
	unsigned cost;
} word_cases[] = {
        {"", "", 0},
        {"tanaka", "tanaka", 0},
        {"TANAKA", "tanaka", 0},
        {"tnaaka", "tanaka", SLIP_SWAPPED},
        {"atnaka", "tanaka", SLIP_SWAPPED},
        {"tanaks", "tanaka", SLIP_BESIDE},
        {"tanapa", "tanaka", SLIP_OTHER},
        {"tanka", "tanaka", SLIP_DROPPED},
        {"tanakma", "tanaka", SLIP_STRAY},
        {"tanpaka", "tanaka", SLIP_EXTRA},
        {"tannaka", "tanaka", SLIP_TWICE},
        {"anna", "ana", SLIP_TWICE},
        {"ana", "anna", SLIP_TWICE},
        {"taro.tanaka", "tarotanaka", SLIP_SEPARATOR},
        {"tarotanaka", "taro.tanaka", SLIP_SEPARATOR},
        {"taro-tanaka", "taro_tanaka", SLIP_SEPARATOR},
        {"taro..tanaka", "taro.tanaka", SLIP_SEPARATOR},
        {"example.co,jp", "example.co.jp", SLIP_SEPARATOR},
        {"tar.otanaka", "taro.tanaka", SLIP_SWAPPED},
        {"yamam0to", "yamamoto", SLIP_ALIKE},
        {"a1ice", "alice", SLIP_ALIKE},
        {"tan1aka", "tana1ka", SLIP_SWAPPED},
        {"tnaakka", "tanaka", SLIP_SWAPPED + SLIP_TWICE},
        /* at the edges */
        {"ranaka", "tanaka", SLIP_BESIDE + SLIP_EDGE},
        {"anaka", "tanaka", SLIP_DROPPED + SLIP_EDGE},
        {"ptanaka", "tanaka", SLIP_EXTRA + SLIP_EDGE},
        {"andrea", "andreas", SLIP_DROPPED + SLIP_EDGE},
        {"juliap", "julia", SLIP_EXTRA + SLIP_EDGE},
        {"ttanaka", "tanaka", SLIP_TWICE},
        {"tanakaa", "tanaka", SLIP_TWICE},
        {"tanaka.", "tanaka", SLIP_SEPARATOR},
        /* no slips */
        {"tanaka1", "tanaka2", SLIP_NONE},
        {"tanaka12", "tanaka21", SLIP_NONE},
        {"tanaka", "tanaka1", SLIP_NONE},
        {"tanaka1", "tanaka", SLIP_NONE},
        {"müller", "muller", SLIP_NONE},
        {"田中", "中田", SLIP_NONE},
        {"taro@tanaka", "tarotanaka", SLIP_NONE},
        {"", "tanaka", SLIP_NONE},
        {"tanaka", "suzuki", SLIP_NONE},
};

UNIT(test_slip_of_words)
{
	for (size_t i = 0; i < COUNT(word_cases); i++) {
		unsigned got = slip_of_words(word_cases[i].typed, word_cases[i].meant, 20);

		ok(got == word_cases[i].cost, "slips in words: %s for %s ==> %u (%u)", word_cases[i].typed, word_cases[i].meant,
		        word_cases[i].cost, got);
		ok(word_cases[i].cost == SLIP_NONE ||
		                slip_of_words(word_cases[i].typed, word_cases[i].meant, word_cases[i].cost) == word_cases[i].cost,
		        "slips in words: the limit itself is within");
		ok(word_cases[i].cost == 0 || word_cases[i].cost == SLIP_NONE ||
		                slip_of_words(word_cases[i].typed, word_cases[i].meant, word_cases[i].cost - 1) == SLIP_NONE,
		        "slips in words: one less is not");
	}

	char *longer = talloc_zero_size(ctx, 100001);
	memset(longer, 'a', 100000);
	ok(slip_of_words(longer, longer, 20) == SLIP_NONE, "slips in words: very long ==> far");
	longer[254] = '\0';
	ok(slip_of_words(longer, longer, 20) == 0, "slips in words: as long as it can be ==> the same");
	for (char a = 'a'; a <= 'z'; a++)
		for (char b = 'a'; b <= 'z'; b++) {
			const char x[] = {'m', a, 'm', '\0'}, y[] = {'m', b, 'm', '\0'};

			if (slip_of_words(x, y, 20) != slip_of_words(y, x, 20))
				ok(false, "slips in words: %c is beside %c, and not the other way round", a, b);
		}
}

/* -- addresses */

/* What was typed, what may have been meant, and whether that is likely. */
static const struct {
	const char *typed, *meant;
	bool expected;
} slip_cases[] = {
        {"tanka@kaisha.example", "tanaka@kaisha.example", true},
        {"TANKA@KAISHA.EXAMPLE", "tanaka@kaisha.example", true},
        {"tanaka@kaihsa.example", "tanaka@kaisha.example", true},
        {"tanka@kaihsa.example", "tanaka@kaisha.example", true},
        {"tanaka@kaisha.example", "tanaka@kaisha.example", false},
        {"tanaka@kaisha.example", "tanaka@Kaisha.Example", false},
        /* short ones differ by meaning */
        {"ken@kaisha.example", "kei@kaisha.example", false},
        {"kne@kaisha.example", "ken@kaisha.example", false},
        {"mori@kaisha.example", "mora@kaisha.example", false},
        {"mroi@kaisha.example", "mori@kaisha.example", true},
        {"sato@kaisha.example", "saito@kaisha.example", true},
        {"kato@kaisha.example", "sato@kaisha.example", false},
        {"ken@ntt.example", "ken@nit.example", false},
        /* word by word */
        {"a.sato@kaisha.example", "s.sato@kaisha.example", false},
        {"sato.a@kaisha.example", "sato.s@kaisha.example", false},
        {"ken.tanaka@kaisha.example", "kei.tanaka@kaisha.example", false},
        {"kne.tanaka@kaisha.example", "ken.tanaka@kaisha.example", true},
        {"ken.tnaaka@kaisha.example", "ken.tanaka@kaisha.example", true},
        {"ken-tanaka@kaisha.example", "ken.tanaka@kaisha.example", true},
        {"kentanaka@kaisha.example", "ken.tanaka@kaisha.example", true},
        {"tanaka.ken@kaisha.example", "ken.tanaka@kaisha.example", false},
        /* numbers */
        {"tanaka1@kaisha.example", "tanaka2@kaisha.example", false},
        {"tnaaka1@kaisha.example", "tanaka1@kaisha.example", true},
        {"tanaka@mx1.kaisha.example", "tanaka@mx2.kaisha.example", false},
        {"ab12345@kaisha.example", "an12345@kaisha.example", false},
        /* ends, if all before them is right */
        {"tanaka@example.con", "tanaka@example.com", true},
        {"tanaka@example.co", "tanaka@example.co.jp", true},
        {"tanaka@example.co", "tanaka@example.com", true},
        {"tanaka@example.cojp", "tanaka@example.co.jp", true},
        {"tanaka@exampleco.jp", "tanaka@example.co.jp", true},
        {"tanka@example.con", "tanaka@example.com", false},
        {"tanaka@example.net", "tanaka@example.com", false},
        {"tanaka@example.jp", "tanaka@example.com", false},
        {"tanaka@example.de", "tanaka@example.fr", false},
        /* no addresses */
        {"", "", false},
        {"@", "@", false},
        {"tanaka", "tanka", false},
        {"@kaisha.example", "@kaihsa.example", false},
        {"tanka@", "tanaka@", false},
        {"\"a b\"@kaisha.example", "\"ab\"@kaisha.example", false},
};

/* Two halves, and whether they differ in nothing but their points and the like. */
static const struct {
	const char *a, *b;
	bool expected;
} letters_cases[] = {
        {"taro.tanaka", "TaroTanaka", true},
        {"taro-tanaka_", "taro,tanaka", true},
        {"", "..", true},
        {"tanaka1", "tanaka2", false},
        {"tanaka", "tanak", false},
        {"tanaka\x10", "tanaka0", false}, /* as far apart as a and A */
        {"ă", "ģ", false},
};

UNIT(test_slips)
{
	for (size_t i = 0; i < COUNT(letters_cases); i++)
		ok(slip_same_letters(letters_cases[i].a, letters_cases[i].b) == letters_cases[i].expected,
		        "letters: number %zu are %s", i + 1, letters_cases[i].expected ? "the same" : "others");
	for (size_t i = 0; i < COUNT(slip_cases); i++) {
		const char *typed = slip_cases[i].typed, *meant = slip_cases[i].meant;
		unsigned cost = slip_of_addresses(typed, meant);

		ok((cost < SLIP_NONE) == slip_cases[i].expected, "slip: %s for %s ==> %s (%u)", typed, meant,
		        slip_cases[i].expected ? "a slip" : "no slip", cost);
	}
	char *longer = talloc_zero_size(ctx, 100001);
	memset(longer, 'a', 100000);
	ok(slip_of_addresses(talloc_asprintf(ctx, "%s@a", longer), "a@a") == SLIP_NONE &&
	                slip_of_addresses("a@a", talloc_asprintf(ctx, "a@%s", longer)) == SLIP_NONE,
	        "slip: very long ==> no slip");
}

/* -- domains */

static const struct {
	const char *typed, *meant; /* NULL: itself */
	bool listed;
} domain_cases[] = {
        {"gmial.com", "gmail.com", true},
        {"GMIAL.COM", "gmail.com", true},
        {"gmail.com", NULL, false},
        {"gmail.con", "gmail.com", true},
        {"gmial.con", "gmail.com", true},
        {"gmail.co", "gmail.com", true},
        {"gmaik.com", "gmail.com", false},
        {"gmsil.com", "gmail.com", false},
        {"ymail.com", NULL, false},
        {"mail.com", NULL, false},
        {"yahoo.fr", NULL, false},
        {"yahoo.jp", "yahoo.co.jp", true},
        {"yahoo.co,jp", "yahoo.co.jp", true},
        {"dokomo.ne.jp", "docomo.ne.jp", true},
        {"docomo.co.jp", "docomo.ne.jp", true},
        {"docmoo.ne.jp", "docomo.ne.jp", false},
        {"ezweb.ne.jpp", "ezweb.ne.jp", true},
        {"i.softbank.ne.jp", "i.softbank.jp", true},
        {"example.con", "example.com", true},
        {"example.co,jp", "example.co.jp", true},
        {"example.cojp", "example.co.jp", true},
        {"example.com", NULL, false},
        {"example.co.jp", NULL, false},
        {"example.co", NULL, false},
        {"example.cm", NULL, false},
        {"con", NULL, false},
        {".con", NULL, false},
        {"", NULL, false},
};

UNIT(test_domains)
{
	struct problems *problems = problems_new(ctx);
	struct domains *domains = domains_read(ctx, problems);

	ok(problems->count == 0, "domains: nothing wrong in ours");
	for (size_t i = 0; i < COUNT(domain_cases); i++) {
		bool listed = false;
		char *meant = domains_meant(ctx, domains, domain_cases[i].typed, &listed);

		is_string(meant, domain_cases[i].meant, "domains: %s ==> %s", domain_cases[i].typed,
		        domain_cases[i].meant != NULL ? domain_cases[i].meant : "itself");
		ok(meant == NULL || listed == domain_cases[i].listed, "domains:   which is %s",
		        domain_cases[i].listed ? "listed" : "only like it");
		ok(meant == NULL || domains_meant(ctx, domains, meant, &listed) == NULL, "domains:   and right");
	}
}

/* -- names */

static const struct {
	const char *a, *b;
	bool same;
} name_cases[] = {
        {"Taro Tanaka", "Taro Tanaka", true},
        {"Taro Tanaka", "TANAKA, Taro", true},
        {"Taro Tanaka", "\"Tanaka Taro\"", true},
        {"Jörg Müller", "JÖRG MÜLLER", true},
        {"Taro Tanaka", "Jiro Tanaka", false},
        {"Taro Tanaka", "Taro", false},
        {"Taro", "Taro", false},
        {"Taro Taro", "Taro Tanaka", false},
        {"Taro Taro", "Taro Taro", true},
        {"田中太郎", "田中　太郎", true},
        {"田中太郎", "田中花子", false},
        {"田中", "田中", false},
        {"", "", false},
        {"Taro Tanaka", "", false},
        {". . .", "- - -", false},
};

/* A field, and the mailboxes in it. */
static const struct {
	const char *field, *expected;
} mailbox_cases[] = {
        {"bo@example.net", "[]bo@example.net"},
        {"Bo Net <bo@example.net>", "[Bo Net]bo@example.net"},
        {"\"Net, Bo\" <bo@example.net>, ann@example.com", "[Net, Bo]bo@example.net []ann@example.com"},
        {"Net, Bo <bo@example.net>", "[Net, Bo]bo@example.net"},
        {"bo@example.net (Bo), Ann <ann@example.com>", "[]bo@example.net [Ann]ann@example.com"},
        {"bo@example.net <bo@example.net>", "[]bo@example.net"},
        {"鈴木花子 <suzuki@example.jp>", "[鈴木花子]suzuki@example.jp"},
        {"E\x1B[31mvil <e@example.net>", "[E[31mvil]e@example.net"},
        {"undisclosed-recipients:;", ""},
        {"<>", ""},
        {"", ""},
        {"a@x, \"b, c\"@y, d@z", "[]a@x []\"b, c\"@y []d@z"},
};

UNIT(test_mailboxes)
{
	for (size_t i = 0; i < COUNT(name_cases); i++) {
		ok(mailbox_same_name(name_cases[i].a, name_cases[i].b) == name_cases[i].same, "names: %s, %s ==> %s",
		        name_cases[i].a, name_cases[i].b, name_cases[i].same ? "one person" : "not for sure");
		ok(mailbox_same_name(name_cases[i].b, name_cases[i].a) == name_cases[i].same, "names: and the other way round");
	}
	for (size_t i = 0; i < COUNT(mailbox_cases); i++) {
		const char *at = mailbox_cases[i].field;
		char *got = talloc_strdup(ctx, "");
		struct mailbox mailbox;

		while (mailbox_next(ctx, &at, at + strlen(at), &mailbox))
			got = talloc_asprintf_append(got, "%s[%s]%s", got[0] != '\0' ? " " : "", mailbox.name, mailbox.address);
		is_string(got, mailbox_cases[i].expected, "mailboxes: %s", mailbox_cases[i].field);
	}
	ok(mailbox_is_deaf("No-Reply@example.net") && mailbox_is_deaf("MAILER-DAEMON@example.net") &&
	                !mailbox_is_deaf("noriko@example.net"),
	        "mailboxes: where nobody reads");
}

/* -- queries */

/* An address or a name, and what is looked for: only letters and digits of it. */
static const struct {
	const char *text, *query;
	enum words_found found;
} words_cases[] = {
        {"taro.tanaka@kaisha.example", "to:\"taro tanaka kaisha example\"", WORDS_ALL},
        {"Taro-Tanaka@KAISHA.example", "to:\"taro tanaka kaisha example\"", WORDS_ALL},
        {"tanaka12@kaisha.example", "to:\"tanaka12 kaisha example\"", WORDS_ALL},
        {"taro_tanaka@kaisha.example", "to:taro* and to:\"kaisha example\"", WORDS_SOME},
        {"x.taro_tanaka@kaisha.example", "to:\"x\" and to:taro* and to:\"kaisha example\"", WORDS_SOME},
        {"o'brien@kaisha.example", "to:\"kaisha example\"", WORDS_SOME},
        {"tanaka.1.2@kaisha.example", "to:\"tanaka\" and to:\"kaisha example\"", WORDS_SOME},
        {"müller@kaisha.example", "to:\"kaisha example\"", WORDS_SOME},
        {"and_x@kaisha.example", "to:an* and to:\"kaisha example\"", WORDS_SOME},
        {"near_x@kaisha.example", "to:nea* and to:\"kaisha example\"", WORDS_SOME},
        {"or@not.and", "to:\"or not and\"", WORDS_ALL},
        {"*", "", WORDS_NONE},
        {"\" or tag:x or \"@a.example", "to:\"or tag x or a example\"", WORDS_ALL},
        {"田中", "", WORDS_NONE},
        /* the index has domains in other scripts decoded */
        {"taro@xn--wgv71a119e.example", "to:\"taro\" and to:\"example\"", WORDS_SOME},
        {"taro@mail.XN--WGV71A119E.xn--q9jyb4c", "to:\"taro mail\"", WORDS_SOME},
        {"taro@axn--b.example", "to:\"taro axn b example\"", WORDS_ALL},
        {"xn--", "", WORDS_NONE},
        {"", "", WORDS_NONE},
        {"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q", "", WORDS_NONE},
};

UNIT(test_words)
{
	for (size_t i = 0; i < COUNT(words_cases); i++) {
		struct buffer query = buffer_new(ctx);
		enum words_found found = words_add(&query, "to", words_cases[i].text);

		is_string(buffer_text(&query), words_cases[i].query, "words: %s", words_cases[i].text);
		ok(found == words_cases[i].found, "words: which is %s",
		        words_cases[i].found == WORDS_NONE   ? "nothing"
		        : words_cases[i].found == WORDS_SOME ? "some"
		                                             : "all");
	}
}

/* One half of an address, and a word that is to be found for it. */
static const struct {
	const char *text, *wanted;
} near_cases[] = {
        {"tanaka", "from:tan*"},
        {"atnaka", "from:tanaka*"},
        {"tnaka", "from:tanaka*"},
        {"txnaka", "from:tanaka*"},
        {"xtanaka", "from:tanaka*"},
        {"ttanaka", "from:tanaka*"},
        {"ta.naka", "from:tanaka*"},
        {"kne.tanaka", "from:ken*"},
        {"taro.tanaka", "from:tan*"},
        {"notary", "from:no*"},
        {"android", "from:an*"},
};

UNIT(test_words_near)
{
	for (size_t i = 0; i < COUNT(near_cases); i++) {
		struct buffer query = buffer_new(ctx);
		enum words_found found = words_add_near(&query, "from", near_cases[i].text);
		char *padded = talloc_asprintf(ctx, " %s ", buffer_text(&query));
		char *wanted = talloc_asprintf(ctx, " %s ", near_cases[i].wanted);

		ok(found == WORDS_SOME && strstr(padded, wanted) != NULL, "near: %s ==> %s among others", near_cases[i].text,
		        near_cases[i].wanted);
	}

	static const char *const hostile[] = {
	        "a", "\"", "* or tag:x", "____", "田中", "ab.cd.ef", "", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q.r.s.t.u.v.w.x.y.z"};
	char *longer = talloc_zero_size(ctx, 100001);
	memset(longer, 'x', 100000);
	for (size_t i = 0; i <= COUNT(hostile); i++) {
		struct buffer query = buffer_new(ctx);
		const char *text = i < COUNT(hostile) ? hostile[i] : longer, *got;

		words_add_near(&query, "from", text);
		got = buffer_text(&query);
		ok(strlen(got) < 10000 && strspn(got, "abcdefghijklmnopqrstuvwxyz0123456789:* ") == strlen(got),
		        "near: %s ==> nothing but words, and not many", show(text, strlen(text)));
	}
}
