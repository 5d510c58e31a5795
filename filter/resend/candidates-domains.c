#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "knowledge/domains.h"
#include "mail/address-list.h"
#include "mail/address.h"
#include "mail/words.h"
#include "resend/candidates-search.h"

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
	char **from = address_list(NULL, search_from(mail));
	size_t i;

	for (i = 0; from[i] != NULL; i++)
		if (address_equal(strrchr(from[i], '@') + 1, run->search->domain))
			run->search->is_domain_in_use = true;
	talloc_free(from);
	return !run->search->is_domain_in_use && ++run->seen < HISTORY_MAX;
}

static void each(struct domain_run *run, struct buffer *query, bool (*see)(void *argument, struct mail *mail))
{
	buffer_add_string(query, SEARCH_NOT_MEANT);
	index_each(run->search->index, buffer_text(query), see, run);
}

void search_domain(struct search *search)
{
	struct domain_run run = {.search = search};
	struct buffer query = buffer_new(search->ctx);

	if (!search->is_domain_in_use && words_add(&query, "from", search->domain) != WORDS_NONE)
		each(&run, &query, see_same);
}

char *search_domain_name(const struct search *search)
{
	const char *domain = search->domain, *end = strrchr(domain, '.'), *dot;
	size_t length = end != NULL && end > domain ? (size_t)(end - domain) : strlen(domain);

	dot = memrchr(domain, '.', length);
	if (dot != NULL && domain + length - dot <= END_BYTES_MAX)
		length = (size_t)(dot - domain);
	return talloc_strndup(search->ctx, domain, length);
}

/* Add the failed address with the domain MEANT. NULL: it can't be a candidate. */
static struct candidate *add(struct search *search, const char *meant, enum domain_knowledge knowledge)
{
	char *address = talloc_asprintf(search->ctx, "%s@%s", search->local, meant);
	struct candidate *one = search_add(search, address, 0);

	if (one != NULL) {
		one->domain = search->domain;
		one->knowledge = knowledge;
		if (one->seen == 0)
			one->evidence = CANDIDATE_DOMAIN;
	}
	return one;
}

void search_listed_domains(struct search *search, struct problems *problems)
{
	const struct domains *domains = domains_read(search->ctx, problems);
	bool listed;
	char *meant = domains_meant(search->ctx, domains, search->domain, &listed);

	search->is_domain_right = domains_has(domains, search->domain);
	if (meant != NULL)
		add(search, meant, listed ? DOMAIN_LISTED : DOMAIN_COMMON);
}

static bool see_like(void *argument, struct mail *mail)
{
	struct domain_run *run = argument;
	char **from = address_list(NULL, search_from(mail));
	size_t i;

	for (i = 0; from[i] != NULL; i++) {
		char *domain = address_domain(run->search->ctx, from[i]);
		unsigned cost = domain != NULL ? slip_of_domains(run->search->domain, domain, 1) : SLIP_NONE;

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

void search_domains(struct search *search)
{
	struct domain_run run = {.search = search, .least = SLIP_NONE};
	struct buffer query = buffer_new(search->ctx);
	char *name = search_domain_name(search);

	if (search->is_domain_in_use || search->is_domain_right)
		return;
	buffer_add_string(&query, "(");
	if (words_add_near(&query, "from", longest_label(search->ctx, name)) == WORDS_NONE)
		return;
	buffer_add_string(&query, ")");
	each(&run, &query, see_like);
	if (run.best != NULL)
		add(search, run.best, DOMAIN_SEEN);
}
