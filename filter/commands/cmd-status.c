/* notmuch bounce status: which mail of the user's did not arrive, to whom, why, and whose turn it
 * is. */
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "commands/status-print.h"
#include "explain/hold.h"
#include "index/link.h"
#include "index/mail-files.h"

/* Reports that are tied to no mail. */
static const char unlinked[] = "property:" PROPERTY_IS "=" IS_REPORT " and tag:" TAG_BOUNCE
                               " and not tag:" TAG_HANDLED " and not property:" PROPERTY_GENUINE
                               "=linked and not property:" PROPERTY_GENUINE "=backscatter";

struct telling {
	/* Options. */
	size_t json; /* 1, or 0: text */
	bool all, only_unlinked, due, hold;

	const void *ctx;
	struct index *index;
	const struct settings *settings;
	enum status_extent extent;
	struct wording *wording; /* to speak in */
	char *kept;              /* what is told, for a macro; NULL: it is printed */
	char **told;             /* ids: several bounces may be about one mail */
	size_t count;
	enum status status;
};

static bool was_told(struct telling *telling, const char *id)
{
	if (list_has((const char *const *)telling->told, id))
		return true;
	list_add(telling->ctx, &telling->told, &telling->count, id);
	return false;
}

static void print(struct telling *telling, const char *text)
{
	if (telling->kept == NULL)
		telling->status = cmd_print(text);
	else
		telling->kept = talloc_strdup_append_buffer(telling->kept, text);
}

static bool tell(void *argument, struct mail *mail)
{
	struct telling *telling = argument;
	void *scratch = talloc_new(telling->ctx);
	struct message_status *told = message_status_read(
	        scratch, telling->index, telling->settings, mail, telling->extent);

	if (told != NULL && !was_told(telling, told->id))
		print(telling, telling->json ? status_json(scratch, told)
		                             : status_text(scratch, told, telling->wording));
	talloc_free(scratch);
	return telling->status == STATUS_OK;
}

/* -- the words at the end */

static void say(struct telling *telling, const char *label)
{
	char *count = talloc_asprintf(telling->ctx, "%zu", telling->count);

	print(telling, status_line(telling->ctx, wording_say(telling->ctx, telling->wording, label,
	                                                 WORDING_VALUES({"count", count}))));
}

static void say_unlinked(struct telling *telling)
{
	struct telling other = *telling;

	other.count = index_count(telling->index, unlinked);
	if (other.count > 0)
		say(&other, "status-unlinked-count");
	telling->kept = other.kept;
	telling->status = other.status;
}

/* What was found, in words: that nothing was is also an answer. */
static void say_all(struct telling *telling)
{
	bool has_sent = link_has_sent_mail(telling->index, telling->settings, 0, time(NULL));

	if (telling->count > 0)
		say(telling, "status-open");
	else if (has_sent)
		say(telling, "status-well");
	if (!has_sent)
		say(telling, "status-no-sent");
	say_unlinked(telling);
	if (!telling->all &&
	        index_count(telling->index,
	                "tag:" TAG_HANDLED " and property:" PROPERTY_IS "=" IS_ORIGINAL) > 0)
		say(telling, "status-handled");
}

static enum status search(struct telling *telling, const char *query)
{
	enum status status = index_each(telling->index, query, tell, telling);

	if (status != STATUS_OK)
		cmd_query_failed("status", telling->index, query);
	return status != STATUS_OK ? status : telling->status;
}

static enum status tell_stdin(struct telling *telling)
{
	size_t length;
	char *bytes;
	struct mail *mail = NULL;

	if (io_read_all(telling->ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length) == STATUS_OK)
		mail = mail_of_bytes(
		        telling->ctx, telling->index, telling->settings, bytes, length);
	if (mail != NULL)
		tell(telling, mail);
	if (telling->status == STATUS_OK && telling->count == 0)
		cmd_say("status: %s",
		        wording_label(telling->wording,
		                telling->due ? "status-due-nothing" : "status-nothing"));
	return telling->status;
}

