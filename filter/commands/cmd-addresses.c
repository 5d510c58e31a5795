/* notmuch bounce addresses: which addresses mail came back from, and what is to be thought of them. */
#include <string.h>
#include <talloc.h>
#include <time.h>

#include "after/standing.h"
#include "after/table.h"
#include "base/date.h"
#include "base/json.h"
#include "commands/cmd-index.h"
#include "commands/cmd-language.h"
#include "commands/cmd.h"
#include "explain/placeholders.h"
#include "mail/address.h"

#define ADDRESS_COLUMNS 34
#define NAME_COLUMNS 24

struct listing {
	const void *ctx;
	struct wording *wording;
	const struct standing *list;
	size_t count;
	bool wanted[STANDING_COUNT];
	bool bom;
};

static const char *name_of(const struct listing *listing, const struct standing *standing)
{
	if (standing->kind == STANDING_SILENT)
		return wording_label(listing->wording, silence_label(standing->silence));
	return wording_name(listing->ctx, listing->wording, reason_name(standing->reason), address_domain(listing->ctx, standing->address));
}

static void put_row(struct buffer *buffer, const struct listing *listing, const struct standing *standing)
{
	time_t date = standing->kind == STANDING_SILENT ? standing->first : standing->alive != 0 ? standing->alive : standing->last;
	const char *day = placeholder_day(listing->ctx, listing->wording, date);

	buffer_add_string(buffer, standing->genuine ? "  " : "? ");
	table_cell(buffer, standing->address, ADDRESS_COLUMNS - 1);
	buffer_add_string(buffer, " ");
	table_cell(buffer, name_of(listing, standing), NAME_COLUMNS - 1);
	buffer_print(buffer, " %4zu  %s\n", standing->failures, day != NULL ? day : "");
}

static char *form_text(const struct listing *listing)
{
	static const char *const titles[STANDING_COUNT] = {"standing-dead", "standing-failing", "standing-refused", "standing-failed", "standing-alive",
	        "standing-silent"};
	struct buffer buffer = buffer_new(listing->ctx);
	enum standing_kind last = STANDING_COUNT;
	bool unverified = false;
	size_t i;

	for (i = 0; i < listing->count; i++) {
		const struct standing *standing = &listing->list[i];

		if (!listing->wanted[standing->kind])
			continue;
		if (standing->kind != last)
			buffer_print(&buffer, "%s%s\n", last != STANDING_COUNT ? "\n" : "", wording_label(listing->wording, titles[standing->kind]));
		last = standing->kind;
		unverified = unverified || !standing->genuine;
		put_row(&buffer, listing, standing);
	}
	if (last == STANDING_COUNT)
		buffer_print(&buffer, "%s\n", wording_label(listing->wording, "standing-none"));
	if (unverified)
		buffer_print(&buffer, "\n%s\n", wording_label(listing->wording, "standing-unverified"));
	return buffer_text(&buffer);
}

/* NULL: no failure is known. */
static const char *reason_of(const struct standing *standing)
{
	return standing->reason < REASON_COUNT ? reason_name(standing->reason) : NULL;
}

static char *form_csv(const struct listing *listing)
{
	struct buffer buffer = buffer_new(listing->ctx);
	size_t i;

	buffer_add_string(&buffer, listing->bom ? "\xEF\xBB\xBF" : "");
	buffer_add_string(&buffer, "address,state,reason,name,who,failures,first,last,alive,genuine\r\n");
	for (i = 0; i < listing->count; i++) {
		const struct standing *standing = &listing->list[i];

		if (!listing->wanted[standing->kind])
			continue;
		table_csv(&buffer, standing->address, ",");
		table_csv(&buffer, standing_name(standing->kind), ",");
		table_csv(&buffer, reason_of(standing), ",");
		table_csv(&buffer, name_of(listing, standing), ",");
		table_csv(&buffer, reason_of(standing) != NULL ? wording_who(listing->ctx, listing->wording, standing->reason) : NULL, ",");
		buffer_print(&buffer, "%zu,%s,%s,%s,%s\r\n", standing->failures, table_iso_day(listing->ctx, standing->first),
		        table_iso_day(listing->ctx, standing->last), table_iso_day(listing->ctx, standing->alive), standing->genuine ? "yes" : "no");
	}
	return buffer_text(&buffer);
}

static void put_day(struct json *json, const char *name, time_t time)
{
	if (time != 0)
		json_string(json, name, table_iso_day(json->buffer.ctx, time));
}

static char *form_json(const struct listing *listing)
{
	struct json json = json_new(listing->ctx);
	size_t i;

	for (i = 0; i < listing->count; i++) {
		const struct standing *standing = &listing->list[i];

		if (!listing->wanted[standing->kind])
			continue;
		json.separate = false;
		json_open(&json, NULL, '{');
		json_string(&json, "address", standing->address);
		json_string(&json, "state", standing_name(standing->kind));
		json_string(&json, "reason", reason_of(standing));
		json_string(&json, "known", standing->kind == STANDING_SILENT ? silence_name(standing->silence) : NULL);
		json_number(&json, standing->kind == STANDING_SILENT ? "mails" : "failures", (long)standing->failures);
		put_day(&json, "first", standing->first);
		put_day(&json, "last", standing->last);
		put_day(&json, "alive", standing->alive);
		json_bool(&json, "genuine", standing->genuine);
		json_close(&json, '}');
		buffer_add_string(&json.buffer, "\n");
	}
	return buffer_text(&json.buffer);
}

