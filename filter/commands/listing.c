#include "commands/listing.h"

#include <glib.h>

#include "after/table.h"
#include "base/array.h"
#include "base/date.h"
#include "base/limits.h"
#include "commands/cmd.h"
#include "explain/explanation.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

char *listing_line(const void *ctx, const char *sentence)
{
	struct buffer buffer = buffer_new(ctx);

	wrap_paragraph(&buffer, "", "", sentence, LINE_COLUMNS);
	return buffer_text(&buffer);
}

/* -- a mail that came back */

#define DATE_COLUMNS 8

/* An address gets at most so many columns, with the blank after it. */
#define ADDRESS_COLUMNS_MAX 36

/* The widest name of a reason and who- label that tests/texts.pl allows. */
#define NAME_COLUMNS_MAX 24
#define WHO_COLUMNS_MAX 17

static const char margin[] = "        ";

/* What is printed about a recipient. */
struct row {
	const char *address;
	const char *state; /* or the name of the reason, if there is one */
	const char *who;   /* whose turn it is; NULL: not said */
};

/* The columns of the parts of a row, with the blanks after them. */
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
		        talloc_asprintf(ctx, "state-%s", recipient_state_name(fate->state)));
	return row;
}

/* Returns the columns of all rows, the same for most mails so that they are aligned. Where names
 * are long, the column of addresses is narrow; a long address then gets what the names beside it
 * leave. */
static struct columns columns_of(const struct row *rows, size_t count)
{
	size_t address = 0, name = 0, who = 0, line = LINE_COLUMNS - DATE_COLUMNS;
	struct columns columns = {
	        line - (NAME_COLUMNS_MAX + 1) - WHO_COLUMNS_MAX, NAME_COLUMNS_MAX + 1};

