/* notmuch bounce forget: removes all that was ever written to the index. */

#include "after/table.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/properties.h"

struct forgetting {
	bool dry_run; /* the option */
	const void *ctx;
	struct ids ids;            /* of the mails that have tags or properties of ours */
	size_t seen, tags, values; /* how many mails, tags and properties there were */
};

/* Takes our tags and properties off MAIL, and counts them in *TAGS and *VALUES. Properties record
 * which tags we set; `handled` is ours in any case. */
static void take_off(struct mail *mail, size_t *tags, size_t *values)
{
	static const char *const records[] = {PROPERTY_TAG, PROPERTY_MARK};

	for (size_t i = 0; i < sizeof records / sizeof *records; i++)
		for (char **tag = mail_values(mail, mail, records[i]); *tag != NULL; tag++) {
			*tags += mail_has_tag(mail, *tag);
			mail_put_tag(mail, *tag, false);
		}
	*tags += mail_has_tag(mail, TAG_HANDLED);
	mail_put_tag(mail, TAG_HANDLED, false);
	*values += mail_clear(mail, PROPERTY_PREFIX);
}

/* Counts what MAIL has of ours. Takes it off only in memory: nothing is written before
 * forget_all(). Is called with every mail, as libnotmuch finds a property only by its whole value;
 * opens no file. */
static void note(struct forgetting *forgetting, struct mail *mail)
{
	size_t before = forgetting->tags + forgetting->values;

	take_off(mail, &forgetting->tags, &forgetting->values);
	if (forgetting->tags + forgetting->values > before)
		ids_add(forgetting->ctx, &forgetting->ids, mail_id(mail));
	if (++forgetting->seen % 1000 == 0)
		cmd_progress("%zu mails looked at", forgetting->seen);
}

static enum status forget_one(struct index *index, const char *id)
{
	SCOPED struct mail *mail = index_find(NULL, index, id);
	size_t tags = 0, values = 0;

	if (mail == NULL)
		return STATUS_OK;
	take_off(mail, &tags, &values);
	return mail_write(mail);
}

static enum status forget_all(struct call *call, const struct ids *ids)
{
	enum status status = STATUS_OK;

	for (size_t i = 0, end; status == STATUS_OK && i < ids->count; i = end) {
		end = i + BATCH < ids->count ? i + BATCH : ids->count;
		status = cmd_index_write("forget", call->index);
		for (; status == STATUS_OK && i < end; i++)
			status = forget_one(call->index, ids->list[i]);
		if (status == STATUS_OK)
			status = index_end(call->index);
		cmd_progress("%zu of %zu mails", end, ids->count);
	}
	cmd_progress_clear();
	return status == STATUS_OK ? index_close(call->index) : status;
}

static enum status say(struct call *call, const char *label, const struct wording_value *values)
{
	return cmd_print(talloc_asprintf(
	        call->ctx, "%s\n", wording_say(call->ctx, call->wording, label, values)));
}

static enum status forget_run(struct call *call)
{
	struct forgetting *forgetting = call->options;
	const char *query = call->arguments[0] != NULL ? cmd_query(call) : "*";

	forgetting->ctx = call->ctx;
	cmd_progress_begin();
	struct found *found = index_search(call->ctx, call->index, query, ALL_MAILS);

	if (found == NULL)
		return cmd_query_failed(call, query);
	for (struct mail *mail; (mail = found_next(found)) != NULL;)
		note(forgetting, mail);
	talloc_free(found);
	cmd_progress_clear();
	size_t count = forgetting->ids.count;

	enum status status = say(call, count > 0 ? "forget-found" : "forget-nothing",
	        WORDING_VALUES({"tags", table_number(call->ctx, forgetting->tags)},
	                {"properties", table_number(call->ctx, forgetting->values)},
	                {"count", table_number(call->ctx, count)}));
	if (status != STATUS_OK || forgetting->dry_run || count == 0)
		return status;
	int answers = cmd_terminal();

	if (answers < 0) {
		cmd_say("forget asks before it takes anything back, and there is no terminal to "
		        "ask on");
		return STATUS_USAGE;
	}
	if (!cmd_ask(answers, wording_label(call->wording, "forget-ask")))
		return STATUS_OK;
	status = forget_all(call, &forgetting->ids);
	return status == STATUS_OK ? say(call, "forget-done", NULL) : status;
}

static const struct option options[] = {
        FLAG_OPTION("dry-run", struct forgetting, dry_run),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_forget = {
        .name = "forget",
        .arguments = "[OPTION]... [QUERY]...",
        .options = options,
        .size = sizeof(struct forgetting),
        .needs = NEEDS_INDEX | NEEDS_WORDING,
        .run = forget_run,
};
