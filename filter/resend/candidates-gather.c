#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "mail/address-list.h"
#include "mail/address.h"
#include "mail/mailbox.h"
#include "resend/candidates-search.h"

/* Bytes of a From field that is a person's. */
#define FROM_MAX 2000

const char *search_from(struct mail *mail)
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

struct candidate *search_add(struct search *search, const char *address, unsigned cost)
{
	struct candidate *one = find(search, address);

	if (one != NULL)
		return one;
	if (address_equal(address, search->failed) || address_list_has(search->settings->own, address) ||
	        mailbox_is_deaf(address))
		return NULL;
	if (search->count < CANDIDATES_KEPT_MAX) {
		search->list = array_grow(search->ctx, search->list, struct candidate, search->count);
		one = &search->list[search->count++];
	} else
		one = dearest(search, cost);
	if (one != NULL)
		*one = (struct candidate){
		        .address = talloc_strdup(search->ctx, address), .name = talloc_strdup(search->ctx, ""), .cost = cost};
	return one;
}

static void saw(struct search *search, struct candidate *one, const struct mailbox *mailbox, time_t date)
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

void search_see(struct search *search, const char *field, time_t date, bool is_from)
{
	struct slip slip;
	struct mailbox mailbox;
	void *ctx;

	if (field[0] == '\0' || was_seen(search, field))
		return;
	ctx = talloc_new(NULL);
	while (mailbox_next(ctx, &field, &mailbox)) {
		bool same = search->name[0] != '\0' && mailbox_same_name(mailbox.name, search->name);
		bool is_slip = slip_is_likely(search->failed, mailbox.address, &slip);
		struct candidate *one = is_slip || same ? search_add(search, mailbox.address,
		                                               is_slip ? slip.local + slip.domain : SLIP_NONE)
		                                     : NULL;

		search->is_domain_in_use =
		        search->is_domain_in_use || (is_from && address_equal(strrchr(mailbox.address, '@') + 1, search->domain));
		if (one == NULL)
			continue;
		one->evidence = is_slip ? CANDIDATE_SLIP : CANDIDATE_NAME;
		one->is_same_name = one->is_same_name || same;
		saw(search, one, &mailbox, date);
	}
	talloc_free(ctx);
}
