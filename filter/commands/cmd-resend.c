/* notmuch bounce resend: a draft of a mail that came back, for those who did not get it. */
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "commands/cmd-index.h"
#include "commands/cmd-resend-macro.h"
#include "commands/cmd-resend-suggest.h"
#include "commands/cmd-resend.h"
#include "commands/cmd.h"
#include "index/tagger.h"
#include "knowledge/language.h"
#include "mail/decode.h"
#include "mail/scan.h"

static void say_remarks(char *const *remarks)
{
	for (; remarks != NULL && *remarks != NULL; remarks++)
		cmd_say("resend: %s", *remarks);
}

static bool scan_part(void *argument, const char *name, struct bytes bytes, const char **why)
{
	return scanner_allows(argument, name, bytes.start, bytes.length, why);
}

/* What the scanner is stands in notmuch's configuration, where no mail can write. */
static enum status prepare_scan(const void *ctx, struct resending *resending)
{
	char *command = resending->means.index != NULL ? index_setting(ctx, resending->means.index, "bounce.scanner") : NULL;
	struct scanner *scanner = command != NULL ? scanner_new(ctx, command) : NULL;

	if (scanner == NULL) {
		cmd_say("resend --scan: no scanner is set: notmuch config set bounce.scanner 'clamdscan --no-summary -'");
		return STATUS_REFUSED;
	}
	resending->plan.check = scan_part;
	resending->plan.check_argument = scanner;
	return STATUS_OK;
}

/* The words for those who get the draft: in the language that its subject shows, else in the user's. */
static struct wording *words_for_draft(const void *ctx, struct resending *resending, struct problems *problems)
{
	const struct bytes fields = resending->plan.source.fields;
	const char *subject = header_line(ctx, fields, "Subject");
	const char *language = subject != NULL ? language_of(decode_words(ctx, subject)) : NULL;
	struct wording *wording = resending->means.wording;
	bool is_theirs = language == NULL || wording_speaks(wording, language) ||
	                 (strcmp(language, "zh") == 0 && wording_speaks(wording, "ja")); /* Han letters alone are both */

	return is_theirs ? wording : wording_open(ctx, language, problems);
}

static enum status make(const void *ctx, struct resending *resending, struct problems *problems, struct drafts *drafts)
{
	struct resend *resend = &resending->resend;
	struct draft_plan *plan = &resending->plan;
	const char *why = NULL;
	enum status status = STATUS_OK;

	plan->source = draft_source(resend->original.bytes, resend->original.length);
	plan->source.is_returned = resend->is_returned;
	plan->recipients = resend->recipients;
	plan->from = resend->from;
	plan->words = words_for_draft(ctx, resending, problems);
	plan->wording = resending->means.wording;
	plan->now = time(NULL);
	if (resending->scan)
		status = prepare_scan(ctx, resending);
	if (status == STATUS_OK)
		status = draft_make(ctx, plan, drafts, &why);
	if (why != NULL)
		cmd_say("resend: %s", why);
	return status;
}

/* Tell the index. The drafts stand whatever comes of that. */
static void note(const void *ctx, struct resending *resending, const struct drafts *drafts)
{
	char **ids = talloc_zero_array(ctx, char *, (unsigned)drafts->count + 1);
	struct index *index;
	struct settings settings;
	enum status status;
	size_t i;

	for (i = 0; i < drafts->count; i++)
		ids[i] = drafts->list[i].id;
	if (resending->resend.ids[0] == NULL)
		return;
	status = cmd_index_open(ctx, "resend", INDEX_READ, &index, &settings, NULL);
	if (status == STATUS_OK)
		status = cmd_index_write("resend", index, &settings);
	if (status == STATUS_OK)
		status = tagger_note_drafts(ctx, index, resending->resend.ids, ids);
	if (status == STATUS_OK)
		status = index_close(index);
	if (status != STATUS_OK)
		cmd_say("resend: the draft is made, but the index could not be told: another resend will not be warned of");
}

