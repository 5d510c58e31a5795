/* An address that failed; behind NULs another one, a name, an address field of a mail, and what a server said: which address may have been meant,
 * as far as that is found without an index, and what is looked for in one. */
/* What candidates.c does within itself is asked too: it is here once more, beside the one that is linked. */
#define candidates_find candidates_find_here
#define candidates_text candidates_text_here
#define candidates_json candidates_json_here
#include <strings.h>

#include "fuzz.h"
#include "base/limits.h"
#include "mail/address.h"
#include "mail/slip.h"
#include "mail/words.h"

#include "resend/candidates.c"

#define WORD "abcdefghijklmnopqrstuvwxyz0123456789"

/* Slips that words_add_near() thinks of, and bytes of each. */
#define NEAR_MAX 200
#define NEAR_BYTES 20

/* Behind the condition `FIELD:…` at QUERY, which is one or more words between quotes, or the beginning of one that is no operator. */
static const char *check_condition(const char *query, const char *field)
{
	static const char *const operators[] = {"and*", "or*", "not*", "xor*", "near*", "adj*"};
	size_t i;

	CHECK(strncmp(query, field, strlen(field)) == 0);
	query += strlen(field);
	if (*query != '"') {
		for (i = 0; i < sizeof operators / sizeof *operators; i++)
			CHECK(strncmp(query, operators[i], strlen(operators[i])) != 0);
		CHECK(strspn(query, WORD) > 0);
		query += strspn(query, WORD);
		CHECK(*query == '*');
		return query + 1;
	}
	do {
		query++;
		CHECK(strspn(query, WORD) > 0);
		query += strspn(query, WORD);
	} while (*query == ' ');
	CHECK(*query == '"');
	return query + 1;
}

/* A query is conditions with BETWEEN between them, whatever it was made of; what was FOUND is what it says. */
static void check_query(const char *query, enum words_found found, const char *between)
{
	CHECK((found == WORDS_NONE) == (query[0] == '\0'));
	CHECK(found != WORDS_ALL || strchr(query, '*') == NULL);
	while (query[0] != '\0') {
		query = check_condition(query, "from:");
		if (query[0] != '\0') {
			CHECK(strncmp(query, between, strlen(between)) == 0);
			query += strlen(between);
			CHECK(query[0] != '\0');
		}
	}
}

/* The letters and digits of TEXT. */
static char *letters_of(const void *ctx, const char *text)
{
	char *letters = talloc_strdup(ctx, ""), word[64];

	while (words_next(&text, word, sizeof word))
		letters = talloc_strdup_append_buffer(letters, word);
	return letters;
}

static void check_words(const void *ctx, const char *text)
{
	struct buffer query = buffer_new(ctx), near = buffer_new(ctx);
	enum words_found found = words_add(&query, "from", text);

	check_query(buffer_text(&query), found, " and ");
	found = words_add_near(&near, "from", text);
	check_query(buffer_text(&near), found, " or ");
	CHECK(found != WORDS_ALL && near.length <= NEAR_MAX * NEAR_BYTES);
	CHECK(strspn(letters_of(ctx, text), WORD) == strlen(letters_of(ctx, text)));
}

/* How often each byte is in TEXT that can be no slip: digits (but those that look like a letter), and what is not ASCII. */
static void count_firm(const char *text, int step, int counts[256])
{
	for (; *text != '\0'; text++)
		if ((*text >= '2' && *text <= '9') || (unsigned char)*text >= 0x80)
			counts[(unsigned char)*text] += step;
}

static void check_cost(const char *a, const char *b, unsigned limit)
{
	unsigned cost = slip_of_words(a, b, SLIP_NONE - 1);
	int counts[256] = {0}, i;

	CHECK(cost <= SLIP_NONE && slip_of_words(a, b, limit) == (cost <= limit ? cost : SLIP_NONE));
	CHECK(strlen(a) > 254 || slip_of_words(a, a, 0) == 0);
	CHECK((cost == 0) == (strlen(a) < 255 && strcasecmp(a, b) == 0));
	if (cost == SLIP_NONE)
		return;
	count_firm(a, 1, counts);
	count_firm(b, -1, counts);
	for (i = 0; i < 256; i++)
		CHECK(counts[i] == 0);
}

static char *squeezed(const void *ctx, const char *text)
{
	char *copy = talloc_strdup(ctx, text), *to = copy;

	for (; *text != '\0'; text++)
		if (strchr(".-_+,", *text) == NULL)
			*to++ = *text;
	*to = '\0';
	return copy;
}

