#include "index/tagger.h"

#include "base/limits.h"
#include "base/list.h"
#include "index/delivery.h"
#include "index/link.h"
#include "index/outcome.h"
#include "mail/address.h"
#include "text/text.h"

/* -- tags */

/* Returns whether the user removed any of the tags that we set on MAIL because of what it is. */
static bool any_taken_off(struct mail *mail)
{
	SCOPED char **ours = mail_values(NULL, mail, PROPERTY_TAG);

	for (size_t i = 0; ours[i] != NULL; i++)
		if (!mail_has_tag(mail, ours[i]))
			return true;
	return false;
}

void tags_apply(struct mail *mail, const char *const *wanted)
{
	SCOPED char **ours = mail_values(NULL, mail, PROPERTY_TAG);
	bool taken_off = any_taken_off(mail);

	/* A tag that the user removed stays noted, so that none is added the next time either. */
	for (size_t i = 0; ours[i] != NULL; i++)
		if (!list_has(wanted, ours[i]) && mail_has_tag(mail, ours[i])) {
			mail_put_tag(mail, ours[i], false);
			mail_put_value(mail, PROPERTY_TAG, ours[i], false);
		}
	for (; *wanted != NULL && !taken_off; wanted++)
		if (!mail_has_tag(mail, *wanted)) {
			mail_put_tag(mail, *wanted, true);
			mail_put_value(mail, PROPERTY_TAG, *wanted, true);
		}
}

/* Writes MAIL, and counts and notes what changed. HAD_TAGS: it had tags of ours before. */
static enum status write_noted(struct tagger *tagger, struct mail *mail, bool had_tags)
{
	const char *id = mail_id(mail), *tags = mail_changed_tags(mail, mail);

	if (tags[0] != '\0')
		++*(had_tags ? &tagger->moved : &tagger->new);
	if (tags[0] != '\0' && tagger->changes != NULL)
		tagger->changes = talloc_asprintf_append_buffer(
		        tagger->changes, "%s %s\n", text_one_line(mail, id, VALUE_MAX), tags);
	return mail_write(mail);
}

/* -- linking a report to its mail */

bool tagger_was_resent(struct mail *report)
{
	char **drafts = mail_values(report, report, PROPERTY_RESENT_AS);

	for (; *drafts != NULL; drafts++) {
		SCOPED struct mail *mail = index_find(NULL, mail_index(report), *drafts);

		if (mail != NULL && !mail_is_draft(mail))
			return true;
	}
	return false;
}

/* Stores `a b` for each address b that the report is about if the mail went there by way of another
 * address, a. */
static void put_forwards(
        struct mail *report, const struct testimony *testimony, const struct link *link)
{
	SCOPED void *scratch = talloc_new(NULL);
	char **digests = list_new(scratch);

	for (char **address = testimony->addresses; *address != NULL; address++)
		list_add(scratch, &digests, address_digest(scratch, *address));
	for (size_t i = 0; testimony->says[i] != NULL; i++) {
		const struct said said = said_read(testimony->says[i]);
		const char *a = link->reached[i];

		for (size_t j = 0; a != NULL && digests[j] != NULL; j++)
			if (strcmp(digests[j], said.address) == 0 &&
			        !address_equal(a, testimony->addresses[j]))
				mail_put_value(report, PROPERTY_FORWARD,
				        talloc_asprintf(
				                scratch, "%s %s", a, testimony->addresses[j]),
				        true);
	}
}

void tagger_outdate(struct tagger *tagger, struct mail *report)
{
	const char *original = mail_value(report, report, PROPERTY_OF);

	if (original != NULL)
		list_add(tagger->ctx, &tagger->outdated, original);
}

/* Links REPORT to its mail by TESTIMONY; if that is NULL, it is not a report any more. */
static void report_link(
        struct tagger *tagger, struct mail *report, const struct testimony *testimony)
{
	bool is_bounce = mail_has_value(report, PROPERTY_TAG, TAG_BOUNCE) && !any_taken_off(report);
	struct link link = {.genuine = GENUINE_NOT_ASKED};

	mail_clear(report, PROPERTY_FORWARD);
	if (testimony != NULL) {
		link = link_find(report, tagger->index, testimony, report);
		put_forwards(report, testimony, &link);
	}
	mail_set_value(report, PROPERTY_UNTIL, link.until);
	tagger->linked += link.genuine == GENUINE_LINKED && !link_is(report, GENUINE_LINKED);
	tagger_outdate(tagger, report);
	mail_set_value(report, PROPERTY_OF, link.original != NULL ? mail_id(link.original) : NULL);
	tagger_outdate(tagger, report);
	mail_set_value(report, PROPERTY_LINK, link.step);
	mail_set_value(report, PROPERTY_GENUINE, genuine_names[link.genuine]);
	outcome_tag(report, TAG_BACKSCATTER, is_bounce && link.genuine == GENUINE_BACKSCATTER);
	outcome_tag(report, TAG_BOUNCE_RESENT, is_bounce && tagger_was_resent(report));
}

