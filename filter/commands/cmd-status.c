/* notmuch bounce status: shows which mails of the user's did not arrive, to whom, why, and whose
 * turn it is. */
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "commands/hold.h"
#include "commands/status-print.h"
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

	const void *ctx;
	struct index *index;
	enum status_extent extent;
	struct wording *wording; /* the language of the answer */
	char *kept;              /* the answer for a macro; NULL: it is printed */
	struct ids told;         /* mails told already: several bounces may be about one */
	enum status status;
};

static void print(struct telling *telling, const char *text)
{
	if (telling->kept == NULL)
		telling->status = cmd_print(text);
	else
		telling->kept = talloc_strdup_append_buffer(telling->kept, text);
}

static void tell(struct telling *telling, struct mail *mail)
{
	void *scratch = talloc_new(telling->ctx);
	struct message_status *told = message_status_read(scratch, mail, telling->extent);

	if (told != NULL && !list_has((const char *const *)telling->told.list, told->id)) {
		ids_add(telling->ctx, &telling->told, told->id);
		print(telling, telling->json ? status_json(scratch, told)
		                             : status_text(scratch, told, telling->wording));
	}
	talloc_free(scratch);
}

static enum status search(struct telling *telling, const char *query)
{
	struct found *found;
	enum status status = index_search(telling->ctx, telling->index, query, ALL_MAILS, &found);

	if (status != STATUS_OK)
		cmd_query_failed("status", telling->index, query);
	for (struct mail *mail; telling->status == STATUS_OK && (mail = found_next(found)) != NULL;)
		tell(telling, mail);
	talloc_free(found);
	return status;
}

/* Prints the sentence LABEL, with COUNT in it. */
static void say(struct telling *telling, const char *label, size_t count)
{
	char *number = talloc_asprintf(telling->ctx, "%zu", count);

	print(telling, status_line(telling->ctx, wording_say(telling->ctx, telling->wording, label,
	                                                 WORDING_VALUES({"count", number}))));
}

/* Prints in words what was found; also if nothing was. */
static void say_all(struct telling *telling)
{
	bool has_sent = link_has_sent_mail(telling->index, 0, time(NULL));
	size_t without_mail = index_count(telling->index, unlinked);

	if (telling->told.count > 0)
		say(telling, "status-open", telling->told.count);
	else if (has_sent)
		say(telling, "status-well", 0);
	if (!has_sent)
		say(telling, "status-no-sent", 0);
	if (without_mail > 0)
		say(telling, "status-unlinked-count", without_mail);
	if (!telling->all &&
	        index_count(telling->index,
	                "tag:" TAG_HANDLED " and property:" PROPERTY_IS "=" IS_ORIGINAL) > 0)
		say(telling, "status-handled", 0);
}

/* Answers without a query: prints what came back. */
static enum status tell_open(struct telling *telling)
{
	telling->extent = telling->due ? EXTENT_DUE : telling->all ? EXTENT_REPORTED : EXTENT_OPEN;
	enum status status =
	        search(telling, telling->only_unlinked ? unlinked
	                        : telling->all         ? "property:" PROPERTY_IS "=" IS_ORIGINAL
	                                       : "tag:" TAG_UNDELIVERED " or tag:" TAG_DELAYED);
	if (status != STATUS_OK || telling->json)
		return status;
	if (telling->due && telling->told.count == 0)
		say(telling, "status-due-nothing", 0);
	if (!telling->due && !telling->only_unlinked)
		say_all(telling);
	return status;
}

static enum status tell_stdin(struct telling *telling)
{
	size_t length;
	char *bytes;
	struct mail *mail = NULL;

	if (io_read_all(telling->ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length) == STATUS_OK)
		mail = mail_of_bytes(telling->ctx, telling->index, bytes, length);
	if (mail != NULL)
		tell(telling, mail);
	if (telling->status == STATUS_OK && telling->told.count == 0)
		cmd_say("status: %s",
		        wording_label(telling->wording,
		                telling->due ? "status-due-nothing" : "status-nothing"));
	return STATUS_OK;
}

static enum status tell_found(struct telling *telling, const char *name)
{
	char **ids;

	if (cmd_is_file(name)) {
		cmd_say("status %s: a query of notmuch's is expected, not a file; explain takes "
		        "files",
		        name);
		return STATUS_USAGE;
	}
	enum status status = cmd_find(telling->ctx, "status", telling->index, name, &ids);
	for (; status == STATUS_OK && telling->status == STATUS_OK && *ids != NULL; ids++) {
		struct mail *mail = index_find(telling->ctx, telling->index, *ids);

		if (mail != NULL)
			tell(telling, mail);
		talloc_free(mail);
	}
	return status;
}

static enum status tell_any(struct telling *telling, char **arguments)
{
	if (arguments[0] == NULL)
		return tell_open(telling);
	telling->extent = telling->due ? EXTENT_DUE : EXTENT_ALL;
	if (strcmp(arguments[0], "-") == 0)
		return tell_stdin(telling);
	enum status status = arguments[1] != NULL
	                             ? search(telling, cmd_query(telling->ctx, arguments, ""))
	                             : tell_found(telling, arguments[0]);
	if (status == STATUS_OK && telling->told.count == 0 && !telling->json)
		say(telling, telling->due ? "status-due-nothing" : "status-found-nothing", 0);
	return status;
}

static enum status status_tell(struct call *call, struct telling *telling)
{
	enum status status = call_open(call);

	telling->index = call->index;
	telling->wording = call->wording;
	if (status == STATUS_OK)
		status = tell_any(telling, call->arguments);
	cmd_say_problems(call->problems);
	return status != STATUS_OK ? status : telling->status;
}

/* Keeps the answer for a macro, see explain --hold. Errors in the user's texts are not part of it.
 */
static enum status status_hold(struct call *call, struct telling *telling)
{
	char *said;
	enum status status;

	telling->kept = talloc_strdup(call->ctx, "");
	hold_forget("text");
	cmd_say_to(call->ctx, &said);
	status = status_tell(call, telling);
	io_drain(STDIN_FILENO);
	if (status != STATUS_OK || (said != NULL && telling->kept[0] == '\0'))
		telling->kept = said;
	if (telling->kept != NULL)
		hold_put("text", telling->kept);
	return STATUS_OK;
}

static enum status status_run(struct call *call)
{
	struct telling *telling = call->options;

	telling->ctx = call->ctx;
	if (telling->due && (telling->all || telling->only_unlinked)) {
		cmd_say("status --due: goes with neither --all nor --unlinked");
		return STATUS_USAGE;
	}
	return telling->hold ? status_hold(call, telling) : status_tell(call, telling);
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
