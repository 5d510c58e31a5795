#include "resend/candidates.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/date.h"
#include "base/json.h"
#include "base/limits.h"
#include "knowledge/domains.h"
#include "mail/address.h"
#include "mail/slip.h"
#include "mail/words.h"
#include "text/text.h"
#include "text/wrap.h"

#define YEAR (365 * DAY)

/* An address at which so many mails arrived was a right one. One alone may be the mail that now
 * came back. */
#define ARRIVED_MIN 2

/* The From field of a person is not longer, in bytes. */
#define FROM_MAX 2000

/* Leaves out mails in which no address counts. */
#define NOT_MEANT " and not tag:bounce and not tag:spam"

struct candidate_search {
	const void *ctx;
	struct index *index; /* NULL: there is none */
	const struct settings *settings;
	struct wording *wording;
	/* as in struct candidates_wish, but the address as mail carries it, and for the name "":
	 * none */
	const char *failed, *name;
	char *local, *domain;   /* of FAILED, in lower case */
	struct history history; /* of FAILED */
	bool is_domain_in_use;  /* mail comes from the failed domain, so it is right */
	char *like;             /* the most similar domain that mail comes from; NULL: none is */
	unsigned like_cost;
	struct candidate *list;
	size_t count;
};

/* -- what fields of mails name */

/* Compares by what is known before the histories are read. Candidates with nothing but the name,
 * which anybody can write, come last. */
static int compare_found(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->cost != y->cost)
		return x->cost < y->cost ? -1 : 1;
	if (x->is_same_name != y->is_same_name)
		return x->is_same_name ? -1 : 1;
	return x->seen > y->seen ? -1 : x->seen < y->seen;
}

static void candidates_sort(
        struct candidate_search *search, int (*compare)(const void *a, const void *b))
{
	if (search->count > 1)
		qsort(search->list, search->count, sizeof *search->list, compare);
}

/* Returns the candidate ADDRESS, a new one if need be, for which the least likely are dropped if
 * there are too many. NULL: it can't be one. */
static struct candidate *candidate_add(
        struct candidate_search *search, const char *address, unsigned cost)
{
	for (size_t i = 0; i < search->count; i++)
		if (address_equal(search->list[i].address, address))
			return &search->list[i];
	if (address_equal(address, search->failed) ||
	        address_list_has(search->settings->own, address) || mailbox_is_deaf(address))
		return NULL;
	if (search->count == CANDIDATES_KEPT_MAX) {
		candidates_sort(search, compare_found);
		search->count = CANDIDATES_WEIGHED_MAX;
	}
	struct candidate *new = &array_add(search->ctx, search->list, search->count);

	*new = (struct candidate){.address = talloc_strdup(search->ctx, address),
	        .name = talloc_strdup(search->ctx, ""),
	        .cost = cost};
	return new;
}

/* Adds the addresses in FIELD, an address field of a mail of DATE, that are a slip away or have the
 * same name. With IS_FROM it is a From field, which shows that the domain is in use. */
static void field_see(struct candidate_search *search, const char *field, time_t date, bool is_from)
{
	SCOPED void *ctx = talloc_new(NULL);
	const char *end = field + strlen(field);
	struct mailbox mailbox;

	while (mailbox_next(ctx, &field, end, &mailbox)) {
		const char *wire = address_wire(ctx, mailbox.address),
		           *domain = address_domain(ctx, wire);
		unsigned cost = slip_of_addresses(search->failed, wire);
		bool same =
		        search->name[0] != '\0' && mailbox_same_name(mailbox.name, search->name);

		if (is_from && strcmp(domain, search->domain) == 0)
			search->is_domain_in_use = true;
		else if (is_from) {
			unsigned like = slip_of_domains(search->domain, domain, 1);

			if (like < search->like_cost) {
				search->like_cost = like;
				search->like = talloc_strdup(search->ctx, domain);
			}
		}
		struct candidate *one = cost < SLIP_NONE || same
		                                ? candidate_add(search, mailbox.address, cost)
		                                : NULL;

		if (one == NULL)
			continue;
		one->evidence = cost < SLIP_NONE ? CANDIDATE_SLIP : CANDIDATE_NAME;
		one->is_same_name = one->is_same_name || same;
		if (date >= one->seen && mailbox.name[0] != '\0')
			one->name = talloc_strdup(search->ctx, mailbox.name);
		one->seen = MAX(date, one->seen);
	}
}

