#include "index/select.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "base/limits.h"
#include "index/link.h"
#include "mail/address.h"

/* How many days back reports are looked for that nobody decided about. Once a run is that late,
 * `tag --all` decides. */
#define DUE_DAYS 62

/* Reports with the tag `bounce/handled` whose mails are looked at in each run, the newest; `tag
 * --all` looks at all. */
#define HANDLED_MAX 100

/* What only reports have in them. */
static const char reports[] =
        "mimetype:multipart/report or mimetype:message/delivery-status or "
        "mimetype:message/global-delivery-status or mimetype:message/feedback-report or "
        "mimetype:message/disposition-notification or property:" PROPERTY_IS "=" IS_REPORT;

struct selecting {
	const void *ctx;
	const struct tagger *tagger;
	struct selection *selection;
	bool everything, is_awaited;
	/* digest of an address: the struct ids of what waits for mail from there */
	GHashTable *waiting;
	void (*progress)(size_t seen);
	size_t seen, handled;
};

/* -- signs of life */

static bool see_waiting(void *argument, struct mail *mail)
{
	struct selecting *selecting = argument;
	char **digests = mail_values(selecting->ctx, mail, PROPERTY_WAITS);

	for (; *digests != NULL; digests++) {
		struct ids *waiting = g_hash_table_lookup(selecting->waiting, *digests);

		if (waiting == NULL) {
			waiting = talloc_zero(selecting->ctx, struct ids);
			g_hash_table_insert(selecting->waiting, *digests, waiting);
		}
		ids_add(waiting, waiting, mail_id(mail));
	}
	return true;
}

static void note_address(struct selecting *selecting, const char *address)
{
	char *digest = address_digest(NULL, address);
	struct ids *waiting = g_hash_table_lookup(selecting->waiting, digest);

	for (; waiting != NULL && waiting->count > 0; waiting->count--)
		ids_add(selecting->ctx, &selecting->selection->originals,
		        waiting->list[waiting->count - 1]);
	talloc_free(digest);
}

/* Note who may have written a mail with FROM, as the index has it: each word with an @ in it.
 * outcome_update() then reads the file to be sure. */
static void note_from(struct selecting *selecting, const char *from)
{
	static const char around[] = " \t<>,;:()";
	char address[ADDRESS_MAX + 1];
	const char *at, *start, *end;

	for (at = strchr(from, '@'); at != NULL; at = strchr(end, '@')) {
		for (start = at; start > from && strchr(around, start[-1]) == NULL; start--)
			continue;
		end = at + 1 + strcspn(at + 1, around);
		if ((size_t)(end - start) >= sizeof address)
			continue;
		memcpy(address, start, (size_t)(end - start));
		address[end - start] = '\0';
		note_address(selecting, address);
	}
}

/* -- the mails */

static bool see(void *argument, struct mail *mail)
{
	struct selecting *selecting = argument;
	struct selection *selection = selecting->selection;
	const char *from = mail_header(mail, "From");

	if (++selecting->seen % 4096 == 0)
		selecting->progress(selecting->seen);
	if (selecting->everything)
		ids_add(selecting->ctx, &selection->seen, mail_id(mail));
	if (judge_is_suspect(selecting->tagger->judge, from, mail_header(mail, "Subject")))
		ids_add(selecting->ctx, &selection->suspects, mail_id(mail));
	if (g_hash_table_size(selecting->waiting) > 0)
		note_from(selecting, from);
	return !selecting->is_awaited || tagger_awaited(selecting->ctx, selecting->tagger, mail,
	                                         &selection->reports) == STATUS_OK;
}

/* Reports that the user tagged as dealt with, in a mail program. */
static bool see_handled(void *argument, struct mail *report)
{
	struct selecting *selecting = argument;
	void *scratch = talloc_new(NULL);
	struct mail *original = index_find(
	        scratch, selecting->tagger->index, mail_value(scratch, report, PROPERTY_OF));

	if (original != NULL &&
	        (mail_has_tag(original, TAG_UNDELIVERED) || mail_has_tag(original, TAG_DELAYED)))
		ids_add(selecting->ctx, &selecting->selection->originals, mail_id(original));
	talloc_free(scratch);
	return ++selecting->handled < HANDLED_MAX;
}

/* Look through what QUERY finds. notmuch takes a star for all mail only where it stands alone. */
static enum status select_found(struct selecting *selecting, const char *query)
{
	struct index *index = selecting->tagger->index;
	struct selection *selection = selecting->selection;
	bool is_all = strcmp(query, "*") == 0;
	const char *within = is_all ? "" : talloc_asprintf(selecting->ctx, "(%s) and ", query);
	enum status status;

	/* Reports that are not judged in this run anyway: mail that turns up may be theirs. */
	selecting->is_awaited = !is_all && index_count(index, talloc_asprintf(selecting->ctx,
	                                                              "property:" PROPERTY_IS
	                                                              "=" IS_REPORT " and not (%s)",
	                                                              query)) > 0;
	status = index_each(index, "property:" PROPERTY_IS "=" IS_WAITING, see_waiting, selecting);
	if (status == STATUS_OK)
		status = index_each(index, query, see, selecting);
	if (status != STATUS_OK || selecting->seen == 0)
		return status;
	status = index_ids(selecting->ctx, index,
	        talloc_asprintf(selecting->ctx, "%s(%s)", within, reports), &selection->suspects);
	if (status != STATUS_OK)
		return status;
	return index_ids(selecting->ctx, index,
	        talloc_asprintf(selecting->ctx, "%sproperty:" PROPERTY_IS "=" IS_ORIGINAL, within),
	        &selection->originals);
}

/* Select what has to be decided now, whatever the query. */
static enum status select_due(struct selecting *selecting)
{
	struct index *index = selecting->tagger->index;
	enum status status = STATUS_OK;

	if (index_count(index, "property:" PROPERTY_GENUINE "=unlinked") > 0)
		status = index_ids(selecting->ctx, index,
		        link_due_query(selecting->ctx, selecting->tagger->now, 1 - DUE_DAYS, 0),
		        &selecting->selection->reports);
	if (status != STATUS_OK)
		return status;
	return index_each(index, "tag:" TAG_HANDLED " and property:" PROPERTY_IS "=" IS_REPORT,
	        see_handled, selecting);
}

enum status select_mails(const void *ctx, const struct tagger *tagger, const char *query,
        bool everything, void (*progress)(size_t seen), struct selection *selection)
{
	struct selecting selecting = {
	        ctx, tagger, selection, .everything = everything, .progress = progress};
	enum status status;

	*selection = (struct selection){.suspects = {NULL, 0}};
	selecting.waiting = g_hash_table_new(g_str_hash, g_str_equal);
	status = select_found(&selecting, query);
	if (status == STATUS_OK)
		status = select_due(&selecting);
	g_hash_table_destroy(selecting.waiting);
	ids_sort(&selection->suspects);
	ids_sort(&selection->reports);
	ids_sort(&selection->originals);
	return status;
}
