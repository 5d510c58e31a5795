#include "index/tagger.h"

#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/list.h"
#include "index/delivery.h"
#include "index/link.h"
#include "index/mail-files.h"
#include "index/outcome.h"
#include "mail/address.h"

/* -- tags */

/* Whether the user took off any tag of OURS. */
static bool was_taken_off(struct mail *mail, const char *const *ours)
{
	for (; *ours != NULL; ours++)
		if (!mail_has_tag(mail, *ours))
			return true;
	return false;
}

void tags_apply(struct mail *mail, const char *const *wanted)
{
	const char *const *ours = (const char *const *)mail_values(NULL, mail, PROPERTY_TAG);
	bool taken_off = was_taken_off(mail, ours);
	size_t i;

	for (i = 0; ours[i] != NULL; i++)
		/* One that the user took off is not to be forgotten, or others would come the next
		 * time. */
		if (!list_has(wanted, ours[i]) && mail_has_tag(mail, ours[i])) {
			mail_put_tag(mail, ours[i], false);
			mail_put_value(mail, PROPERTY_TAG, ours[i], false);
		}
	for (i = 0; wanted[i] != NULL && !taken_off; i++)
		if (!list_has(ours, wanted[i]) && !mail_has_tag(mail, wanted[i])) {
			mail_put_tag(mail, wanted[i], true);
			mail_put_value(mail, PROPERTY_TAG, wanted[i], true);
		}
	talloc_free((void *)ours);
}

/* -- tied to its mail */

static void due(struct tagger *tagger, const char *original)
{
	if (original != NULL)
		ids_add(tagger->ctx, &tagger->originals, original);
}

bool tagger_was_resent(struct index *index, struct mail *report)
{
	char **drafts = mail_values(NULL, report, PROPERTY_RESENT_AS);
	bool sent = false;
	size_t i;

	for (i = 0; !sent && drafts[i] != NULL; i++) {
		struct mail *mail = index_find(drafts, index, drafts[i]);

		sent = mail != NULL && !mail_is_draft(mail);
	}
	talloc_free(drafts);
	return sent;
}

/* Record `a b` for each report about an address b that the mail went to through another, a. */
static void write_forwards(const void *ctx, struct mail *report, const struct testimony *testimony,
        const struct link *link)
{
	char **forwards = list_new(ctx), **digests = list_new(ctx);
	struct said said;
	size_t count = 0, known = 0, i, j;

	for (i = 0; testimony->addresses[i] != NULL; i++)
		list_add(ctx, &digests, &known, address_digest(digests, testimony->addresses[i]));
	for (i = 0; testimony->says[i] != NULL; i++) {
		const char *reached = link->reached[i];

		if (reached == NULL || !said_read(testimony->says[i], &said))
			continue;
		for (j = 0; j < known; j++)
			if (strcmp(digests[j], said.address) == 0 &&
			        !address_equal(reached, testimony->addresses[j]))
				list_add(ctx, &forwards, &count,
				        talloc_asprintf(forwards, "%s %s", reached,
				                testimony->addresses[j]));
	}
	mail_set_values(report, PROPERTY_FORWARD, forwards);
}

/* When REPORT becomes backscatter, unless its mail turns up; NULL: never, or it has. */
static char *due_day(const void *ctx, const struct tagger *tagger,
        const struct testimony *testimony, enum genuine genuine)
{
	if (genuine != GENUINE_UNLINKED || testimony->about[0] == NULL || testimony->time <= 0)
		return NULL;
	return link_day(ctx, testimony->time, (int)tagger->settings.backscatter_after);
}

static enum status tie(const void *ctx, struct tagger *tagger, struct mail *report,
        const struct testimony *testimony, struct tagged *tagged)
{
	struct link link =
	        link_find(ctx, tagger->index, &tagger->settings, testimony, report, tagger->now);
	const char *const *ours = (const char *const *)mail_values(ctx, report, PROPERTY_TAG);
	bool is_bounce = list_has(ours, TAG_BOUNCE) && !was_taken_off(report, ours);

	tagged->is_linked = link.genuine == GENUINE_LINKED && !link_is(report, GENUINE_LINKED);
	due(tagger, mail_value(ctx, report, PROPERTY_OF));
	mail_set_value(report, PROPERTY_OF, link.original != NULL ? mail_id(link.original) : NULL);
	due(tagger, mail_value(ctx, report, PROPERTY_OF));
	mail_set_value(report, PROPERTY_LINK, link.step);
	mail_set_value(report, PROPERTY_GENUINE, genuine_name(link.genuine));
	mail_set_value(report, PROPERTY_DUE, due_day(ctx, tagger, testimony, link.genuine));
	write_forwards(ctx, report, testimony, &link);
	outcome_tag(report, TAG_BACKSCATTER, is_bounce && link.genuine == GENUINE_BACKSCATTER);
	outcome_tag(
	        report, TAG_BOUNCE_RESENT, is_bounce && tagger_was_resent(tagger->index, report));
	talloc_free(link.original);
	return mail_status(report);
}

