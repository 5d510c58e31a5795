/* notmuch bounce addresses: which addresses mail came back from, and what is to be thought of
 * them. */
#include <string.h>
#include <talloc.h>
#include <time.h>

#include "after/standing.h"
#include "after/table.h"
#include "base/json.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "explain/placeholders.h"
#include "mail/address.h"

#define ADDRESS_COLUMNS 34
#define NAME_COLUMNS 24

struct listing {
	/* Options. */
	bool wanted[STANDING_COUNT], all, unverified, bom;
	time_t since;
	size_t format;

	const void *ctx;
	struct wording *wording;
	const struct standing *list;
	size_t count;
};

static const char *name_of(const struct listing *listing, const struct standing *standing)
{
	if (standing->kind == STANDING_SILENT)
		return wording_label(listing->wording, silence_label(standing->silence));
	return wording_name(listing->ctx, listing->wording, reason_name(standing->reason),
	        address_domain(listing->ctx, standing->address));
}

static void put_row(
        struct buffer *buffer, const struct listing *listing, const struct standing *standing)
{
	time_t date = standing->kind == STANDING_SILENT ? standing->first
	              : standing->alive != 0            ? standing->alive
	                                                : standing->last;
	const char *day = placeholder_day(listing->ctx, listing->wording, date);

	buffer_add_string(buffer, standing->genuine ? "  " : "? ");
	table_cell(buffer, standing->address, ADDRESS_COLUMNS - 1);
	buffer_add_string(buffer, " ");
	table_cell(buffer, name_of(listing, standing), NAME_COLUMNS - 1);
	buffer_print(buffer, " %4zu  %s\n", standing->failures, day != NULL ? day : "");
}