static enum status decide(const void *ctx, struct resending *resending, const char **why)
{
	*why = NULL;
	return resend_decide(ctx, &resending->means, &resending->wish, resending->bytes, resending->length, resending->mail,
	        &resending->resend, why);
}

/* Whom it did not reach must be known before it can be asked where it should go. False: not to be sent again. */
static bool ask(const void *ctx, struct resending *resending, struct problems *problems)
{
	const char *why;

	decide(ctx, resending, &why);
	if (!resend_ask(ctx, resending, resend_suggestion(ctx, resending, problems)))
		return false;
	resending->resend = (struct resend){.bounces = NULL};
	return true;
}

static enum status resend(struct call *call, const char *name)
{
	const void *ctx = call->ctx;
	struct resending *resending = call->options;
	struct problems *problems = call->problems;
	struct drafts drafts;
	const char *why = NULL;
	enum status status = call_open(call);

	resending->means = (struct resend_means){
	        .judge = call->judge, .index = call->index, .settings = call->settings, .wording = call->wording};
	if (status == STATUS_OK)
		status = resend_read(ctx, name, resending);
	if (status == STATUS_OK && resending->suggest != NULL)
		return resend_suggest(ctx, resending, problems, resending->suggest[0] == 'j');
	if (status == STATUS_OK && resending->ask && !ask(ctx, resending, problems))
		return STATUS_REFUSED;
	if (status != STATUS_OK)
		return status;
	status = decide(ctx, resending, &why);
	cmd_say_problems(problems);
	if (status == STATUS_NOT_MAIL)
		why = "this is not a mail: it does not begin with header fields";
	if (why != NULL)
		cmd_say("resend: %s", why);
	if (status == STATUS_OK && !resending->resend.is_returned)
		TALLOC_FREE(resending->bytes); /* as large as the mail, if all of that came back; not needed any more */
	if (status == STATUS_OK)
		status = make(ctx, resending, problems, &drafts);
	if (status == STATUS_OK)
		status = resend_put(ctx, resending, &drafts);
	if (status != STATUS_OK)
		return status;
	say_remarks(resending->resend.remarks);
	say_remarks(drafts.remarks);
	if (resending->directory == NULL && isatty(STDOUT_FILENO)) /* looked at, and gone with the screen */
		cmd_say("resend: this is only shown; add | msmtp -t to send it, or --draft=DIR to keep it");
	else
		note(ctx, resending, &drafts);
	return STATUS_OK;
}

/* For a macro: nothing is printed and the exit status is 0, or mutt would stop and ask for a key. */
static enum status resend_and_hold(struct call *call, const char *name)
{
	struct resending *resending = call->options;
	char *folder = resend_hold_folder(call->ctx), *said;
	enum status status;

	cmd_say_to(call->ctx, &said);
	resending->directory = folder;
	status = folder != NULL ? resend(call, name) : STATUS_NO_INPUT;
	io_drain(STDIN_FILENO);
	resend_hold(call->ctx, status, resending, said);
	return STATUS_OK;
}

static enum status resend_run(struct call *call)
{
	struct resending *resending = call->options;
	const char *name = call->arguments[0] != NULL ? call->arguments[0] : "-";
	enum status status = resend_options_read(resending);

	if (status != STATUS_OK)
		return status;
	if (call->arguments[0] != NULL && call->arguments[1] != NULL) {
		cmd_say("resend: one mail at a time");
		return STATUS_USAGE;
	}
	if (resending->held)
		return resend_print_held(call->ctx);
	return resending->hold ? resend_and_hold(call, name) : resend(call, name);
}

const struct command command_resend = {
        .name = "resend",
        .arguments = "[OPTION]... [FILE|-|id:ID|QUERY]",
        .summary = "make a draft of a mail that came back, for those who did not get it",
        .notes = "ID (or what a query finds) is the bounce, or your mail that came back.",
        .options = resend_options,
        .size = sizeof(struct resending),
        .needs = USES_INDEX | NEEDS_WORDING | NEEDS_JUDGE | OPENS_LATER,
        .run = resend_run,
};