enum status tagger_link(struct tagger *tagger, const char *id)
{
	SCOPED struct mail *report = index_find(NULL, tagger->index, id);

	if (report == NULL || !testimony_is_there(report))
		return STATUS_OK;
	const struct testimony testimony = testimony_read(report, report);

	report_link(tagger, report, &testimony);
	return write_noted(tagger, report, true);
}

enum status tagger_settle(struct tagger *tagger)
{
	enum status status = STATUS_OK;

	list_sort(tagger->outdated);
	for (char **id = tagger->outdated; status == STATUS_OK && id != NULL && *id != NULL; id++)
		status = outcome_update(tagger->index, *id);
	tagger->outdated = NULL;
	return status;
}

enum status tagger_note(
        struct index *index, const char *id, char *const *drafts, char *const *addresses)
{
	SCOPED struct mail *bounce = index_find(NULL, index, id);

	if (bounce == NULL)
		return STATUS_OK;
	for (; *drafts != NULL; drafts++) {
		mail_put_value(bounce, PROPERTY_RESENT_AS, *drafts, true);
		mail_put_value(bounce, PROPERTY_WANTS, address_digest(bounce, *drafts), true);
	}
	for (; *addresses != NULL; addresses++)
		mail_put_value(bounce, PROPERTY_SENT_FOR, address_digest(bounce, *addresses), true);
	return mail_write(bounce);
}

/* -- judging */

/* What one file of a mail says. */
struct judged {
	struct judgement judgement;
	struct testimony testimony;
};

static bool is_report(const struct judgement *judgement)
{
	return kind_is_bounce(judgement->facts->kind) ||
	       judgement->facts->kind == KIND_DELIVERY_RECEIPT;
}

/* Gives MAIL the tags and properties of JUDGED; if that is NULL, as its files differ, those of
 * ordinary mail. */
static enum status judged_apply(
        struct tagger *tagger, struct mail *mail, const struct judged *judged)
{
	static const char *const nothing[] = {NULL};
	bool had_tags = mail_value(mail, mail, PROPERTY_TAG) != NULL;

	tags_apply(mail, judged != NULL
	                         ? (const char *const *)judgement_tags(mail, &judged->judgement)
	                         : nothing);
	if (judged != NULL && is_report(&judged->judgement)) {
		testimony_put(mail, &judged->testimony, &judged->judgement);
		report_link(tagger, mail, &judged->testimony);
	} else if (testimony_is_there(mail)) {
		testimony_clear(mail);
		report_link(tagger, mail, NULL);
	}
	return write_noted(tagger, mail, had_tags);
}

/* Judges the file PATH. Returns STATUS_NO_INPUT if it can't be read. */
static enum status judged_read(
        const void *ctx, const struct tagger *tagger, const char *path, struct judged *judged)
{
	static struct facts no_facts = {.kind = KIND_NONE};
	size_t length;
	char *bytes = file_bytes(ctx, path, MAIL_JUDGED_MAX, &length);

	if (bytes == NULL)
		return STATUS_NO_INPUT;
	enum status status = judge_mail(ctx, tagger->judge, bytes, length, &judged->judgement);
	if (status == STATUS_NOT_MAIL)
		judged->judgement = (struct judgement){.facts = &no_facts};
	else if (status != STATUS_OK)
		return status;
	judged->testimony = testimony_of(ctx, &judged->judgement,
	        header_time(header_split(bytes, length, NULL), index_now(tagger->index)));
	return STATUS_OK;
}

/* Returns whether FIRST and OTHER, two files of a mail, say the same. Gives FIRST the earlier time
 * of both, as a copy may have come late. */
static bool judged_agree(struct judged *first, struct judged *other)
{
	time_t time = other->testimony.time;

	if (first->judgement.facts->kind != other->judgement.facts->kind ||
	        !testimony_is_same(&first->testimony, &other->testimony))
		return false;
	if (first->testimony.time == 0 || (time > 0 && time < first->testimony.time))
		first->testimony.time = time;
	return true;
}

enum status tagger_mail(struct tagger *tagger, const char *id)
{
	SCOPED struct mail *mail = index_find(NULL, tagger->index, id);
	struct judged first, other;
	bool is_any = false, is_same = true;

