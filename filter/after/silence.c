#include "after/silence.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "index/link.h"
#include "index/message-status.h"
#include "mail/address.h"
#include "text/text.h"

static const struct {
	const char *name, *label;
} kinds[] = {
        [SILENCE_NOTHING] = {"nothing", "state-nothing"},
        [SILENCE_ARRIVED] = {"arrived", "state-confirmed"},
        [SILENCE_READ] = {"read", "silent-read"},
        [SILENCE_AWAY] = {"away", "silent-away"},
};

const char *silence_name(enum silence_kind kind)
{
	return kinds[kind].name;
}

const char *silence_label(enum silence_kind kind)
{
	return kinds[kind].label;
}

/* The newest mail of each kind from an address. */
struct heard {
	time_t answered, read, away;
};

struct search {
	const void *ctx;
	struct index *index;
	const struct settings *settings;
	GHashTable *heard;    /* struct heard by the address in lower case */
	GHashTable *subjects; /* place + 1 in the list by a folded subject */
	GHashTable *counts;   /* how many mails have a folded subject */
	const char *only;     /* the only folded subject that is asked for; NULL: all */
	struct silence *list;
	size_t count;
};

static bool note_received(void *argument, struct mail *mail)
{
	struct search *search = argument;
	char *from = address_list_only(NULL, mail_header(mail, "From"));
	char *key = from != NULL ? g_ascii_strdown(from, -1) : NULL;
	struct heard *heard = key != NULL ? g_hash_table_lookup(search->heard, key) : NULL;
	time_t date = mail_date(mail), *newest;

	talloc_free(from);
	if (key == NULL)
		return true;
	if (heard == NULL) {
		heard = g_new0(struct heard, 1);
		g_hash_table_insert(search->heard, g_strdup(key), heard);
	}
	newest = mail_has_tag(mail, "receipt")      ? &heard->read
	         : mail_has_tag(mail, "auto-reply") ? &heard->away
	                                            : &heard->answered;
	if (date > *newest)
		*newest = date;
	g_free(key);
	return true;
}

/* Whether an answer from ADDRESS can be expected. */
static bool is_person(const struct search *search, const char *address)
{
	return !mailbox_is_deaf(address) && !address_list_has(search->settings->own, address);
}

/* Whether FATE of a mail of DATE, to somebody who can answer, is silence; *KIND says which. */
static bool is_silent(const struct search *search, const struct recipient_fate *fate, time_t date,
        enum silence_kind *kind)
{
	char *key = g_ascii_strdown(fate->address, -1);
	const struct heard *heard = g_hash_table_lookup(search->heard, key);

	g_free(key);
	*kind = fate->state == STATE_CONFIRMED ? SILENCE_ARRIVED : SILENCE_NOTHING;
	if (fate->state != STATE_NOTHING && fate->state != STATE_CONFIRMED)
		return false;
	if (heard == NULL)
		return true;
	if (heard->away > date)
		*kind = SILENCE_AWAY;
	if (heard->read > date)
		*kind = SILENCE_READ;
	return heard->answered <= date;
}

static void add_recipient(
        const void *ctx, struct silence *silence, struct silent_recipient recipient)
{
	silence->recipients =
	        array_grow(ctx, silence->recipients, struct silent_recipient, silence->silent);
	recipient.address = talloc_strdup(ctx, recipient.address);
	silence->recipients[silence->silent++] = recipient;
}

static struct silence silence_of(struct search *search, const struct message_status *status)
{
	struct silence silence = {.date = status->date, .mails = 1};
	size_t i;

	for (i = 0; i < status->count; i++) {
		enum silence_kind kind;

		if (!is_person(search, status->fates[i].address))
			continue;
		silence.recipient_count++;
		if (is_silent(search, &status->fates[i], status->date, &kind))
			add_recipient(search->ctx, &silence,
			        (struct silent_recipient){
			                status->fates[i].address, kind, status->date});
	}
	silence.id = talloc_strdup(search->ctx, status->id);
	silence.subject = talloc_strdup(search->ctx, status->subject);
	return silence;
}

