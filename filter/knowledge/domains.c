#include "knowledge/domains.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "knowledge/source.h"
#include "mail/slip.h"

/* Domains whose name, before the first point, is shorter are like too many others. */
#define NAME_MIN 5

/* A domain has so many bytes at most (RFC 1035 section 2.3.4). */
#define DOMAIN_MAX 253

struct domain {
	const char *right, *wrong; /* WRONG is NULL where a line has no more than what is right */
};

struct domains {
	struct domain *list;
	size_t count;
};

static void add(struct domains *domains, const char *right, const char *wrong)
{
	domains->list = array_grow(domains, domains->list, struct domain, domains->count);
	domains->list[domains->count++] = (struct domain){right, wrong};
}

static void read_line(struct domains *domains, char *line, const struct source_lines *lines,
        struct problems *problems)
{
	char *rest, *right = strtok_r(line, " \t", &rest), *wrong = strtok_r(NULL, " \t", &rest);
	bool is_end = right[0] == '.';

	add(domains, right, NULL);
	if (is_end && wrong == NULL)
		problems_add(problems, lines->source->name, lines->number,
		        "%s: expected what is written for it", right);
	for (; wrong != NULL; wrong = strtok_r(NULL, " \t", &rest))
		if (strcasecmp(wrong, right) == 0 || (!is_end && strchr(wrong, '@') != NULL))
			problems_add(problems, lines->source->name, lines->number,
			        "%s: expected another domain than %s", wrong, right);
		else
			add(domains, right, wrong);
}

struct domains *domains_read(const void *ctx, struct problems *problems)
{
	struct domains *domains = talloc_zero(ctx, struct domains);
	const struct sources *sources = source_list(domains, "addresses", problems);
	for (size_t i = 0; i < sources->count; i++) {
		struct source_lines lines = source_lines_of(domains, &sources->list[i]);
		char *line;

		while ((line = source_line_next(&lines)) != NULL)
			read_line(domains, line, &lines, problems);
	}
	return domains;
}

static bool is_end(const struct domain *domain)
{
	return domain->right[0] == '.';
}

static bool ends_with(const char *domain, const char *end)
{
	size_t length = strlen(domain), n = strlen(end);

	return length > n && strcasecmp(domain + length - n, end) == 0;
}

bool domains_has(const struct domains *domains, const char *domain)
{
	for (size_t i = 0; i < domains->count; i++)
		if (!is_end(&domains->list[i]) && strcasecmp(domains->list[i].right, domain) == 0)
			return true;
	return false;
}

/* Whether ONE, an end, is right in DOMAIN, though what is written for it stands there too: `.jp` at
 * the end of `.co.jp`. */
static bool has_right_end(const struct domain *one, const char *domain)
{
	return ends_with(one->right, one->wrong) && ends_with(domain, one->right);
}

/* DOMAIN with its end mended, the longest that is listed; NULL: no end is. */
static char *mend_end(const void *ctx, const struct domains *domains, const char *domain)
{
	const struct domain *best = NULL;
	for (size_t i = 0; i < domains->count; i++) {
		const struct domain *one = &domains->list[i];

		if (is_end(one) && one->wrong != NULL && ends_with(domain, one->wrong) &&
		        !has_right_end(one, domain) &&
		        (best == NULL || strlen(one->wrong) > strlen(best->wrong)))
			best = one;
	}
	return best != NULL
	               ? talloc_asprintf(ctx, "%.*s%s", (int)(strlen(domain) - strlen(best->wrong)),
	                         domain, best->right)
	               : NULL;
}

static const char *listed_for(const struct domains *domains, const char *domain)
{
	for (size_t i = 0; i < domains->count; i++)
		if (!is_end(&domains->list[i]) && domains->list[i].wrong != NULL &&
		        strcasecmp(domains->list[i].wrong, domain) == 0)
			return domains->list[i].right;
	return NULL;
}

/* The one that DOMAIN is most like. */
static const char *likely_for(const struct domains *domains, const char *domain)
{
	unsigned cost, least = SLIP_NONE;
	const char *best = NULL;
	for (size_t i = 0; i < domains->count; i++) {
		const char *right = domains->list[i].right;

		if (is_end(&domains->list[i]) || domains->list[i].wrong == NULL ||
		        strcspn(right, ".") < NAME_MIN)
			continue;
		cost = slip_of_domains(domain, right, 1);
		if (cost < least) {
			least = cost;
			best = right;
		}
	}
	return best;
}

char *domains_meant(
        const void *ctx, const struct domains *domains, const char *domain, bool *listed)
{
	const char *meant;
	char *mended;

	*listed = true;
	if (strlen(domain) > DOMAIN_MAX || domains_has(domains, domain))
		return NULL;
	meant = listed_for(domains, domain);
	if (meant != NULL)
		return talloc_strdup(ctx, meant);
	mended = mend_end(ctx, domains, domain);
	if (mended != NULL) {
		meant = listed_for(domains, mended);
		return meant != NULL ? talloc_strdup(ctx, meant) : mended;
	}
	*listed = false;
	meant = likely_for(domains, domain);
	return meant != NULL ? talloc_strdup(ctx, meant) : NULL;
}
