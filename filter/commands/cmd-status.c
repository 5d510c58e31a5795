/* notmuch bounce status: shows which of the user's mails did not arrive, for which recipients, why,
 * and who has to act. */
#include <glib.h>
#include <unistd.h>

#include "after/table.h"
#include "base/array.h"
#include "base/child.h"
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
	struct message_status **mails; /* those found, each once */
	size_t count;
	GHashTable *ids;    /* the ids of these */
	struct buffer text; /* the answer */
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
	bool is_plain = status->id[strspn(status->id, SHELL_PLAIN "=%")] == '\0';

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

/* Adds the mail that MAIL is, or is about; only once, as several bounces may be about one mail. */
static enum status status_add_mail(void *argument, struct mail *mail)
{
	struct telling *run = argument;
	const void *ctx = run->call->ctx;
	struct message_status *status = message_status_read(ctx, mail, run->extent);

	if (status == NULL || g_hash_table_contains(run->ids, status->id)) {
		talloc_free(status);
		return STATUS_OK;
	}
	g_hash_table_add(run->ids, status->id);
	array_add(ctx, run->mails, run->count) = status;
	return STATUS_OK;
}

static enum status status_search(struct telling *run, const char *query)
{
	SCOPED struct found *found = index_search(NULL, run->call->index, query, ALL_MAILS);

	if (found == NULL)
		return cmd_query_failed(run->call, query);
	for (struct mail *mail; (mail = found_next(found)) != NULL;)
		status_add_mail(run, mail);
	return STATUS_OK;
}

static enum status status_search_open(struct telling *run)
{
	run->extent = run->due ? EXTENT_DUE : run->all ? EXTENT_REPORTED : EXTENT_OPEN;
	return status_search(run, run->only_unlinked ? unlinked_reports
	                          : run->all         ? "property:" PROPERTY_IS "=" IS_ORIGINAL
	                                             : open_mails);
}

static bool is_for_stdin(const struct telling *run)
{
	return g_strcmp0(run->call->arguments[0], "-") == 0;
}

/* Finds the mails that the arguments name; without any, those that did not arrive. */
static enum status status_find(struct telling *run)
{
	const struct call *call = run->call;
	const char *name = call->arguments[0];
	struct mail *mail = NULL;
	size_t length;
	char *bytes;

	if (name == NULL)
		return status_search_open(run);
	run->extent = run->due ? EXTENT_DUE : EXTENT_ALL;
	if (is_for_stdin(run)) {
		if (io_read_all(call->ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &length) ==
		        STATUS_OK)
			mail = mail_of_bytes(call->ctx, call->index, bytes, length);
		return mail != NULL ? status_add_mail(run, mail) : STATUS_OK;
	}
	if (call->arguments[1] != NULL)
		return status_search(run, cmd_query(call));
	if (!cmd_is_file(name))
		return cmd_each(call, name, status_add_mail, run);
	cmd_say("status %s: a query of notmuch's is expected, not a file; explain takes files",
	        name);
	return STATUS_USAGE;
}

static void status_put_mails(struct telling *run)
{
	const struct columns columns = columns_of(run);

	for (size_t i = 0; i < run->count; i++) {
		SCOPED void *scratch = talloc_new(NULL);

		buffer_add_string(&run->text, run->json ? status_json(scratch, run->mails[i])
		                                        : status_text(scratch, run->mails[i],
		                                                  columns, run->call->wording));
	}
}

/* Adds the sentence LABEL, with COUNT in it. */
static void status_put_sentence(struct telling *run, const char *label, size_t count)
{
	const struct call *call = run->call;

	wrap_paragraph(&run->text, "", "",
	        call_say(call, label, WORDING_VALUES({"count", wording_number(call->ctx, count)})),
	        WRAP_COLUMNS);
}

/* Adds in sentences how many mails did not arrive, and what else is to be known about all mail. */
static void status_put_summary(struct telling *run)
{
	struct index *index = run->call->index;
	bool has_sent = link_has_sent_mail(index, 0, time(NULL)),
	     has_handled =
	             !run->all && index_count(index, "tag:" TAG_HANDLED " and property:" PROPERTY_IS
	                                             "=" IS_ORIGINAL) > 0;
	size_t without_mail = index_count(index, unlinked_reports),
	       open = run->all ? index_count(index, open_mails) : run->count;

	if (open > 0)
		status_put_sentence(run, "status-open", open);
	if (run->count == 0 && has_sent)
		status_put_sentence(run, "status-well", 0);
	if (!has_sent)
		status_put_sentence(run, "status-no-sent", 0);
	if (without_mail > 0)
		status_put_sentence(run, "status-unlinked-count", without_mail);
	if (has_handled)
		status_put_sentence(run, "status-handled", 0);
}

static void status_put_sentences(struct telling *run)
{
	bool is_query = run->call->arguments[0] != NULL;

	if (is_for_stdin(run) && run->count == 0)
		cmd_say("status: %s", wording_label(run->call->wording,
		                              run->due ? "status-due-nothing" : "status-nothing"));
	if (is_for_stdin(run) || run->json || (!is_query && run->only_unlinked))
		return;
	if (!is_query && !run->due)
		status_put_summary(run);
	else if (run->count == 0)
		status_put_sentence(
		        run, run->due ? "status-due-nothing" : "status-found-nothing", 0);
}

/* Makes the answer; it is empty if that fails. */
static enum status status_answer(struct call *call, struct telling *run)
{
	enum status status = call_open(call);

	run->ids = g_hash_table_new(g_str_hash, g_str_equal);
	if (status == STATUS_OK)
		status = status_find(run);
	g_hash_table_destroy(run->ids);
	if (status != STATUS_OK)
		return status;
	status_put_mails(run);
	status_put_sentences(run);
	return STATUS_OK;
}

/* Keeps the answer for a macro, as explain --hold does. Errors in the user's texts are not part of
 * it. */
static enum status status_hold(struct call *call, struct telling *run)
{
	hold_forget(call->ctx, "text");
	cmd_say_to(call->ctx, &call->said);
	enum status status = status_answer(call, run);

	cmd_say_problems(call->problems);
	io_drain(STDIN_FILENO);
	if (status == STATUS_OK && (call->said == NULL || run->text.length > 0))
		hold_put(call->ctx, "text", buffer_text(&run->text));
	else if (call->said != NULL)
		hold_put(call->ctx, "text", call->said);
	return STATUS_OK;
}

static enum status status_run(struct call *call)
{
	struct telling *run = call->options;

	run->call = call;
	run->text = buffer_new(call->ctx);
	if (run->due && (run->all || run->only_unlinked)) {
		cmd_say("status --due: goes with neither --all nor --unlinked");
		return STATUS_USAGE;
	}
	if (run->hold)
		return status_hold(call, run);
	enum status status = status_answer(call, run);

	return status_first(status, cmd_print(buffer_text(&run->text)));
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
