#include "index/outcome.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "base/list.h"
#include "index/testimony.h"
#include "index/file-header.h"
#include "index/link.h"
#include "mail/address-list.h"
#include "mail/address.h"
#include "mail/words.h"

/* A recipient's digest, and its place. */
struct slot {
	const char *digest;
	size_t place;
};

/* A mail of the user's, while what became of it is worked out. */
struct outcome {
	const void *ctx;
	struct index *index;
	const struct settings *settings;
	time_t now;
	struct mail *mail;
	time_t sent; /* when it was; 0: not known */
	struct recipient_fate *fates; /* a recipient each */
	struct slot *places;         /* by digest */
	size_t count;
	struct event *events;
	size_t event_count;
	char **reports; /* ids of the reports about it */
	size_t report_count;
	char **off;    /* ids of those that the user dealt with by taking a tag off this mail */
	char **drafts; /* ids of mails that were sent in its place */
	size_t draft_count;
	bool is_handled; /* the user said so of a report */
};

static int compare_digests(const void *a, const void *b)
{
	const struct slot *one = a, *other = b;

	return strcmp(one->digest, other->digest);
}

static int compare_slots(const void *a, const void *b)
{
	const struct slot *one = a, *other = b;
	int order = compare_digests(a, b);

	return order != 0 ? order : (one->place > other->place) - (one->place < other->place);
}

/* All recipients of all copies that the user sent. */
static void read_recipients(struct outcome *outcome, const struct file_header *headers, size_t header_count)
{
	char **all = list_new(outcome->ctx);
	size_t i, j;

	for (i = 0; i < header_count; i++)
		for (j = 0; headers[i].is_sent && headers[i].recipients[j] != NULL; j++)
			list_add(outcome->ctx, &all, &outcome->count, headers[i].recipients[j]);
	outcome->fates = array_new(outcome->ctx, struct recipient_fate, outcome->count);
	outcome->places = array_new(outcome->ctx, struct slot, outcome->count);
	for (i = 0; i < outcome->count; i++) {
		outcome->fates[i] = (struct recipient_fate){STATE_NOTHING, 0, REASON_COUNT, all[i]};
		outcome->places[i] = (struct slot){address_digest(all, all[i]), i};
	}
	if (outcome->count > 0)
		qsort(outcome->places, outcome->count, sizeof *outcome->places, compare_slots);
}

/* The place of the recipient with DIGEST: of one that is named twice the first. False: there is none. */
static bool find_place(const struct outcome *outcome, const char *digest, size_t *place)
{
	const struct slot key = {digest, 0}, *found = NULL;

	if (digest != NULL && outcome->count > 0)
		found = bsearch(&key, outcome->places, outcome->count, sizeof key, compare_digests);
	while (found != NULL && found > outcome->places && strcmp(found[-1].digest, digest) == 0)
		found--;
	if (found != NULL)
		*place = found->place;
	return found != NULL;
}

static void add_event(struct outcome *outcome, size_t recipient, enum recipient_event kind, time_t time, enum reason reason)
{
	outcome->events = array_grow(outcome->ctx, outcome->events, struct event, outcome->event_count);
	outcome->events[outcome->event_count++] = (struct event){recipient, kind, time, reason};
}

/* The recipient of the mail that SAID is about, as link_find() has it. */
static bool reached_by(const struct outcome *outcome, const struct testimony_recipient *said, size_t *place)
{
	if (said->address == NULL && outcome->count == 1)
		*place = 0;
	return (said->address == NULL && outcome->count == 1) || find_place(outcome, said->address, place) ||
	       (said->address != NULL && find_place(outcome, said->typed, place));
}

/* When the first of the drafts of REPORT that the user sent was sent; 0: none was. Notes them all. */
static time_t find_drafts(struct outcome *outcome, struct mail *report)
{
	char **drafts = mail_values(outcome->ctx, report, PROPERTY_RESENT_AS);
	time_t first = 0;
	size_t i;

	for (i = 0; drafts[i] != NULL; i++) {
		struct mail *sent = index_find(outcome->ctx, outcome->index, drafts[i]);

		if (sent != NULL && (first == 0 || mail_date(sent) < first))
			first = mail_date(sent) > 0 && mail_date(sent) < outcome->now ? mail_date(sent) : outcome->now;
		if (sent != NULL)
			list_add(outcome->ctx, &outcome->drafts, &outcome->draft_count, drafts[i]);
		talloc_free(sent);
	}
	return first;
}

