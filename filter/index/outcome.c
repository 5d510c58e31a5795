#include "index/outcome.h"

#include <glib.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "index/link.h"
#include "mail/address.h"
#include "mail/words.h"
#include "text/text.h"

/* -- the states of a recipient */

/* Mails that were sent in place of others are followed so many times. */
#define RESENT_MAX 20

/* How many bytes of an address fit into a property with the rest. */
#define ADDRESS_KEPT_MAX 180

const char *const recipient_state_names[STATE_COUNT] = {
        "nothing", "delayed", "failed", "confirmed", "replied", "resent", "handled"};

/* The state after each event. Mail from the recipient counts only after a delay or a temporary
 * failure that it is newer than: see recipient_state_reply(). */
/* clang-format off */
#define NOTHING STATE_NOTHING
#define DELAYED STATE_DELAYED
#define FAILED STATE_FAILED
#define CONFIRMED STATE_CONFIRMED
#define REPLIED STATE_REPLIED
#define RESENT STATE_RESENT
#define HANDLED STATE_HANDLED
static const enum recipient_state transitions[STATE_COUNT][EVENT_COUNT] = {
	/*             a delay    a success  failure  sent again by hand    mail from there */
	[NOTHING]   = {DELAYED,   CONFIRMED, FAILED,  NOTHING,   NOTHING,   NOTHING},
	[DELAYED]   = {DELAYED,   CONFIRMED, FAILED,  DELAYED,   HANDLED,   REPLIED},
	[FAILED]    = {FAILED,    CONFIRMED, FAILED,  RESENT,    HANDLED,   REPLIED},
	[CONFIRMED] = {CONFIRMED, CONFIRMED, FAILED,  CONFIRMED, CONFIRMED, CONFIRMED},
	[REPLIED]   = {DELAYED,   CONFIRMED, FAILED,  RESENT,    REPLIED,   REPLIED},
	[RESENT]    = {RESENT,    CONFIRMED, RESENT,  RESENT,    RESENT,    RESENT},
	[HANDLED]   = {HANDLED,   CONFIRMED, FAILED,  RESENT,    HANDLED,   HANDLED},
};
/* clang-format on */

/* Returns whether it is worth sending the mail again unchanged at NOW: the failure is temporary,
 * and is old enough to be over. */
static bool is_due(const struct recipient_fate *fate, time_t now)
{
	/* 0: it is not temporary. A full mailbox takes longest, as a person must delete mail. */
	static const int hours[REASON_COUNT] = {[REASON_MAILBOX_FULL] = 48,
	        [REASON_NETWORK] = 6,
	        [REASON_EXPIRED] = 6,
	        [REASON_RATE_LIMITED] = 6,
	        [REASON_SYSTEM] = 6};

	return fate->state == STATE_FAILED && fate->reason < REASON_COUNT &&
	       hours[fate->reason] > 0 && now - fate->since >= hours[fate->reason] * 3600;
}

/* Returns whether mail from the recipient would change the state. */
static bool is_awaited(const struct recipient_fate *fate)
{
	/* a mail that failed for a temporary reason may have arrived later; unknown reasons don't
	 * count */
	return fate->state == STATE_DELAYED ||
	       (fate->state == STATE_FAILED && fate->reason < REASON_UNKNOWN &&
	               !reason_is_permanent(fate->reason));
}

static void fate_apply(struct recipient_fate *fate, const struct event *event)
{
	/* for each state, the event that sets its `since` and `reason`; EVENT_COUNT: none does */
	static const enum recipient_event tells[STATE_COUNT] = {[STATE_DELAYED] = EVENT_DELAY,
	        [STATE_FAILED] = EVENT_FAILURE,
	        [STATE_CONFIRMED] = EVENT_SUCCESS,
	        [STATE_REPLIED] = EVENT_COUNT,
	        [STATE_RESENT] = EVENT_RESEND,
	        [STATE_HANDLED] = EVENT_COUNT};
	enum recipient_state after = transitions[fate->state][event->kind];

	if (after == STATE_RESENT && fate->state == STATE_RESENT)
		return;
	if (tells[after] == event->kind)
		fate->reason = event->reason;
	/* A delay after a failure only says that the mail has still not arrived. */
	if (tells[after] == event->kind || (after == STATE_FAILED && event->kind == EVENT_DELAY))
		fate->since = event->time;
	fate->state = after;
}

static int event_compare(const void *a, const void *b)
{
	const struct event *one = a, *other = b;

	if (one->recipient != other->recipient)
		return one->recipient < other->recipient ? -1 : 1;
	if (one->time != other->time)
		return one->time < other->time ? -1 : 1;
	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	/* the reason that comes first in enum reason is more specific, and counts */
	return (one->reason < other->reason) - (one->reason > other->reason);
}

