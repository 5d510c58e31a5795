#include "resend/candidates.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "knowledge/domains.h"
#include "mail/address.h"
#include "mail/slip.h"
#include "mail/words.h"

#define YEAR (365 * 24 * 60 * 60)

/* So many mails that arrived, and the failed address was a right one. One may be that which came
 * back only now. */
#define ARRIVED_MIN 2

/* Fields that were seen lately: one in two is like another. */
#define SEEN_FIELDS 1024

/* Mails in which no address counts. */
#define NOT_MEANT " and not tag:bounce and not tag:spam"

struct search {
	const void *ctx;
	struct index *index;
	const struct settings *settings;
	const char *failed, *name; /* NAME "": none */
	char *local, *domain;      /* of FAILED, in lower case */
	struct history history;    /* of FAILED */
	bool is_domain_in_use;     /* mail comes from there: it is no slip */
	bool is_domain_right;      /* it is listed as such */
	struct candidate *list;
	size_t count;
	uint64_t seen[SEEN_FIELDS]; /* numbers made of them */
};

/* -- what fields of mails name */

/* Bytes of a From field that is a person's. */
#define FROM_MAX 2000

/* The From field of MAIL; "" if it is so long that it can't be a person's. */
static const char *from_of(struct mail *mail)
{
	const char *from = mail_header(mail, "From");

	return strnlen(from, FROM_MAX + 1) <= FROM_MAX ? from : "";
}

static struct candidate *find(struct search *search, const char *address)
{
	size_t i;

	for (i = 0; i < search->count; i++)
		if (address_equal(search->list[i].address, address))
			return &search->list[i];
	return NULL;
}

/* The place of the one that costs most, if that is more than COST. */
static struct candidate *dearest(struct search *search, unsigned cost)
{
	struct candidate *worst = &search->list[0];
	size_t i;

	for (i = 1; i < search->count; i++)
		if (search->list[i].cost > worst->cost)
			worst = &search->list[i];
	return worst->cost > cost ? worst : NULL;
}

/* The candidate ADDRESS, a new one if need be. NULL: it can't be one, or CANDIDATES_KEPT_MAX others
 * are likelier than what costs COST. */
static struct candidate *candidate_add(struct search *search, const char *address, unsigned cost)
{
	struct candidate *one = find(search, address);

	if (one != NULL)
		return one;
	if (address_equal(address, search->failed) ||
	        address_list_has(search->settings->own, address) || mailbox_is_deaf(address))
		return NULL;
	if (search->count < CANDIDATES_KEPT_MAX) {
		search->list =
		        array_grow(search->ctx, search->list, struct candidate, search->count);
		one = &search->list[search->count++];
	} else
		one = dearest(search, cost);
	if (one != NULL)
		*one = (struct candidate){.address = talloc_strdup(search->ctx, address),
		        .name = talloc_strdup(search->ctx, ""),
		        .cost = cost};
	return one;
}

static void saw(
        struct search *search, struct candidate *one, const struct mailbox *mailbox, time_t date)
{
	if (date >= one->seen && mailbox->name[0] != '\0')
		one->name = talloc_strdup(search->ctx, mailbox->name);
	if (date > one->seen)
		one->seen = date;
}

/* Whether FIELD was seen before, and nothing in it is new; then its date is older too. */
static bool was_seen(struct search *search, const char *field)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	uint64_t *place;
	bool same;

	for (; *field != '\0'; field++)
		hash = (hash ^ (unsigned char)*field) * 1099511628211u;
	place = &search->seen[hash % SEEN_FIELDS];
	same = *place == hash;
	*place = hash;
	return same;
}

/* Add what in FIELD, an address field of a mail of that DATE, may be one, by its slip or its name.
 * IS_FROM: it is a From field. */
