/* notmuch bounce status: shows which mails of the user's did not arrive, to whom, why, and whose
 * turn it is. */
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "commands/hold.h"
#include "commands/listing.h"
#include "index/link.h"
#include "index/mail-files.h"

/* Reports that are not linked to a mail. */
static const char unlinked[] = "property:" PROPERTY_IS "=" IS_REPORT " and tag:" TAG_BOUNCE
                               " and not tag:" TAG_HANDLED " and not property:" PROPERTY_GENUINE
                               "=linked and not property:" PROPERTY_GENUINE "=backscatter";

struct telling {
	/* Options. */
	size_t json; /* 1, or 0: text */
	bool all, only_unlinked, due, hold;

	const struct call *call;
	enum status_extent extent;
	char *kept;      /* the answer for a macro; NULL: it is printed */
	struct ids told; /* mails told already: several bounces may be about one */
};

static enum status print(struct telling *run, const char *text)
{
	if (run->kept == NULL)
		return cmd_print(text);
	run->kept = talloc_strdup_append_buffer(run->kept, text);
	return STATUS_OK;
}

static enum status tell(void *argument, struct mail *mail)
{
	struct telling *run = argument;
	SCOPED void *scratch = talloc_new(NULL);
	struct message_status *told = message_status_read(scratch, mail, run->extent);

	if (told == NULL || list_has((const char *const *)run->told.list, told->id))
		return STATUS_OK;
	ids_add(run->call->ctx, &run->told, told->id);
	return print(run, run->json ? status_json(scratch, told)
	                            : status_text(scratch, told, run->call->wording));
}

static enum status search(struct telling *run, const char *query)
{
	const struct call *call = run->call;
	SCOPED struct found *found = index_search(NULL, call->index, query, ALL_MAILS);

	if (found == NULL)
		return cmd_query_failed(call, query);
	enum status status = STATUS_OK;

	for (struct mail *mail; status == STATUS_OK && (mail = found_next(found)) != NULL;)
		status = tell(run, mail);
	return status;
}

/* Prints the sentence LABEL, with COUNT in it. */
static enum status say(struct telling *run, const char *label, size_t count)
{
	const struct call *call = run->call;
	char *number = talloc_asprintf(call->ctx, "%zu", count);

	return print(run, listing_line(call->ctx, wording_say(call->ctx, call->wording, label,
	                                                  WORDING_VALUES({"count", number}))));
}

/* Prints in words what was found; also if nothing was. */
static enum status say_all(struct telling *run)
{
	struct index *index = run->call->index;
	bool has_sent = link_has_sent_mail(index, 0, time(NULL)),
	     has_handled =
	             !run->all && index_count(index, "tag:" TAG_HANDLED " and property:" PROPERTY_IS
	                                             "=" IS_ORIGINAL) > 0;
	size_t without_mail = index_count(index, unlinked);
	const struct {
		bool holds;
		const char *label;
		size_t count;
	} sentences[] = {
	        {run->told.count > 0, "status-open", run->told.count},
	        {run->told.count == 0 && has_sent, "status-well", 0},
	        {!has_sent, "status-no-sent", 0},
	        {without_mail > 0, "status-unlinked-count", without_mail},
	        {has_handled, "status-handled", 0},
	};
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < sizeof sentences / sizeof *sentences; i++)
		if (sentences[i].holds)
			status = say(run, sentences[i].label, sentences[i].count);
	return status;
}

/* Answers without a query: prints what came back. */
static enum status tell_open(struct telling *run)
{
	run->extent = run->due ? EXTENT_DUE : run->all ? EXTENT_REPORTED : EXTENT_OPEN;
	enum status status =
	        search(run, run->only_unlinked ? unlinked
	                    : run->all         ? "property:" PROPERTY_IS "=" IS_ORIGINAL
	                                       : "tag:" TAG_UNDELIVERED " or tag:" TAG_DELAYED);

	if (status != STATUS_OK || run->json || run->only_unlinked)
		return status;
	if (!run->due)
		return say_all(run);
	return run->told.count == 0 ? say(run, "status-due-nothing", 0) : STATUS_OK;
}

static enum status tell_stdin(struct telling *run)
{
	const struct call *call = run->call;
	size_t length;
	char *bytes;
	struct mail *mail = NULL;
	enum status status = STATUS_OK;

	if (io_read_all(call->ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length) == STATUS_OK)
		mail = mail_of_bytes(call->ctx, call->index, bytes, length);
	if (mail != NULL)
		status = tell(run, mail);
	if (status == STATUS_OK && run->told.count == 0)
		cmd_say("status: %s", wording_label(call->wording,
		                              run->due ? "status-due-nothing" : "status-nothing"));
	return status;
}

static enum status tell_found(struct telling *run, char **names)
{
	if (names[1] != NULL)
		return search(run, cmd_query(run->call));
	if (!cmd_is_file(names[0]))
		return cmd_each(run->call, names[0], tell, run);
	cmd_say("status %s: a query of notmuch's is expected, not a file; explain takes files",
	        names[0]);
	return STATUS_USAGE;
}

static enum status status_tell(struct call *call, struct telling *run)
{
	char **names = call->arguments;
	enum status status = call_open(call);

	if (status != STATUS_OK)
		return status;
	if (names[0] == NULL)
		return tell_open(run);
	run->extent = run->due ? EXTENT_DUE : EXTENT_ALL;
	if (strcmp(names[0], "-") == 0)
		return tell_stdin(run);
	status = tell_found(run, names);
	if (status == STATUS_OK && run->told.count == 0 && !run->json)
		status = say(run, run->due ? "status-due-nothing" : "status-found-nothing", 0);
	return status;
}

/* Keeps the answer for a macro, see explain --hold. Errors in the user's texts are not part of it. */
static enum status status_hold(struct call *call, struct telling *run)
{
	run->kept = talloc_strdup(call->ctx, "");
	hold_forget(call->ctx, "text");
	cmd_say_to(call->ctx, &call->said);
	enum status status = status_tell(call, run);

	cmd_say_problems(call->problems);
	io_drain(STDIN_FILENO);
	if (status != STATUS_OK || (call->said != NULL && run->kept[0] == '\0'))
		run->kept = call->said;
	if (run->kept != NULL)
		hold_put(call->ctx, "text", run->kept);
	return STATUS_OK;
}

static enum status status_run(struct call *call)
{
	struct telling *run = call->options;

	run->call = call;
	if (run->due && (run->all || run->only_unlinked)) {
		cmd_say("status --due: goes with neither --all nor --unlinked");
		return STATUS_USAGE;
	}
	return run->hold ? status_hold(call, run) : status_tell(call, run);
}

static const struct option options[] = {
        CHOICE_OPTION("format", OPTION_CHOICE, struct telling, json, "FORMAT", "text json"),
        LANGUAGE_OPTION,
        FLAG_OPTION("all", struct telling, all),
        FLAG_OPTION("due", struct telling, due),
        FLAG_OPTION("unlinked", struct telling, only_unlinked),
        FLAG_OPTION("hold", struct telling, hold),
        NO_OPTION,
};

const struct command command_status = {
        .name = "status",
        .arguments = "[OPTION]... [QUERY|-]...",
        .options = options,
        .size = sizeof(struct telling),
        .needs = NEEDS_INDEX | NEEDS_SETTINGS | NEEDS_WORDING | OPENS_LATER,
        .run = status_run,
};
