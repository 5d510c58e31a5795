#include "index/message-status.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "index/link.h"
#include "index/mail-files.h"
#include "index/outcome.h"
#include "mail/address.h"
#include "text/text.h"

/* A status, while it is read. */
struct reading {
	struct index *index;
	const struct settings *settings;
	struct message_status *status;
	enum status_extent extent;
};

static void add(struct message_status *status, const char *address, enum recipient_state state, time_t since, enum reason reason)
{
	status->fates = talloc_realloc(status, status->fates, struct recipient_fate, (unsigned)status->count + 1);
	status->fates[status->count++] = (struct recipient_fate){state, since, reason, talloc_strdup(status->fates, address)};
}

static struct recipient_fate *find(const struct message_status *status, const char *address)
{
	size_t i;

	for (i = 0; i < status->count; i++)
		if (address_equal(status->fates[i].address, address))
			return &status->fates[i];
	return NULL;
}

static bool is_asked_for(const struct reading *reading, const struct recipient_fate *fate)
{
	switch (reading->extent) {
	case EXTENT_OPEN: return recipient_state_is_open(fate->state);
	case EXTENT_DUE: return recipient_state_is_due(fate, time(NULL));
	default: return true;
	}
}

/* What is known of a mail that was sent again is newer than what is known of the first. */
static void read_fates(const struct reading *reading, struct mail *mail)
{
	size_t count, i;
	struct recipient_fate *fates = outcome_read(reading->status, mail, &count), *known;

	for (i = 0; i < count; i++) {
		if (!is_asked_for(reading, &fates[i]))
			continue;
		known = find(reading->status, fates[i].address);
		if (known != NULL)
			*known = fates[i];
		else
			add(reading->status, fates[i].address, fates[i].state, fates[i].since, fates[i].reason);
	}
}

/* Those of whom nothing was heard. */
static void read_recipients(const struct reading *reading, struct mail *mail)
{
	void *scratch = talloc_new(reading->status);
	struct sent sent = sent_read(scratch, mail, reading->settings, time(NULL));
	size_t i;

	for (i = 0; sent.addresses[i] != NULL && reading->status->count < RECIPIENTS_MAX; i++)
		if (find(reading->status, sent.addresses[i]) == NULL)
			add(reading->status, sent.addresses[i], STATE_NOTHING, 0, REASON_COUNT);
	talloc_free(scratch);
}

/* A mail, and those that were sent in its place since. */
static void read_sent(const struct reading *reading, struct mail *mail, int times)
{
	char **again = mail_values(reading->status, mail, PROPERTY_RESENT_AS);
	size_t i;

	read_fates(reading, mail);
	for (i = 0; again[i] != NULL && times > 0; i++) {
		struct mail *sent = index_find(reading->status, reading->index, again[i]);

		if (sent != NULL)
			read_sent(reading, sent, times - 1);
		talloc_free(sent);
	}
	if (reading->extent == EXTENT_ALL)
		read_recipients(reading, mail);
}

/* The mail in whose place MAIL was sent, or that one was sent; NULL: it is the first. */
static struct mail *first_sent(const void *ctx, struct index *index, struct mail *mail)
{
	struct mail *first = NULL, *earlier = mail;
	int times;

	for (times = 0; times < RESENT_MAX; times++) {
		char *id = mail_value(ctx, earlier, PROPERTY_RESENT_FOR);

		earlier = index_find(ctx, index, id);
		if (earlier == NULL)
			break;
		first = earlier;
	}
	return first;
}

/* Who of those wrote in the same thread since. */
static bool see_reply(void *argument, struct mail *mail)
{
	struct reading *reading = argument;
	void *scratch = talloc_new(reading->status);
	size_t count, i;
	const struct file_header *headers = file_headers_read(scratch, mail, reading->settings, time(NULL), &count);

	for (i = 0; i < count; i++) {
		struct recipient_fate *fate = headers[i].author != NULL ? find(reading->status, headers[i].author) : NULL;

		if (fate != NULL && !headers[i].is_automatic && fate->state == STATE_NOTHING && headers[i].time > reading->status->date) {
			fate->state = STATE_REPLIED;
			fate->since = headers[i].time;
		}
	}
	talloc_free(scratch);
	return true;
}

/* A bounce that no mail is known for tells only what it says itself. */
static void read_bounce(struct message_status *status, struct mail *mail)
{
	char **addresses = mail_values(status, mail, PROPERTY_RECIPIENT);
	char *name = mail_value(status, mail, PROPERTY_REASON);
	enum recipient_state state = mail_has_tag(mail, "bounce/delayed") ? STATE_DELAYED : STATE_FAILED;
	enum reason reason;
	size_t i;

	if (name == NULL)
		return;
	reason = reason_by_name(name, strlen(name));
	for (i = 0; addresses[i] != NULL; i++)
		add(status, addresses[i], state, mail_date(mail), reason);
	if (status->count == 0)
		add(status, "", state, mail_date(mail), reason);
}

static void read_head(struct message_status *status, struct mail *mail)
{
	const char *subject = mail_header(mail, "Subject");

	status->id = talloc_strdup(status, mail_id(mail));
	status->thread = talloc_strdup(status, mail_thread(mail));
	status->subject = text_one_line(status, subject, strlen(subject), VALUE_MAX);
	status->date = mail_date(mail);
}

struct message_status *message_status_read(
        const void *ctx, struct index *index, const struct settings *settings, struct mail *mail, enum status_extent extent)
{
	struct message_status *status = talloc_zero(ctx, struct message_status);
	struct reading reading = {index, settings, status, extent};
	char *genuine = mail_value(status, mail, PROPERTY_GENUINE);
	bool is_report = genuine != NULL, is_tied = is_report && (genuine_by_name(genuine) == GENUINE_LINKED ||
	                                                                    genuine_by_name(genuine) == GENUINE_PROBABLE);
	struct mail *original = is_tied ? index_find(status, index, mail_value(status, mail, PROPERTY_OF)) : NULL;
	struct mail *first = first_sent(status, index, original != NULL ? original : mail);

	original = first != NULL ? first : original;
	status->is_original = original != NULL || !is_report;
	mail = original != NULL ? original : mail;
	read_head(status, mail);
	if (!status->is_original && extent != EXTENT_DUE)
		read_bounce(status, mail);
	else if (status->is_original)
		read_sent(&reading, mail, RESENT_MAX);
	if (status->is_original && status->count > 0 && extent == EXTENT_ALL)
		index_each(index, talloc_asprintf(status, "thread:%s", mail_thread(mail)), see_reply, &reading);
	talloc_free(original);
	if (status->count == 0)
		TALLOC_FREE(status);
	return status;
}
