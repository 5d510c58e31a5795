#include "index/outcome.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "index/link.h"
#include "index/mail-files.h"
#include "index/testimony.h"
#include "mail/address.h"
#include "mail/words.h"

/* A mail of the user's, while what became of it is worked out. */
struct outcome {
	const void *ctx;
	struct index *index;
	const struct settings *settings;
	time_t now;
	struct mail *mail;
	struct sent sent;
	struct recipient_fate *fates; /* of each recipient of `sent` */
	struct event *events;
	size_t event_count;
	char **reports; /* ids of the reports about it */
	size_t report_count;
	char **off;    /* ids of those that the user dealt with by taking a tag off this mail */
	char **drafts; /* ids of mails that were sent in its place */
	size_t draft_count;
	bool is_handled; /* the user said so of a report */
};

static time_t earlier(time_t a, time_t b)
{
	return a < b ? a : b;
}

static time_t later(time_t a, time_t b)
{
	return a > b ? a : b;
}

/* -- what is known */

static void add_event(struct outcome *outcome, size_t recipient, enum recipient_event kind,
        time_t time, enum reason reason)
{
	outcome->events =
	        array_grow(outcome->ctx, outcome->events, struct event, outcome->event_count);
	outcome->events[outcome->event_count++] = (struct event){recipient, kind, time, reason};
}

/* Returns when the first of the drafts of REPORT was sent; 0: none was. Notes all that were
 * sent. */
static time_t find_drafts(struct outcome *outcome, struct mail *report)
{
	char **drafts = mail_values(outcome->ctx, report, PROPERTY_RESENT_AS);
	time_t first = 0;
	size_t i;

	for (i = 0; drafts[i] != NULL; i++) {
		struct mail *sent = index_find(outcome->ctx, outcome->index, drafts[i]);

		if (sent == NULL || mail_is_draft(sent))
			continue;
		list_add(outcome->ctx, &outcome->drafts, &outcome->draft_count, drafts[i]);
		if (first == 0 || mail_date(sent) < first)
			first = mail_date(sent) > 0 ? earlier(mail_date(sent), outcome->now)
			                            : outcome->now;
		talloc_free(sent);
	}
	return first;
}

/* What REPORT tells, and what the user did about it. A report whose time is not known counts as the
 * first. */
static void hear(struct outcome *outcome, struct mail *report)
{
	static const enum recipient_event events[] = {[ACTION_FAILED] = EVENT_FAILURE,
	        [ACTION_DELAYED] = EVENT_DELAY,
	        [ACTION_DELIVERED] = EVENT_SUCCESS};
	void *scratch = talloc_new(outcome->ctx);
	struct testimony testimony = testimony_read(scratch, report);
	time_t time = later(testimony.time, outcome->sent.time),
	       resent = find_drafts(outcome, report);
	bool tagged = mail_has_tag(report, TAG_HANDLED);
	bool handled = tagged || list_has((const char *const *)outcome->off, mail_id(report));
	struct said said;
	size_t i;

	for (i = 0; testimony.says[i] != NULL; i++) {
		const struct sent_recipient *reached = said_read(testimony.says[i], &said)
		                                               ? link_reached(&outcome->sent, &said)
		                                               : NULL;
		size_t place = reached != NULL ? (size_t)(reached - outcome->sent.recipients) : 0;

		if (reached == NULL)
			continue;
		add_event(outcome, place, events[said.action], time, said.reason);
		if (resent != 0)
			add_event(outcome, place, EVENT_RESEND, later(resent, time), REASON_COUNT);
		if (handled)
			add_event(outcome, place, EVENT_HAND, time, REASON_COUNT);
	}
	outcome->is_handled = outcome->is_handled || tagged;
	list_add(outcome->ctx, &outcome->reports, &outcome->report_count, mail_id(report));
	talloc_free(scratch);
}

static bool see_report(void *argument, struct mail *report)
{
	struct outcome *outcome = argument;

	if (mail_has_value(report, PROPERTY_OF, mail_id(outcome->mail)) &&
	        link_is(report, GENUINE_LINKED))
		hear(outcome, report);
	return true;
}