static enum status tell_found(struct telling *telling, char **words)
{
	char **ids = NULL;
	enum status status = STATUS_OK;

	if (words[1] != NULL)
		return search(telling, cmd_query(telling->ctx, words, ""));
	if (cmd_is_file(words[0])) {
		cmd_say("status %s: a query of notmuch's is expected, not a file; explain takes "
		        "files",
		        words[0]);
		return STATUS_USAGE;
	}
	status = cmd_find(telling->ctx, "status", telling->index, words[0], &ids);
	for (; status == STATUS_OK && telling->status == STATUS_OK && *ids != NULL; ids++) {
		struct mail *mail = index_find(telling->ctx, telling->index, *ids);

		if (mail != NULL)
			tell(telling, mail);
		talloc_free(mail);
	}
	return status != STATUS_OK ? status : telling->status;
}

static enum status tell_open(struct telling *telling)
{
	enum status status;

	telling->extent = telling->due ? EXTENT_DUE : telling->all ? EXTENT_REPORTED : EXTENT_OPEN;
	status = search(telling, telling->only_unlinked ? unlinked
	                         : telling->all         ? "property:" PROPERTY_IS "=" IS_ORIGINAL
	                                        : "tag:" TAG_UNDELIVERED " or tag:" TAG_DELAYED);
	if (status == STATUS_OK && !telling->json && telling->due && telling->count == 0)
		say(telling, "status-due-nothing");
	if (status == STATUS_OK && !telling->json && !telling->due && !telling->only_unlinked)
		say_all(telling);
	return status;
}

static enum status tell_any(struct telling *telling, char **arguments)
{
	enum status status;

	if (arguments[0] == NULL)
		return tell_open(telling);
	telling->extent = telling->due ? EXTENT_DUE : EXTENT_ALL;
	if (strcmp(arguments[0], "-") == 0)
		return tell_stdin(telling);
	status = tell_found(telling, arguments);
	if (status == STATUS_OK && telling->count == 0 && !telling->json)
		say(telling, telling->due ? "status-due-nothing" : "status-found-nothing");
	return status;
}

static enum status status_tell(struct call *call, struct telling *telling)
{
	enum status status = call_open(call);

	telling->index = call->index;
	telling->settings = &call->settings;
	telling->wording = call->wording;
	if (status == STATUS_OK)
		status = tell_any(telling, call->arguments);
	cmd_say_problems(call->problems);
	return status != STATUS_OK ? status : telling->status;
}

/* For a macro: see explain --hold. What is wrong in the user's texts does not keep what they say
 * from being read. */
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
        CHOICE_OPTION("format", OPTION_CHOICE, struct telling, json, "FORMAT", "text json",
                "text, json (the same in every language)"),
        LANGUAGE_OPTION,
        FLAG_OPTION(
                "all", struct telling, all, "with what you dealt with, and what arrived after all"),
        FLAG_OPTION("due", struct telling, due, "what is worth sending again now"),
        FLAG_OPTION("unlinked", struct telling, only_unlinked,
                "bounces that no mail of yours is known for"),
        FLAG_OPTION("hold", struct telling, hold, "keep it for explain --held, for a macro"),
        NO_OPTION,
};

const struct command command_status = {
        .name = "status",
        .arguments = "[OPTION]... [QUERY|-]...",
        .summary = "say which mail did not arrive, to whom, why, and whose turn it is",
        .notes = "Without a query: what is undelivered or delayed now. With one (id:...): what is "
                 "known of every recipient of the mails found; with -, of the mail on stdin.",
        .options = options,
        .size = sizeof(struct telling),
        .needs = NEEDS_INDEX | NEEDS_SETTINGS | NEEDS_WORDING | OPENS_LATER,
        .run = status_run,
};
