/* notmuch bounce silent: which mails were neither answered nor returned. */
#include <time.h>

#include "after/silence.h"
#include "after/table.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "commands/hold.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

#define DATE_COLUMNS 12

static void silent_put_recipient(
        struct buffer *text, struct call *call, const struct silent_recipient *recipient)
{
	const char *known = wording_label(call->wording, silence_kinds[recipient->kind].label);

	buffer_print(text, "%*s", DATE_COLUMNS, "");
	table_cell(text, address_shown(call->ctx, recipient->address), 34);
	buffer_print(
	        text, " %s\n", text_in_columns(call->ctx, known, WRAP_COLUMNS - DATE_COLUMNS - 35));
	if (recipient->kind == SILENCE_NOTHING &&
	        wording_is_in(
	                call->wording, "carriers", address_domain(call->ctx, recipient->address)))
		buffer_print(text, "%*s(%s)\n", DATE_COLUMNS + 2, "",
		        wording_label(call->wording, "silent-carrier"));
}

/* Returns SILENCES as text. NAMED: also names the silent recipients of mass mail. */
static char *silent_text(struct call *call, const struct silences *silences, bool named)
{
	struct buffer text = buffer_new(call->ctx);

	for (size_t n = 0; n < silences->count; n++) {
		const struct silence *silence = &silences->list[n];
		const char *day = wording_day(call->ctx, call->wording, silence->date),
		           *subject = silence->subject[0] != '\0'
		                              ? silence->subject
		                              : wording_label(call->wording, "no-subject");

		table_cell(&text, day != NULL ? day : "", DATE_COLUMNS);
		buffer_print(&text, "%s\n",
		        text_in_columns(call->ctx, subject, WRAP_COLUMNS - DATE_COLUMNS));
		for (size_t i = 0; (named || !silence->is_mass) && i < silence->silent; i++)
			silent_put_recipient(&text, call, &silence->recipients[i]);
		if (silence->is_mass)
			buffer_print(&text, "%*s%s\n", DATE_COLUMNS, "",
			        call_say(call, "silent-mass",
			                WORDING_VALUES({"silent", wording_number(call->ctx,
			                                                  silence->silent)},
			                        {"count", wording_number(call->ctx,
			                                          silence->recipient_count)})));
		buffer_print(&text, "%*sid:%s\n", DATE_COLUMNS, "",
		        text_one_line(call->ctx, silence->id, strlen(silence->id)));
	}
	if (silences->count == 0)
		buffer_print(&text, "%s\n", wording_label(call->wording, "silent-none"));
	return buffer_text(&text);
}

static char *silent_json(struct call *call, const struct silences *silences, bool named)
{
	struct table table = table_new(call->ctx, TABLE_LINES, NULL);

	for (size_t n = 0; n < silences->count; n++) {
		const struct silence *silence = &silences->list[n];
		table_begin_row(&table);
		table_text(&table, "id", silence->id);
		table_text(&table, "subject", silence->subject);
		table_day(&table, "date", silence->date);
		table_count(&table, "mails", silence->mails);
		table_count(&table, "silent", silence->silent);
		table_count(&table, "recipients_in_all", silence->recipient_count);
		json_open(&table.json, "recipients", '[');
		for (size_t i = 0; (named || !silence->is_mass) && i < silence->silent; i++) {
			json_open(&table.json, NULL, '{');
			json_string(&table.json, "address", silence->recipients[i].address);
			json_string(&table.json, "known",
			        silence_kinds[silence->recipients[i].kind].name);
			json_close(&table.json, '}');
		}
		json_close(&table.json, ']');
		table_end_row(&table);
	}
	return buffer_text(&table.json.buffer);
}

/* How many bytes fit into mutt's prompt. */
#define COMMAND_MAX 3500

/* Returns the pattern (mutt) or query (neomutt) that finds the mail ID; NULL if there is none.
 * Anybody can make up an id, so mutt gets none with characters that mean something to it. */
static const char *term_of(struct call *call, const char *id, bool is_neomutt)
{
	if (!is_neomutt)
		return hold_is_plain(id) && strchr(id, '+') == NULL ? id : NULL;
	struct mail *mail = index_find(call->ctx, call->index, id);

	return mail != NULL ? hold_term(call->ctx, mail) : NULL;
}

/* Returns the command for PROGRAM's `source` that shows only these mails, or as many of them as fit
 * into its prompt. */
static char *silent_command(struct call *call, const struct silences *silences, const char *program)
{
	bool is_neomutt = strcmp(program, "neomutt") == 0;
	const char * or = is_neomutt ? " or " : "|";
	struct buffer terms = buffer_new(call->ctx);

	for (size_t i = 0; i < silences->count && terms.length < COMMAND_MAX; i++) {
		const char *term = term_of(call, silences->list[i].id, is_neomutt);

		if (term != NULL)
			buffer_print(&terms, "%s%s", terms.length > 0 ? or : "", term);
	}
	if (terms.length == 0)
		return hold_echo(call->ctx, "silent", wording_label(call->wording, "silent-none"));
	return talloc_asprintf(call->ctx,
	        is_neomutt ? "push \"<vfolder-from-query>%s<enter>\"\n"
	                   : "push \"<limit>~i '(%s)'<enter>\"\n",
	        buffer_text(&terms));
}

struct silent_options {
	time_t after, since; /* 0: the default */
	const char *open;    /* the mail program to print a command for; NULL: none */
	size_t format;
};

static enum status silent_run(struct call *call)
{
	const struct silent_options *options = call->options;
	const char *query = cmd_query(call);
	time_t start = options->since != 0 ? options->since : time(NULL) - SILENCE_SINCE,
	       end = options->after != 0 ? options->after : time(NULL) - SILENCE_AFTER;
	struct silences silences;

	if (!silences_read(call->ctx, call->index, query, start, end, &silences))
		return cmd_query_failed(call, query);
	bool is_asked = query != NULL && silences.count == 1;

	if (options->open != NULL)
		return cmd_print(silent_command(call, &silences, options->open));
	return cmd_print(options->format == 0 ? silent_text(call, &silences, is_asked)
	                                      : silent_json(call, &silences, is_asked));
}

static const struct option options[] = {
        VALUE_OPTION("after", OPTION_DATE, struct silent_options, after, "TIME"),
        VALUE_OPTION("for", OPTION_DATE, struct silent_options, since, "TIME"),
        CHOICE_OPTION(
                "format", OPTION_CHOICE, struct silent_options, format, "FORMAT", "text json"),
        CHOICE_OPTION("open", OPTION_VALUE, struct silent_options, open, "PROGRAM", "mutt neomutt"),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_silent = {
        .name = "silent",
        .arguments = "[OPTION]... [QUERY]...",
        .options = options,
        .size = sizeof(struct silent_options),
        .needs = NEEDS_INDEX | NEEDS_WORDING,
        .run = silent_run,
};
