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

static enum status resend(const void *ctx, struct resending *resending, const char *name)
{
	struct problems *problems = problems_new(ctx);
	struct drafts drafts;
	const char *why = NULL;
	enum status status = resend_open(ctx, problems, resending);

	if (status == STATUS_OK)
		status = resend_read(ctx, name, resending);
	if (status == STATUS_OK && resending->suggest)
		return resend_suggest(
		        ctx, resending, problems, resending->suggest_form != NULL && resending->suggest_form[0] == 'j');
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
static enum status resend_and_hold(const void *ctx, struct resending *resending, const char *name)
{
	char *folder = resend_hold_folder(ctx), *said;
	enum status status;

	cmd_say_to(ctx, &said);
	resending->directory = folder;
	status = folder != NULL ? resend(ctx, resending, name) : STATUS_NO_INPUT;
	io_drain(STDIN_FILENO);
	resend_hold(ctx, status, resending, said);
	return STATUS_OK;
}

static enum status resend_run(const void *ctx, char **arguments)
{
	static char standard_input[] = "-";
	struct resending resending = {.wish = {.to = NULL}};
	enum status status = resend_options(arguments, &resending);

	if (status == STATUS_OK && arguments[0] != NULL && arguments[1] != NULL) {
		cmd_say("resend: one mail at a time");
		status = STATUS_USAGE;
	}
	if (status == STATUS_OK && resending.held)
		status = resend_print_held(ctx);
	else if (status == STATUS_OK && resending.hold)
		status = resend_and_hold(ctx, &resending, arguments[0] != NULL ? arguments[0] : standard_input);
	else if (status == STATUS_OK)
		status = resend(ctx, &resending, arguments[0] != NULL ? arguments[0] : standard_input);
	talloc_free(resending.wish.to);
	talloc_free(resending.wish.skip);
	return status;
}

const struct command command_resend = {
        .name = "resend",
        .arguments = "[OPTION]... [FILE|-|id:ID|QUERY]",
        .summary = "make a draft of a mail that came back, for those who did not get it",
        .help = "  --draft=DIR          put it into this Maildir; default: on standard output\n"
                "  --to=ADDRESS         the right address; --to=OLD=NEW when several failed\n"
                "  --reason=REASON,...  only those who failed for these reasons\n"
                "  --skip=ADDRESS,...   not to these\n"
                "  --suggest            only say which addresses may have been meant, and why\n"
                "  --all                to everyone, not only those who did not get it\n"
                "  --quote-recipients   say on top to whom the first went\n"
                "  --note               say on top that this is sent again\n"
                "  --plain              text only; --charset=iso-2022-jp: in this charset\n"
                "  --no-attachments     list them in the text instead\n"
                "  --zip                put them into one zip\n"
                "  --split=SIZE         make several drafts of at most this size (500k, 10M)\n"
                "  --max-size=SIZE      refuse what is still larger\n"
                "  --scan               refuse what the scanner in bounce.scanner objects to\n"
                "  --from-returned      take what came back, when there is no copy of your own\n"
                "  --again, --anyway    though it was sent before; though that makes it worse\n"
                "  --hold, --ask        for a macro of mutt's: keep the draft; ask how to send it\n"
                "  --held               print mutt's commands that open what was kept\n"
                "  --lang=LANGUAGE      en, ja, ...; default: bounce.language, else the locale's\n"
                "ID (or what a query finds) is the bounce, or your mail that came back.\n",
        .run = resend_run,
};
