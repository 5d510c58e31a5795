#include "after/silence.h"

#include <glib.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/limits.h"
#include "index/link.h"
#include "index/outcome.h"
#include "mail/address.h"
#include "text/text.h"

const struct silence_said silence_kinds[] = {
        [SILENCE_NOTHING] = {"nothing", "state-nothing"},
        [SILENCE_ARRIVED] = {"arrived", "state-confirmed"},
        [SILENCE_READ] = {"read", "silent-read"},
        [SILENCE_AWAY] = {"away", "silent-away"},
};

/* The last second of the year 9999. */
#define DATE_LAST 253402300799

/* The dates of the newest mail of each kind from an address; 0: none. */
struct heard {
	time_t answered, read, away;
};

struct silence_search {
	const void *ctx;
	struct index *index;
	GHashTable *heard;  /* struct heard by the digest of the address */
	const char *only;   /* read mails with this folded subject only; NULL: all */
	GHashTable *counts; /* the number of mails by their folded subject */
	time_t start, end;  /* when they were sent */
	struct silences found;
};

static void silence_note_received(struct silence_search *search, struct mail *mail)
{
	char *from = address_list_only(mail, mail_header(mail, "From"));

	if (from == NULL)
		return;
	char *key = address_digest(mail, from);
	struct heard *heard = g_hash_table_lookup(search->heard, key);

	if (heard == NULL) {
		heard = g_new0(struct heard, 1);
		g_hash_table_insert(search->heard, g_strdup(key), heard);
	}
	time_t *newest = mail_has_tag(mail, "receipt")      ? &heard->read
	                 : mail_has_tag(mail, "auto-reply") ? &heard->away
	                                                    : &heard->answered;

	time_t date = mail_date(mail);

	/* A date in the future would answer all mail until then. */
	if (date > index_now(search->index))
		date = mail_time_from(mail, from, false);
	*newest = MAX(*newest, date);
}

/* Returns whether the recipient of FATE is silent about a mail of DATE. Sets *KIND in any case. */
static bool is_silent(const struct silence_search *search, const struct recipient_fate *fate,
        time_t date, enum silence_kind *kind)
{
	SCOPED char *key = address_digest(NULL, fate->address);
	const struct heard *heard = g_hash_table_lookup(search->heard, key);

	*kind = heard != NULL && heard->read > date   ? SILENCE_READ
	        : heard != NULL && heard->away > date ? SILENCE_AWAY
	        : fate->state == STATE_CONFIRMED      ? SILENCE_ARRIVED
	                                              : SILENCE_NOTHING;
	return (fate->state == STATE_NOTHING || fate->state == STATE_CONFIRMED) &&
	       (heard == NULL || heard->answered <= date);
}

/* Adds the mail of STATUS, with the folded subject FOLDED, if it has a silent recipient. */
static void silence_add(
        struct silence_search *search, const struct message_status *status, const char *folded)
{
	struct silence silence = {.date = status->date, .mails = 1};

	for (size_t i = 0; i < status->count; i++) {
		const char *address = status->fates[i].address;
		enum silence_kind kind;

		if (mailbox_is_deaf(address) ||
		        address_list_has(index_settings(search->index)->own, address))
			continue;
		silence.recipient_count++;
		if (is_silent(search, &status->fates[i], status->date, &kind))
			array_add(search->ctx, silence.recipients, silence.silent) =
			        (struct silent_recipient){
			                talloc_strdup(search->ctx, address), kind, status->date};
	}
	if (silence.silent == 0)
		return;
	silence.id = talloc_strdup(search->ctx, status->id);
	silence.subject = talloc_strdup(search->ctx, status->subject);
	silence.folded = talloc_strdup(search->ctx, folded);
	array_add(search->ctx, search->found.list, search->found.count) = silence;
}

static size_t mails_with(const struct silence_search *search, const char *folded)
{
	return GPOINTER_TO_SIZE(g_hash_table_lookup(search->counts, folded));
}

static void silence_note_sent(struct silence_search *search, struct mail *mail)
{
	time_t date = mail_own_date(mail);

	if (date < search->start || date > search->end)
		return;
	const char *subject = mail_own_header(mail, mail, "Subject");
	char *folded = text_fold(mail, subject, strlen(subject));

	if (search->only != NULL && strcmp(search->only, folded) != 0)
		return;
	const struct message_status *status = message_status_read(mail, mail, EXTENT_SENT);

	g_hash_table_insert(
	        search->counts, g_strdup(folded), GSIZE_TO_POINTER(mails_with(search, folded) + 1));
	if (status != NULL && status->is_original)
		silence_add(search, status, folded);
}