static void field_see(struct search *search, const char *field, time_t date, bool is_from)
{
	struct slip slip;
	struct mailbox mailbox;
	void *ctx;

	if (field[0] == '\0' || was_seen(search, field))
		return;
	ctx = talloc_new(NULL);
	while (mailbox_next(ctx, &field, &mailbox)) {
		bool same =
		        search->name[0] != '\0' && mailbox_same_name(mailbox.name, search->name);
		bool is_slip = slip_is_likely(search->failed, mailbox.address, &slip);
		struct candidate *one =
		        is_slip || same ? candidate_add(search, mailbox.address,
		                                  is_slip ? slip.local + slip.domain : SLIP_NONE)
		                        : NULL;

		search->is_domain_in_use =
		        search->is_domain_in_use ||
		        (is_from &&
		                address_equal(strrchr(mailbox.address, '@') + 1, search->domain));
		if (one == NULL)
			continue;
		one->evidence = is_slip ? CANDIDATE_SLIP : CANDIDATE_NAME;
		one->is_same_name = one->is_same_name || same;
		saw(search, one, &mailbox, date);
	}
	talloc_free(ctx);
}

/* -- domains */

/* The ends that a name may have before its last: `.co.jp`. */
#define END_BYTES_MAX 4

struct domain_run {
	struct search *search;
	unsigned seen, least;
	char *best; /* the domain that costs LEAST; NULL: none does */
};

/* A query finds words; that the domain is the same is looked at here. */
static bool see_same(void *argument, struct mail *mail)
{
	struct domain_run *run = argument;
	char **from = address_list(NULL, from_of(mail));
	size_t i;

	for (i = 0; from[i] != NULL; i++)
		if (address_equal(strrchr(from[i], '@') + 1, run->search->domain))
			run->search->is_domain_in_use = true;
	talloc_free(from);
	return !run->search->is_domain_in_use && ++run->seen < HISTORY_MAX;
}

static void domain_each(struct domain_run *run, struct buffer *query,
        bool (*see)(void *argument, struct mail *mail))
{
	buffer_add_string(query, NOT_MEANT);
	index_each(run->search->index, buffer_text(query), see, run);
}

/* Find out whether mail comes from the domain of the failed address. */
static void find_domain_use(struct search *search)
{
	struct domain_run run = {.search = search};
	struct buffer query = buffer_new(search->ctx);

	if (!search->is_domain_in_use && words_add(&query, "from", search->domain) != WORDS_NONE)
		domain_each(&run, &query, see_same);
}

/* The domain of the failed address without its end, which half of all domains have; owned by the
 * context. */
static char *domain_name(const struct search *search)
{
	const char *domain = search->domain, *end = strrchr(domain, '.'), *dot;
	size_t length = end != NULL && end > domain ? (size_t)(end - domain) : strlen(domain);

	dot = memrchr(domain, '.', length);
	if (dot != NULL && domain + length - dot <= END_BYTES_MAX)
		length = (size_t)(dot - domain);
	return talloc_strndup(search->ctx, domain, length);
}

/* Add the failed address with the domain MEANT. NULL: it can't be a candidate. */
static struct candidate *domain_add(
        struct search *search, const char *meant, enum domain_knowledge knowledge)
{
	char *address = talloc_asprintf(search->ctx, "%s@%s", search->local, meant);
	struct candidate *one = candidate_add(search, address, 0);

	if (one != NULL) {
		one->domain = search->domain;
		one->knowledge = knowledge;
		if (one->seen == 0)
			one->evidence = CANDIDATE_DOMAIN;
	}
	return one;
}

/* Add the failed address with the domain that it is usually meant for. */
static void add_listed_domain(struct search *search, struct problems *problems)
{
	const struct domains *domains = domains_read(search->ctx, problems);
	bool listed;
	char *meant = domains_meant(search->ctx, domains, search->domain, &listed);

	search->is_domain_right = domains_has(domains, search->domain);
	if (meant != NULL)
		domain_add(search, meant, listed ? DOMAIN_LISTED : DOMAIN_COMMON);
}

static bool see_like(void *argument, struct mail *mail)
{
	struct domain_run *run = argument;
	char **from = address_list(NULL, from_of(mail));
	size_t i;

	for (i = 0; from[i] != NULL; i++) {
		char *domain = address_domain(run->search->ctx, from[i]);
		unsigned cost = domain != NULL ? slip_of_domains(run->search->domain, domain, 1)
		                               : SLIP_NONE;

		if (cost < run->least) {
			run->least = cost;
			run->best = domain;
		} else
			talloc_free(domain);
	}
	talloc_free(from);
	return ++run->seen < CANDIDATE_DOMAIN_MAILS_MAX;
}

