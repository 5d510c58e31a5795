#include "knowledge/domains.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "knowledge/source.h"
#include "mail/slip.h"

/* A domain whose name before the first dot is shorter is too similar to many others. */
#define NAME_MIN 5

/* The most bytes of a domain (RFC 1035 section 2.3.4). */
#define DOMAIN_MAX 253

struct domain {
	const char *right, *wrong; /* WRONG is NULL for the right one itself */
	bool is_end;               /* an ending, `.jp` */
};

struct domains {
	struct domain *list;
	size_t count;
};

static void domain_add(struct domains *domains, const char *right, const char *wrong)
{
	array_add(domains, domains->list, domains->count) =
	        (struct domain){.right = right, .wrong = wrong, .is_end = right[0] == '.'};
}

struct domains *domains_read(const void *ctx, struct problems *problems)
{
	struct domains *domains = talloc_zero(ctx, struct domains);
	const struct sources *sources = source_list(domains, "addresses", problems);

	for (size_t i = 0; i < sources->count; i++) {
		struct source_lines lines = source_lines_of(domains, &sources->list[i], problems);
		const char *file = sources->list[i].name;
		char *line;

		while ((line = source_line_next(&lines)) != NULL) {
			const char *right = source_word_next(&line),
			           *wrong = source_word_next(&line);

			domain_add(domains, right, NULL);
			if (right[0] == '.' && wrong == NULL)
				problems_add(problems, file, lines.number,
				        "%s: expected an ending that is written by mistake after "
				        "it",
				        right);
			for (; wrong != NULL; wrong = source_word_next(&line))
				if (strcasecmp(wrong, right) == 0 ||
				        (right[0] != '.' && strchr(wrong, '@') != NULL))
					problems_add(problems, file, lines.number,
					        "%s: expected another domain than %s", wrong,
					        right);
				else
					domain_add(domains, right, wrong);
		}
	}
	return domains;
}

static bool ends_with(const char *domain, const char *end)
{
	size_t length = strlen(domain), n = strlen(end);

	return length > n && strcasecmp(domain + length - n, end) == 0;
}

bool domains_has(const struct domains *domains, const char *domain)
{
	for (size_t i = 0; i < domains->count; i++)
		if (!domains->list[i].is_end && strcasecmp(domains->list[i].right, domain) == 0)
			return true;
	return false;
}

/* Returns DOMAIN with its ending corrected, the longest one that is listed; NULL if none is. */
static char *mend_end(const void *ctx, const struct domains *domains, const char *domain)
{
	const struct domain *best = NULL;

	for (size_t i = 0; i < domains->count; i++) {
		const struct domain *one = &domains->list[i];

		if (!one->is_end || one->wrong == NULL || !ends_with(domain, one->wrong))
			continue;
		/* The right ending may end with the wrong one: `.jp` at the end of `.co.jp`. */
		if (ends_with(one->right, one->wrong) && ends_with(domain, one->right))
			continue;
		if (best == NULL || strlen(one->wrong) > strlen(best->wrong))
			best = one;
	}
	if (best == NULL)
		return NULL;
	return talloc_asprintf(
	        ctx, "%.*s%s", (int)(strlen(domain) - strlen(best->wrong)), domain, best->right);
}

static const char *listed_for(const struct domains *domains, const char *domain)
{
	for (size_t i = 0; i < domains->count; i++) {
		const struct domain *one = &domains->list[i];

		if (!one->is_end && one->wrong != NULL && strcasecmp(one->wrong, domain) == 0)
			return one->right;
	}
	return NULL;
}

/* Returns the domain most similar to DOMAIN; NULL if none is similar enough. */
static const char *likely_for(const struct domains *domains, const char *domain)
{
	unsigned least = SLIP_NONE;
	const char *best = NULL;

	for (size_t i = 0; i < domains->count; i++) {
		const struct domain *one = &domains->list[i];

		if (one->is_end || one->wrong == NULL || strcspn(one->right, ".") < NAME_MIN)
			continue;
		unsigned cost = slip_of_domains(domain, one->right, 1);

		if (cost < least) {
			least = cost;
			best = one->right;
		}
	}
	return best;
}

char *domains_meant(
        const void *ctx, const struct domains *domains, const char *domain, bool *listed)
{
	*listed = true;
	if (strlen(domain) > DOMAIN_MAX || domains_has(domains, domain))
		return NULL;
	const char *meant = listed_for(domains, domain);

	if (meant != NULL)
		return talloc_strdup(ctx, meant);
	char *mended = mend_end(ctx, domains, domain);

	if (mended != NULL) {
		meant = listed_for(domains, mended);
		return meant != NULL ? talloc_strdup(ctx, meant) : mended;
	}
	*listed = false;
	return talloc_strdup(ctx, likely_for(domains, domain)); /* NULL of NULL */
}