/* What REPORT tells, and what the user did about it. A report whose time is not known counts as the first. */
static void hear(struct outcome *outcome, struct mail *report)
{
	static const enum recipient_event events[] = {
	        [ACTION_FAILED] = EVENT_FAILURE, [ACTION_DELAYED] = EVENT_DELAY, [ACTION_DELIVERED] = EVENT_SUCCESS};
	void *scratch = talloc_new(outcome->ctx);
	struct testimony testimony = testimony_read(scratch, report);
	time_t time = testimony.time > outcome->sent ? testimony.time : outcome->sent, resent = find_drafts(outcome, report);
	bool tagged = mail_has_tag(report, TAG_HANDLED),
	     handled = tagged || list_has((const char *const *)outcome->off, mail_id(report));
	size_t i, place = 0;

	for (i = 0; i < testimony.recipient_count; i++) {
		const struct testimony_recipient *said = &testimony.recipients[i];

		if (!reached_by(outcome, said, &place))
			continue;
		add_event(outcome, place, events[said->action], time, said->reason);
		if (resent != 0)
			add_event(outcome, place, EVENT_RESEND, resent > time ? resent : time, REASON_COUNT);
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
	        mail_has_value(report, PROPERTY_GENUINE, genuine_name(GENUINE_LINKED)))
		hear(outcome, report);
	return true;
}

static enum status read_reports(struct outcome *outcome)
{
	char *digest = address_digest(outcome->ctx, mail_id(outcome->mail));

	return index_each(outcome->index, talloc_asprintf(digest, "property:" PROPERTY_WANTS "=%s", digest), see_report, outcome);
}

/* A look for mail from one address. */
struct reply_search {
	struct outcome *outcome;
	const char *address;
	time_t since, newest;
	unsigned seen;
};

/* The index finds words; that a person wrote from that address is looked at here. */
static bool see_reply(void *argument, struct mail *mail)
{
	struct reply_search *search = argument;
	void *scratch = talloc_new(search->outcome->ctx);
	size_t count, i;
	const struct file_header *headers =
	        file_headers_read(scratch, mail, search->outcome->settings, search->outcome->now, &count);

	for (i = 0; i < count; i++)
		if (headers[i].author != NULL && address_equal(headers[i].author, search->address) && !headers[i].is_automatic &&
		        headers[i].time > search->newest)
			search->newest = headers[i].time;
	talloc_free(scratch);
	return search->newest <= search->since && ++search->seen < REPLIES_MAX;
}

/* Mail from the recipient of FATE. What the user writes to the own address is no sign of life of that mailbox. */
static enum status read_replies(struct outcome *outcome, struct recipient_fate *fate)
{
	struct reply_search search = {.outcome = outcome, .address = fate->address, .since = fate->since};
	struct buffer query = buffer_new(outcome->ctx);
	enum status status;

	if (!recipient_state_waits(fate) || address_list_has(outcome->settings->own, fate->address) ||
	        words_add(&query, "from", fate->address) == WORDS_NONE)
		return STATUS_OK;
	buffer_print(&query, " and date:@%lld..@%lld", (long long)fate->since, (long long)outcome->now);
	status = index_each(outcome->index, buffer_text(&query), see_reply, &search);
	recipient_state_reply(fate, search.newest);
	return status;
}

/* -- the user's hand */

static bool was_taken_off(struct mail *mail, const char *tag)
{
	return mail_has_value(mail, PROPERTY_MARK, tag) && !mail_has_tag(mail, tag);
}

/* Who takes our tag off has dealt with what was known by then. */
static void read_hand(struct outcome *outcome)
{
	char **by;
	size_t i;

	if (was_taken_off(outcome->mail, TAG_UNDELIVERED) || was_taken_off(outcome->mail, TAG_DELAYED)) {
		by = mail_values(outcome->ctx, outcome->mail, PROPERTY_BY);
		for (i = 0; by[i] != NULL; i++)
			mail_add_value(outcome->mail, PROPERTY_OFF, by[i]);
		mail_remove_value(outcome->mail, PROPERTY_MARK, TAG_UNDELIVERED);
		mail_remove_value(outcome->mail, PROPERTY_MARK, TAG_DELAYED);
	}
	outcome->off = mail_values(outcome->ctx, outcome->mail, PROPERTY_OFF);
}

void outcome_tag(struct mail *mail, const char *tag, bool wanted)
{
	bool ours = mail_has_value(mail, PROPERTY_MARK, tag);

	if (wanted && !ours && !mail_has_tag(mail, tag)) {
		mail_add_tag(mail, tag);
		mail_add_value(mail, PROPERTY_MARK, tag);
	} else if (!wanted && ours) {
		mail_remove_tag(mail, tag);
		mail_remove_value(mail, PROPERTY_MARK, tag);
	}
}