static void note(const void *ctx, const struct mail *mail, bool had_tags, struct tagged *tagged)
{
	tagged->tags = talloc_strdup(ctx, mail_changed_tags(mail));
	tagged->is_new = !had_tags && tagged->tags[0] != '\0';
	tagged->is_moved = had_tags && tagged->tags[0] != '\0';
}

enum status tagger_link(
        const void *ctx, struct tagger *tagger, const char *id, struct tagged *tagged)
{
	struct mail *report = index_find(ctx, tagger->index, id);
	enum status status = STATUS_OK;

	*tagged = (struct tagged){.tags = NULL};
	if (report != NULL && testimony_is_there(report)) {
		const struct testimony testimony = testimony_read(ctx, report);

		status = tie(ctx, tagger, report, &testimony, tagged);
		note(ctx, report, true, tagged);
	}
	talloc_free(report);
	return status;
}

enum status tagger_note_drafts(
        const void *ctx, struct index *index, char *const *bounces, char *const *drafts)
{
	enum status status = index_begin(index);
	size_t i;

	for (; status == STATUS_OK && *bounces != NULL; bounces++) {
		struct mail *bounce = index_find(ctx, index, *bounces);

		for (i = 0; bounce != NULL && drafts[i] != NULL; i++) {
			mail_put_value(bounce, PROPERTY_RESENT_AS, drafts[i], true);
			mail_put_value(
			        bounce, PROPERTY_WANTS, address_digest(bounce, drafts[i]), true);
		}
		status = bounce != NULL ? mail_status(bounce) : STATUS_OK;
		talloc_free(bounce);
	}
	return status == STATUS_OK ? index_end(index) : status;
}

enum status tagger_note_sent(
        const void *ctx, struct index *index, const char *bounce, char *const *addresses)
{
	struct mail *mail = index_find(ctx, index, bounce);
	enum status status = STATUS_OK;

	for (; mail != NULL && *addresses != NULL; addresses++)
		mail_put_value(mail, PROPERTY_SENT_FOR, address_digest(mail, *addresses), true);
	if (mail != NULL)
		status = mail_status(mail);
	talloc_free(mail);
	return status;
}

enum status tagger_awaited(
        const void *ctx, const struct tagger *tagger, struct mail *mail, struct ids *ids)
{
	void *scratch = talloc_new(ctx);
	struct buffer query = buffer_new(scratch);
	int after = (int)tagger->settings.backscatter_after;
	char *subject;
	enum status status;

	buffer_print(
	        &query, "property:" PROPERTY_WANTS "=%s", address_digest(scratch, mail_id(mail)));
	if (settings_finds_own(&tagger->settings, mail_header(mail, "From"))) {
		subject = testimony_subject(scratch, mail_header(mail, "Subject"));
		if (subject != NULL)
			buffer_print(&query, " or property:" PROPERTY_WANTS "=%s", subject);
		buffer_print(&query, " or %s",
		        link_due_query(scratch, mail_date(mail), after - LINK_SENT_DAYS,
		                after + LINK_SENT_DAYS));
	}
	status = index_ids(ctx, tagger->index, buffer_text(&query), ids);
	talloc_free(scratch);
	return status;
}

/* -- judged */

/* What one file of a mail is. */
struct judged {
	struct judgement judgement;
	struct testimony testimony;
};

static bool is_report(const struct judgement *judgement)
{
	return kind_is_bounce(judgement->facts->kind) || judgement->facts->kind == KIND_DELIVERED;
}

/* Make MAIL what JUDGED is; NULL: its files differ, so that it is nothing. */
static enum status apply(const void *ctx, struct tagger *tagger, struct mail *mail,
        const struct judged *judged, struct tagged *tagged)
{
	static const char *const nothing[] = {NULL};
	char *mark = mail_value(ctx, mail, PROPERTY_TAG);

	tags_apply(mail, judged != NULL
	                         ? (const char *const *)judgement_tags(ctx, &judged->judgement)
	                         : nothing);
	if (judged != NULL && is_report(&judged->judgement)) {
		testimony_write(ctx, mail, &judged->testimony, &judged->judgement);
		tie(ctx, tagger, mail, &judged->testimony, tagged);
	} else if (testimony_is_there(mail)) {
		due(tagger, mail_value(ctx, mail, PROPERTY_OF));
		testimony_clear(mail);
		outcome_tag(mail, TAG_BACKSCATTER, false);
		outcome_tag(mail, TAG_BOUNCE_RESENT, false);
	}
	note(ctx, mail, mark != NULL, tagged);
	return mail_status(mail);
}