void recipient_states_apply(struct recipient_fate *fates, struct event *events, size_t count)
{
	if (count > 0)
		qsort(events, count, sizeof *events, event_compare);
	for (size_t i = 0; i < count; i++)
		fate_apply(&fates[events[i].recipient], &events[i]);
}

void recipient_state_reply(struct recipient_fate *fate, time_t time)
{
	if (is_awaited(fate) && time > fate->since)
		fate->state = transitions[fate->state][EVENT_REPLY];
}

char *recipient_state_write(const void *ctx, const struct recipient_fate *fate)
{
	size_t kept = strnlen(fate->address, ADDRESS_KEPT_MAX);

	while (kept > 0 && ((unsigned char)fate->address[kept] & 0xc0) == 0x80)
		kept--; /* whole characters */
	return talloc_asprintf(ctx, "%s %lld %s %.*s", recipient_state_names[fate->state],
	        (long long)fate->since,
	        fate->reason < REASON_COUNT ? reason_name(fate->reason) : "-", (int)kept,
	        fate->address);
}

bool recipient_state_read(const void *ctx, const char *value, struct recipient_fate *fate)
{
	char name[16], reason[32];
	long long since;
	int state = STATE_DELAYED, at = 0;

	if (sscanf(value, "%15s %lld %31s %n", name, &since, reason, &at) != 3 || at == 0)
		return false;
	while (state < STATE_COUNT && strcmp(recipient_state_names[state], name) != 0)
		state++;
	if (state == STATE_COUNT)
		return false;
	*fate = (struct recipient_fate){(enum recipient_state)state, (time_t)since,
	        reason_by_name(reason, strlen(reason)),
	        text_address(ctx, value + at, strlen(value + at), ADDRESS_MAX)};
	return true;
}

/* -- a mail of the user's */

/* A mail whose outcome is worked out. */
struct outcome {
	const void *ctx;
	struct index *index;
	struct mail *mail;
	struct sent sent;
	struct recipient_fate *fates; /* one for each recipient of `sent` */
	struct event *events;
	size_t event_count;
	bool is_handled; /* the user tagged a report as dealt with */
};

/* -- what happened */

static bool was_taken_off(struct mail *mail, const char *tag)
{
	return mail_has_value(mail, PROPERTY_MARK, tag) && !mail_has_tag(mail, tag);
}

/* If the user removed one of our tags, notes all reports so far as dealt with. */
static void note_removed_tags(struct mail *mail)
{
	if (!was_taken_off(mail, TAG_UNDELIVERED) && !was_taken_off(mail, TAG_DELAYED))
		return;
	for (char **by = mail_values(mail, mail, PROPERTY_BY); *by != NULL; by++)
		mail_put_value(mail, PROPERTY_OFF, *by, true);
	mail_put_value(mail, PROPERTY_MARK, TAG_UNDELIVERED, false);
	mail_put_value(mail, PROPERTY_MARK, TAG_DELAYED, false);
}

/* Notes which drafts made of REPORT were sent. Returns when the first was; 0 if none was. */
static time_t find_drafts(const struct outcome *outcome, struct mail *report)
{
	time_t first = 0;

	for (char **ids = mail_values(report, report, PROPERTY_RESENT_AS); *ids != NULL; ids++) {
		struct mail *sent = index_find(report, outcome->index, *ids);

		if (sent == NULL || mail_is_draft(sent))
			continue;
		time_t time = mail_date(sent), now = index_now(outcome->index);
		if (time <= 0 || time > now)
			time = now;
		first = first == 0 || time < first ? time : first;
		mail_put_value(outcome->mail, PROPERTY_RESENT_AS, *ids, true);
	}
	return first;
}

static void add_event(struct outcome *outcome, struct event event)
{
	array_add(outcome->ctx, outcome->events, outcome->event_count) = event;
}

/* Adds events for what REPORT says, and for what the user did about it. If its time is not known,
 * or before that of the mail, that of the mail counts. */
