/* notmuch bounce addresses: lists the addresses that mail came back from, and whether they are
 * dead. */
#include <time.h>

#include "after/standing.h"
#include "after/table.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "mail/address.h"

#define ADDRESS_COLUMNS 34
#define NAME_COLUMNS 24

struct listing {
	bool wanted[STANDING_COUNT], all, unverified, bom;
	time_t since;
	size_t format;
};

enum {
	FORMAT_TEXT,
	FORMAT_CSV,
	FORMAT_JSON,
	FORMAT_LIST,
};

static const char *standing_name(struct call *call, const struct standing *standing)
{
	if (standing->kind == STANDING_SILENT)
		return wording_label(call->wording, silence_kinds[standing->silence].label);
	return wording_name(call->ctx, call->wording, reason_name(standing->reason),
	        address_domain(call->ctx, standing->address));
}

static char *addresses_text(struct call *call, const struct standings *list)
{
	struct buffer text = buffer_new(call->ctx);
	bool unverified = false;

	for (size_t i = 0; i < list->count; i++) {
		const struct standing *standing = list->list[i];
		time_t date = standing->kind == STANDING_SILENT ? standing->first
		              : standing->alive != 0            ? standing->alive
		                                                : standing->last;
		const char *day = wording_day(call->ctx, call->wording, date);

		if (i == 0 || standing->kind != list->list[i - 1]->kind) {
			const char *name = standing_names[standing->kind];

			buffer_print(&text, "%s%s\n", i > 0 ? "\n" : "",
			        wording_label(call->wording,
			                talloc_asprintf(call->ctx, "standing-%s", name)));
		}
		unverified = unverified || !standing->genuine;
		buffer_add_string(&text, standing->genuine ? "  " : "? ");
		table_cell(&text, address_shown(call->ctx, standing->address), ADDRESS_COLUMNS - 1);
		buffer_add_string(&text, " ");
		table_cell(&text, standing_name(call, standing), NAME_COLUMNS - 1);
		buffer_print(&text, " %4zu  %s\n", standing->failures, day != NULL ? day : "");
	}
	if (list->count == 0)
		buffer_print(&text, "%s\n", wording_label(call->wording, "standing-none"));
	if (unverified)
		buffer_print(&text, "\n%s\n", wording_label(call->wording, "standing-unverified"));
	return buffer_text(&text);
}

static void standing_put(struct table *table, struct call *call, const struct standing *standing)
{
	bool csv = table->form == TABLE_CSV, silent = standing->kind == STANDING_SILENT;

	table_begin_row(table);
	table_text(table, "address", standing->address);
	table_text(table, "state", standing_names[standing->kind]);
	table_text(table, "reason", silent ? NULL : reason_name(standing->reason));
	if (csv) {
		table_text(table, "name", standing_name(call, standing));
		table_text(table, "who",
		        silent ? NULL : wording_who(call->ctx, call->wording, standing->reason));
	} else {
		table_text(table, "who", silent ? NULL : reason_who(standing->reason));
		table_text(table, "known", silent ? silence_kinds[standing->silence].name : NULL);
	}
	table_count(table, silent ? "mails" : "failures", standing->failures);
	table_day(table, "first", standing->first);
	table_day(table, "last", standing->last);
	table_day(table, "alive", standing->alive);
	table_flag(table, "genuine", standing->genuine);
	table_end_row(table);
}

static char *addresses_table(struct call *call, const struct standings *list)
{
	const struct listing *listing = call->options;
	struct table table =
	        table_new(call->ctx, listing->format == FORMAT_CSV ? TABLE_CSV : TABLE_LINES,
	                "address,state,reason,name,who,failures,first,last,alive,genuine");

	for (size_t i = 0; i < list->count; i++)
		standing_put(&table, call, list->list[i]);
	return talloc_asprintf(call->ctx, "%s%s",
	        listing->bom && listing->format == FORMAT_CSV ? "\xEF\xBB\xBF" : "",
	        buffer_text(&table.json.buffer));
}

/* Returns the addresses, one per line, for grep -vFf and for `clean --dead`. */
static char *addresses_list(struct call *call, const struct standings *list)
{
	struct buffer text = buffer_new(call->ctx);

	for (size_t i = 0; i < list->count; i++)
		buffer_print(&text, "%s\n", list->list[i]->address);
	return buffer_text(&text);
}

/* Leaves in LIST the kinds that the options name; without such an option, all but those that work
 * again. */
static void listing_choose(const struct listing *listing, struct standings *list)
{
	static const bool none[STANDING_COUNT];
	bool any = memcmp(listing->wanted, none, sizeof none) != 0;
	size_t count = 0;

	for (size_t i = 0; i < list->count; i++) {
		enum standing_kind kind = list->list[i]->kind;

		if (listing->wanted[kind] || listing->all || (!any && kind != STANDING_ALIVE))
			list->list[count++] = list->list[i];
	}
	list->count = count;
}

static enum status addresses_run(struct call *call)
{
	static char *(*const forms[])(struct call *, const struct standings *) = {
	        [FORMAT_TEXT] = addresses_text,
	        [FORMAT_CSV] = addresses_table,
	        [FORMAT_JSON] = addresses_table,
	        [FORMAT_LIST] = addresses_list,
	};
	const struct listing *listing = call->options;
	const char *query = cmd_query(call);
	struct standings list = {NULL, 0};
	time_t now = time(NULL);

	if (!standings_read(call->ctx, call->index, call->wording, query, listing->since,
	            listing->unverified, &list) ||
	        (listing->wanted[STANDING_SILENT] &&
	                !standings_silent(call->ctx, call->index, query,
	                        listing->since != 0 ? listing->since : now - SILENCE_SINCE,
	                        now - SILENCE_AFTER, &list)))
		return cmd_query_failed(call, query);
	listing_choose(listing, &list);
	return cmd_print(forms[listing->format](call, &list));
}

static const struct option options[] = {
        FLAG_OPTION("dead", struct listing, wanted[STANDING_DEAD]),
        FLAG_OPTION("failing", struct listing, wanted[STANDING_FAILING]),
        FLAG_OPTION("refused", struct listing, wanted[STANDING_REFUSED]),
        FLAG_OPTION("silent", struct listing, wanted[STANDING_SILENT]),
        FLAG_OPTION("all", struct listing, all),
        FLAG_OPTION("unverified", struct listing, unverified),
        VALUE_OPTION("since", OPTION_DATE, struct listing, since, "DATE"),
        CHOICE_OPTION(
                "format", OPTION_CHOICE, struct listing, format, "FORMAT", "text csv json list"),
        FLAG_OPTION("bom", struct listing, bom),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_addresses = {
        .name = "addresses",
        .arguments = "[OPTION]... [QUERY]...",
        .options = options,
        .size = sizeof(struct listing),
        .needs = NEEDS_INDEX | NEEDS_WORDING,
        .run = addresses_run,
};
