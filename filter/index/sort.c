#include "index/sort.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/limits.h"
#include "index/fate.h"
#include "index/link.h"
#include "index/mail-bytes.h"
#include "judge/tags.h"
#include "mail/address.h"
#include "mail/message-id.h"

#define DAY (24 * 60 * 60)

static const char *const properties[] = {"bounce.recipient", "bounce.status", "bounce.reason", "bounce.link", "bounce.of",
        "bounce.genuine", "bounce.forward", SORT_DUE, SORT_WANTS};

char *sort_day(const void *ctx, time_t time, int days)
{
	char day[sizeof "-2147483648-01-01"];
	struct tm tm;

	time += (time_t)days * DAY;
	if (gmtime_r(&time, &tm) == NULL || strftime(day, sizeof day, "%Y-%m-%d", &tm) == 0)
		day[0] = '\0';
	return talloc_strdup(ctx, day);
}

/* What the report says, as properties of the bounce. */
static void write_facts(const void *ctx, struct mail *mail, const struct judgement *judgement)
{
	const struct facts *facts = judgement->facts;
	size_t n = facts->recipient_count, i, listed = 0;
	const char **addresses = talloc_zero_array(ctx, const char *, (unsigned)n + 1);
	const char **codes = talloc_zero_array(ctx, const char *, (unsigned)n + 1);
	const char **reasons = talloc_zero_array(ctx, const char *, (unsigned)n + 1);

	for (i = 0; i < n; i++) {
		const struct recipient *recipient = &facts->recipients[i];

		if (recipient->action == ACTION_DELIVERED && kind_is_bounce(facts->kind))
			continue;
		addresses[listed] = recipient->address;
		codes[listed] = recipient->diagnostic_status != NULL ? recipient->diagnostic_status : recipient->status;
		codes[listed] = codes[listed] != NULL ? codes[listed] : "";
		reasons[listed] = judgement->verdicts != NULL ? reason_name(judgement->verdicts[i].reason) : "";
		listed++;
	}
	mail_set_values(mail, "bounce.recipient", addresses);
	mail_set_values(mail, "bounce.status", codes);
	mail_set_values(mail, "bounce.reason", reasons);
}

/* Tell the original what the bounce says of each recipient that it went to. */
static enum status write_original(const struct mail *bounce, const struct judgement *judgement, struct link *link)
{
	static const enum fate_event events[] = {
	        [ACTION_FAILED] = FATE_FAILURE, [ACTION_DELAYED] = FATE_DELAY, [ACTION_DELIVERED] = FATE_SUCCESS};
	const struct facts *facts = judgement->facts;
	struct fates *fates = fates_open(link->original, link->original);
	size_t i;

	mail_add_value(link->original, "bounce.by", mail_id(bounce));
	for (i = 0; i < facts->recipient_count; i++) {
		enum action action = facts->kind == KIND_DELIVERED ? ACTION_DELIVERED : facts->recipients[i].action;

		if (link->reached[i] != NULL)
			fates_happen(fates, events[action], link->reached[i], mail_date(bounce),
			        judgement->verdicts != NULL && action != ACTION_DELIVERED ? judgement->verdicts[i].reason
			                                                                  : REASON_COUNT);
	}
	fates_write(fates);
	return mail_status(link->original);
}

static void write_forwards(const void *ctx, struct mail *mail, const struct facts *facts, const struct link *link)
{
	const char **forwards = talloc_zero_array(ctx, const char *, (unsigned)facts->recipient_count + 1);
	size_t i, n = 0;

	for (i = 0; i < facts->recipient_count; i++)
		if (link->genuine == LINK_LINKED && link->reached[i] != NULL && facts->recipients[i].address[0] != '\0' &&
		        !address_equal(link->reached[i], facts->recipients[i].address))
			forwards[n++] = talloc_asprintf(forwards, "%s %s", link->reached[i], facts->recipients[i].address);
	mail_set_values(mail, "bounce.forward", forwards);
}

/* Whether a bounce that is about no mail of the user's can be called backscatter now: it was seen before, and waited for long enough. */
static bool is_backscatter(
        const void *ctx, const struct sorter *sorter, struct mail *mail, const struct facts *facts, const struct link *link)
{
	char *due = mail_value(ctx, mail, SORT_DUE), *today = sort_day(ctx, sorter->now, 0);

	if (facts->original.reference_count == 0 || (link->original != NULL && link->genuine != LINK_CONTRADICTED))
		return false;
	if (mail_has_value(mail, "bounce.genuine", "backscatter"))
		return true;
	return due != NULL && strcmp(due, today) <= 0 &&
	       (link->genuine == LINK_CONTRADICTED || link_has_sent_mail(sorter->index, &sorter->settings, mail_date(mail)));
}