static void add_report(struct outcome *outcome, struct mail *report)
{
	static const enum recipient_event events[] = {[ACTION_FAILED] = EVENT_FAILURE,
	        [ACTION_DELAYED] = EVENT_DELAY,
	        [ACTION_DELIVERED] = EVENT_SUCCESS};
	struct testimony testimony = testimony_read(report, report);
	time_t time = MAX(testimony.time, outcome->sent.time);
	time_t resent = find_drafts(outcome, report);
	bool is_tagged = mail_has_tag(report, TAG_HANDLED);
	bool is_handled = is_tagged || mail_has_value(outcome->mail, PROPERTY_OFF, mail_id(report));

	for (; *testimony.says != NULL; testimony.says++) {
		const struct said said = said_read(*testimony.says);
		const struct sent_recipient *reached = link_reached(&outcome->sent, &said);

		if (reached == NULL)
			continue;
		size_t place = (size_t)(reached - outcome->sent.recipients);
		add_event(outcome, (struct event){place, events[said.action], time, said.reason});
		if (resent != 0)
			add_event(outcome, (struct event){place, EVENT_RESEND, MAX(resent, time),
			                           REASON_COUNT});
		if (is_handled)
			add_event(outcome, (struct event){place, EVENT_HAND, time, REASON_COUNT});
	}
	outcome->is_handled = outcome->is_handled || is_tagged;
	mail_put_value(outcome->mail, PROPERTY_BY, mail_id(report), true);
}

static enum status read_reports(struct outcome *outcome)
{
	const char *id = mail_id(outcome->mail);
	const char *query = talloc_asprintf(
	        outcome->ctx, "property:" PROPERTY_WANTS "=%s", address_digest(outcome->ctx, id));
	struct found *found = index_search(outcome->ctx, outcome->index, query, ALL_MAILS);

	mail_clear(outcome->mail, PROPERTY_BY);
	mail_clear(outcome->mail, PROPERTY_RESENT_AS);
	for (struct mail *report; (report = found_next(found)) != NULL;)
		if (mail_has_value(report, PROPERTY_OF, id) && link_is(report, GENUINE_LINKED))
			add_report(outcome, report);
	return found != NULL ? STATUS_OK : STATUS_IO;
}

/* -- what is stored */

void outcome_tag(struct mail *mail, const char *tag, bool wanted)
{
	bool is_ours = mail_has_value(mail, PROPERTY_MARK, tag);

	if (is_ours == wanted || (wanted && mail_has_tag(mail, tag)))
		return;
	mail_put_tag(mail, tag, wanted);
	mail_put_value(mail, PROPERTY_MARK, tag, wanted);
}

static void put_states(const struct outcome *outcome)
{
	struct mail *mail = outcome->mail;
	bool has[STATE_COUNT] = {false}, waits = false;

	mail_clear(mail, PROPERTY_STATE);
	mail_clear(mail, PROPERTY_WAITS);
	for (size_t i = 0; i < outcome->sent.count; i++) {
		const struct recipient_fate *fate = &outcome->fates[i];

		has[fate->state] = true;
		if (fate->state != STATE_NOTHING)
			mail_put_value(mail, PROPERTY_STATE,
			        recipient_state_write(outcome->ctx, fate), true);
		if (is_awaited(fate)) {
			mail_put_value(
			        mail, PROPERTY_WAITS, outcome->sent.recipients[i].digest, true);
			waits = true;
		}
	}
	mail_put_value(mail, PROPERTY_IS, IS_WAITING, waits);
	outcome_tag(mail, TAG_UNDELIVERED, has[STATE_FAILED]);
	outcome_tag(mail, TAG_DELAYED, has[STATE_DELAYED] && !has[STATE_FAILED]);
	outcome_tag(mail, TAG_HANDLED,
	        outcome->is_handled && has[STATE_HANDLED] && !has[STATE_FAILED] &&
	                !has[STATE_DELAYED]);
}

/* Notes on each mail that was sent in place of this one that it was. */
static enum status write_drafts(const struct outcome *outcome)
{
	const char *id = mail_id(outcome->mail);
	char **drafts = mail_values(outcome->ctx, outcome->mail, PROPERTY_RESENT_AS);
	enum status status = STATUS_OK;

	outcome_tag(outcome->mail, TAG_RESENT, *drafts != NULL);
	for (; status == STATUS_OK && *drafts != NULL; drafts++) {
		if (strcmp(*drafts, id) == 0)
			continue;
		SCOPED struct mail *sent = index_find(NULL, outcome->index, *drafts);
		if (sent == NULL)
			continue;
		mail_put_value(sent, PROPERTY_RESENT_FOR, id, true);
		status = mail_write(sent);
	}
	return status;
}

static enum status outcome_work_out(struct outcome *outcome)
{
	size_t count = outcome->sent.count;

	outcome->fates = array_new(outcome->ctx, struct recipient_fate, count);
	for (size_t i = 0; i < count; i++)
		outcome->fates[i] = (struct recipient_fate){
		        STATE_NOTHING, 0, REASON_COUNT, outcome->sent.recipients[i].address};
	note_removed_tags(outcome->mail);
	enum status status = read_reports(outcome);