/* Judge the file PATH. STATUS_NO_INPUT: it is not there. */
static enum status judge_file(
        const void *ctx, const struct tagger *tagger, const char *path, struct judged *judged)
{
	static struct facts no_facts = {.kind = KIND_NONE};
	size_t length;
	char *bytes = file_bytes(ctx, path, &length);
	enum status status;

	if (bytes == NULL)
		return STATUS_NO_INPUT;
	status = judge_mail(ctx, tagger->judge, bytes, length, &judged->judgement);
	if (status == STATUS_NOT_MAIL)
		judged->judgement = (struct judgement){.facts = &no_facts};
	else if (status != STATUS_OK)
		return status;
	judged->testimony = testimony_of(
	        ctx, &judged->judgement, header_time(header_fields(bytes, length), tagger->now));
	return STATUS_OK;
}

/* Whether two files say the same. FIRST gets the earlier time: a copy may have come late. */
static bool agree(struct judged *first, struct judged *other)
{
	time_t time = other->testimony.time;

	if (first->judgement.facts->kind != other->judgement.facts->kind ||
	        !testimony_is_same(&first->testimony, &other->testimony))
		return false;
	if (first->testimony.time == 0 || (time > 0 && time < first->testimony.time))
		first->testimony.time = time;
	return true;
}

enum status tagger_mail(
        const void *ctx, struct tagger *tagger, struct mail *mail, struct tagged *tagged)
{
	char **files = mail_files(ctx, mail);
	struct judged first, other;
	bool is_any = false, is_same = true;
	enum status status;
	size_t i;

	*tagged = (struct tagged){.tags = NULL};
	for (i = 0; is_same && files[i] != NULL; i++) {
		status = judge_file(ctx, tagger, files[i], is_any ? &other : &first);
		if (status == STATUS_NO_INPUT)
			continue;
		if (status != STATUS_OK)
			return status;
		is_same = !is_any || agree(&first, &other);
		is_any = true;
	}
	return is_any ? apply(ctx, tagger, mail, is_same ? &first : NULL, tagged) : STATUS_OK;
}

/* Whether TAGS are all that we set on MAIL because of what it is. */
static bool has_tags(const void *ctx, struct mail *mail, const char **tags)
{
	const char *const *ours = (const char *const *)mail_values(ctx, mail, PROPERTY_TAG);
	bool has = true;

	for (; *tags != NULL; tags++)
		has = has && list_has(ours, *tags);
	return has;
}

/* A second file of MAIL was delivered. What was there before is left alone, unless we said what it
 * is and the two do not agree. */
static enum status apply_second(
        const void *ctx, struct tagger *tagger, struct mail *mail, struct judged *judged)
{
	struct judged before = {
	        .judgement = judged->judgement, .testimony = testimony_read(ctx, mail)};
	char *tag = mail_value(ctx, mail, PROPERTY_TAG);
	bool was_report = testimony_is_there(mail);
	struct tagged tagged = {.tags = NULL};

	if (!was_report && tag == NULL)
		return STATUS_OK;
	if (was_report != is_report(&judged->judgement) ||
	        !has_tags(ctx, mail, judgement_tags(ctx, &judged->judgement)) ||
	        (judged->judgement.facts->kind == KIND_NONE) ||
	        (was_report && !agree(&before, judged)))
		return apply(ctx, tagger, mail, NULL, &tagged);
	return was_report ? apply(ctx, tagger, mail, &before, &tagged) : STATUS_OK;
}

enum status tagger_delivered(const void *ctx, struct tagger *tagger, struct mail *mail, int spool,
        size_t length, const struct judgement *judgement)
{
	char **files = mail_files(ctx, mail), *bytes = NULL;
	struct judged judged = {.judgement = *judgement};
	struct tagged tagged = {.tags = NULL};
	const char **tags;
	size_t i, others = 0, head;

	for (i = 0; files[i] != NULL; i++)
		if (!delivery_is_file(files[i], spool, length))
			others++;
		else if (bytes == NULL)
			bytes = file_bytes(ctx, files[i], &head);
	if (bytes == NULL)
		return STATUS_OK; /* somebody named another mail */
	judged.testimony =
	        testimony_of(ctx, judgement, header_time(header_fields(bytes, head), tagger->now));
	if (others > 0)
		return apply_second(ctx, tagger, mail, &judged);
	/* notmuch set the tags; those that the user's arguments took off again are taken off by the
	 * user. */
	for (tags = judgement_tags(ctx, judgement); i == 1 && *tags != NULL; tags++)
		mail_put_value(mail, PROPERTY_TAG, *tags, true);
	return apply(ctx, tagger, mail, &judged, &tagged);
}