/* -- the index */

/* Looks at the newest mails that QUERY finds, at most MOST. With ARE_SENT they are the user's, and
 * their files are opened. */
static void mails_see(
        struct candidate_search *search, struct buffer *query, bool are_sent, unsigned most)
{
	static const char *const recipients[] = {"To", "Cc", "Bcc"};
	unsigned files_left = CANDIDATE_FILES_MAX;

	buffer_add_string(query, NOT_MEANT);
	SCOPED struct found *found = index_search(NULL, search->index, query->text, most);
	for (struct mail *mail; files_left > 0 && (mail = found_next(found)) != NULL;) {
		const char *from = mail_header(mail, "From");

		if (!are_sent && strnlen(from, FROM_MAX + 1) <= FROM_MAX)
			field_see(search, from, mail_date(mail), true);
		if (!are_sent || !settings_is_own(search->settings, from))
			continue;
		for (size_t i = 0; i < G_N_ELEMENTS(recipients); i++)
			field_see(search, mail_header(mail, recipients[i]), mail_date(mail), false);
		files_left--;
	}
}

/* Returns the domain of the failed address without its end (`.com`), which too many domains
 * have. */
static char *domain_name(const struct candidate_search *search)
{
	return talloc_strndup(search->ctx, search->domain,
	        (size_t)(slip_domain_end(search->domain) - search->domain));
}

/* Adds the condition, behind others if there are any, that FIELD has something that HALF, of an
 * address, may be a slip for; or HALF itself, if it is too short for slips. Returns false, and adds
 * nothing, if neither can be searched for. */
static bool add_half(struct buffer *query, const char *field, const char *half)
{
	struct buffer terms = buffer_new(query->ctx);

	if (words_add_near(&terms, field, half) == WORDS_NONE &&
	        words_add(&terms, field, half) == WORDS_NONE)
		return false;
	buffer_print(query, "%s(%s)", query->length > 0 ? " and " : "", terms.text);
	return true;
}

/* Adds the condition that the mail is the user's and went to other addresses than the candidates so
 * far, as no file need be opened to find these again. Returns false if the user has no address. */
static bool add_own(const struct candidate_search *search, struct buffer *query)
{
	for (size_t i = 0; i < search->count; i++) {
		struct buffer one = buffer_new(search->ctx);

		if (words_add(&one, "to", search->list[i].address) == WORDS_ALL)
			buffer_print(query, " and not (%s)", buffer_text(&one));
	}
	buffer_add_string(query, " and (");
	bool found = words_add_any(query, "from", search->settings->own, SIZE_MAX);

	buffer_add_string(query, ")");
	return found;
}

/* Looks in FIELD for addresses that the failed one may be a slip for. */
static void look_for_slips(struct candidate_search *search, const char *field)
{
	bool are_sent = strcmp(field, "to") == 0;
	struct buffer query = buffer_new(search->ctx);

	/* A domain in another script can't be searched for. */
	if (!add_half(&query, field, search->local) ||
	        (!add_half(&query, field, domain_name(search)) &&
	                strstr(search->domain, "xn--") == NULL))
		return;
	if (!are_sent || add_own(search, &query))
		mails_see(search, &query, are_sent, CANDIDATE_MAILS_MAX);
}

/* Looks at mail from people who have these WORDS in their name or address. */
static void look_for_words(struct candidate_search *search, const char *words, unsigned most)
{
	struct buffer query = buffer_new(search->ctx);

	if (words_add(&query, "from", words) != WORDS_NONE)
		mails_see(search, &query, false, most);
}

static void search_index(struct candidate_search *search)
{
	look_for_slips(search, "from");
	look_for_slips(search, "to");
	if (!search->is_domain_in_use)
		look_for_words(search, search->domain, HISTORY_MAX);
	if (search->name[0] == '\0')
		return;
	look_for_words(search, search->name, CANDIDATE_MAILS_MAX);
	/* A name in another script can't be searched for; but a new address often has a word of the
	 * old one. */
	look_for_words(search, search->local, CANDIDATE_MAILS_MAX);
}

/* -- other sources */

/* Adds the failed address with the domain MEANT. */
static void candidate_add_domain(
        struct candidate_search *search, const char *meant, enum domain_knowledge knowledge)
{
	char *address = talloc_asprintf(search->ctx, "%s@%s", search->local, meant);
	struct candidate *one = candidate_add(search, address, 0);

