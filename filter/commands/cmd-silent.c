/* notmuch bounce silent: which mails nobody answered, and that did not come back either. */
#include <string.h>
#include <talloc.h>
#include <time.h>

#include "after/silence.h"
#include "after/table.h"
#include "base/date.h"
#include "base/json.h"
#include "commands/cmd-index.h"
#include "commands/cmd-language.h"
#include "commands/cmd.h"
#include "explain/placeholders.h"
#include "mail/address.h"
#include "text/text.h"

#define LINE_COLUMNS 79
#define DATE_COLUMNS 12

static void put_recipient(struct buffer *buffer, struct wording *wording, const struct silent_recipient *recipient)
{
	const void *ctx = buffer->ctx;

	buffer_print(buffer, "%*s", DATE_COLUMNS, "");
	table_cell(buffer, recipient->address, 34);
	buffer_print(buffer, " %s\n", text_in_columns(ctx, wording_label(wording, silence_label(recipient->kind)), LINE_COLUMNS - DATE_COLUMNS - 35));
	if (recipient->kind == SILENCE_NOTHING && wording_is_in(wording, "carriers", address_domain(ctx, recipient->address)))
		buffer_print(buffer, "%*s(%s)\n", DATE_COLUMNS + 2, "", wording_label(wording, "silent-carrier"));
}

/* IS_OPEN: its recipients are named, however many there are. */
static void put_text(struct buffer *buffer, struct wording *wording, const struct silence *silence, bool is_open)
{
	const void *ctx = buffer->ctx;
	const char *day = placeholder_day(ctx, wording, silence->date);
	size_t i;

	table_cell(buffer, day != NULL ? day : "", DATE_COLUMNS);
	buffer_print(buffer, "%s\n", text_in_columns(ctx, silence->subject[0] != '\0' ? silence->subject : wording_label(wording, "no-subject"), LINE_COLUMNS - DATE_COLUMNS));
	for (i = 0; is_open && i < silence->silent; i++)
		put_recipient(buffer, wording, &silence->recipients[i]);
	if (silence->is_mass)
		buffer_print(buffer, "%*s%s\n", DATE_COLUMNS, "", wording_say(ctx, wording, "silent-mass",
		        WORDING_VALUES({"silent", table_number(ctx, silence->silent)}, {"count", table_number(ctx, silence->recipient_count)})));
	buffer_print(buffer, "%*sid:%s\n", DATE_COLUMNS, "", text_one_line(ctx, silence->id, strlen(silence->id), strlen(silence->id)));
}

/* IS_ASKED: mass mail too names who is silent. */
static char *form_text(const void *ctx, struct wording *wording, const struct silence *list, size_t count, bool is_asked)
{
	struct buffer buffer = buffer_new(ctx);
	size_t i;

	for (i = 0; i < count; i++)
		put_text(&buffer, wording, &list[i], is_asked || !list[i].is_mass);
	if (count == 0)
		buffer_print(&buffer, "%s\n", wording_label(wording, "silent-none"));
	return buffer_text(&buffer);
}

static char *form_json(const void *ctx, const struct silence *list, size_t count, bool is_asked)
{
	struct json json = json_new(ctx);
	size_t i, j;

	for (i = 0; i < count; i++) {
		json.separate = false;
		json_open(&json, NULL, '{');
		json_string(&json, "id", list[i].id);
		json_string(&json, "subject", list[i].subject);
		json_string(&json, "date", table_iso_day(ctx, list[i].date));
		json_number(&json, "mails", (long)list[i].mails);
		json_number(&json, "silent", (long)list[i].silent);
		json_number(&json, "recipients_in_all", (long)list[i].recipient_count);
		json_open(&json, "recipients", '[');
		for (j = 0; (is_asked || !list[i].is_mass) && j < list[i].silent; j++) {
			json_open(&json, NULL, '{');
			json_string(&json, "address", list[i].recipients[j].address);
			json_string(&json, "known", silence_name(list[i].recipients[j].kind));
			json_close(&json, '}');
		}
		json_close(&json, ']');
		json_close(&json, '}');
		buffer_add_string(&json.buffer, "\n");
	}
	return buffer_text(&json.buffer);
}

static enum status read_span(const char *option, const char *value, time_t now, time_t *since)
{
	*since = date_since(value, now);
	if (*since != 0)
		return STATUS_OK;
	cmd_say("silent --%s=%s: expected a day (2026-11-30) or a time back (30d, 8w)", option, value);
	return STATUS_USAGE;
}

static enum status silent_run(const void *ctx, char **arguments)
{
	static const char *const formats[] = {"text", "json", NULL};
	const char *format = "text", *language = NULL, *after = "7d", *back = "60d", *query;
	const struct option options[] = {
	        {.name = "after", .value = &after},
	        {.name = "for", .value = &back},
	        {.name = "format", .value = &format, .values = formats},
	        {.name = "lang", .value = &language},
	        {.name = NULL},
	};
	enum status status = cmd_options("silent", arguments, options);
	struct problems *problems = problems_new(ctx);
	time_t now = time(NULL), start = 0, end = 0;
	struct settings settings;
	struct silence *list;
	struct wording *wording;
	struct index *index;
	size_t count;
	bool is_asked;

	if (status == STATUS_OK)
		status = read_span("after", after, now, &end);
	if (status == STATUS_OK)
		status = read_span("for", back, now, &start);
	if (status == STATUS_OK)
		status = cmd_index_open(ctx, "silent", INDEX_READ, &index, &settings, NULL);
	if (status == STATUS_OK)
		status = cmd_wording(ctx, "silent", language, settings.language, problems, &wording);
	cmd_say_problems(problems);
	if (status != STATUS_OK)
		return status;
	query = arguments[0] != NULL ? cmd_query(ctx, arguments, "") : NULL;
	list = silences_read(ctx, index, &settings, query, start, end, &count);
	if (list == NULL) {
		cmd_query_failed("silent", index, query != NULL ? query : "");
		return STATUS_IO;
	}
	is_asked = query != NULL && count == 1;
	return cmd_print(strcmp(format, "json") == 0 ? form_json(ctx, list, count, is_asked)
	                                             : form_text(ctx, wording, list, count, is_asked));
}

const struct command command_silent = {
        .name = "silent",
        .arguments = "[OPTION]... [QUERY]...",
        .summary = "say which mails nobody answered, and that did not come back",
        .help = "  --after=TIME      only what is older: 7d (default), 2w\n"
                "  --for=TIME        only what is younger: 60d (default), 6m\n"
                "  --format=FORMAT   text (default), json: one object a line\n"
                "  --lang=LANGUAGE   en, ja, ...; default: bounce.language, else the locale's\n"
                "The longest silence first. A mail to many people, or a subject sent many times, is\n"
                "one line with a count; asked for alone (id:...) it names them all.\n",
        .run = silent_run,
};