static void check_slip(const void *ctx, const char *typed, const char *meant)
{
	unsigned cost = slip_of_addresses(typed, meant);
	bool same = slip_same_letters(typed, meant);

	CHECK(same == (strcasecmp(squeezed(ctx, typed), squeezed(ctx, meant)) == 0));
	CHECK(slip_of_domains(typed, typed, 1) == 0 && slip_of_domains(typed, meant, 0) <= SLIP_NONE);
	if (cost >= SLIP_NONE)
		return;
	CHECK(address_is_complete(typed) && address_is_complete(meant) && !address_equal(typed, meant));
	CHECK(cost > 0);
}

/* Each address in LIST is one of FOUND, once, is another than that which failed, not the user's own, and somebody reads what comes to it. */
static void check_list(const struct candidate *list, size_t count, const char *failed, const struct settings *settings)
{
	size_t i, j;

	for (i = 0; i < count; i++) {
		CHECK(!address_equal(list[i].address, failed) && !address_list_has(settings->own, list[i].address));
		CHECK(!mailbox_is_deaf(list[i].address));
		for (j = 0; j < i; j++)
			CHECK(!address_equal(list[i].address, list[j].address));
	}
}

/* What is seen in a field of a mail, and what the domain and the report name beside it. */
static void check_seen(const void *ctx, const struct settings *settings, const struct candidates_wish *wish, const char *field)
{
	const char *failed = address_wire(ctx, wish->failed), *name = wish->name != NULL ? wish->name : "",
	           *at = strrchr(failed, '@');
	struct problems *problems = problems_new(ctx);
	struct candidate_search *search = talloc_zero(ctx, struct candidate_search);
	char **all = address_list(ctx, field);
	size_t i, before;

	*search = (struct candidate_search){.ctx = ctx, .settings = settings, .failed = failed, .name = name, .like_cost = SLIP_NONE};
	search->local = talloc_strndup(ctx, failed, (size_t)(at - failed));
	search->domain = address_domain(ctx, failed);
	field_see(search, field, 1790000000, true);
	before = search->count;
	CHECK(before <= CANDIDATES_KEPT_MAX);
	check_list(search->list, search->count, failed, settings);
	for (i = 0; i < search->count; i++) {
		const struct candidate *one = &search->list[i];

		CHECK(address_list_has(all, one->address) && one->seen == 1790000000);
		CHECK(one->is_same_name || one->evidence == CANDIDATE_SLIP);
		CHECK(one->evidence != CANDIDATE_SLIP || (one->cost > 0 && one->cost < SLIP_NONE) || one->is_same_name);
		fuzz_check_shown(one->name);
	}
	field_see(search, field, 1790000000, true);
	CHECK(search->count == before);
	CHECK(domain_name(search)[0] != '\0' || search->domain[0] == '.');
	search_domains(search, problems);
	search_report(search, wish->diagnostic);
	CHECK(problems->count == 0 && search->count <= CANDIDATES_KEPT_MAX);
	check_list(search->list, search->count, failed, settings);
	candidates_weigh(search);
	CHECK(search->count <= CANDIDATES_MAX);
	check_list(search->list, search->count, failed, settings);
}

static void check_found(const void *ctx, const struct candidates_wish *wish)
{
	struct problems *problems = problems_new(ctx);
	struct candidates found = candidates_find(ctx, NULL, wish, problems);
	size_t i;

	CHECK(problems->count == 0 && found.count <= CANDIDATES_MAX);
	check_list(found.list, found.count, wish->failed, &settings_default);
	for (i = 0; i < found.count; i++) {
		CHECK(address_is_complete(found.list[i].address));
		CHECK(found.list[i].evidence == CANDIDATE_DOMAIN || found.list[i].evidence == CANDIDATE_REPORT);
		CHECK(i == 0 || found.list[i - 1].score >= found.list[i].score);
		CHECK(i == 0 || found.list[i - 1].evidence != CANDIDATE_REPORT);
	}
	fuzz_check_shown(candidates_text(ctx, fuzz_wording("ja"), &found));
	fuzz_check_json(candidates_json(ctx, fuzz_wording("en"), &found));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *ctx = talloc_new(NULL);
	unsigned limit = (unsigned)(size % 40);
	struct settings settings = settings_default;
	char *failed = fuzz_part(ctx, &data, &size), *other = fuzz_part(ctx, &data, &size), *name = fuzz_part(ctx, &data, &size),
	     *field = fuzz_part(ctx, &data, &size), *said = fuzz_part(ctx, &data, &size);
	const struct candidates_wish wish = {failed, name[0] != '\0' ? name : NULL, said[0] != '\0' ? said : NULL, NULL};

	settings.own = address_list(ctx, "hana@shop.example.com, hana@example.jp");
	check_words(ctx, failed);
	check_words(ctx, name);
	check_cost(failed, other, limit);
	check_slip(ctx, failed, other);
	if (address_is_complete(failed) && strlen(failed) <= ADDRESS_MAX)
		check_seen(ctx, &settings, &wish, field);
	check_found(ctx, &wish);
	talloc_free(ctx);
	return 0;
}