static char *form_text(const struct listing *listing)
{
	static const char *const titles[STANDING_COUNT] = {"standing-dead", "standing-failing",
	        "standing-refused", "standing-failed", "standing-alive", "standing-silent"};
	struct buffer buffer = buffer_new(listing->ctx);
	enum standing_kind last = STANDING_COUNT;
	bool unverified = false;
	size_t i;

	for (i = 0; i < listing->count; i++) {
		const struct standing *standing = &listing->list[i];

		if (!listing->wanted[standing->kind])
			continue;
		if (standing->kind != last)
			buffer_print(&buffer, "%s%s\n", last != STANDING_COUNT ? "\n" : "",
			        wording_label(listing->wording, titles[standing->kind]));
		last = standing->kind;
		unverified = unverified || !standing->genuine;
		put_row(&buffer, listing, standing);
	}
	if (last == STANDING_COUNT)
		buffer_print(&buffer, "%s\n", wording_label(listing->wording, "standing-none"));
	if (unverified)
		buffer_print(
		        &buffer, "\n%s\n", wording_label(listing->wording, "standing-unverified"));
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
	buffer_add_string(
	        &buffer, "address,state,reason,name,who,failures,first,last,alive,genuine\r\n");
	for (i = 0; i < listing->count; i++) {
		const struct standing *standing = &listing->list[i];

		if (!listing->wanted[standing->kind])
			continue;
		table_csv(&buffer, standing->address, ",");
		table_csv(&buffer, standing_name(standing->kind), ",");
		table_csv(&buffer, reason_of(standing), ",");
		table_csv(&buffer, name_of(listing, standing), ",");
		table_csv(&buffer,
		        reason_of(standing) != NULL
		                ? wording_who(listing->ctx, listing->wording, standing->reason)
		                : NULL,
		        ",");
		buffer_print(&buffer, "%zu,%s,%s,%s,%s\r\n", standing->failures,
		        table_iso_day(listing->ctx, standing->first),
		        table_iso_day(listing->ctx, standing->last),
		        table_iso_day(listing->ctx, standing->alive),
		        standing->genuine ? "yes" : "no");
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
		json_string(&json, "who",
		        reason_of(standing) != NULL ? reason_who(standing->reason) : NULL);
		json_string(&json, "known",
		        standing->kind == STANDING_SILENT ? silence_name(standing->silence) : NULL);
		json_number(&json, standing->kind == STANDING_SILENT ? "mails" : "failures",
		        (long)standing->failures);
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

/* Without an option all that do not work are wanted. */
static void choose(struct listing *listing)
{
	size_t kind;
	bool any = false;

	for (kind = 0; kind < STANDING_COUNT; kind++)
		any = any || listing->wanted[kind];
	for (kind = 0; kind < STANDING_COUNT; kind++)
		if (kind != STANDING_SILENT && (listing->all || (!any && kind != STANDING_ALIVE)))
			listing->wanted[kind] = true;
}

/* Mails are given a week to be answered. */
#define ANSWER_DAYS 7
#define SILENT_DAYS 60

/* Read what INDEX says of the addresses among the mails that QUERY finds; false if it can't be
 * searched for. */
static bool read_all(struct listing *listing, struct index *index, const struct settings *settings,
        const char *query)
{
	time_t now = time(NULL), day = 24 * 60 * 60;
	size_t failed = 0, silent = 0;
	struct standing *list = standings_read(listing->ctx, index, query, listing->since,
	                        listing->unverified, &failed),
	                *silences = NULL;

	if (list != NULL && listing->wanted[STANDING_SILENT])
		silences = standings_silent(listing->ctx, index, settings, query,
		        listing->since != 0 ? listing->since : now - SILENT_DAYS * day,
		        now - ANSWER_DAYS * day, &silent);
	if (list == NULL || (silences == NULL && listing->wanted[STANDING_SILENT]))
		return false;
	list = talloc_realloc(listing->ctx, list, struct standing, (unsigned)(failed + silent + 1));
	if (silent > 0)
		memcpy(list + failed, silences, silent * sizeof *list);
	listing->list = list;
	listing->count = failed + silent;
	return true;
}

static enum status addresses_run(struct call *call)
{
	static char *(*const forms[])(const struct listing *) = {
	        form_text, form_csv, form_json, form_list};
	struct listing *listing = call->options;
	const char *query =
	        call->arguments[0] != NULL ? cmd_query(call->ctx, call->arguments, "") : NULL;

	listing->ctx = call->ctx;
	listing->wording = call->wording;
	choose(listing);
	if (!read_all(listing, call->index, &call->settings, query)) {
		cmd_query_failed("addresses", call->index, query != NULL ? query : "");
		return STATUS_IO;
	}
	return cmd_print(forms[listing->format](listing));
}

static const struct option options[] = {
        FLAG_OPTION("dead", struct listing, wanted[STANDING_DEAD],
                "wrong or gone, and no sign of life since"),
        FLAG_OPTION("failing", struct listing, wanted[STANDING_FAILING],
                "full or out of reach for two weeks and longer"),
        FLAG_OPTION("refused", struct listing, wanted[STANDING_REFUSED],
                "not the address's fault: the sender or the mail was refused"),
        FLAG_OPTION("silent", struct listing, wanted[STANDING_SILENT],
                "no answer to a mail of the last 60 days, and no bounce"),
        FLAG_OPTION("all", struct listing, all, "those too that work again"),
        FLAG_OPTION("unverified", struct listing, unverified,
                "count bounces too that nothing bears out (forged, perhaps)"),
        VALUE_OPTION("since", OPTION_DATE, struct listing, since, "DATE",
                "only failures since: 2026-11-30, 30d, 8w"),
        CHOICE_OPTION("format", OPTION_CHOICE, struct listing, format, "FORMAT",
                "text csv json list", "text (default), csv, json, list: one address a line"),
        FLAG_OPTION("bom", struct listing, bom, "csv: begin with a byte order mark"),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_addresses = {
        .name = "addresses",
        .arguments = "[OPTION]... [QUERY]...",
        .summary = "say which addresses mail came back from: dead, failing, refused",
        .options = options,
        .size = sizeof(struct listing),
        .needs = NEEDS_INDEX | NEEDS_WORDING,
        .run = addresses_run,
};
