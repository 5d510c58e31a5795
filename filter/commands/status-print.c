#include "commands/status-print.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>

#include "base/date.h"
#include "base/array.h"
#include "base/buffer.h"
#include "base/json.h"
#include "base/limits.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

#define LINE_COLUMNS 79
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

/* Adds TEXT in COLUMNS columns: cut at a character's edge, and filled up with blanks if FILL. */
static void add_cell(struct buffer *buffer, const char *text, size_t columns, bool fill)
{
	char *cut = text_in_columns(buffer->ctx, text, columns);
	size_t width = text_width(cut);

	buffer_add_string(buffer, cut);
	if (fill && width < columns)
		buffer_print(buffer, "%*s", (int)(columns - width), "");
	talloc_free(cut);
}

#define HALF_A_YEAR (182 * 24 * 60 * 60)

static void add_date(struct buffer *buffer, struct wording *wording, time_t when)
{
	char year[16], month[8], day[8];
	struct wording_value values[] = {
	        {"year", year}, {"month", month}, {"day", day}, {NULL, NULL}};
	time_t now = time(NULL);
	bool is_far = now - when > HALF_A_YEAR || when > now + HALF_A_YEAR;
	const char *date = NULL;
	struct tm tm;

	if (localtime_r(&when, &tm) != NULL) {
		strftime(year, sizeof year, "%Y", &tm);
		strftime(month, sizeof month, "%m", &tm);
		strftime(day, sizeof day, "%d", &tm);
		char **months =
		        is_far ? NULL : g_strsplit(wording_label(wording, "months"), " ", 12);
		if (!is_far && g_strv_length(months) > (guint)tm.tm_mon)
			values[1].value = talloc_strdup(buffer->ctx, months[tm.tm_mon]);
		g_strfreev(months);
		/* As in ls: the year instead of the day if it was long ago. */
		date = wording_label_with(
		        buffer->ctx, wording, is_far ? "date-month" : "date-day", values);
	}
	add_cell(buffer, date != NULL ? date : "", DATE_COLUMNS - 1, true);
	buffer_add_string(buffer, " ");
}

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
	add_cell(buffer, row->address, columns.address - 1, true);
	buffer_add_string(buffer, " ");
	add_cell(buffer, row->state, row->who != NULL ? columns.state - 1 : rest, row->who != NULL);
	if (row->who != NULL) {
		buffer_add_string(buffer, " ");
		add_cell(buffer, row->who, rest - columns.state, false);
	}
	buffer_add_string(buffer, "\n");
}

char *status_line(const void *ctx, const char *sentence)
{
	struct buffer buffer = buffer_new(ctx);

	wrap_add(&buffer, sentence, 0, "", LINE_COLUMNS);
	buffer_add_string(&buffer, "\n");
	return buffer_text(&buffer);
}

char *status_text(const void *ctx, const struct message_status *status, struct wording *wording)
{
	struct buffer buffer = buffer_new(ctx);
	struct row *rows = array_new(ctx, struct row, status->count);
	/* the id can be given to a shell as it is */
	bool is_plain =
	        status->id[strspn(status->id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRS"
	                                      "TUVWXYZ0123456789._@+=-%")] == '\0';

	add_date(&buffer, wording, status->date);
	add_cell(&buffer,
	        status->subject[0] != '\0' ? status->subject : wording_label(wording, "no-subject"),
	        LINE_COLUMNS - DATE_COLUMNS, false);
	buffer_add_string(&buffer, "\n");
	if (!status->is_original) {
		buffer_add_string(&buffer, margin);
		wrap_add(&buffer, wording_label(wording, "status-unlinked"), DATE_COLUMNS, margin,
		        LINE_COLUMNS);
		buffer_add_string(&buffer, "\n");
	}
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
	buffer_add_string(&json.buffer, "\n");
	return buffer_text(&json.buffer);
}
