#include "resend/candidates.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "mail/address.h"
#include "resend/candidates-search.h"

#define YEAR (365 * 24 * 60 * 60)

/* So many mails that arrived, and the failed address was a right one. One may be that which came back only now. */
#define ARRIVED_MIN 2

static struct search search_new(
        const void *ctx, struct index *index, const struct settings *settings, const struct candidates_wish *wish)
{
	const char *at = strrchr(wish->failed, '@');
	struct search search = {.ctx = ctx, .index = index, .settings = settings, .failed = wish->failed};
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
		one = search_add(search, *list, 0);
	if (one == NULL)
		return;
	if (search->count > before)
		one->evidence = CANDIDATE_REPORT;
	one->is_reported = true;
}

static time_t last_of(const struct history *history)
{
	return history->last_from > history->last_reached ? history->last_from : history->last_reached;
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
		use = (int)(arrived < 10 ? arrived : 10) * 5 + (one->history.last_from != 0) * 30 - (int)(age / (YEAR / 10));
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
		return !is_in_use(history) || was_in_use(&search->history) || !search_is_slip(search, one);
	case CANDIDATE_NAME: return !is_in_use(history) || !is_newer;
	case CANDIDATE_DOMAIN:
		return was_in_use(&search->history) || (one->knowledge != DOMAIN_LISTED && !search_is_slip(search, one));
	default: return false;
	}
}

/* By what is known before their history is read. A name alone, which anybody can write, comes last, however many have it. */
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
		one->is_newer = search->history.last_from != 0 && last_of(&one->history) > search->history.last_from;
		one->score = score_of(one);
		if (!is_out(search, one))
			search->list[kept++] = *one;
	}
	search->count = kept;
	sort(search, compare_scores);
	if (search->count > CANDIDATES_MAX)
		search->count = CANDIDATES_MAX;
}

struct candidates candidates_find(const void *ctx, struct index *index, const struct settings *settings,
        const struct candidates_wish *wish, struct problems *problems)
{
	struct search search;

	if (!address_is_complete(wish->failed) || strlen(wish->failed) > ADDRESS_MAX)
		return (struct candidates){.failed = wish->failed};
	search = search_new(ctx, index, settings, wish);
	if (index != NULL) {
		search_slips(&search);
		search_names(&search);
	}
	search_listed_domains(&search, problems);
	if (index != NULL && search.count == 0)
		search_domains(&search);
	search_report(&search, wish->diagnostic);
	weigh(&search);
	return (struct candidates){.failed = wish->failed, .list = search.list, .count = search.count};
}
