/* notmuch bounce forget: take back all that was ever written to the index. */
#include <string.h>
#include <talloc.h>

#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/properties.h"

/* Mails that are changed at once. As long as this takes nobody else can write. */
#define BATCH 200

struct forgetting {
	const void *ctx;
	struct index *index;
	char **ids; /* of the mails that have something of ours */
	size_t count, seen, tags, values;
};

/* Take our tags off MAIL: those that we set are on record, and `handled` is ours by its name.
 * Returns how many there are. */
static size_t remove_tags(struct mail *mail)
{
	static const char *const records[] = {PROPERTY_TAG, PROPERTY_MARK};
	size_t removed = 0, i, j;

	for (i = 0; i < sizeof records / sizeof *records; i++) {
		char **tags = mail_values(mail, mail, records[i]);

		for (j = 0; tags[j] != NULL; j++) {
			removed += mail_has_tag(mail, tags[j]);
			mail_put_tag(mail, tags[j], false);
		}
		talloc_free(tags);
	}
	removed += mail_has_tag(mail, TAG_HANDLED);
	mail_put_tag(mail, TAG_HANDLED, false);
	return removed;
}

/* libnotmuch finds properties by their whole value only: every mail is looked at, but no file is
 * opened. */
static bool note(void *argument, struct mail *mail)
{
	struct forgetting *forgetting = argument;
	size_t tags = remove_tags(mail), values = mail_clear(mail, PROPERTY_PREFIX);

	if (values > 0 || tags > 0)
		list_add(forgetting->ctx, &forgetting->ids, &forgetting->count, mail_id(mail));
	forgetting->values += values;
	forgetting->tags += tags;
	if (++forgetting->seen % 1000 == 0)
		cmd_progress("%zu mails looked at", forgetting->seen);
	return true;
}

static enum status forget_one(struct forgetting *forgetting, const char *id)
{
	struct mail *mail = index_find(forgetting->ctx, forgetting->index, id);
	enum status status;

	if (mail == NULL)
		return STATUS_OK;
	remove_tags(mail);
	mail_clear(mail, PROPERTY_PREFIX);
	status = mail_write(mail);
	talloc_free(mail);
	return status;
}

static enum status forget_all(struct forgetting *forgetting, const struct settings *settings)
{
	enum status status = STATUS_OK;
	size_t i, end;

	for (i = 0; status == STATUS_OK && i < forgetting->count; i = end) {
		end = i + BATCH < forgetting->count ? i + BATCH : forgetting->count;
		status = cmd_index_write("forget", forgetting->index, settings);
		if (status == STATUS_OK)
			status = index_begin(forgetting->index);
		for (; status == STATUS_OK && i < end; i++)
			status = forget_one(forgetting, forgetting->ids[i]);
		if (status == STATUS_OK)
			status = index_end(forgetting->index);
		cmd_progress("%zu of %zu mails", end, forgetting->count);
	}
	return status;
}

/* What there is to take back, and whether the user wants that. */
static enum status confirm(
        const struct forgetting *forgetting, struct wording *wording, bool dry_run, bool *wanted)
{
	const void *ctx = forgetting->ctx;
	const struct wording_value *values =
	        WORDING_VALUES({"tags", talloc_asprintf(ctx, "%zu", forgetting->tags)},
	                {"properties", talloc_asprintf(ctx, "%zu", forgetting->values)},
	                {"count", talloc_asprintf(ctx, "%zu", forgetting->count)});
	char *text = talloc_asprintf(ctx, "%s\n",
	        wording_say(ctx, wording, forgetting->count > 0 ? "forget-found" : "forget-nothing",
	                values));
	enum status status = cmd_print(text);
	int answers;

	*wanted = false;
	if (status != STATUS_OK || dry_run || forgetting->count == 0)
		return status;
	answers = cmd_terminal();
	if (answers < 0) {
		cmd_say("forget asks before it takes anything back, and there is no terminal to "
		        "ask on");
		return STATUS_USAGE;
	}
	*wanted = cmd_ask(answers, wording_label(wording, "forget-ask"));
	return STATUS_OK;
}

struct forget_options {
	bool dry_run;
};

static enum status forget_run(struct call *call)
{
	struct forgetting forgetting = {
	        .ctx = call->ctx, .index = call->index, .ids = list_new(call->ctx)};
	char *query = cmd_query(call->ctx, call->arguments, "*");
	bool wanted;
	enum status status;

	cmd_progress_begin();
	status = index_each(call->index, query, note, &forgetting);
	cmd_progress_clear();
	if (status != STATUS_OK) {
		cmd_query_failed("forget", call->index, query);
		return status;
	}
	status = confirm(&forgetting, call->wording,
	        ((const struct forget_options *)call->options)->dry_run, &wanted);
	if (status != STATUS_OK || !wanted)
		return status;
	status = forget_all(&forgetting, &call->settings);
	cmd_progress_clear();
	if (status == STATUS_OK)
		status = index_close(call->index);
	return status == STATUS_OK ? cmd_print(talloc_asprintf(call->ctx, "%s\n",
	                                     wording_label(call->wording, "forget-done")))
	                           : status;
}

static const struct option options[] = {
        FLAG_OPTION("dry-run", struct forget_options, dry_run, "only say what there is"),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_forget = {
        .name = "forget",
        .arguments = "[OPTION]... [QUERY]...",
        .summary = "take every tag and property back that was ever set, after asking",
        .notes = "Without a query: of all mail. Saved searches and hooks stay.",
        .options = options,
        .size = sizeof(struct forget_options),
        .needs = NEEDS_INDEX | NEEDS_WORDING,
        .run = forget_run,
};
