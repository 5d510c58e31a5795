/* notmuch bounce forget: removes all that was ever written to the index. */

#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "index/properties.h"

struct forgetting {
	bool dry_run; /* the option */
	char **ids;   /* of the mails that have tags or properties of ours */
	/* how many mails there are, such mails, tags, and properties */
	size_t seen, count, tags, values;
};

/* Takes our tags and properties off MAIL, and counts them. Which tags we set is in properties, but
 * `handled` is ours in any case. */
static void take_off(struct forgetting *forgetting, struct mail *mail)
{
	static const char *const records[] = {PROPERTY_TAG, PROPERTY_MARK};

	for (size_t i = 0; i < sizeof records / sizeof *records; i++)
		for (char **tag = mail_values(mail, mail, records[i]); *tag != NULL; tag++) {
			forgetting->tags += mail_has_tag(mail, *tag);
			mail_put_tag(mail, *tag, false);
		}
	forgetting->tags += mail_has_tag(mail, TAG_HANDLED);
	mail_put_tag(mail, TAG_HANDLED, false);
	forgetting->values += mail_clear(mail, PROPERTY_PREFIX);
}

/* Counts our tags and properties of MAIL, and takes them off in memory only: forget_all() does that
 * in the index. Called with every mail, as libnotmuch can't find the mails that have a property.
 * Opens no file. */
static void forget_note(const void *ctx, struct forgetting *forgetting, struct mail *mail)
{
	size_t before = forgetting->tags + forgetting->values;

	take_off(forgetting, mail);
	if (forgetting->tags + forgetting->values > before) {
		list_add(ctx, &forgetting->ids, mail_id(mail));
		forgetting->count++;
	}
	if (++forgetting->seen % 1000 == 0)
		cmd_progress("%zu mails looked at", forgetting->seen);
}

static enum status forget_one(struct forgetting *forgetting, struct index *index, const char *id)
{
	SCOPED struct mail *mail = index_find(NULL, index, id);

	if (mail == NULL)
		return STATUS_OK;
	take_off(forgetting, mail);
	return mail_write(mail);
}

static enum status forget_all(struct call *call, struct forgetting *forgetting)
{
	size_t count = forgetting->count;
	enum status status = STATUS_OK;

	for (size_t i = 0, end; status == STATUS_OK && i < count; i = end) {
		end = i + BATCH < count ? i + BATCH : count;
		status = cmd_index_write("forget", call->index);
		for (; status == STATUS_OK && i < end; i++)
			status = forget_one(forgetting, call->index, forgetting->ids[i]);
		if (status == STATUS_OK)
			status = index_end(call->index);
		cmd_progress("%zu of %zu mails", end, count);
	}
	cmd_progress_clear();
	return status == STATUS_OK ? index_close(call->index) : status;
}

static enum status forget_run(struct call *call)
{
	struct forgetting *forgetting = call->options;
	const char *query = call->arguments[0] != NULL ? cmd_query(call) : "*";

	cmd_progress_begin();
	struct found *found = index_search(call->ctx, call->index, query, ALL_MAILS);

	if (found == NULL)
		return cmd_query_failed(call, query);
	for (struct mail *mail; (mail = found_next(found)) != NULL;)
		forget_note(call->ctx, forgetting, mail);
	talloc_free(found);
	cmd_progress_clear();
	size_t count = forgetting->count;

	enum status status =
	        cmd_print_line(call_say(call, count > 0 ? "forget-found" : "forget-nothing",
	                WORDING_VALUES({"tags", wording_number(call->ctx, forgetting->tags)},
	                        {"properties", wording_number(call->ctx, forgetting->values)},
	                        {"count", wording_number(call->ctx, count)})));
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
	status = forget_all(call, forgetting);
	return status == STATUS_OK ? cmd_print_line(call_say(call, "forget-done", NULL)) : status;
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