static enum status read_reports(struct outcome *outcome)
{
	char *digest = address_digest(outcome->ctx, mail_id(outcome->mail));

	return index_each(outcome->index,
	        talloc_asprintf(digest, "property:" PROPERTY_WANTS "=%s", digest), see_report,
	        outcome);
}

/* A look for mail that a person wrote from the address of FATE. */
struct reply_search {
	struct outcome *outcome;
	const struct recipient_fate *fate;
	time_t newest;
	unsigned seen;
};

/* The index finds words; that it is from that address is looked at here. */
static bool see_reply(void *argument, struct mail *mail)
{
	struct reply_search *search = argument;
	const struct outcome *outcome = search->outcome;
	time_t time = mail_time_from(mail, search->fate->address, true, outcome->now);

	search->newest = later(time, search->newest);
	return search->newest <= search->fate->since && ++search->seen < REPLIES_MAX;
}

/* Mail from the recipient of FATE. What the user writes to the own address is no sign of life of
 * that mailbox. */
static enum status read_replies(struct outcome *outcome, struct recipient_fate *fate)
{
	struct reply_search search = {.outcome = outcome, .fate = fate};
	struct buffer query = buffer_new(outcome->ctx);
	enum status status;

	if (!recipient_state_waits(fate) ||
	        address_list_has(outcome->settings->own, fate->address) ||
	        words_add(&query, "from", fate->address) == WORDS_NONE)
		return STATUS_OK;
	buffer_print(
	        &query, " and date:@%lld..@%lld", (long long)fate->since, (long long)outcome->now);
	status = index_each(outcome->index, buffer_text(&query), see_reply, &search);
	recipient_state_reply(fate, search.newest);
	return status;
}

static bool was_taken_off(struct mail *mail, const char *tag)
{
	return mail_has_value(mail, PROPERTY_MARK, tag) && !mail_has_tag(mail, tag);
}

/* A user who takes our tag off has dealt with all that was reported until then. */
static void read_hand(struct outcome *outcome)
{
	struct mail *mail = outcome->mail;
	char **by = mail_values(outcome->ctx, mail, PROPERTY_BY);

	if (was_taken_off(mail, TAG_UNDELIVERED) || was_taken_off(mail, TAG_DELAYED)) {
		for (; *by != NULL; by++)
			mail_put_value(mail, PROPERTY_OFF, *by, true);
		mail_put_value(mail, PROPERTY_MARK, TAG_UNDELIVERED, false);
		mail_put_value(mail, PROPERTY_MARK, TAG_DELAYED, false);
	}
	outcome->off = mail_values(outcome->ctx, mail, PROPERTY_OFF);
}

/* -- what is put on record */

void outcome_tag(struct mail *mail, const char *tag, bool wanted)
{
	if (wanted ? mail_has_tag(mail, tag) : !mail_has_value(mail, PROPERTY_MARK, tag))
		return;
	if (wanted && mail_has_value(mail, PROPERTY_MARK, tag))
		return;
	mail_put_tag(mail, tag, wanted);
	mail_put_value(mail, PROPERTY_MARK, tag, wanted);
}

static bool has_state(const struct outcome *outcome, enum recipient_state state)
{
	size_t i;

	for (i = 0; i < outcome->sent.count; i++)
		if (outcome->fates[i].state == state)
			return true;
	return false;
}

static void write_states(const struct outcome *outcome)
{
	char **states = list_new(outcome->ctx), **waits = list_new(outcome->ctx);
	size_t known = 0, waiting = 0, i;

	for (i = 0; i < outcome->sent.count; i++) {
		const struct recipient_fate *fate = &outcome->fates[i];

		if (fate->state != STATE_NOTHING)
			list_add(
			        outcome->ctx, &states, &known, recipient_state_write(states, fate));
		if (recipient_state_waits(fate))
			list_add(
			        outcome->ctx, &waits, &waiting, outcome->sent.recipients[i].digest);
	}
	mail_set_values(outcome->mail, PROPERTY_STATE, states);
	mail_set_values(outcome->mail, PROPERTY_WAITS, waits);
	mail_put_value(outcome->mail, PROPERTY_IS, IS_WAITING, waiting > 0);
}