/* Add SILENCE, or count it with those of its subject, if there are many of these. */
static void add(struct search *search, const struct silence *silence)
{
	char *subject = text_fold(NULL, silence->subject, strlen(silence->subject));
	size_t same = GPOINTER_TO_SIZE(g_hash_table_lookup(search->counts, subject)),
	       place = GPOINTER_TO_SIZE(g_hash_table_lookup(search->subjects, subject)), i;

	if (same > MAILING_MAILS && place > 0) {
		struct silence *first = &search->list[place - 1];

		first->mails++;
		for (i = 0; i < silence->silent; i++)
			add_recipient(search->ctx, first, silence->recipients[i]);
		first->recipient_count += silence->recipient_count;
		first->date = silence->date < first->date ? silence->date : first->date;
	} else {
		search->list = array_grow(search->ctx, search->list, struct silence, search->count);
		search->list[search->count++] = *silence;
		g_hash_table_insert(
		        search->subjects, g_strdup(subject), GSIZE_TO_POINTER(search->count));
	}
	talloc_free(subject);
}

/* Returns the subject of MAIL as it is compared, owned by CTX. */
static char *subject_of(const void *ctx, struct mail *mail)
{
	const char *subject = mail_header(mail, "Subject");

	return text_fold(ctx, subject, strlen(subject));
}

static bool count_subject(void *argument, struct mail *mail)
{
	struct search *search = argument;
	char *subject = subject_of(NULL, mail);
	size_t count = GPOINTER_TO_SIZE(g_hash_table_lookup(search->counts, subject));

	g_hash_table_insert(search->counts, g_strdup(subject), GSIZE_TO_POINTER(count + 1));
	talloc_free(subject);
	return true;
}

static bool note_sent(void *argument, struct mail *mail)
{
	struct search *search = argument;
	void *scratch = talloc_new(search->ctx);
	bool is_asked =
	        search->only == NULL || strcmp(search->only, subject_of(scratch, mail)) == 0;
	struct message_status *status = is_asked ? message_status_read(scratch, search->index,
	                                                   search->settings, mail, EXTENT_ALL)
	                                         : NULL;
	struct silence silence;

	if (status != NULL && status->is_original) {
		silence = silence_of(search, status);
		if (silence.silent > 0)
			add(search, &silence);
	}
	talloc_free(scratch);
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct silence *first = a, *second = b;

	if (first->date != second->date)
		return first->date < second->date ? -1 : 1;
	return strcmp(first->id, second->id);
}

/* Count the subjects of the mails that *SENT finds among those of QUERY (NULL: all). If that is
 * only one mail whose subject was sent many times, all of these are asked for. */
static enum status count_subjects(struct search *search, char **sent, const char *query)
{
	char *all = *sent;
	GHashTableIter iterator;
	gpointer subject, count;
	enum status status;

	if (query != NULL)
		*sent = talloc_asprintf(search->ctx, "%s and (%s)", all, query);
	status = index_each(search->index, *sent, count_subject, search);
	g_hash_table_iter_init(&iterator, search->counts);
	if (query == NULL || g_hash_table_size(search->counts) != 1 ||
	        !g_hash_table_iter_next(&iterator, &subject, &count) ||
	        GPOINTER_TO_SIZE(count) != 1)
		return status;
	search->only = talloc_strdup(search->ctx, subject);
	g_hash_table_remove_all(search->counts);
	status = index_each(search->index, all, count_subject, search);
	if (GPOINTER_TO_SIZE(g_hash_table_lookup(search->counts, search->only)) > MAILING_MAILS)
		*sent = all;
	return status;
}

struct silence *silences_read(const void *ctx, struct index *index, const struct settings *settings,
        const char *query, time_t start, time_t end, size_t *count)
{
	struct search search = {.ctx = ctx, .index = index, .settings = settings};
	char *received = talloc_asprintf(ctx, "date:@%lld..", (long long)start),
	     *sent = link_sent_query(ctx, settings, start, end);
	enum status status = STATUS_OK;
	size_t i;

	search.list = array_new(ctx, struct silence, 1);
	search.heard = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	search.subjects = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	search.counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (sent != NULL)
		status = count_subjects(&search, &sent, query);
	if (status == STATUS_OK && sent != NULL)
		status = index_each(index, received, note_received, &search);
	if (status == STATUS_OK && sent != NULL)
		status = index_each(index, sent, note_sent, &search);
	for (i = 0; i < search.count; i++)
		search.list[i].is_mass =
		        search.list[i].mails > 1 || search.list[i].recipient_count > MAILING_PEOPLE;
	qsort(search.list, search.count, sizeof *search.list, compare);
	*count = search.count;
	g_hash_table_destroy(search.heard);
	g_hash_table_destroy(search.subjects);
	g_hash_table_destroy(search.counts);
	return status == STATUS_OK ? search.list : NULL;
}
