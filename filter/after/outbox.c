#include "after/outbox.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

#include "base/array.h"
#include "base/limits.h"
#include "index/link.h"
#include "index/message-status.h"
#include "index/properties.h"
#include "mail/address.h"
#include "text/text.h"

struct outbox_recipient {
	const char *domain; /* in lower case */
	time_t date;        /* of the mail */
	bool failed;
	enum reason reason; /* for which it failed */
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

static const struct recipient_fate *fate_of(
        const struct message_status *status, const char *address)
{
	size_t i;

	for (i = 0; status != NULL && i < status->count; i++)
		if (address_equal(status->fates[i].address, address))
			return &status->fates[i];
	return NULL;
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

static void note_recipient(struct outbox *outbox, struct subject *subject, time_t date,
        const char *address, const struct recipient_fate *fate)
{
	/* What was sent again since had failed, too. */
	bool failed = fate != NULL && fate->reason < REASON_COUNT && fate->state != STATE_DELAYED;
	char *domain = address_domain(outbox, address);

	outbox->recipients =
	        array_grow(outbox, outbox->recipients, struct outbox_recipient, outbox->count);
	outbox->recipients[outbox->count++] = (struct outbox_recipient){
	        domain != NULL ? domain : "", date, failed, failed ? fate->reason : REASON_COUNT};
	subject->all++;
	subject->failed += failed;
}

static bool note_mail(void *argument, struct mail *mail)
{
	struct outbox *outbox = argument;
	void *scratch = talloc_new(outbox);
	struct sent sent = sent_read(scratch, mail, outbox->settings, outbox->now);
	struct message_status *status = NULL;
	struct subject *subject;
	size_t i;

	if (sent.is_own && mail_has_value(mail, PROPERTY_IS, IS_ORIGINAL))
		status = message_status_read(
		        scratch, outbox->index, outbox->settings, mail, EXTENT_REPORTED);
	subject = sent.is_own ? subject_of(outbox, mail) : NULL;
	for (i = 0; sent.is_own && i < sent.count; i++)
		if (!address_list_has(outbox->settings->own, sent.recipients[i].address))
			note_recipient(outbox, subject, mail_date(mail), sent.recipients[i].address,
			        fate_of(status, sent.recipients[i].address));
	talloc_free(scratch);
	return ++outbox->mails < OUTBOX_MAILS_MAX;
}

struct outbox *outbox_read(const void *ctx, struct index *index, const struct settings *settings)
{
	struct outbox *outbox = talloc_zero(ctx, struct outbox);
	char *query;

	outbox->index = index;
	outbox->settings = settings;
	outbox->now = time(NULL);
	outbox->subjects = g_hash_table_new(g_str_hash, g_str_equal);
	talloc_set_destructor(outbox, outbox_free);
	query = link_sent_query(outbox, settings, 0, outbox->now);
	if (query == NULL || index_each(index, query, note_mail, outbox) != STATUS_OK ||
	        outbox->count == 0)
		TALLOC_FREE(outbox);
	return outbox;
}

/* When the first mail was sent that failed for REASON, of the recipients that count; 0: not
 * known. */
static time_t first_failed(
        const struct outbox *outbox, enum reason reason, outbox_fn *counts, const void *argument)
{
	time_t first = 0;
	size_t i;

	for (i = 0; i < outbox->count; i++)
		if (outbox->recipients[i].reason == reason &&
		        (counts == NULL || counts(argument, outbox->recipients[i].domain)))
			first = outbox->recipients[i].date;
	return first;
}

struct outbox_share outbox_since(
        const struct outbox *outbox, enum reason reason, outbox_fn *counts, const void *argument)
{
	struct outbox_share share = {0, 0};
	time_t first = first_failed(outbox, reason, counts, argument);
	size_t i;

	for (i = 0; first != 0 && i < outbox->count && outbox->recipients[i].date >= first; i++) {
		if (counts != NULL && !counts(argument, outbox->recipients[i].domain))
			continue;
		share.all++;
		share.failed += outbox->recipients[i].reason == reason;
	}
	return share;
}

size_t outbox_before(const struct outbox *outbox, enum reason reason)
{
	time_t first = first_failed(outbox, reason, NULL, NULL);
	size_t i, before = 0;

	for (i = 0; first != 0 && i < outbox->count; i++)
		before += outbox->recipients[i].date < first;
	return before;
}

static bool is_mailing(const struct subject *subject)
{
	return subject->mails > MAILING_MAILS || subject->all > MAILING_PEOPLE * subject->mails;
}

struct mailing outbox_mailing(const struct outbox *outbox)
{
	const struct subject *newest = NULL;
	struct mailing mailing = {NULL, 0, 0, 0, false, 0};
	size_t failed = 0, all = 0;
	GHashTableIter iterator;
	gpointer value;

	g_hash_table_iter_init(&iterator, outbox->subjects);
	while (g_hash_table_iter_next(&iterator, NULL, &value)) {
		const struct subject *subject = value;

		if (!is_mailing(subject))
			continue;
		failed += subject->failed;
		all += subject->all;
		if (newest == NULL || subject->last > newest->last)
			newest = subject;
	}
	if (newest == NULL)
		return mailing;
	mailing = (struct mailing){
	        newest->shown, newest->first, newest->failed, newest->all, all > newest->all, 0};
	if (mailing.has_usual)
		mailing.usual = ((failed - newest->failed) * 100 + (all - newest->all) / 2) /
		                (all - newest->all);
	return mailing;
}
