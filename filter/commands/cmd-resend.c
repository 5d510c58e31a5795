/* notmuch bounce resend: a draft of a mail that came back, for those who did not get it. */
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd-resend.h"
#include "commands/cmd.h"
#include "knowledge/language.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "mail/scan.h"

/* -- options */

/* `500k`, `10M`, `25MB`, or bytes. STATUS_USAGE after saying what is wrong. */
static enum status read_size(const char *option, const char *text, size_t *size)
{
	static const char units[] = "kmg";
	unsigned long long number;
	const char *unit;
	char *end;

	*size = 0;
	if (text == NULL)
		return STATUS_OK;
	number = strtoull(text, &end, 10);
	unit = *end != '\0' ? strchr(units, *end | 0x20) : NULL;
	if (unit != NULL)
		end += end[1] == 'B' || end[1] == 'b' ? 2 : 1;
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || number == 0 || number > 1u << 30) {
		cmd_say("resend --%s=%s: expected a size like 500k or 10M", option, text);
		return STATUS_USAGE;
	}
	for (; unit != NULL && unit >= units; unit--)
		number *= 1024;
	*size = number < (size_t)-1 ? (size_t)number : (size_t)-1;
	return STATUS_OK;
}

/* The reasons in VALUES (NULL: none), with commas between them, as bits. STATUS_USAGE after saying
 * what is wrong. */
static enum status read_reasons(char *const *values, unsigned *reasons)
{
	const char *at;
	size_t length;

	for (; values != NULL && *values != NULL; values++)
		for (at = *values; at != NULL; at = at[length] == ',' ? at + length + 1 : NULL) {
			enum reason reason;

			length = strcspn(at, ",");
			reason = reason_by_name(at, length);
			if (reason == REASON_COUNT) {
				cmd_say("resend --reason=%s: expected names of reasons, "
				        "as notmuch-bounce rules --reasons has them",
				        *values);
				return STATUS_USAGE;
			}
			*reasons |= 1u << reason;
		}
	return STATUS_OK;
}

/* The addresses in VALUES (NULL: none), with commas between them. STATUS_USAGE after saying what is
 * wrong. */
static enum status read_addresses(const void *ctx, char *const *values, char ***addresses)
{
	size_t count = 0;

	for (; values != NULL && *values != NULL; values++) {
		char **some = address_list(NULL, *values);
		size_t i;

		for (i = 0; some[i] != NULL; i++)
			list_add(ctx, addresses, &count, address_wire(some, some[i]));
		talloc_free(some);
		if (i == 0) {
			cmd_say("resend --skip=%s: expected an address", *values);
			return STATUS_USAGE;
		}
	}
	return STATUS_OK;
}

/* What does not go together. */
static enum status check(const struct resending *resending)
{
	const struct resend_options *options = &resending->options;

	if (resending->plan.charset != NULL && !resending->plan.plain)
		cmd_say("resend --charset=%s goes with --plain", resending->plan.charset);
	else if (resending->plan.zip && resending->plan.no_attachments)
		cmd_say("resend --zip and --no-attachments: one or the other");
	else if (resending->send && resending->directory != NULL)
		cmd_say("resend --send and --draft: one or the other");
	else if (options->all && (options->reasons != 0 || options->skip != NULL))
		cmd_say("resend --all: to everyone, so that --reason and --skip choose nobody");
	else
		return STATUS_OK;
	return STATUS_USAGE;
}

/* Make what is said of sizes, reasons and addresses what a draft is made by. What is wrong is
 * said. */
static enum status read_options(const void *ctx, struct resending *resending)
{
	struct resend_options *wanted = &resending->options;
	struct draft_plan *plan = &resending->plan;
	enum status status = read_size("split", resending->split, &plan->split);

	if (status == STATUS_OK)
		status = read_size("max-size", resending->max_size, &plan->max_size);
	if (status == STATUS_OK)
		status = read_reasons(resending->reasons, &wanted->reasons);
	if (status == STATUS_OK)
		status = read_addresses(ctx, resending->skip, &wanted->skip);
	resending->hold = resending->hold || resending->ask;
	wanted->no_attachments = plan->no_attachments;
	wanted->less = plan->plain || plan->no_attachments;
	return status == STATUS_OK ? check(resending) : status;
}