/* By what an unlinked bounce is found again: when the mail turns up, and when it is time to decide. */
static void write_waiting(
        const void *ctx, const struct sorter *sorter, struct mail *mail, const struct facts *facts, bool is_waiting)
{
	char *id = is_waiting ? message_id_plain(ctx, facts->original.references[0].id) : NULL;
	char *due = mail_value(ctx, mail, SORT_DUE);

	mail_set_value(mail, SORT_WANTS, id != NULL ? address_digest(ctx, id) : NULL);
	if (due == NULL)
		due = sort_day(ctx, sorter->now, (int)sorter->settings.backscatter_after);
	mail_set_value(mail, SORT_DUE, is_waiting ? due : NULL);
}

static enum status write_link(const void *ctx, const struct sorter *sorter, struct mail *mail, const struct judgement *judgement,
        bool *backscatter, struct sorted *sorted)
{
	const struct facts *facts = judgement->facts;
	enum status status = STATUS_OK;
	const char *genuine = "unlinked";
	struct link link;

	link_find(ctx, sorter->index, &sorter->settings, facts, mail, &link);
	*backscatter = link.genuine != LINK_LINKED && is_backscatter(ctx, sorter, mail, facts, &link);
	if (*backscatter)
		genuine = "backscatter";
	else if (link.genuine == LINK_LINKED)
		genuine = "linked";
	sorted->is_linked = link.genuine == LINK_LINKED && !mail_has_value(mail, "bounce.genuine", "linked");
	write_waiting(
	        ctx, sorter, mail, facts, link.genuine != LINK_LINKED && !*backscatter && facts->original.reference_count > 0);
	mail_set_value(mail, "bounce.link", link.step);
	mail_set_value(mail, "bounce.of", link.original != NULL ? mail_id(link.original) : NULL);
	mail_set_value(mail, "bounce.genuine", genuine);
	write_forwards(ctx, mail, facts, &link);
	if (link.genuine == LINK_LINKED)
		status = write_original(mail, judgement, &link);
	talloc_free(link.original);
	return status;
}

static bool has_marks(const void *ctx, struct mail *mail)
{
	char *mark = mail_value(ctx, mail, MARK_PROPERTY);

	return mark != NULL;
}

/* Whether the bounce came with the id of a mail that the user sent, so that notmuch takes both for one: a trick, or a broken mailer. What is said of
 * one must not be said of the other. */
static bool is_disguised(const void *ctx, const struct sorter *sorter, struct mail *mail)
{
	char **files = mail_files(ctx, mail);

	return files[0] != NULL && files[1] != NULL && settings_is_own(&sorter->settings, mail_header(mail, "From"));
}

enum status sort_judged(const void *ctx, const struct sorter *sorter, struct mail *mail, const struct judgement *judgement,
        enum marks_why why, struct sorted *sorted)
{
	enum kind kind = judgement->facts->kind;
	const char **tags = tags_list(ctx, judgement);
	bool had_marks = has_marks(ctx, mail), backscatter = false;
	enum status status = STATUS_OK;
	size_t i, n = 0;

	*sorted = (struct sorted){.is_bounce = kind_is_bounce(kind), .tags = NULL};
	if (kind != KIND_NONE && is_disguised(ctx, sorter, mail))
		return STATUS_OK;
	if (kind_is_bounce(kind) || kind == KIND_DELIVERED) {
		write_facts(ctx, mail, judgement);
		status = write_link(ctx, sorter, mail, judgement, &backscatter, sorted);
	} else
		for (i = 0; had_marks && i < sizeof properties / sizeof *properties; i++)
			mail_set_values(mail, properties[i], NULL);
	while (tags[n] != NULL)
		n++;
	if (backscatter && kind_is_bounce(kind) && n < REASON_COUNT + 3) {
		tags[n++] = "bounce/backscatter";
		tags[n] = NULL;
	}
	if (status == STATUS_OK)
		marks_apply(mail, tags, why);
	sorted->is_new = !had_marks && mail_changed_tags(mail)[0] != '\0';
	sorted->is_moved = had_marks && mail_changed_tags(mail)[0] != '\0';
	sorted->tags = talloc_strdup(ctx, mail_changed_tags(mail));
	return status == STATUS_OK ? mail_status(mail) : status;
}

enum status sort_mail(const void *ctx, const struct sorter *sorter, struct mail *mail, enum marks_why why, struct sorted *sorted)
{
	struct judgement judgement;
	size_t length;
	char *bytes = mail_bytes(ctx, mail, &length);
	enum status status;

	*sorted = (struct sorted){.tags = NULL};
	if (bytes == NULL)
		return STATUS_OK;
	status = judge_mail(ctx, sorter->judge, bytes, length, &judgement);
	if (status != STATUS_OK)
		return status == STATUS_NOT_MAIL ? STATUS_OK : status;
	return sort_judged(ctx, sorter, mail, &judgement, why, sorted);
}
