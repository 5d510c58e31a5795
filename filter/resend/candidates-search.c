#include "resend/candidates-search.h"

#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "mail/address.h"
#include "mail/words.h"

struct run {
	struct search *search;
	unsigned seen, opened;
};

static bool see_received(void *argument, struct mail *mail)
{
	struct run *run = argument;

	search_see(run->search, search_from(mail), mail_date(mail), true);
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
		search_see(run->search, mail_header(mail, fields[i]), mail_date(mail), false);
	return ++run->opened < CANDIDATE_FILES_MAX;
}

/* `(from:"…" or from:"…")`: mail of the user's. The settings are his own, yet nothing but letters and digits of them gets into it. */
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

/* ` and not (to:"…")` for the candidates that are known: no file need be opened to find them again. */
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
	return (half == HALF_RIGHT ? words_add(query, field, text) : words_add_near(query, field, text)) != WORDS_NONE;
}

/* Look at the mails FIELD addresses of which one half or both have a slip. */
static void look(struct search *search, const char *field, enum half local, enum half domain)
{
	bool sent = strcmp(field, "to") == 0, fine = true;
	struct run run = {.search = search};
	struct buffer query = buffer_new(search->ctx);
	const char *name = domain == HALF_WRONG ? search_domain_name(search) : search->domain;

	if (sent)
		fine = add_own(search, &query);
	buffer_add_string(&query, "(");
	fine = fine && add_half(&query, field, search->local, local);
	buffer_add_string(&query, ") and (");
	fine = fine && add_half(&query, field, name, domain);
	buffer_add_string(&query, ")");
	if (sent)
		add_not_known(search, &query);
	buffer_add_string(&query, SEARCH_NOT_MEANT);
	if (fine)
		index_each(search->index, buffer_text(&query), sent ? see_sent : see_received, &run);
}

void search_slips(struct search *search)
{
	look(search, "from", HALF_WRONG, HALF_RIGHT);
	look(search, "to", HALF_WRONG, HALF_RIGHT);
	search_domain(search);
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
	buffer_add_string(&query, SEARCH_NOT_MEANT);
	index_each(search->index, buffer_text(&query), see_received, &run);
}

void search_names(struct search *search)
{
	if (search->name[0] == '\0')
		return;
	look_for_name(search, search->name);
	/* A name in another script can't be looked for, but the new address often has something of the old. */
	look_for_name(search, search->local);
}

/* Whether QUERY finds mail that has nothing to do with the failed address. */
static bool is_elsewhere(const struct search *search, struct buffer *query)
{
	struct buffer failed = buffer_new(search->ctx);

	if (words_add(&failed, "to", search->failed) != WORDS_NONE)
		buffer_print(query, " and not (%s)", buffer_text(&failed));
	buffer_add_string(query, SEARCH_NOT_MEANT);
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

/* Whether a word of TYPED that is not in MEANT is in the name too, or in other addresses and names: then it is meant. */
static bool has_word_of_its_own(const struct search *search, const char *typed, const char *meant)
{
	char word[64];

	while (words_next(&typed, word, sizeof word)) {
		struct buffer query = buffer_new(search->ctx);

		buffer_print(&query, "(from:\"%s\" or to:\"%s\")", word, word);
		if (!has_word(meant, word) && (has_word(search->name, word) || is_elsewhere(search, &query)))
			return true;
	}
	return false;
}

bool search_is_slip(const struct search *search, const struct candidate *candidate)
{
	const char *at = strrchr(candidate->address, '@');
	char *local = talloc_strndup(search->ctx, candidate->address, (size_t)(at - candidate->address));

	if (search->index == NULL)
		return true;
	if (!slip_same_letters(search->local, local) && has_word_of_its_own(search, search->local, local))
		return false;
	return address_equal(search->domain, at + 1) || !search->is_domain_in_use;
}
