/* notmuch bounce status: shows which of the user's mails did not arrive, for which recipients, why,
 * and who has to act. */
#include <glib.h>
#include <unistd.h>

#include "after/table.h"
#include "base/array.h"
#include "base/date.h"
#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "commands/hold.h"
#include "index/link.h"
#include "index/outcome.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

/* Reports that are not linked to a mail. */
static const char unlinked_reports[] =
        "property:" PROPERTY_IS "=" IS_REPORT " and tag:" TAG_BOUNCE " and not tag:" TAG_HANDLED
        " and not property:" PROPERTY_GENUINE "=linked and not property:" PROPERTY_GENUINE
        "=backscatter";

/* Mails that did not arrive, or not yet. */
static const char open_mails[] = "tag:" TAG_UNDELIVERED " or tag:" TAG_DELAYED;

#define DATE_COLUMNS 8

/* The most columns of an address, with the blank after it. */
#define ADDRESS_COLUMNS_MAX 36

/* The widest name of a reason, and the widest who- label, that tests/texts.pl allows. */
#define NAME_COLUMNS_MAX 24
#define WHO_COLUMNS_MAX 17

static const char margin[] = "        ";

struct telling {
	/* Options. */
	size_t json; /* 1, or 0: text */
	bool all, only_unlinked, due, hold;

	const struct call *call;
	enum status_extent extent;
	char *kept;                    /* the answer for a macro; NULL: it is printed */
	struct message_status **mails; /* those found, each once */
	size_t count;
};

/* What is printed about a recipient. */
struct row {
	const char *address;
	const char *state; /* or the name of the reason, if there is one */
	const char *who;   /* who has to act; NULL: not known */
};

/* How many columns the address and the state in a row take, with the blank after each. */
struct columns {
	size_t address, state;
};

static struct row row_of(
        const void *ctx, struct wording *wording, const struct recipient_fate *fate)
{
	struct row row = {.address = fate->address[0] != '\0'
	                                     ? address_shown(ctx, fate->address)
	                                     : wording_label(wording, "no-address")};

	if (fate->state == STATE_FAILED && fate->reason < REASON_COUNT) {
		row.state = wording_name(ctx, wording, reason_name(fate->reason),
		        address_domain(ctx, fate->address));
		row.who = wording_who(ctx, wording, fate->reason);
	} else
		row.state = wording_label(wording,
		        talloc_asprintf(ctx, "state-%s", recipient_state_names[fate->state]));
	return row;
}

/* Returns the columns for the rows of all mails, which are aligned. The column of addresses is as
 * narrow as the longest names allow; if addresses are longer, it gets what the names here leave. */
static struct columns columns_of(const struct telling *run)
{
	SCOPED void *scratch = talloc_new(NULL);
	size_t line = WRAP_COLUMNS - DATE_COLUMNS, address = 0, name = 0, who = 0;
	struct columns columns = {
	        line - (NAME_COLUMNS_MAX + 1) - WHO_COLUMNS_MAX, NAME_COLUMNS_MAX + 1};

	for (size_t i = 0; i < run->count; i++)
		for (size_t j = 0; j < run->mails[i]->count; j++) {
			struct row row =
			        row_of(scratch, run->call->wording, &run->mails[i]->fates[j]);

			address = MAX(address, text_width(row.address));
			name = MAX(name, row.who != NULL ? text_width(row.state) : 0);
			who = MAX(who, row.who != NULL ? text_width(row.who) : 0);
		}
	address = MIN(address, ADDRESS_COLUMNS_MAX - 1);
	name = MIN(name, NAME_COLUMNS_MAX);
	who = MIN(who, WHO_COLUMNS_MAX);
	if (address + 1 > columns.address) {
		columns.address = MIN(address + 1, line - (name + 1) - who);
		columns.state = MIN(columns.state, line - columns.address - who);
	}
	return columns;
}