/* The longest of the labels in DOMAIN, which it shares with the fewest others. */
static char *longest_label(const void *ctx, const char *domain)
{
	const char *best = domain;
	size_t length = 0, n;

	for (; *domain != '\0'; domain += n + (domain[n] == '.')) {
		n = strcspn(domain, ".");
		if (n > length) {
			length = n;
			best = domain;
		}
	}
	return talloc_strndup(ctx, best, length);
}

/* Or with one that mail comes from and that is a slip away. */
static void find_domains(struct search *search)
{
	struct domain_run run = {.search = search, .least = SLIP_NONE};
	struct buffer query = buffer_new(search->ctx);
	char *name = domain_name(search);

	if (search->is_domain_in_use || search->is_domain_right)
		return;
	buffer_add_string(&query, "(");
	if (words_add_near(&query, "from", longest_label(search->ctx, name)) == WORDS_NONE)
		return;
	buffer_add_string(&query, ")");
	domain_each(&run, &query, see_like);
	if (run.best != NULL)
		domain_add(search, run.best, DOMAIN_SEEN);
}

/* -- queries */

struct run {
	struct search *search;
	unsigned seen, opened;
};

static bool see_received(void *argument, struct mail *mail)
{
	struct run *run = argument;

	field_see(run->search, from_of(mail), mail_date(mail), true);
	return ++run->seen < CANDIDATE_MAILS_MAX;
}

static bool see_sent(void *argument, struct mail *mail)
{
	static const char *const fields[] = {"To", "Cc", "Bcc"};
	struct run *run = argument;
	size_t i;

	if (!settings_is_own(run->search->settings, mail_header(mail, "From")))
		return ++run->seen < CANDIDATE_MAILS_MAX;
	for (i = 0; i < sizeof fields / sizeof *fields; i++)
		field_see(run->search, mail_header(mail, fields[i]), mail_date(mail), false);
	return ++run->opened < CANDIDATE_FILES_MAX;
}

/* `(from:"…" or from:"…")`: mail of the user's. The settings are his own, yet nothing but letters
 * and digits of them gets into it. */
static bool add_own(const struct search *search, struct buffer *query)
{
	bool begun = false;
	size_t i;

	for (i = 0; search->settings->own != NULL && search->settings->own[i] != NULL; i++) {
		struct buffer one = buffer_new(search->ctx);

		if (words_add(&one, "from", search->settings->own[i]) == WORDS_NONE)
			continue;
		buffer_print(query, "%s(%s)", begun ? " or " : "(", buffer_text(&one));
		begun = true;
	}
	if (begun)
		buffer_add_string(query, ") and ");
	return begun;
}

/* ` and not (to:"…")` for the candidates that are known: no file need be opened to find them
 * again. */
static void add_not_known(const struct search *search, struct buffer *query)
{
	size_t i;

	for (i = 0; i < search->count; i++) {
		struct buffer one = buffer_new(search->ctx);

		if (words_add(&one, "to", search->list[i].address) == WORDS_ALL)
			buffer_print(query, " and not (%s)", buffer_text(&one));
	}
}

/* How the halves of an address are looked for. */
enum half {
	HALF_RIGHT, /* as it is */
	HALF_WRONG, /* with a slip in it */
};

static bool add_half(struct buffer *query, const char *field, const char *text, enum half half)
{
	return (half == HALF_RIGHT ? words_add(query, field, text)
	                           : words_add_near(query, field, text)) != WORDS_NONE;
}

/* Look at the mails FIELD addresses of which one half or both have a slip. */
static void look(struct search *search, const char *field, enum half local, enum half domain)
{
	bool sent = strcmp(field, "to") == 0, fine = true;
	struct run run = {.search = search};
	struct buffer query = buffer_new(search->ctx);
	const char *name = domain == HALF_WRONG ? domain_name(search) : search->domain;

	if (sent)
		fine = add_own(search, &query);
	buffer_add_string(&query, "(");
	fine = fine && add_half(&query, field, search->local, local);
	buffer_add_string(&query, ") and (");
	fine = fine && add_half(&query, field, name, domain);
	buffer_add_string(&query, ")");
	if (sent)
		add_not_known(search, &query);
	buffer_add_string(&query, NOT_MEANT);
	if (fine)
		index_each(
		        search->index, buffer_text(&query), sent ? see_sent : see_received, &run);
}