	if (mail == NULL)
		return STATUS_OK;
	for (char **files = mail_files(mail, mail); *files != NULL && is_same; files++) {
		enum status status = judged_read(mail, tagger, *files, is_any ? &other : &first);

		if (status == STATUS_NO_INPUT)
			continue; /* the next one may be there */
		if (status != STATUS_OK)
			return status;
		is_same = !is_any || judged_agree(&first, &other);
		is_any = true;
	}
	return is_any ? judged_apply(tagger, mail, is_same ? &first : NULL) : STATUS_OK;
}

/* Updates MAIL after a second file of it was delivered, which is JUDGED. Nothing changes if it was
 * ordinary mail. If the files differ, it becomes that. */
static enum status judged_apply_second(
        struct tagger *tagger, struct mail *mail, struct judged *judged)
{
	struct judged before = {judged->judgement, testimony_read(mail, mail)};
	bool was_report = testimony_is_there(mail), is_same;

	if (!was_report && mail_value(mail, mail, PROPERTY_TAG) == NULL)
		return STATUS_OK;
	is_same = was_report == is_report(&judged->judgement) &&
	          judged->judgement.facts->kind != KIND_NONE &&
	          (!was_report || judged_agree(&before, judged));
	for (const char **tags = judgement_tags(mail, &judged->judgement); *tags != NULL; tags++)
		is_same = is_same && mail_has_value(mail, PROPERTY_TAG, *tags);
	if (is_same && !was_report)
		return STATUS_OK;
	return judged_apply(tagger, mail, is_same ? &before : NULL);
}

enum status tagger_delivered(struct tagger *tagger, const char *id, int spool, size_t length,
        const struct judgement *judgement)
{
	SCOPED struct mail *mail = index_find(NULL, tagger->index, id);
	struct judged judged = {.judgement = *judgement};

	if (mail == NULL)
		return STATUS_OK;
	char **files = mail_files(mail, mail), *bytes = NULL;
	size_t all = list_length(files), others = 0, head;

	for (size_t i = 0; i < all; i++)
		if (!delivery_is_file(files[i], spool, length))
			others++;
		else if (bytes == NULL)
			bytes = file_bytes(mail, files[i], MAIL_JUDGED_MAX, &head);
	if (bytes == NULL)
		return STATUS_OK; /* ID is not of the delivered mail */
	judged.testimony = testimony_of(mail, judgement,
	        header_time(header_split(bytes, head, NULL), index_now(tagger->index)));
	if (others > 0)
		return judged_apply_second(tagger, mail, &judged);
	/* notmuch has set the tags. If the user's arguments of `insert` removed some of them, these
	 * are noted as removed by the user. */
	for (const char **tags = judgement_tags(mail, judgement); all == 1 && *tags != NULL; tags++)
		mail_put_value(mail, PROPERTY_TAG, *tags, true);
	return judged_apply(tagger, mail, &judged);
}

/* -- selecting the mails that a run has to look at */

/* Unlinked reports are searched for whose day was at most so many days ago. `tag --all` finds older
 * ones. */
#define UNTIL_DAYS 62

/* The mails of so many reports with the tag `bounce/handled`, the newest, are looked at in each
 * run. `tag --all` looks at all. */
#define HANDLED_MAX 100

/* The query for what only reports have. */
static const char reports_query[] =
        "mimetype:multipart/report or mimetype:message/delivery-status or "
        "mimetype:message/global-delivery-status or mimetype:message/feedback-report or "
        "mimetype:message/disposition-notification or property:" PROPERTY_IS "=" IS_REPORT;

char *tagger_waiting_query(const void *ctx, const char *id, const char *from)
{
	char *query =
	        talloc_asprintf(ctx, "property:" PROPERTY_WANTS "=%s", address_digest(ctx, id));

	for (char **addresses = address_scan_all(ctx, from != NULL ? from : ""); *addresses != NULL;
	        addresses++)
		query = talloc_asprintf_append_buffer(query, " or property:" PROPERTY_WAITS "=%s",
		        address_digest(ctx, *addresses));
	return query;
}

enum status tagger_turned_up(const struct tagger *tagger, struct mail *mail, const char *from,
        char ***to_reports, char ***to_originals)
{
	SCOPED void *scratch = talloc_new(NULL);
	char *query = tagger_waiting_query(scratch, mail_id(mail), from);
	int after = (int)index_settings(tagger->index)->backscatter_after;

	/* Anybody can write the user's address: only what the user sent is searched for. */
	if (settings_finds_own(
	            index_settings(tagger->index), mail_own_header(scratch, mail, "From")) &&
	        sent_read(scratch, mail).is_own) {
		char *subject =
		        testimony_subject(scratch, mail_own_header(scratch, mail, "Subject"));

		if (subject != NULL)
			query = talloc_asprintf_append_buffer(
			        query, " or property:" PROPERTY_WANTS "=%s", subject);
		query = talloc_asprintf_append_buffer(query, " or %s",
		        link_until_query(scratch, mail_date(mail), after - LINK_SENT_DAYS,
		                after + LINK_SENT_DAYS));
	}
	struct found *found = index_search(scratch, tagger->index, query, ALL_MAILS);
	for (struct mail *waiting; (waiting = found_next(found)) != NULL;) {
		if (testimony_is_there(waiting))
			list_add(tagger->ctx, to_reports, mail_id(waiting));
		if (mail_has_value(waiting, PROPERTY_IS, IS_WAITING))
			list_add(tagger->ctx, to_originals, mail_id(waiting));
	}
	return found != NULL ? STATUS_OK : STATUS_IO;
}