/* Calls NOTE for all mails that QUERY finds. */
static enum status silence_each(struct silence_search *search, const char *query,
        void (*note)(struct silence_search *search, struct mail *mail))
{
	SCOPED struct found *found = index_search(NULL, search->index, query, ALL_MAILS);

	for (struct mail *mail; (mail = found_next(found)) != NULL;)
		note(search, mail);
	return found != NULL ? STATUS_OK : STATUS_IO;
}

/* Reads the mails that SENT finds and QUERY (NULL: any) finds too. If this is one mail of a mailing
 * (more than MAILING_MAILS with its subject), reads the whole mailing instead. */
static enum status silence_read_sent(
        struct silence_search *search, const char *sent, const char *query)
{
	if (query == NULL)
		return silence_each(search, sent, silence_note_sent);
	enum status status = silence_each(search,
	        talloc_asprintf(search->ctx, "%s and (%s)", sent, query), silence_note_sent);
	struct silence_search all = *search;
	GHashTableIter iterator;
	gpointer subject, count;

	g_hash_table_iter_init(&iterator, search->counts);
	if (g_hash_table_size(search->counts) != 1 ||
	        !g_hash_table_iter_next(&iterator, &subject, &count) ||
	        GPOINTER_TO_SIZE(count) != 1)
		return status;
	all.only = talloc_strdup(search->ctx, subject);
	all.found = (struct silences){NULL, 0};
	g_hash_table_remove_all(search->counts);
	status = silence_each(&all, sent, silence_note_sent);
	if (mails_with(search, all.only) > MAILING_MAILS)
		*search = all;
	return status;
}

/* Joins the entries of a mailing, which have the same subject, into its first one. */
static void join_mailings(struct silence_search *search)
{
	struct silence *list = search->found.list;
	GHashTable *places = g_hash_table_new(g_str_hash, g_str_equal);
	size_t kept = 0;

	for (size_t i = 0; i < search->found.count; i++) {
		const struct silence one = list[i];
		size_t place = GPOINTER_TO_SIZE(g_hash_table_lookup(places, one.folded));

		if (place == 0 || mails_with(search, one.folded) <= MAILING_MAILS) {
			list[kept++] = one;
			g_hash_table_insert(places, one.folded, GSIZE_TO_POINTER(kept));
			continue;
		}
		struct silence *first = &list[place - 1];

		first->mails++;
		for (size_t j = 0; j < one.silent; j++)
			array_add(search->ctx, first->recipients, first->silent) =
			        one.recipients[j];
		first->recipient_count += one.recipient_count;
		first->date = MIN(first->date, one.date);
	}
	for (size_t i = 0; i < kept; i++)
		list[i].is_mass = list[i].mails > 1 || list[i].recipient_count > MAILING_PEOPLE;
	search->found.count = kept;
	g_hash_table_destroy(places);
}

static int silence_compare(const void *a, const void *b)
{
	const struct silence *first = a, *second = b;

	if (first->date != second->date)
		return first->date < second->date ? -1 : 1;
	return strcmp(first->id, second->id);
}

bool silences_read(const void *ctx, struct index *index, const char *query, time_t start,
        time_t end, struct silences *silences)
{
	struct silence_search search = {.ctx = ctx, .index = index, .start = start, .end = end};
	char *received = talloc_asprintf(ctx, "date:@%lld..", (long long)start),
	     *sent = link_sent_query(ctx, index, start, end);
	enum status status = STATUS_OK;

	search.heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	search.counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	/* A stranger's file with the id of a mail may have hidden that in the future. */
	if (sent != NULL)
		sent = talloc_asprintf(ctx, "((%s) or (%s))", sent,
		        link_sent_query(ctx, index, index_now(index) + 1, DATE_LAST));
	if (sent != NULL)
		status = silence_each(&search, received, silence_note_received);
	if (sent != NULL && status == STATUS_OK)
		status = silence_read_sent(&search, sent, query);
	join_mailings(&search);
	*silences = search.found;
	if (silences->count > 1)
		qsort(silences->list, silences->count, sizeof *silences->list, silence_compare);
	g_hash_table_destroy(search.heard);
	g_hash_table_destroy(search.counts);
	return status == STATUS_OK;
}