/* Look in the index for addresses that the failed one may be a slip for. */
static void find_slips(struct search *search)
{
	look(search, "from", HALF_WRONG, HALF_RIGHT);
	look(search, "to", HALF_WRONG, HALF_RIGHT);
	find_domain_use(search);
	if (search->is_domain_in_use)
		return;
	look(search, "from", HALF_RIGHT, HALF_WRONG);
	look(search, "to", HALF_RIGHT, HALF_WRONG);
	/* That both halves are wrong is rare, and costs most to find out. */
	if (search->count > 0)
		return;
	look(search, "from", HALF_WRONG, HALF_WRONG);
	look(search, "to", HALF_WRONG, HALF_WRONG);
}

static void look_for_name(struct search *search, const char *words)
{
	struct run run = {.search = search};
	struct buffer query = buffer_new(search->ctx);

	if (words_add(&query, "from", words) == WORDS_NONE)
		return;
	buffer_add_string(&query, NOT_MEANT);
	index_each(search->index, buffer_text(&query), see_received, &run);
}

/* And for others of a person of that name. */
static void find_names(struct search *search)
{
	if (search->name[0] == '\0')
		return;
	look_for_name(search, search->name);
	/* A name in another script can't be looked for, but the new address often has something of
	 * the old. */
	look_for_name(search, search->local);
}

/* Whether QUERY finds mail that has nothing to do with the failed address. */
static bool is_elsewhere(const struct search *search, struct buffer *query)
{
	struct buffer failed = buffer_new(search->ctx);

	if (words_add(&failed, "to", search->failed) != WORDS_NONE)
		buffer_print(query, " and not (%s)", buffer_text(&failed));
	buffer_add_string(query, NOT_MEANT);
	return index_count(search->index, buffer_text(query)) > 0;
}

static bool has_word(const char *text, const char *word)
{
	char one[64];

	while (words_next(&text, one, sizeof one))
		if (strcmp(one, word) == 0)
			return true;
	return false;
}

/* Whether a word of TYPED that is not in MEANT is in the name too, or in other addresses and names:
 * then it is meant. */
static bool has_word_of_its_own(const struct search *search, const char *typed, const char *meant)
{
	char word[64];

	while (words_next(&typed, word, sizeof word)) {
		struct buffer query = buffer_new(search->ctx);

		buffer_print(&query, "(from:\"%s\" or to:\"%s\")", word, word);
		if (!has_word(meant, word) &&
		        (has_word(search->name, word) || is_elsewhere(search, &query)))
			return true;
	}
	return false;
}

/* Whether it is only by CANDIDATE's slip that the failed address is not in use: no, if what would
 * be wrong in it is written so elsewhere too. */
static bool is_slip_only(const struct search *search, const struct candidate *candidate)
{
	const char *at = strrchr(candidate->address, '@');
	char *local =
	        talloc_strndup(search->ctx, candidate->address, (size_t)(at - candidate->address));

	if (search->index == NULL)
		return true;
	if (!slip_same_letters(search->local, local) &&
	        has_word_of_its_own(search, search->local, local))
		return false;
	return address_equal(search->domain, at + 1) || !search->is_domain_in_use;
}

/* -- what speaks for each */