/* For grep -vFf, and for `clean --dead`. */
static char *form_list(const struct listing *listing)
{
	struct buffer buffer = buffer_new(listing->ctx);
	size_t i;

	for (i = 0; i < listing->count; i++)
		if (listing->wanted[listing->list[i].kind])
			buffer_print(&buffer, "%s\n", listing->list[i].address);
	return buffer_text(&buffer);
}

static enum status print(const struct listing *listing, const char *format)
{
	return cmd_print(strcmp(format, "csv") == 0    ? form_csv(listing)
	                 : strcmp(format, "json") == 0 ? form_json(listing)
	                 : strcmp(format, "list") == 0 ? form_list(listing)
	                                               : form_text(listing));
}

/* Without an option all that do not work are wanted. */
static void choose(struct listing *listing, bool all)
{
	size_t kind;
	bool any = false;

	for (kind = 0; kind < STANDING_COUNT; kind++)
		any = any || listing->wanted[kind];
	for (kind = 0; kind < STANDING_COUNT; kind++)
		if (kind != STANDING_SILENT && (all || (!any && kind != STANDING_ALIVE)))
			listing->wanted[kind] = true;
}

/* Mails are given a week to be answered. FROM is 0 if that was not said. */
#define ANSWER_DAYS 7
#define SILENT_DAYS 60

/* Add what INDEX says of the addresses among the mails that QUERY finds; false if it can't be searched for. */
static bool read_all(struct listing *listing, struct index *index, const struct settings *settings, const char *query, time_t from,
        bool unverified)
{
	time_t now = time(NULL), day = 24 * 60 * 60;
	size_t failed = 0, silent = 0;
	struct standing *failures = standings_read(listing->ctx, index, settings, query, from, unverified, &failed), *silences = NULL;

	if (failures != NULL && listing->wanted[STANDING_SILENT])
		silences = standings_silent(listing->ctx, index, settings, query, from != 0 ? from : now - SILENT_DAYS * day,
		        now - ANSWER_DAYS * day, &silent);
	if (failures == NULL || (silences == NULL && listing->wanted[STANDING_SILENT]))
		return false;
	failures = talloc_realloc(listing->ctx, failures, struct standing, (unsigned)(failed + silent + 1));
	if (silent > 0)
		memcpy(failures + failed, silences, silent * sizeof *failures);
	listing->list = failures;
	listing->count = failed + silent;
	return true;
}

static enum status addresses_run(const void *ctx, char **arguments)
{
	static const char *const formats[] = {"text", "csv", "json", "list", NULL};
	const char *format = "text", *language = NULL, *since = NULL, *query;
	bool all = false, unverified = false;
	struct listing listing = {.ctx = ctx};
	const struct option options[] = {
	        {.name = "dead", .flag = &listing.wanted[STANDING_DEAD]},
	        {.name = "failing", .flag = &listing.wanted[STANDING_FAILING]},
	        {.name = "refused", .flag = &listing.wanted[STANDING_REFUSED]},
	        {.name = "silent", .flag = &listing.wanted[STANDING_SILENT]},
	        {.name = "all", .flag = &all},
	        {.name = "unverified", .flag = &unverified},
	        {.name = "since", .value = &since},
	        {.name = "format", .value = &format, .values = formats},
	        {.name = "bom", .flag = &listing.bom},
	        {.name = "lang", .value = &language},
	        {.name = NULL},
	};
	enum status status = cmd_options("addresses", arguments, options);
	struct problems *problems = problems_new(ctx);
	time_t from = since != NULL ? date_since(since, time(NULL)) : 0;
	struct settings settings;
	struct index *index;

	if (status != STATUS_OK)
		return status;
	if (since != NULL && from == 0) {
		cmd_say("addresses --since=%s: expected a day (2026-11-30) or a time back (30d, 8w)", since);
		return STATUS_USAGE;
	}
	choose(&listing, all);
	status = cmd_index_open(ctx, "addresses", INDEX_READ, &index, &settings, NULL);
	if (status == STATUS_OK)
		status = cmd_wording(ctx, "addresses", language, settings.language, problems, &listing.wording);
	cmd_say_problems(problems);
	if (status != STATUS_OK)
		return status;
	query = arguments[0] != NULL ? cmd_query(ctx, arguments, "") : NULL;
	if (!read_all(&listing, index, &settings, query, from, unverified)) {
		cmd_query_failed("addresses", index, query != NULL ? query : "");
		return STATUS_IO;
	}
	return print(&listing, format);
}

const struct command command_addresses = {
        .name = "addresses",
        .arguments = "[OPTION]... [QUERY]...",
        .summary = "say which addresses mail came back from: dead, failing, refused",
        .help = "  --dead            wrong or gone, and no sign of life since\n"
                "  --failing         full or out of reach for two weeks and longer\n"
                "  --refused         not the address's fault: the sender or the mail was refused\n"
                "  --silent          no answer to a mail of the last 60 days, and no bounce\n"
                "  --all             those too that work again\n"
                "  --unverified      count bounces too that nothing bears out (forged, perhaps)\n"
                "  --since=DATE      only failures since: 2026-11-30, 30d, 8w\n"
                "  --format=FORMAT   text (default), csv, json, list: one address a line\n"
                "  --bom             csv: begin with a byte order mark\n"
                "  --lang=LANGUAGE   en, ja, ...; default: bounce.language, else the locale's\n",
        .run = addresses_run,
};