static void add_row(struct buffer *buffer, struct row row, struct columns columns)
{
	size_t rest = WRAP_COLUMNS - DATE_COLUMNS - columns.address;

	buffer_add_string(buffer, margin);
	table_cell(buffer, row.address, columns.address - 1);
	buffer_add_string(buffer, " ");
	if (row.who != NULL) {
		table_cell(buffer, row.state, columns.state - 1);
		rest -= columns.state;
		buffer_add_string(buffer, " ");
	}
	buffer_print(buffer, "%s\n",
	        text_in_columns(buffer->ctx, row.who != NULL ? row.who : row.state, rest));
}

/* Returns what is known about a mail that came back: a line with its date and subject, one for each
 * recipient, and one with the name by which other commands find it. */
static char *status_text(const void *ctx, const struct message_status *status,
        struct columns columns, struct wording *wording)
{
	struct buffer buffer = buffer_new(ctx);
	char *date = wording_day_short(ctx, wording, status->date);
	/* the id needs no quotes in a shell */
	bool is_plain =
	        status->id[strspn(status->id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS"
	                                      "TUVWXYZ0123456789._@+=-%")] == '\0';

	table_cell(&buffer, date != NULL ? date : "", DATE_COLUMNS - 1);
	buffer_print(&buffer, " %s\n",
	        text_in_columns(ctx,
	                status->subject[0] != '\0' ? status->subject
	                                           : wording_label(wording, "no-subject"),
	                WRAP_COLUMNS - DATE_COLUMNS));
	if (!status->is_original)
		wrap_paragraph(&buffer, margin, margin, wording_label(wording, "status-unlinked"),
		        WRAP_COLUMNS);
	for (size_t i = 0; i < status->count; i++)
		add_row(&buffer, row_of(ctx, wording, &status->fates[i]), columns);
	/* The name by which explain and resend find the mail is never cut. */
	buffer_print(&buffer, "%s%s%s\n", margin,
	        is_plain ? "id:" : "thread:", is_plain ? status->id : status->thread);
	return buffer_text(&buffer);
}

/* Returns the same as JSON, whatever the language. */
static char *status_json(const void *ctx, const struct message_status *status)
{
	struct json json = json_new(ctx);
	const char *id = text_is_clean(status->id)
	                         ? status->id
	                         : text_address(ctx, status->id, strlen(status->id), VALUE_MAX);

	json_open(&json, NULL, '{');
	json_string(&json, status->is_original ? "message_id" : "bounce_id", id);
	json_string(&json, "subject", status->subject);
	json_string(&json, "date", date_write_time(ctx, status->date));
	json_open(&json, "recipients", '[');
	for (size_t i = 0; i < status->count; i++) {
		const struct recipient_fate *fate = &status->fates[i];

		json_open(&json, NULL, '{');
		json_string(&json, "address", fate->address);
		json_string(&json, "state", recipient_state_names[fate->state]);
		json_string(&json, "reason",
		        fate->reason < REASON_COUNT ? reason_name(fate->reason) : NULL);
		json_string(&json, "who",
		        fate->reason < REASON_COUNT ? reason_who(fate->reason) : NULL);
		json_string(&json, "since", date_write_time(ctx, fate->since));
		json_close(&json, '}');
	}
	json_close(&json, ']');
	json_close(&json, '}');
	return json_line(&json);
}

/* -- the command */

static enum status status_print(struct telling *run, const char *text)
{
	if (run->kept == NULL)
		return cmd_print(text);
	run->kept = talloc_strdup_append_buffer(run->kept, text);
	return STATUS_OK;
}

/* Adds the mail that MAIL is, or is about; only once, as several bounces may be about one mail. */
static enum status status_add_mail(void *argument, struct mail *mail)
{
	struct telling *run = argument;
	const void *ctx = run->call->ctx;
	struct message_status *status = message_status_read(ctx, mail, run->extent);

	for (size_t i = 0; status != NULL && i < run->count; i++)
		if (strcmp(run->mails[i]->id, status->id) == 0)
			TALLOC_FREE(status);
	if (status != NULL)
		array_add(ctx, run->mails, run->count) = status;
	return STATUS_OK;
}

static enum status status_print_mails(struct telling *run)
{
	const struct columns columns = columns_of(run);
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < run->count; i++) {
		SCOPED void *scratch = talloc_new(NULL);

		status = status_print(run, run->json ? status_json(scratch, run->mails[i])
		                                     : status_text(scratch, run->mails[i], columns,
		                                               run->call->wording));
	}
	return status;
}