/* Selects among the mails that QUERY finds. A star means all mail, but only if it is a whole
 * query. */
static enum status select_found(const struct tagger *tagger, const char *query, bool everything,
        void (*progress)(size_t seen), struct selection *selection)
{
	const void *ctx = tagger->ctx;
	bool is_all = strcmp(query, "*") == 0;
	const char *within = is_all ? "" : talloc_asprintf(ctx, "(%s) and ", query);
	size_t seen = 0;
	const char *outside = talloc_asprintf(ctx,
	        "(property:" PROPERTY_IS "=" IS_REPORT " or property:" PROPERTY_IS "=" IS_WAITING
	        ") and not (%s)",
	        query);
	/* These mails may concern reports and waiting mails outside QUERY. */
	bool is_awaited = !is_all && index_count(tagger->index, outside) > 0;
	SCOPED struct found *found = index_search(NULL, tagger->index, query, ALL_MAILS);
	enum status status = found != NULL ? STATUS_OK : STATUS_IO;

	for (struct mail *mail; status == STATUS_OK && (mail = found_next(found)) != NULL;) {
		const char *from = mail_header(mail, "From");

		if (++seen % 4096 == 0)
			progress(seen);
		if (everything)
			list_add(ctx, &selection->ids[SELECTED_SEEN], mail_id(mail));
		if (judge_is_suspect(tagger->judge, from, mail_header(mail, "Subject")))
			list_add(ctx, &selection->ids[SELECTED_SUSPECTS], mail_id(mail));
		if (is_awaited)
			status = tagger_turned_up(tagger, mail, from,
			        &selection->ids[SELECTED_REPORTS],
			        &selection->ids[SELECTED_ORIGINALS]);
	}
	if (status == STATUS_OK && seen > 0)
		status = index_ids(ctx, tagger->index,
		        talloc_asprintf(ctx, "%s(%s)", within, reports_query),
		        &selection->ids[SELECTED_SUSPECTS]);
	if (status == STATUS_OK && seen > 0)
		status = index_ids(ctx, tagger->index,
		        talloc_asprintf(ctx, "%sproperty:" PROPERTY_IS "=" IS_ORIGINAL, within),
		        &selection->ids[SELECTED_ORIGINALS]);
	return status;
}

/* Selects what each run looks at, whatever the query: unlinked reports whose day has come, and
 * mails with reports that the user tagged as dealt with in a mail program. */
static enum status select_always(const struct tagger *tagger, struct selection *selection)
{
	const void *ctx = tagger->ctx;
	enum status status = STATUS_OK;

	if (index_count(tagger->index, "property:" PROPERTY_GENUINE "=unlinked") > 0)
		status = index_ids(ctx, tagger->index,
		        link_until_query(ctx, index_now(tagger->index), 1 - UNTIL_DAYS, 0),
		        &selection->ids[SELECTED_REPORTS]);
	SCOPED struct found *found = index_search(NULL, tagger->index,
	        "tag:" TAG_HANDLED " and property:" PROPERTY_IS "=" IS_REPORT, HANDLED_MAX);
	for (struct mail *report; (report = found_next(found)) != NULL;) {
		struct mail *original =
		        index_find(report, tagger->index, mail_value(report, report, PROPERTY_OF));

		if (original != NULL && (mail_has_tag(original, TAG_UNDELIVERED) ||
		                                mail_has_tag(original, TAG_DELAYED)))
			list_add(ctx, &selection->ids[SELECTED_ORIGINALS], mail_id(original));
	}
	return found != NULL ? status : STATUS_IO;
}

enum status tagger_select(const struct tagger *tagger, const char *query, bool everything,
        void (*progress)(size_t seen), struct selection *selection)
{
	*selection = (struct selection){.counts = {0}};
	enum status status = select_found(tagger, query, everything, progress, selection);
	if (status == STATUS_OK)
		status = select_always(tagger, selection);
	for (size_t i = 0; i < SELECTED_COUNT; i++)
		selection->counts[i] = list_sort(selection->ids[i]);
	return status;
}