static const struct option options[] = {
        FLAG_OPTION(
                "send", struct resending, send, "send it now, through sendmail or bounce.sendmail"),
        VALUE_OPTION("draft", OPTION_VALUE, struct resending, directory, "DIR",
                "put it into this Maildir; default: ask, or standard output"),
        VALUE_OPTION("to", OPTION_LIST, struct resending, options.to, "ADDRESS",
                "the right address; --to=OLD=NEW when several failed"),
        VALUE_OPTION("reason", OPTION_LIST, struct resending, reasons, "REASON",
                "only those who failed for these reasons"),
        VALUE_OPTION("skip", OPTION_LIST, struct resending, skip, "ADDRESS", "not to these"),
        CHOICE_OPTION("suggest", OPTION_MAYBE, struct resending, suggest, "FORMAT", "text json",
                "only say which addresses may have been meant, and why"),
        FLAG_OPTION("all", struct resending, options.all,
                "to everyone, not only those who did not get it"),
        FLAG_OPTION("quote-recipients", struct resending, plan.quote_recipients,
                "say on top to whom the first went"),
        FLAG_OPTION("note", struct resending, plan.note, "say on top that this is sent again"),
        FLAG_OPTION("plain", struct resending, plan.plain, "text only"),
        VALUE_OPTION("charset", OPTION_VALUE, struct resending, plan.charset, "CHARSET",
                "with --plain: in this charset (iso-2022-jp)"),
        FLAG_OPTION("no-attachments", struct resending, plan.no_attachments,
                "list them in the text instead"),
        FLAG_OPTION("zip", struct resending, plan.zip, "put them into one zip"),
        VALUE_OPTION("split", OPTION_VALUE, struct resending, split, "SIZE",
                "make several drafts of at most this size (500k, 10M)"),
        VALUE_OPTION("max-size", OPTION_VALUE, struct resending, max_size, "SIZE",
                "refuse what is still larger"),
        FLAG_OPTION("scan", struct resending, scan,
                "refuse what the scanner in bounce.scanner objects to"),
        FLAG_OPTION("from-returned", struct resending, options.from_returned,
                "take what came back, when there is no copy of your own"),
        FLAG_OPTION("again", struct resending, options.again, "though it was sent again before"),
        FLAG_OPTION("anyway", struct resending, options.anyway,
                "though it makes things worse, or nobody is there"),
        FLAG_OPTION("ask", struct resending, ask, "for a macro of mutt's: ask how to send it"),
        FLAG_OPTION("hold", struct resending, hold, "for a macro of mutt's: keep the draft"),
        FLAG_OPTION(
                "held", struct resending, held, "print mutt's commands that open what was kept"),
        LANGUAGE_OPTION,
        NO_OPTION,
};

/* -- the draft */

static bool scan_part(void *argument, const char *name, struct bytes bytes, const char **why)
{
	return scanner_allows(argument, name, bytes.start, bytes.length, why);
}

/* What the scanner is stands in notmuch's configuration, where no mail can write. */
static enum status prepare_scan(const void *ctx, struct resending *resending)
{
	char *command = resending->env.index != NULL
	                        ? index_setting(ctx, resending->env.index, "bounce.scanner")
	                        : NULL;
	struct scanner *scanner = command != NULL ? scanner_new(ctx, command) : NULL;

	if (scanner == NULL) {
		cmd_say("resend --scan: no scanner is set: "
		        "notmuch config set bounce.scanner 'clamdscan --no-summary -'");
		return STATUS_REFUSED;
	}
	resending->plan.check = scan_part;
	resending->plan.check_argument = scanner;
	return STATUS_OK;
}

/* The words for those who get the draft: in the language that its subject shows, else in the
 * user's. */
static struct wording *words_for_draft(const void *ctx, struct resending *resending)
{
	const struct bytes fields = resending->plan.source.fields;
	const char *subject = header_line(ctx, fields, "Subject");
	const char *language = subject != NULL ? language_of(decode_words(ctx, subject)) : NULL;
	struct wording *wording = resending->env.wording;
	bool is_theirs = language == NULL || wording_speaks(wording, language) ||
	                 (strcmp(language, "zh") == 0 &&
	                         wording_speaks(wording, "ja")); /* Han letters alone are both */

	return is_theirs ? wording : wording_open(ctx, language, resending->problems);
}

static enum status make(const void *ctx, struct resending *resending, struct drafts *drafts)
{
	struct resend *resend = &resending->resend;
	struct draft_plan *plan = &resending->plan;
	const char *why = NULL;
	enum status status = STATUS_OK;

	if (!resend->is_returned)
		/* as large as the mail, if all of that came back; not needed any more */
		TALLOC_FREE(resending->bytes);
	plan->source = draft_source(resend->original.bytes, resend->original.length);
	plan->source.is_returned = resend->is_returned;
	plan->recipients = resend->recipients;
	plan->from = resend->from;
	plan->words = words_for_draft(ctx, resending);
	plan->wording = resending->env.wording;
	plan->now = time(NULL);
	if (resending->scan)
		status = prepare_scan(ctx, resending);
	if (status == STATUS_OK)
		status = draft_make(ctx, plan, drafts, &why);
	if (why != NULL)
		cmd_say("resend: %s", why);
	return status;
}