	if (one == NULL)
		return;
	one->domain = search->domain;
	one->knowledge = knowledge;
	if (one->seen == 0)
		one->evidence = CANDIDATE_DOMAIN;
}

/* Adds the failed address with the domain that its own is known to be a misspelling of; or, if
 * there are no candidates yet, with one that is a slip away and that mail comes from. */
static void search_domains(struct candidate_search *search, struct problems *problems)
{
	const struct domains *domains = domains_read(search->ctx, problems);
	bool listed;
	char *meant = domains_meant(search->ctx, domains, search->domain, &listed);
	struct buffer query = buffer_new(search->ctx);

	if (meant != NULL)
		candidate_add_domain(search, meant, listed ? DOMAIN_LISTED : DOMAIN_COMMON);
	if (search->index == NULL || search->count > 0 || search->is_domain_in_use ||
	        domains_has(domains, search->domain))
		return;
	if (add_half(&query, "from", domain_name(search)))
		mails_see(search, &query, false, CANDIDATE_DOMAIN_MAILS_MAX);
	if (search->like != NULL && search->count == 0)
		candidate_add_domain(search, search->like, DOMAIN_SEEN);
}

/* Adds the first other address that the report names. */
static void search_report(struct candidate_search *search, const char *diagnostic)
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

/* -- what speaks against each */

static bool words_have(const char *text, const char *word)
{
	char one[64];

	while (words_next(&text, one, sizeof one))
		if (strcmp(one, word) == 0)
			return true;
	return false;
}

/* Returns whether a word of TYPED that is not in MEANT is no slip, because it is in the person's
 * name, or in mail that has nothing to do with the failed address. */
static bool has_word_of_its_own(
        const struct candidate_search *search, const char *typed, const char *meant)
{
	char word[64];

	while (words_next(&typed, word, sizeof word)) {
		struct buffer query = buffer_new(search->ctx), failed = buffer_new(search->ctx);

		if (words_have(meant, word))
			continue;
		buffer_print(&query, "(from:\"%s\" or to:\"%s\")", word, word);
		if (words_add(&failed, "to", search->failed) != WORDS_NONE)
			buffer_print(&query, " and not (%s)", buffer_text(&failed));
		buffer_add_string(&query, NOT_MEANT);
		if (words_have(search->name, word) ||
		        index_count(search->index, buffer_text(&query)) > 0)
			return true;
	}
	return false;
}

/* Returns whether what differs between the failed address and CANDIDATE can be a slip: not if it is
 * written that way in other addresses too. */
static bool is_slip_only(const struct candidate_search *search, const struct candidate *candidate)
{
	const char *address = address_wire(search->ctx, candidate->address),
	           *local = address_local(search->ctx, address);

	if (search->index == NULL)
		return true;
	if (!slip_same_letters(search->local, local) &&
	        has_word_of_its_own(search, search->local, local))
		return false;
	return address_equal(search->domain, strrchr(address, '@') + 1) ||
	       !search->is_domain_in_use;
}

/* Returns the time of the newest mail that came from the address or arrived there; 0: it is not in
 * use. */
static time_t last_of(const struct history *history)
{
	return MAX(history->last_from, history->last_reached);
}

/* Returns how likely the candidate is, once its history is known. */
static int score_of(const struct candidate *one)
{
	unsigned arrived = one->history.sent - one->history.failed;
	time_t last = last_of(&one->history), age = CLAMP(time(NULL) - last, 0, 5 * YEAR);
	int use = last == 0 ? 0
	                    : (int)MIN(arrived, 10) * 5 + (one->history.last_from != 0) * 30 -
	                              (int)(age / (YEAR / 10));

	switch (one->evidence) {
	case CANDIDATE_SLIP: return 1000 + use - 40 * (int)one->cost + 300 * one->is_same_name;
	case CANDIDATE_NAME: return 800 + use;
	case CANDIDATE_DOMAIN: return (last != 0 ? 900 : 500) + use;
	default: return (last != 0 ? 400 : 0) + use;
	}
}

