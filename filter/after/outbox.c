#include "after/outbox.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

#include "base/array.h"
#include "base/limits.h"
#include "index/link.h"
#include "index/outcome.h"
#include "index/properties.h"
#include "mail/address.h"
#include "text/text.h"

struct outbox_recipient {
	const char *domain; /* in lower case; NULL: it has none */
	time_t date;        /* of the mail */
	enum reason reason; /* for which it failed; REASON_COUNT: it did not */
};

/* Mails with one subject. */
struct subject {
	const char *shown;
	time_t first, last;
	size_t mails, all, failed;
};

struct outbox {
	struct index *index;
	const struct settings *settings;
	time_t now;
	struct outbox_recipient *recipients; /* of the newest mail first */
	size_t count, mails;
	GHashTable *subjects; /* by their folded text */
};

static int outbox_free(struct outbox *outbox)
{
	g_hash_table_destroy(outbox->subjects);
	return 0;
}

static struct subject *subject_of(struct outbox *outbox, struct mail *mail)
{
	const char *shown = mail_header(mail, "Subject");
	char *folded = text_fold(outbox, shown, strlen(shown));
	struct subject *subject = g_hash_table_lookup(outbox->subjects, folded);

	if (subject == NULL) {
		subject = talloc_zero(outbox, struct subject);
		subject->shown = talloc_strdup(subject, shown);
		subject->last = mail_date(mail);
		g_hash_table_insert(outbox->subjects, folded, subject);
	}
	subject->first = mail_date(mail);
	subject->mails++;
	return subject;
}

/* The reason for which STATUS (NULL: nothing is known) says that ADDRESS was not reached, also if
 * it was sent again since; else REASON_COUNT. */
static enum reason failure_of(const struct message_status *status, const char *address)
{
	for (size_t i = 0; status != NULL && i < status->count; i++)
		if (address_equal(status->fates[i].address, address))
			return status->fates[i].state != STATE_DELAYED ? status->fates[i].reason
			                                               : REASON_COUNT;
	return REASON_COUNT;
}

static bool note_mail(void *argument, struct mail *mail)
{
	struct outbox *outbox = argument;
	void *scratch = talloc_new(outbox);
	struct sent sent = sent_read(scratch, mail, outbox->settings, outbox->now);
	struct message_status *status = NULL;
	struct subject *subject = sent.is_own ? subject_of(outbox, mail) : NULL;

	if (sent.is_own && mail_has_value(mail, PROPERTY_IS, IS_ORIGINAL))
		status = message_status_read(
		        scratch, outbox->index, outbox->settings, mail, EXTENT_REPORTED);
	for (size_t i = 0; sent.is_own && i < sent.count; i++) {
		const char *address = sent.recipients[i].address;

		if (address_list_has(outbox->settings->own, address))
			continue;
		outbox->recipients = array_grow(
		        outbox, outbox->recipients, struct outbox_recipient, outbox->count);
		outbox->recipients[outbox->count] =
		        (struct outbox_recipient){address_domain(outbox, address), mail_date(mail),
		                failure_of(status, address)};
		subject->all++;
		subject->failed += outbox->recipients[outbox->count++].reason < REASON_COUNT;
	}
	talloc_free(scratch);
	return ++outbox->mails < OUTBOX_MAILS_MAX;
}

struct outbox *outbox_read(const void *ctx, struct index *index, const struct settings *settings)
{
	struct outbox *outbox = talloc_zero(ctx, struct outbox);

	outbox->index = index;
	outbox->settings = settings;
	outbox->now = time(NULL);
	outbox->subjects = g_hash_table_new(g_str_hash, g_str_equal);
	talloc_set_destructor(outbox, outbox_free);
	char *query = link_sent_query(outbox, settings, 0, outbox->now);

	if (query == NULL || index_each(index, query, note_mail, outbox) != STATUS_OK ||
	        outbox->count == 0)
		TALLOC_FREE(outbox);
	return outbox;
}

struct outbox_share outbox_since(
        const struct outbox *outbox, enum reason reason, GHashTable *servers, const char *server)
{
	struct outbox_share share = {0, 0, 0};
	time_t first = 0;

	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < outbox->count; i++) {
			const struct outbox_recipient *recipient = &outbox->recipients[i];
			bool counts =
			        server == NULL ||
			        (recipient->domain != NULL &&
			                g_strcmp0(g_hash_table_lookup(servers, recipient->domain),
			                        server) == 0);

			if (pass == 0) {
				if (counts && recipient->reason == reason)
					first = recipient->date;
			} else if (recipient->date < first)
				share.before++;
			else if (counts && first != 0) {
				share.all++;
				share.failed += recipient->reason == reason;
			}
		}
	return share;
}

struct mailing outbox_mailing(const struct outbox *outbox)
{
	const struct subject *newest = NULL;
	size_t failed = 0, all = 0;
	GHashTableIter iterator;
	gpointer value;

	g_hash_table_iter_init(&iterator, outbox->subjects);
	while (g_hash_table_iter_next(&iterator, NULL, &value)) {
		const struct subject *subject = value;

		if (subject->mails <= MAILING_MAILS &&
		        subject->all <= MAILING_PEOPLE * subject->mails)
			continue;
		failed += subject->failed;
		all += subject->all;
		if (newest == NULL || subject->last > newest->last)
			newest = subject;
	}
	if (newest == NULL)
		return (struct mailing){.subject = NULL};
	failed -= newest->failed;
	all -= newest->all;
	return (struct mailing){newest->shown, newest->first, newest->failed, newest->all,
	        all > 0 ? (int)((failed * 100 + all / 2) / all) : -1};
}