static void say_remarks(
        const void *ctx, const struct resending *resending, const struct drafts *drafts)
{
	char **remarks = resending_remarks(ctx, resending, drafts);

	for (; *remarks != NULL; remarks++)
		cmd_say("resend: %s", *remarks);
}

/* Put DRAFTS where they are wanted. */
static enum status put(const void *ctx, struct resending *resending, const struct drafts *drafts)
{
	int terminal = resending->directory == NULL && !resending->send ? cmd_terminal() : -1;
	char **paths = NULL;
	enum status status;

	if (terminal >= 0)
		return resending_offer(ctx, resending, drafts, terminal);
	if (resending->send)
		status = resending_send(ctx, resending, drafts);
	else if (resending->directory != NULL)
		status = resending_keep(ctx, resending, drafts, &paths);
	else
		status = resending_print(resending, drafts);
	if (status != STATUS_OK)
		return status;
	say_remarks(ctx, resending, drafts);
	resending_note(ctx, resending, drafts, resending->hold ? NULL : paths, resending->send);
	return STATUS_OK;
}

static enum status decide(const void *ctx, struct resending *resending)
{
	const char *why;
	enum status status =
	        resend_decide(ctx, &resending->env, &resending->options, &resending->resend, &why);

	if (resending->ask ||
	        (resending->hold && status == STATUS_REFUSED && resend_is_gone(&resending->resend)))
		status = resending_ask(ctx, resending, &why);
	if (why != NULL)
		cmd_say("resend: %s", why);
	return status;
}

static enum status resend(struct call *call, const char *name)
{
	const void *ctx = call->ctx;
	struct resending *resending = call->options;
	struct drafts drafts;
	enum status status = call_open(call);

	resending->env = (struct resend_env){.judge = call->judge,
	        .index = call->index,
	        .settings = call->settings,
	        .wording = call->wording};
	resending->problems = call->problems;
	resending->language = call->language;
	if (status == STATUS_OK)
		status = resending_read(ctx, name, resending);
	if (status != STATUS_OK)
		return status;
	status = resend_read(ctx, &resending->env, resending->bytes, resending->length,
	        resending->mail, &resending->resend);
	cmd_say_problems(resending->problems);
	if (status == STATUS_NOT_MAIL)
		cmd_say("resend: this is not a mail: it does not begin with header fields");
	if (status != STATUS_OK)
		return status;
	if (resending->suggest != NULL)
		return resending_suggest(ctx, resending);
	status = decide(ctx, resending);
	if (status == STATUS_OK && resending->hold && !resending->ask &&
	        resending_holds_more(ctx, resending))
		return STATUS_REFUSED;
	if (status == STATUS_OK)
		status = make(ctx, resending, &drafts);
	return status == STATUS_OK ? put(ctx, resending, &drafts) : status;
}

/* For a macro: nothing is printed and the exit status is 0, or mutt would stop and ask for a
 * key. */
static enum status resend_and_hold(struct call *call, const char *name)
{
	struct resending *resending = call->options;
	enum status status = STATUS_NO_INPUT;
	char *said;

	cmd_say_to(call->ctx, &said);
	resending->directory = resending_hold_folder(call->ctx);
	if (resending->directory != NULL)
		status = resend(call, name);
	io_drain(STDIN_FILENO);
	resending_hold(call->ctx, status, resending, said);
	return STATUS_OK;
}

static enum status resend_run(struct call *call)
{
	struct resending *resending = call->options;
	const char *name = call->arguments[0] != NULL ? call->arguments[0] : "-";
	enum status status = read_options(call->ctx, resending);

	if (status != STATUS_OK)
		return status;
	if (call->arguments[0] != NULL && call->arguments[1] != NULL) {
		cmd_say("resend: one mail at a time");
		return STATUS_USAGE;
	}
	if (resending->held)
		return resending_print_held(call->ctx);
	return resending->hold ? resend_and_hold(call, name) : resend(call, name);
}

const struct command command_resend = {
        .name = "resend",
        .arguments = "[OPTION]... [FILE|-|id:ID|QUERY]",
        .summary = "send a mail that came back again, to those who did not get it",
        .notes = "ID (or what a query finds) is the bounce, or your mail that came back.\n"
                 "On a terminal it says what it made, and asks: send, keep as a draft, or show.",
        .options = options,
        .size = sizeof(struct resending),
        .needs = USES_INDEX | NEEDS_WORDING | NEEDS_JUDGE | OPENS_LATER,
        .run = resend_run,
};