	for (size_t i = 0; i < count; i++) {
		address = MAX(address, text_width(rows[i].address));
		if (rows[i].who == NULL)
			continue;
		name = MAX(name, text_width(rows[i].state));
		who = MAX(who, text_width(rows[i].who));
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

static void add_row(struct buffer *buffer, const struct row *row, struct columns columns)
{
	size_t rest = LINE_COLUMNS - DATE_COLUMNS - columns.address;

	buffer_add_string(buffer, margin);
	table_cell(buffer, row->address, columns.address - 1);
	buffer_add_string(buffer, " ");
	if (row->who != NULL) {
		table_cell(buffer, row->state, columns.state - 1);
		rest -= columns.state;
		buffer_add_string(buffer, " ");
	}
	buffer_print(buffer, "%s\n",
	        text_in_columns(buffer->ctx, row->who != NULL ? row->who : row->state, rest));
}

char *status_text(const void *ctx, const struct message_status *status, struct wording *wording)
{
	struct buffer buffer = buffer_new(ctx);
	char *date = explanation_day_short(ctx, wording, status->date);
	struct row *rows = array_new(ctx, struct row, status->count);
	/* the id can be given to a shell as it is */
	bool is_plain =
	        status->id[strspn(status->id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS"
	                                      "TUVWXYZ0123456789._@+=-%")] == '\0';

	table_cell(&buffer, date != NULL ? date : "", DATE_COLUMNS - 1);
	buffer_print(&buffer, " %s\n",
	        text_in_columns(ctx,
	                status->subject[0] != '\0' ? status->subject
	                                           : wording_label(wording, "no-subject"),
	                LINE_COLUMNS - DATE_COLUMNS));
	if (!status->is_original)
		wrap_paragraph(&buffer, margin, margin, wording_label(wording, "status-unlinked"),
		        LINE_COLUMNS);
	for (size_t i = 0; i < status->count; i++)
		rows[i] = row_of(ctx, wording, &status->fates[i]);
	struct columns columns = columns_of(rows, status->count);
	for (size_t i = 0; i < status->count; i++)
		add_row(&buffer, &rows[i], columns);
	/* The name by which explain and resend find the mail; it is never cut. */
	buffer_print(&buffer, "%s%s%s\n", margin,
	        is_plain ? "id:" : "thread:", is_plain ? status->id : status->thread);
	return buffer_text(&buffer);
}

char *status_json(const void *ctx, const struct message_status *status)
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
		json_string(&json, "state", recipient_state_name(fate->state));
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

/* -- which address may have been meant */

#define NAME_SHOWN_MAX 60

/* Of the lines below an address. */
static const char indent[] = "     ";

/* Returns ADDRESS as people write it, cleaned; the next one does it for a domain. */
static const char *shown(const void *ctx, const char *address)
{
	return text_one_line(ctx, address_shown(ctx, address), ADDRESS_MAX);
}

static const char *domain_shown(const void *ctx, const char *domain)
{
	return shown(ctx, talloc_asprintf(ctx, "@%s", domain)) + 1;
}

/* What speaks for an address: a text to which one reason after the other is added. */
struct why {
	const void *ctx;
	struct wording *wording;
	const char *text; /* NULL: nothing yet */
};

static char *words(const struct why *why, const char *label, const struct wording_value *values)
{
	return wording_say(why->ctx, why->wording, label, values);
}

static void add(struct why *why, const char *next)
{
	why->text = why->text != NULL ? words(why, "suggest-join",
	                                        WORDING_VALUES({"list", why->text}, {"next", next}))
	                              : next;
}

static void add_sent(struct why *why, const struct history *history)
{
	const char *label = history->sent == 1             ? "suggest-once"
	                    : history->sent >= HISTORY_MAX ? "suggest-more"
	                                                   : "suggest-often";
	const struct wording_value failed[] = {
	        {"count", talloc_asprintf(why->ctx, "%u", history->failed)}, {NULL, NULL}};
	const struct wording_value values[] = {
	        {"count", talloc_asprintf(why->ctx, "%u", history->sent)},
	        {"date", explanation_day(why->ctx, why->wording, history->last_reached)},
	        {"back", words(why, history->failed > 0 ? "suggest-came-back" : "suggest-none-back",
	                         failed)},
	        {NULL, NULL}};

	add(why, words(why, label, values));
}

static void add_history(struct why *why, const struct history *history)
{
	if (history->last_reached != 0)
		add_sent(why, history);
	if (history->last_from != 0)
		add(why, words(why,
		                 history->sent == 0 ? "suggest-received-only" : "suggest-received",
		                 WORDING_VALUES({"date", explanation_day(why->ctx, why->wording,
		                                                 history->last_from)})));
}

static void add_domain(struct why *why, const struct candidate *one)
{
	static const char *const labels[] = {[DOMAIN_LISTED] = "suggest-usually",
	        [DOMAIN_COMMON] = "suggest-common",
	        [DOMAIN_SEEN] = "suggest-seen"};

	add(why, words(why, labels[one->knowledge],
	                 WORDING_VALUES({"domain", domain_shown(why->ctx, one->domain)},
	                         {"meant",
	                                 domain_shown(why->ctx, strrchr(one->address, '@') + 1)})));
}

/* Returns what speaks for ONE, in one line, owned by CTX. */
static const char *why_of(const void *ctx, struct wording *wording, const struct candidate *one)
{
	struct why why = {.ctx = ctx, .wording = wording};

	if (one->is_same_name)
		add(&why, wording_label(
		                  wording, one->is_newer ? "suggest-newer" : "suggest-same-name"));
	if (one->domain != NULL)
		add_domain(&why, one);
	add_history(&why, &one->history);
	if (one->is_reported)
		add(&why, wording_label(wording, "suggest-reported"));
	return why.text != NULL ? why.text : "";
}

char *candidates_text(const void *ctx, struct wording *wording, const struct candidates *candidates)
{
	struct buffer buffer = buffer_new(ctx);
	const char *label = candidates->count == 0 ? "suggest-nothing" : "suggest-for";

	wrap_paragraph(&buffer, "", "",
	        wording_say(ctx, wording, label,
	                WORDING_VALUES({"address", shown(ctx, candidates->failed)})),
	        LINE_COLUMNS);
	for (size_t i = 0; i < candidates->count; i++) {
		const struct candidate *one = &candidates->list[i];

		wrap_paragraph(&buffer, talloc_asprintf(ctx, "  %zu. ", i + 1), indent,
		        shown(ctx, one->address), LINE_COLUMNS);
		if (one->name[0] != '\0')
			wrap_paragraph(&buffer, indent, indent,
			        text_one_line(ctx, one->name, NAME_SHOWN_MAX), LINE_COLUMNS);
		wrap_paragraph(&buffer, indent, indent, why_of(ctx, wording, one), LINE_COLUMNS);
	}
	return buffer_text(&buffer);
}

static void add_candidate(
        struct json *json, const void *ctx, struct wording *wording, const struct candidate *one)
{
	static const char *const evidence[] = {"slip", "name", "domain", "report"};

	json_open(json, NULL, '{');
	json_string(json, "address", text_one_line(ctx, one->address, ADDRESS_MAX));
	json_string(json, "name",
	        one->name[0] != '\0' ? text_one_line(ctx, one->name, VALUE_MAX) : NULL);
	json_string(json, "evidence", evidence[one->evidence]);
	json_bool(json, "same_name", one->is_same_name);
	json_bool(json, "reported", one->is_reported);
	json_number(json, "cost", one->evidence == CANDIDATE_SLIP ? (long)one->cost : 0);
	json_number(json, "sent", (long)one->history.sent);
	json_number(json, "came_back", (long)one->history.failed);
	json_string(json, "last_sent", date_write_day(ctx, one->history.last_reached));
	json_string(json, "last_received", date_write_day(ctx, one->history.last_from));
	json_string(json, "why", why_of(ctx, wording, one));
	json_close(json, '}');
}

char *candidates_json(const void *ctx, struct wording *wording, const struct candidates *candidates)
{
	struct json json = json_new(ctx);

	json_open(&json, NULL, '{');
	json_string(&json, "failed", text_one_line(ctx, candidates->failed, ADDRESS_MAX));
	json_open(&json, "candidates", '[');
	for (size_t i = 0; i < candidates->count; i++)
		add_candidate(&json, ctx, wording, &candidates->list[i]);
	json_close(&json, ']');
	json_close(&json, '}');
	return json_line(&json);
}