/* Returns whether the history of a candidate, or of the failed address, rules it out. */
static bool is_out(const struct candidate_search *search, const struct candidate *one)
{
	time_t last = last_of(&one->history);
	/* Then the failed address was right once, and is no slip. */
	bool was_in_use = search->history.last_from != 0 ||
	                  search->history.sent >= search->history.failed + ARRIVED_MIN;

	if (one->history.last_gone != 0 && one->history.last_gone >= last)
		return true;
	if (one->evidence == CANDIDATE_REPORT)
		return false;
	if (one->evidence == CANDIDATE_DOMAIN)
		return was_in_use ||
		       (one->knowledge != DOMAIN_LISTED && !is_slip_only(search, one));
	if (last == 0)
		return true;
	if (one->is_same_name)
		return last <= search->history.last_from;
	return was_in_use || !is_slip_only(search, one);
}

static int compare_scores(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return x->score > y->score ? -1 : x->score < y->score ? 1 : strcmp(x->address, y->address);
}

/* Drops the candidates that are ruled out, and sorts the others, the best first. */
static void candidates_weigh(struct candidate_search *search)
{
	size_t count = MIN(search->count, CANDIDATES_WEIGHED_MAX);

	candidates_sort(search, compare_found);
	search->count = 0;
	for (size_t i = 0; i < count; i++) {
		struct candidate *one = &search->list[i];

		if (search->index != NULL)
			one->history = history_read(search->index, search->wording, one->address);
		one->is_newer = search->history.last_from != 0 &&
		                last_of(&one->history) > search->history.last_from;
		one->score = score_of(one);
		if (!is_out(search, one))
			search->list[search->count++] = *one;
	}
	candidates_sort(search, compare_scores);
	search->count = MIN(search->count, CANDIDATES_MAX);
}

struct candidates candidates_find(const void *ctx, struct index *index,
        const struct candidates_wish *wish, struct problems *problems)
{
	if (!address_is_complete(wish->failed) || strlen(wish->failed) > ADDRESS_MAX)
		return (struct candidates){.failed = wish->failed};
	const char *failed = address_wire(ctx, wish->failed);
	struct candidate_search search = {.ctx = ctx,
	        .index = index,
	        .settings = index != NULL ? index_settings(index) : &settings_default,
	        .wording = wish->wording,
	        .failed = failed,
	        .name = wish->name != NULL ? wish->name : "",
	        .local = address_local(ctx, failed),
	        .domain = address_domain(ctx, failed),
	        .like_cost = SLIP_NONE};

	for (char *p = search.local; *p != '\0'; p++)
		*p = g_ascii_tolower(*p);
	if (index != NULL) {
		search.history = history_read(index, wish->wording, failed);
		search_index(&search);
	}
	search_domains(&search, problems);
	search_report(&search, wish->diagnostic);
	candidates_weigh(&search);
	return (struct candidates){
	        .failed = wish->failed, .list = search.list, .count = search.count};
}

/* -- in words, and for programs */

#define CANDIDATE_NAME_MAX 60

/* Of the lines below an address. */
static const char indent[] = "     ";

/* Returns ADDRESS as people write it, cleaned; the next one does it for a domain. */
static const char *address_cleaned(const void *ctx, const char *address)
{
	return text_one_line(ctx, address_shown(ctx, address), ADDRESS_MAX);
}

static const char *domain_shown(const void *ctx, const char *domain)
{
	return address_cleaned(ctx, talloc_asprintf(ctx, "@%s", domain)) + 1;
}

/* What speaks for an address: a text to which one reason after the other is added. */
struct why {
	const void *ctx;
	struct wording *wording;
	const char *text; /* NULL: nothing yet */
};

static char *why_words(const struct why *why, const char *label, const struct wording_value *values)
{
	return wording_say(why->ctx, why->wording, label, values);
}

static void why_add(struct why *why, const char *next)
{
	why->text = why->text != NULL ? why_words(why, "suggest-join",
	                                        WORDING_VALUES({"list", why->text}, {"next", next}))
	                              : next;
}

static void add_sent(struct why *why, const struct history *history)
{
	const char *label = history->sent == 1             ? "suggest-once"
	                    : history->sent >= HISTORY_MAX ? "suggest-more"
	                                                   : "suggest-often";
	const struct wording_value failed[] = {
	        {"count", wording_number(why->ctx, history->failed)}, {NULL, NULL}};
	const struct wording_value values[] = {{"count", wording_number(why->ctx, history->sent)},
	        {"date", wording_day(why->ctx, why->wording, history->last_reached)},
	        {"back", why_words(why,
	                         history->failed > 0 ? "suggest-came-back" : "suggest-none-back",
	                         failed)},
	        {NULL, NULL}};

	why_add(why, why_words(why, label, values));
}

