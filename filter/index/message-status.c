#include "index/message-status.h"

#include <string.h>
#include <talloc.h>

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

static void add(struct message_status *status, const char *address, enum recipient_state state,
        time_t since, enum reason reason)
{
	status->fates = talloc_realloc(
	        status, status->fates, struct recipient_fate, (unsigned)status->count + 1);
	status->fates[status->count++] = (struct recipient_fate){
	        state, since, reason, talloc_strdup(status->fates, address)};
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
			add(reading->status, fates[i].address, fates[i].state, fates[i].since,
			        fates[i].reason);
	}
}

/* Those of whom nothing was heard. */
static void read_recipients(const struct reading *reading, struct mail *mail)
{
	void *scratch = talloc_new(NULL);
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
	char **again = mail_values(mail, mail, PROPERTY_RESENT_AS);

	read_fates(reading, mail);
	for (; *again != NULL && times > 0; again++) {
		struct mail *sent = index_find(mail, reading->index, *again);

		if (sent != NULL)
			read_sent(reading, sent, times - 1);
		talloc_free(sent);
	}
	if (reading->extent == EXTENT_ALL)
		read_recipients(reading, mail);
}

/* The first of the mails in whose place MAIL was sent, or that one was sent; MAIL itself if it is
 * the first. */
static struct mail *first_sent(const void *ctx, struct index *index, struct mail *mail)
{
	struct mail *earlier = mail;
	int times;

	for (times = 0; earlier != NULL && times < RESENT_MAX; times++) {
		mail = earlier;
		earlier = index_find(ctx, index, mail_value(ctx, mail, PROPERTY_RESENT_FOR));
	}
	return mail;
}

/* Who of those wrote in the same thread since. */
static bool see_reply(void *argument, struct mail *mail)
{
	const struct reading *reading = argument;
	char *author = address_list_only(mail, mail_header(mail, "From"));
	struct recipient_fate *fate = author != NULL ? find(reading->status, author) : NULL;
	time_t written;

	if (fate == NULL || fate->state != STATE_NOTHING)
		return true;
	written = mail_time_from(mail, author, true, time(NULL));
	if (written > reading->status->date) {
		fate->state = STATE_REPLIED;
		fate->since = written;
	}
	return true;
}

/* A bounce that no mail is known for tells only what it says itself. */
static void read_bounce(struct message_status *status, struct mail *mail)
{
	char **addresses = mail_values(mail, mail, PROPERTY_RECIPIENT),
	     *name = mail_value(mail, mail, PROPERTY_REASON);
	enum recipient_state state =
	        mail_has_tag(mail, "bounce/delayed") ? STATE_DELAYED : STATE_FAILED;
	enum reason reason;

	if (name == NULL)
		return;
	reason = reason_by_name(name, strlen(name));
	for (; *addresses != NULL; addresses++)
		add(status, *addresses, state, mail_date(mail), reason);
	if (status->count == 0)
		add(status, "", state, mail_date(mail), reason);
}

static void read_all(struct reading *reading, struct mail *mail)
{
	struct message_status *status = reading->status;
	const char *subject = mail_header(mail, "Subject");

	status->id = talloc_strdup(status, mail_id(mail));
	status->thread = talloc_strdup(status, mail_thread(mail));
	status->subject = text_one_line(status, subject, strlen(subject), VALUE_MAX);
	status->date = mail_date(mail);
	if (status->is_original)
		read_sent(reading, mail, RESENT_MAX);
	else if (reading->extent != EXTENT_DUE)
		read_bounce(status, mail);
	if (status->is_original && status->count > 0 && reading->extent == EXTENT_ALL)
		index_each(reading->index, talloc_asprintf(mail, "thread:%s", mail_thread(mail)),
		        see_reply, reading);
}

struct message_status *message_status_read(const void *ctx, struct index *index,
        const struct settings *settings, struct mail *mail, enum status_extent extent)
{
	struct message_status *status = talloc_zero(ctx, struct message_status);
	struct reading reading = {index, settings, status, extent};
	void *scratch = talloc_new(NULL);
	bool is_tied = link_is(mail, GENUINE_LINKED) || link_is(mail, GENUINE_PROBABLE);
	struct mail *original =
	        is_tied ? index_find(scratch, index, mail_value(scratch, mail, PROPERTY_OF)) : NULL;
	struct mail *first = first_sent(scratch, index, original != NULL ? original : mail);

	status->is_original = first != mail || mail_value(scratch, mail, PROPERTY_GENUINE) == NULL;
	read_all(&reading, first);
	talloc_free(scratch);
	if (status->count == 0)
		TALLOC_FREE(status);
	return status;
}