	if (status != STATUS_OK)
		return status;
	mail_put_value(outcome->mail, PROPERTY_IS, IS_ORIGINAL,
	        mail_value(outcome->ctx, outcome->mail, PROPERTY_BY) != NULL);
	recipient_states_apply(outcome->fates, outcome->events, outcome->event_count);
	for (size_t i = 0; i < count; i++) {
		struct recipient_fate *fate = &outcome->fates[i];

		/* A mail from the user to the user's own address is not a sign of life. */
		if (is_awaited(fate) &&
		        !address_list_has(index_settings(outcome->index)->own, fate->address))
			recipient_state_reply(fate,
			        mail_last_from(outcome->index, fate->address, fate->since, true));
	}
	put_states(outcome);
	status = write_drafts(outcome);
	return status == STATUS_OK ? mail_write(outcome->mail) : status;
}

enum status outcome_update(struct index *index, const char *id)
{
	SCOPED void *scratch = talloc_new(NULL);
	struct outcome outcome = {.ctx = scratch, .index = index};

	outcome.mail = index_find(scratch, index, id);
	if (outcome.mail != NULL)
		outcome.sent = sent_read(scratch, outcome.mail);
	/* without a file the mail is gone, or can't be read now */
	return outcome.sent.has_file ? outcome_work_out(&outcome) : STATUS_OK;
}

struct recipient_fate *outcome_read(const void *ctx, struct mail *mail, size_t *count)
{
	SCOPED char **values = mail_values(NULL, mail, PROPERTY_STATE);
	struct recipient_fate *fates =
	        array_new(ctx, struct recipient_fate, list_length(values) + 1);

	*count = 0;
	for (size_t i = 0; values[i] != NULL; i++)
		*count += recipient_state_read(fates, values[i], &fates[*count]);
	return fates;
}

struct recipient_fate *outcome_find(struct recipient_fate *fates, size_t count, const char *address)
{
	for (size_t i = 0; i < count; i++)
		if (address_equal(fates[i].address, address))
			return &fates[i];
	return NULL;
}

struct history history_read(struct index *index, struct wording *wording, const char *address)
{
	SCOPED void *scratch = talloc_new(NULL);
	const char *digest = address_digest(scratch, address);
	struct history history = {.last_from = mail_last_from(index, address, 0, false)};
	struct buffer query = buffer_new(scratch), own = buffer_new(scratch);

	if (address_is_complete(address) && words_add(&query, "to", address) != WORDS_NONE)
		buffer_add_string(&query, " and not tag:bounce");
	/* else mails of others would count among HISTORY_MAX */
	if (query.length > 0 && words_add_any(&own, "from", index_settings(index)->own, SIZE_MAX))
		buffer_print(&query, " and (%s)", own.text);
	struct found *found = index_search(scratch, index, query.text, HISTORY_MAX);
	for (struct mail *mail; (mail = found_next(found)) != NULL;) {
		struct sent sent = {.count = 0};

		/* Only its files tell whether the user sent it there: anybody can send a file with
		 * its id. */
		if (settings_finds_own(index_settings(index), mail_own_header(mail, mail, "From")))
			sent = sent_read(mail, mail);
		if (sent_recipient(&sent, digest) == NULL)
			continue;
		size_t count;
		struct recipient_fate *fates = outcome_read(mail, mail, &count),
		                      *fate = outcome_find(fates, count, address);
		enum recipient_state state = fate != NULL ? fate->state : STATE_NOTHING;
		bool failed =
		        state == STATE_FAILED || state == STATE_RESENT || state == STATE_HANDLED;

		history.sent++;
		history.failed += failed;
		if (history.last_reached == 0 && !failed && state != STATE_DELAYED)
			history.last_reached = mail_own_date(mail);
		if (history.last_gone == 0 && failed &&
		        wording_is_gone(wording, fate->reason, address))
			history.last_gone = mail_own_date(mail);
	}
	return history;
}

/* -- for people */

static void status_add(struct message_status *status, struct recipient_fate fate)
{
	fate.address = talloc_strdup(status, fate.address);
	array_add(status, status->fates, status->count) = fate;
}

/* Adds the recipients of MAIL; then what became of the mails sent in its place, which replaces
 * that; with EXTENT_SENT, then the recipients of whom nothing is known. */
static void status_read_sent(
        struct message_status *status, struct mail *mail, enum status_extent extent, int times)
{
	struct index *index = mail_index(mail);
	size_t count;
	struct recipient_fate *fates = outcome_read(mail, mail, &count);
	char **again = mail_values(mail, mail, PROPERTY_RESENT_AS);