static void add_history(struct why *why, const struct history *history)
{
	if (history->last_reached != 0)
		add_sent(why, history);
	if (history->last_from != 0)
		why_add(why,
		        why_words(why,
		                history->sent == 0 ? "suggest-received-only" : "suggest-received",
		                WORDING_VALUES({"date",
		                        wording_day(why->ctx, why->wording, history->last_from)})));
}

static void add_domain(struct why *why, const struct candidate *one)
{
	static const char *const labels[] = {[DOMAIN_LISTED] = "suggest-usually",
	        [DOMAIN_COMMON] = "suggest-common",
	        [DOMAIN_SEEN] = "suggest-seen"};

	why_add(why, why_words(why, labels[one->knowledge],
	                     WORDING_VALUES({"domain", domain_shown(why->ctx, one->domain)},
	                             {"meant", domain_shown(why->ctx,
	                                               strrchr(one->address, '@') + 1)})));
}

/* Returns what speaks for ONE, in one line, owned by CTX. */
static const char *why_of(const void *ctx, struct wording *wording, const struct candidate *one)
{
	struct why why = {.ctx = ctx, .wording = wording};

	if (one->is_same_name)
		why_add(&why, wording_label(wording,
		                      one->is_newer ? "suggest-newer" : "suggest-same-name"));
	if (one->domain != NULL)
		add_domain(&why, one);
	add_history(&why, &one->history);
	if (one->is_reported)
		why_add(&why, wording_label(wording, "suggest-reported"));
	return why.text != NULL ? why.text : "";
}

char *candidates_text(const void *ctx, struct wording *wording, const struct candidates *candidates)
{
	struct buffer buffer = buffer_new(ctx);
	const char *label = candidates->count == 0 ? "suggest-nothing" : "suggest-for";

	wrap_paragraph(&buffer, "", "",
	        wording_say(ctx, wording, label,
	                WORDING_VALUES({"address", address_cleaned(ctx, candidates->failed)})),
	        WRAP_COLUMNS);
	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *one = &candidates->list[i];

		wrap_paragraph(&buffer, talloc_asprintf(ctx, "  %zu. ", i + 1), indent,
		        address_cleaned(ctx, one->address), WRAP_COLUMNS);
		if (one->name[0] != '\0')
			wrap_paragraph(&buffer, indent, indent,
			        text_one_line(ctx, one->name, CANDIDATE_NAME_MAX), WRAP_COLUMNS);
		wrap_paragraph(&buffer, indent, indent, why_of(ctx, wording, one), WRAP_COLUMNS);
	}
	return buffer_text(&buffer);
}

static void add_candidate(
        struct json *json, const void *ctx, struct wording *wording, const struct candidate *one)
{
	static const char *const evidence[] = {"slip", "name", "domain", "report"};

	json_open(json, NULL, '{');
	json_string(json, "address", text_one_line(ctx, one->address, ADDRESS_MAX));
	json_string(json, "name",
	        one->name[0] != '\0' ? text_one_line(ctx, one->name, VALUE_MAX) : NULL);
	json_string(json, "evidence", evidence[one->evidence]);
	json_bool(json, "same_name", one->is_same_name);
	json_bool(json, "reported", one->is_reported);
	json_number(json, "cost", one->evidence == CANDIDATE_SLIP ? (long)one->cost : 0);
	json_number(json, "sent", (long)one->history.sent);
	json_number(json, "came_back", (long)one->history.failed);
	json_string(json, "last_sent", date_write_day(ctx, one->history.last_reached));
	json_string(json, "last_received", date_write_day(ctx, one->history.last_from));
	json_string(json, "why", why_of(ctx, wording, one));
	json_close(json, '}');
}

char *candidates_json(const void *ctx, struct wording *wording, const struct candidates *candidates)
{
	struct json json = json_new(ctx);

	json_open(&json, NULL, '{');
	json_string(&json, "failed", text_one_line(ctx, candidates->failed, ADDRESS_MAX));
	json_open(&json, "candidates", '[');
	for (size_t i = 0; i < candidates->count; i++)
		add_candidate(&json, ctx, wording, &candidates->list[i]);
	json_close(&json, ']');
	json_close(&json, '}');
	return json_line(&json);
}
