/* A user's list of domains that are written wrong; behind a NUL, one that is looked up in it and in ours. */
#include "knowledge/domains.h"
#include <strings.h>
#include <sys/stat.h>

#include "fuzz.h"

/* The user's file, of which there is none before it is written. */
static char *user_file(const void *ctx)
{
	static const char *const folders[] = {"", "/notmuch-bounce", "/notmuch-bounce/addresses"};
	char *path = NULL;
	size_t i;

	setenv("XDG_CONFIG_HOME", fuzz_scratch(), 1);
	for (i = 0; i < sizeof folders / sizeof *folders; i++) {
		path = talloc_asprintf(ctx, "%s%s", fuzz_scratch(), folders[i]);
		mkdir(path, 0700);
	}
	return talloc_asprintf(ctx, "%s/user.txt", path);
}

static void check_domain(const void *ctx, const struct domains *domains, const char *domain)
{
	bool listed;
	char *meant = domains_meant(ctx, domains, domain, &listed);

	if (meant == NULL)
		return;
	CHECK(meant[0] != '\0' && strcasecmp(meant, domain) != 0 && !domains_has(domains, domain));
	CHECK(strpbrk(meant, " \t\n") == NULL || strpbrk(domain, " \t\n") != NULL);
	CHECK(listed || domains_has(domains, meant));
}

/* In our list, which no user's contradicts, what is meant is not sent back to what was written. */
static void check_ours(const void *ctx, const char *domain)
{
	static struct domains *ours;
	bool listed;
	char *meant, *again;

	if (ours == NULL) {
		setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
		ours = domains_read(NULL, problems_new(ctx));
	}
	meant = domains_meant(ctx, ours, domain, &listed);
	again = meant != NULL ? domains_meant(ctx, ours, meant, &listed) : NULL;
	CHECK(again == NULL || strcasecmp(again, domain) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	struct fuzz_pair pair = fuzz_pair(data, size);
	struct problems *problems = problems_new(ctx);
	struct domains *domains;
	const uint8_t *rest = (const uint8_t *)pair.second;
	size_t left = pair.second_size, i;

	fuzz_write(user_file(ctx), pair.first, pair.first_size);
	domains = domains_read(ctx, problems);
	for (i = 0; i < problems->count; i++)
		CHECK(problems->list[i].line > 0 && strchr(problems->list[i].text, '\n') == NULL);
	while (left > 0) {
		char *domain = fuzz_part(ctx, &rest, &left);

		check_domain(ctx, domains, domain);
		check_ours(ctx, domain);
	}
	talloc_free(ctx);
	return 0;
}
