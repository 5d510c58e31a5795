/* notmuch bounce forget: take back all that was ever written to the index. */
#include <string.h>
#include <talloc.h>

#include "base/list.h"
#include "commands/cmd-ask.h"
#include "commands/cmd-index.h"
#include "commands/cmd-language.h"
#include "commands/cmd-progress.h"
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

/* Take our tags off MAIL: those that we set are on record, and `handled` is ours by its name. Returns how many there are. */
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

/* libnotmuch finds properties by their whole value only: every mail is looked at, but no file is opened. */
static bool note(void *argument, struct mail *mail)
{
	struct forgetting *forgetting = argument;
	size_t values = mail_count_values(mail, PROPERTY_PREFIX), tags = remove_tags(mail);

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
	mail_remove_values(mail, PROPERTY_PREFIX);
	status = mail_status(mail);
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
static enum status confirm(const struct forgetting *forgetting, struct wording *wording, bool dry_run, bool *wanted)
{
	const void *ctx = forgetting->ctx;
	const struct wording_value *values = WORDING_VALUES({"tags", talloc_asprintf(ctx, "%zu", forgetting->tags)},
	        {"properties", talloc_asprintf(ctx, "%zu", forgetting->values)}, {"count", talloc_asprintf(ctx, "%zu", forgetting->count)});
	char *text = talloc_asprintf(ctx, "%s\n", wording_say(ctx, wording, forgetting->count > 0 ? "forget-found" : "forget-nothing", values));
	enum status status = cmd_print(text);
	int answers;

	*wanted = false;
	if (status != STATUS_OK || dry_run || forgetting->count == 0)
		return status;
	answers = cmd_terminal();
	if (answers < 0) {
		cmd_say("forget asks before it takes anything back, and there is no terminal to ask on");
		return STATUS_USAGE;
	}
	*wanted = cmd_ask(answers, wording_label(wording, "forget-ask"));
	return STATUS_OK;
}

static enum status forget_run(const void *ctx, char **arguments)
{
	struct forgetting forgetting = {.ctx = ctx, .ids = list_new(ctx)};
	struct problems *problems = problems_new(ctx);
	const char *language = NULL, *query;
	bool dry_run = false, wanted;
	const struct option options[] = {
	        {.name = "dry-run", .flag = &dry_run},
	        {.name = "lang", .value = &language},
	        {.name = NULL},
	};
	enum status status = cmd_options("forget", arguments, options);
	struct settings settings;
	struct wording *wording;

	if (status != STATUS_OK)
		return status;
	status = cmd_index_open(ctx, "forget", INDEX_READ, &forgetting.index, &settings, NULL);
	if (status == STATUS_OK)
		status = cmd_wording(ctx, "forget", language, settings.language, problems, &wording);
	if (status != STATUS_OK)
		return status;
	query = cmd_query(ctx, arguments, "*");
	cmd_progress_begin();
	index_pretend(forgetting.index, true);
	status = index_each(forgetting.index, query, note, &forgetting);
	index_pretend(forgetting.index, false);
	cmd_progress_clear();
	if (status != STATUS_OK) {
		cmd_query_failed("forget", forgetting.index, query);
		return status;
	}
	status = confirm(&forgetting, wording, dry_run, &wanted);
	if (status == STATUS_OK && wanted)
		status = forget_all(&forgetting, &settings);
	cmd_progress_clear();
	if (status == STATUS_OK && wanted)
		status = index_close(forgetting.index);
	return status == STATUS_OK && wanted ? cmd_print(talloc_asprintf(ctx, "%s\n", wording_label(wording, "forget-done"))) : status;
}

const struct command command_forget = {
        .name = "forget",
        .arguments = "[OPTION]... [QUERY]...",
        .summary = "take every tag and property back that was ever set, after asking",
        .help = "  --dry-run         only say what there is\n"
                "  --lang=LANGUAGE   en, ja, ...; default: bounce.language, else the locale's\n"
                "Without a query: of all mail. Saved searches and hooks stay.\n",
        .run = forget_run,
};