	for (size_t i = 0; i < count; i++) {
		struct recipient_fate *known =
		        outcome_find(status->fates, status->count, fates[i].address);

		if ((extent == EXTENT_OPEN && fates[i].state != STATE_FAILED &&
		            fates[i].state != STATE_DELAYED) ||
		        (extent == EXTENT_DUE && !is_due(&fates[i], index_now(index))))
			continue;
		if (known == NULL)
			status_add(status, fates[i]);
		else {
			fates[i].address = known->address;
			*known = fates[i];
		}
	}
	for (; *again != NULL && times > 0; again++) {
		struct mail *sent = index_find(mail, index, *again);

		if (sent != NULL)
			status_read_sent(status, sent, extent, times - 1);
	}
	if (extent < EXTENT_SENT)
		return;
	struct sent sent = sent_read(mail, mail);
	for (char **to = sent.addresses; *to != NULL && status->count < RECIPIENTS_MAX; to++)
		if (outcome_find(status->fates, status->count, *to) == NULL)
			status_add(status,
			        (struct recipient_fate){STATE_NOTHING, 0, REASON_COUNT, *to});
}

/* Returns the mail that MAIL was sent in place of, and goes on so to the first one; MAIL if it was
 * not sent in place of another. */
static struct mail *first_sent(const void *ctx, struct mail *mail)
{
	struct mail *earlier = mail;

	for (int times = 0; earlier != NULL && times < RESENT_MAX; times++) {
		mail = earlier;
		earlier = index_find(
		        ctx, mail_index(mail), mail_value(ctx, mail, PROPERTY_RESENT_FOR));
	}
	return mail;
}

/* Sets the state of recipients who wrote in the thread of ORIGINAL after it was sent. */
static void status_read_thread(struct message_status *status, struct mail *original)
{
	SCOPED struct found *found = index_search(NULL, mail_index(original),
	        talloc_asprintf(original, "thread:%s", mail_thread(original)), ALL_MAILS);

	for (struct mail *mail; (mail = found_next(found)) != NULL;) {
		char *author = address_list_only(mail, mail_header(mail, "From"));
		struct recipient_fate *fate =
		        author != NULL ? outcome_find(status->fates, status->count, author) : NULL;

		if (fate == NULL || fate->state != STATE_NOTHING)
			continue;
		time_t written = mail_time_from(mail, author, true);
		if (written > status->date) {
			fate->state = STATE_REPLIED;
			fate->since = written;
		}
	}
}

/* Adds what the bounce MAIL says, whose original is not known. */
static void status_read_bounce(struct message_status *status, struct mail *mail)
{
	const char *reason = mail_value(mail, mail, PROPERTY_REASON);
	struct recipient_fate fate = {
	        mail_has_tag(mail, "bounce/delayed") ? STATE_DELAYED : STATE_FAILED,
	        mail_date(mail), REASON_COUNT, ""};

	if (reason == NULL)
		return;
	fate.reason = reason_by_name(reason, strlen(reason));
	for (char **to = mail_values(mail, mail, PROPERTY_RECIPIENT); *to != NULL; to++) {
		fate.address = *to;
		status_add(status, fate);
	}
	if (status->count == 0)
		status_add(status, fate);
}

struct message_status *message_status_read(
        const void *ctx, struct mail *mail, enum status_extent extent)
{
	struct message_status *status = talloc_zero(ctx, struct message_status);
	SCOPED void *scratch = talloc_new(NULL);
	bool is_tied = link_is(mail, GENUINE_LINKED) || link_is(mail, GENUINE_PROBABLE);
	struct mail *original = is_tied ? index_find(scratch, mail_index(mail),
	                                          mail_value(scratch, mail, PROPERTY_OF))
	                                : NULL;
	struct mail *first = first_sent(scratch, original != NULL ? original : mail);
	const char *subject = mail_own_header(scratch, first, "Subject");

	status->is_original = first != mail || mail_value(scratch, mail, PROPERTY_GENUINE) == NULL;
	status->id = talloc_strdup(status, mail_id(first));
	status->thread = talloc_strdup(status, mail_thread(first));
	status->subject = text_one_line(status, subject, VALUE_MAX);
	status->date = mail_own_date(first);
	if (status->is_original)
		status_read_sent(status, first, extent, RESENT_MAX);
	else if (extent != EXTENT_DUE)
		status_read_bounce(status, first);
	if (status->is_original && status->count > 0 && extent == EXTENT_ALL)
		status_read_thread(status, first);
	if (status->count == 0)
		TALLOC_FREE(status);
	return status;
}