/* -- what is put on record */

static void set_value(struct mail *mail, const char *key, const char *value, bool wanted)
{
	if (wanted)
		mail_add_value(mail, key, value);
	else
		mail_remove_value(mail, key, value);
}

static bool has_state(const struct outcome *outcome, enum recipient_state state)
{
	size_t i;

	for (i = 0; i < outcome->count; i++)
		if (outcome->fates[i].state == state)
			return true;
	return false;
}

static void write_states(const struct outcome *outcome)
{
	const char **states = talloc_zero_array(outcome->ctx, const char *, (unsigned)outcome->count + 1);
	const char **waits = talloc_zero_array(outcome->ctx, const char *, (unsigned)outcome->count + 1);
	size_t i, known = 0, waiting = 0;

	for (i = 0; i < outcome->count; i++) {
		const struct recipient_fate *fate = &outcome->fates[i];

		if (fate->state != STATE_NOTHING)
			states[known++] = recipient_state_write(states, fate);
		if (recipient_state_waits(fate))
			waits[waiting++] = address_digest(waits, fate->address);
	}
	mail_set_values(outcome->mail, PROPERTY_STATE, states);
	mail_set_values(outcome->mail, PROPERTY_WAITS, waits);
	set_value(outcome->mail, PROPERTY_IS, IS_WAITING, waiting > 0);
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

static enum status write_record(const struct outcome *outcome)
{
	struct mail *mail = outcome->mail;
	const char *const *reports = (const char *const *)outcome->reports;

	set_value(mail, PROPERTY_IS, IS_ORIGINAL, outcome->report_count > 0);
	mail_set_values(mail, PROPERTY_BY, reports);
	write_states(outcome);
	write_tags(outcome);
	return mail_status(mail);
}

/* Tie the mail to those that were sent in its place. */
static enum status write_drafts(const struct outcome *outcome)
{
	enum status status = STATUS_OK;
	size_t i;

	mail_set_values(outcome->mail, PROPERTY_RESENT_AS, (const char *const *)outcome->drafts);
	for (i = 0; status == STATUS_OK && i < outcome->draft_count; i++) {
		struct mail *sent = strcmp(outcome->drafts[i], mail_id(outcome->mail)) != 0
		                            ? index_find(outcome->ctx, outcome->index, outcome->drafts[i])
		                            : NULL;

		if (sent != NULL)
			mail_add_value(sent, PROPERTY_RESENT_FOR, mail_id(outcome->mail));
		status = sent != NULL ? mail_status(sent) : STATUS_OK;
		talloc_free(sent);
	}
	return status;
}

static enum status update(struct outcome *outcome)
{
	size_t count, i;
	const struct file_header *headers =
	        file_headers_read(outcome->ctx, outcome->mail, outcome->settings, outcome->now, &count);
	enum status status;

	if (count == 0)
		return STATUS_OK; /* its file is gone, or cannot be read now */
	for (i = 0; i < count; i++)
		if (headers[i].is_sent && (outcome->sent == 0 || headers[i].time < outcome->sent))
			outcome->sent = headers[i].time;
	read_recipients(outcome, headers, count);
	read_hand(outcome);
	status = read_reports(outcome);
	recipient_states_apply(outcome->fates, outcome->events, outcome->event_count);
	for (i = 0; status == STATUS_OK && i < outcome->count; i++)
		status = read_replies(outcome, &outcome->fates[i]);
	if (status == STATUS_OK)
		status = write_drafts(outcome);
	return status == STATUS_OK ? write_record(outcome) : status;
}

enum status outcome_update(
        const void *ctx, struct index *index, const struct settings *settings, time_t now, const char *id)
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
	struct recipient_fate *fates = array_new(ctx, struct recipient_fate, list_length(values) + 1);
	size_t i;

	*count = 0;
	for (i = 0; values[i] != NULL; i++)
		*count += recipient_state_read(fates, values[i], &fates[*count]);
	talloc_free(values);
	return fates;
}

char *outcome_waiting_query(const void *ctx, const char *from)
{
	char **addresses = address_scan_all(NULL, from), *query = NULL;
	size_t i;

	for (i = 0; addresses[i] != NULL; i++) {
		char *digest = address_digest(addresses, addresses[i]);

		query = query == NULL ? talloc_asprintf(ctx, "property:" PROPERTY_WAITS "=%s", digest)
		                      : talloc_asprintf_append_buffer(query, " or property:" PROPERTY_WAITS "=%s", digest);
	}
	talloc_free(addresses);
	return query;
}