static void write_tags(const struct outcome *outcome)
{
	bool failed = has_state(outcome, STATE_FAILED), delayed = has_state(outcome, STATE_DELAYED);

	outcome_tag(outcome->mail, TAG_UNDELIVERED, failed);
	outcome_tag(outcome->mail, TAG_DELAYED, delayed && !failed);
	outcome_tag(outcome->mail, TAG_RESENT, outcome->draft_count > 0);
	outcome_tag(outcome->mail, TAG_HANDLED,
	        outcome->is_handled && !failed && !delayed && has_state(outcome, STATE_HANDLED));
}

/* Tie the mail to those that were sent in its place. */
static enum status write_drafts(const struct outcome *outcome)
{
	enum status status = STATUS_OK;
	size_t i;

	mail_set_values(outcome->mail, PROPERTY_RESENT_AS, outcome->drafts);
	for (i = 0; status == STATUS_OK && i < outcome->draft_count; i++) {
		struct mail *sent;

		if (strcmp(outcome->drafts[i], mail_id(outcome->mail)) == 0)
			continue;
		sent = index_find(outcome->ctx, outcome->index, outcome->drafts[i]);
		mail_put_value(sent, PROPERTY_RESENT_FOR, mail_id(outcome->mail), true);
		status = mail_status(sent);
		talloc_free(sent);
	}
	return status;
}

static enum status write_record(const struct outcome *outcome)
{
	enum status status = write_drafts(outcome);

	if (status != STATUS_OK)
		return status;
	mail_put_value(outcome->mail, PROPERTY_IS, IS_ORIGINAL, outcome->report_count > 0);
	mail_set_values(outcome->mail, PROPERTY_BY, outcome->reports);
	write_states(outcome);
	write_tags(outcome);
	return mail_status(outcome->mail);
}

static enum status update(struct outcome *outcome)
{
	enum status status;
	size_t i;

	outcome->sent = sent_read(outcome->ctx, outcome->mail, outcome->settings, outcome->now);
	if (!outcome->sent.has_file)
		return STATUS_OK; /* it is gone, or cannot be read now */
	outcome->fates = array_new(outcome->ctx, struct recipient_fate, outcome->sent.count);
	for (i = 0; i < outcome->sent.count; i++)
		outcome->fates[i] = (struct recipient_fate){
		        STATE_NOTHING, 0, REASON_COUNT, outcome->sent.recipients[i].address};
	read_hand(outcome);
	status = read_reports(outcome);
	recipient_states_apply(outcome->fates, outcome->events, outcome->event_count);
	for (i = 0; status == STATUS_OK && i < outcome->sent.count; i++)
		status = read_replies(outcome, &outcome->fates[i]);
	return status == STATUS_OK ? write_record(outcome) : status;
}

enum status outcome_update(const void *ctx, struct index *index, const struct settings *settings,
        time_t now, const char *id)
{
	void *scratch = talloc_new(ctx);
	struct outcome outcome = {.ctx = scratch, .index = index, .settings = settings, .now = now};
	enum status status = STATUS_OK;

	outcome.mail = index_find(scratch, index, id);
	if (outcome.mail != NULL)
		status = update(&outcome);
	talloc_free(scratch);
	return status;
}

struct recipient_fate *outcome_read(const void *ctx, struct mail *mail, size_t *count)
{
	char **values = mail_values(NULL, mail, PROPERTY_STATE);
	struct recipient_fate *fates =
	        array_new(ctx, struct recipient_fate, list_length(values) + 1);
	size_t i;

	*count = 0;
	for (i = 0; values[i] != NULL; i++)
		*count += recipient_state_read(fates, values[i], &fates[*count]);
	talloc_free(values);
	return fates;
}

char *outcome_waiting_query(const void *ctx, const char *from)
{
	char **addresses = address_scan_all(NULL, from);
	struct buffer query = buffer_new(ctx);
	size_t i;

	for (i = 0; addresses[i] != NULL; i++)
		buffer_print(&query, "%sproperty:" PROPERTY_WAITS "=%s", i > 0 ? " or " : "",
		        address_digest(addresses, addresses[i]));
	talloc_free(addresses);
	return query.text;
}