static struct search search_new(const void *ctx, struct index *index,
        const struct settings *settings, const struct candidates_wish *wish)
{
	const char *at = strrchr(wish->failed, '@');
	struct search search = {
	        .ctx = ctx, .index = index, .settings = settings, .failed = wish->failed};
	char *p;

	search.name = wish->name != NULL ? wish->name : "";
	search.local = talloc_strndup(ctx, wish->failed, (size_t)(at - wish->failed));
	search.domain = address_domain(ctx, wish->failed);
	for (p = search.local; *p != '\0'; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
	if (index != NULL)
		search.history = history_read(index, settings, wish->failed);
	return search;
}

/* Whether the failed address was in use: then no slip is why it fails now. */
static bool was_in_use(const struct history *history)
{
	return history->last_from != 0 || history->sent >= history->failed + ARRIVED_MIN;
}

/* The first address that the report names besides. */
static void search_report(struct search *search, const char *diagnostic)
{
	char **list = diagnostic != NULL ? address_scan_all(search->ctx, diagnostic) : NULL;
	struct candidate *one = NULL;
	size_t before = search->count;

	for (; list != NULL && *list != NULL && one == NULL; list++)
		one = candidate_add(search, *list, 0);
	if (one == NULL)
		return;
	if (search->count > before)
		one->evidence = CANDIDATE_REPORT;
	one->is_reported = true;
}

static time_t last_of(const struct history *history)
{
	return history->last_from > history->last_reached ? history->last_from
	                                                  : history->last_reached;
}

/* Whether mail comes from there, or arrives there. */
static bool is_in_use(const struct history *history)
{
	return last_of(history) != 0;
}

/* How likely one is among the candidates, knowing all about it; negative: not at all. */
static int score_of(const struct candidate *one)
{
	unsigned arrived = one->history.sent - one->history.failed;
	time_t age = time(NULL) - last_of(&one->history);
	int use = 0;

	age = age < 0 ? 0 : age > 5 * YEAR ? 5 * YEAR : age;
	if (last_of(&one->history) != 0)
		use = (int)(arrived < 10 ? arrived : 10) * 5 + (one->history.last_from != 0) * 30 -
		      (int)(age / (YEAR / 10));
	switch (one->evidence) {
	case CANDIDATE_SLIP: return 1000 + use - 40 * (int)one->cost + 300 * one->is_same_name;
	case CANDIDATE_NAME: return 800 + use;
	case CANDIDATE_DOMAIN: return (is_in_use(&one->history) ? 900 : 500) + use;
	default: return (is_in_use(&one->history) ? 400 : 0) + use;
	}
}

/* Whether what is known now speaks against CANDIDATE. */
static bool is_out(const struct search *search, const struct candidate *one)
{
	const struct history *history = &one->history;
	bool is_newer = last_of(history) > search->history.last_from;

	if (history->last_gone != 0 && history->last_gone >= last_of(history))
		return true; /* nobody is there any more */
	switch (one->evidence) {
	case CANDIDATE_SLIP:
		if (one->is_same_name)
			return !is_in_use(history) || !is_newer;
		return !is_in_use(history) || was_in_use(&search->history) ||
		       !is_slip_only(search, one);
	case CANDIDATE_NAME: return !is_in_use(history) || !is_newer;
	case CANDIDATE_DOMAIN:
		return was_in_use(&search->history) ||
		       (one->knowledge != DOMAIN_LISTED && !is_slip_only(search, one));
	default: return false;
	}
}

/* By what is known before their history is read. A name alone, which anybody can write, comes last,
 * however many have it. */
static int compare_found(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	if (x->is_same_name != y->is_same_name)
		return x->is_same_name ? -1 : 1;
	return x->seen > y->seen ? -1 : x->seen < y->seen;
}

static int compare_scores(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return x->score > y->score ? -1 : x->score < y->score ? 1 : strcmp(x->address, y->address);
}

static void sort(struct search *search, int (*compare)(const void *a, const void *b))
{
	if (search->count > 1)
		qsort(search->list, search->count, sizeof *search->list, compare);
}

/* Keep those for which something speaks, the best first. */
static void weigh(struct search *search)
{
	size_t kept = 0, i;

	sort(search, compare_found);
	for (i = 0; i < search->count && i < CANDIDATES_WEIGHED_MAX; i++) {
		struct candidate *one = &search->list[i];

		if (search->index != NULL)
			one->history = history_read(search->index, search->settings, one->address);
		one->is_newer = search->history.last_from != 0 &&
		                last_of(&one->history) > search->history.last_from;
		one->score = score_of(one);
		if (!is_out(search, one))
			search->list[kept++] = *one;
	}
	search->count = kept;
	sort(search, compare_scores);
	if (search->count > CANDIDATES_MAX)
		search->count = CANDIDATES_MAX;
}

struct candidates candidates_find(const void *ctx, struct index *index,
        const struct settings *settings, const struct candidates_wish *wish,
        struct problems *problems)
{
	struct search search;

	if (!address_is_complete(wish->failed) || strlen(wish->failed) > ADDRESS_MAX)
		return (struct candidates){.failed = wish->failed};
	search = search_new(ctx, index, settings, wish);
	if (index != NULL) {
		find_slips(&search);
		find_names(&search);
	}
	add_listed_domain(&search, problems);
	if (index != NULL && search.count == 0)
		find_domains(&search);
	search_report(&search, wish->diagnostic);
	weigh(&search);
	return (struct candidates){
	        .failed = wish->failed, .list = search.list, .count = search.count};
}