static enum status status_search(struct telling *run, const char *query)
{
	const struct call *call = run->call;
	SCOPED struct found *found = index_search(NULL, call->index, query, ALL_MAILS);

	if (found == NULL)
		return cmd_query_failed(call, query);
	for (struct mail *mail; (mail = found_next(found)) != NULL;)
		status_add_mail(run, mail);
	return status_print_mails(run);
}

/* Prints the sentence LABEL, with COUNT in it. */
static enum status status_say(struct telling *run, const char *label, size_t count)
{
	const struct call *call = run->call;
	struct buffer text = buffer_new(call->ctx);

	wrap_paragraph(&text, "", "",
	        wording_say(call->ctx, call->wording, label,
	                WORDING_VALUES({"count", wording_number(call->ctx, count)})),
	        WRAP_COLUMNS);
	return status_print(run, text.text);
}

/* Prints in sentences how many mails were found, and what that does not say. */
static enum status status_say_all(struct telling *run)
{
	struct index *index = run->call->index;
	bool has_sent = link_has_sent_mail(index, 0, time(NULL)),
	     has_handled =
	             !run->all && index_count(index, "tag:" TAG_HANDLED " and property:" PROPERTY_IS
	                                             "=" IS_ORIGINAL) > 0;
	size_t without_mail = index_count(index, unlinked_reports),
	       open = run->all ? index_count(index, open_mails) : run->count;
	const struct {
		bool holds;
		const char *label;
		size_t count;
	} sentences[] = {
	        {open > 0, "status-open", open},
	        {run->count == 0 && has_sent, "status-well", 0},
	        {!has_sent, "status-no-sent", 0},
	        {without_mail > 0, "status-unlinked-count", without_mail},
	        {has_handled, "status-handled", 0},
	};
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < sizeof sentences / sizeof *sentences; i++)
		if (sentences[i].holds)
			status = status_say(run, sentences[i].label, sentences[i].count);
	return status;
}

/* Prints what came back, for a call without a query. */
static enum status status_tell_open(struct telling *run)
{
	run->extent = run->due ? EXTENT_DUE : run->all ? EXTENT_REPORTED : EXTENT_OPEN;
	enum status status = status_search(run, run->only_unlinked ? unlinked_reports
	                                        : run->all ? "property:" PROPERTY_IS "=" IS_ORIGINAL
	                                                   : open_mails);

	if (status != STATUS_OK || run->json || run->only_unlinked)
		return status;
	if (!run->due)
		return status_say_all(run);
	return run->count == 0 ? status_say(run, "status-due-nothing", 0) : STATUS_OK;
}

static enum status status_tell_stdin(struct telling *run)
{
	const struct call *call = run->call;
	size_t length;
	char *bytes;
	struct mail *mail = NULL;

	if (io_read_all(call->ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length) == STATUS_OK)
		mail = mail_of_bytes(call->ctx, call->index, bytes, length);
	if (mail != NULL)
		status_add_mail(run, mail);
	if (run->count == 0)
		cmd_say("status: %s", wording_label(call->wording,
		                              run->due ? "status-due-nothing" : "status-nothing"));
	return status_print_mails(run);
}

static enum status status_tell_found(struct telling *run, char **names)
{
	if (names[1] != NULL)
		return status_search(run, cmd_query(run->call));
	if (!cmd_is_file(names[0])) {
		enum status status = cmd_each(run->call, names[0], status_add_mail, run);

		return status == STATUS_OK ? status_print_mails(run) : status;
	}
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
		return status_tell_open(run);
	run->extent = run->due ? EXTENT_DUE : EXTENT_ALL;
	if (strcmp(names[0], "-") == 0)
		return status_tell_stdin(run);
	status = status_tell_found(run, names);
	if (status == STATUS_OK && run->count == 0 && !run->json)
		status = status_say(
		        run, run->due ? "status-due-nothing" : "status-found-nothing", 0);
	return status;
}

/* Keeps the answer for a macro, as explain --hold does. Errors in the user's texts are not part of
 * it. */
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
