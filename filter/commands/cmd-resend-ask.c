#include <fcntl.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-resend.h"
#include "commands/cmd.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "resend/draft-parts.h"
#include "text/text.h"
#include "text/wrap.h"

#define LINE_COLUMNS 79

/* Recipients that are named, one a line. */
#define FAILURES_SHOWN 5

static void add_wrapped(struct buffer *text, const char *indent, const char *paragraph)
{
	buffer_add_string(text, indent);
	wrap_add(text, paragraph, strlen(indent), indent, LINE_COLUMNS);
	buffer_add_string(text, "\n");
}

static void add_choice(struct buffer *text, const char *key, const char *label)
{
	buffer_print(text, "  %-5s  ", key);
	wrap_add(text, label, 9, "         ", LINE_COLUMNS);
	buffer_add_string(text, "\n");
}

static char *clean(const void *ctx, const char *text)
{
	return text_one_line(ctx, text, strlen(text), VALUE_MAX);
}

/* A terminal that a program has in its hands may not go to the first column by itself. */
static bool write_to(const void *ctx, int terminal, const char *text)
{
	struct buffer lines = buffer_new(ctx);

	for (; *text != '\0'; text++) {
		if (*text == '\n')
			buffer_add_string(&lines, "\r");
		buffer_add(&lines, text, 1);
	}
	return io_write(terminal, lines.text, lines.length) == STATUS_OK;
}

/* -- how to send it again */

/* The subject of the mail that came back, as far as it is known. */
static const char *subject_of(const void *ctx, const struct resend *resend)
{
	const struct resend_bounce *bounce = resend->bounce_count > 0 ? &resend->bounces[0] : NULL;
	const char *subject = NULL;

	if (bounce != NULL && bounce->link.original != NULL)
		subject = mail_header(bounce->link.original, "Subject");
	else if (bounce != NULL)
		subject = bounce->judgement.facts->original.subject;
	return clean(ctx, subject != NULL ? subject : "");
}

static void add_what(
        const void *ctx, struct buffer *text, struct wording *wording, const struct resend *resend)
{
	size_t i;

	add_wrapped(text, "",
	        wording_say(ctx, wording, "ask-about",
	                WORDING_VALUES({"subject", subject_of(ctx, resend)})));
	for (i = 0; i < resend->failure_count && i < FAILURES_SHOWN; i++) {
		const struct resend_failure *failure = &resend->failures[i];

		add_wrapped(text, "  ",
		        wording_say(ctx, wording, "ask-failed",
		                WORDING_VALUES({"address", clean(ctx, address_shown(ctx,
		                                                              failure->address))},
		                        {"reason", wording_name(ctx, wording,
		                                           reason_name(failure->reason), NULL)})));
	}
	if (i < resend->failure_count)
		buffer_print(text, "  (+%zu)\n", resend->failure_count - i);
	buffer_add_string(text, "\n");
}

/* What can be done with the mail that came back. */
struct choices {
	bool as_it_was, plain, without, zip, split, address;
	const char *suggested; /* the right address; NULL: not known */
	const char *why;       /* it can't be sent as it was; NULL: it can */
};

/* Whether OPTIONS would do; the mail is then read. */
static bool is_allowed(const void *ctx, struct resending *resending,
        const struct resend_options *options, const char **why)
{
	struct resend tried = resending->resend;
	enum status status = resend_decide(ctx, &resending->env, options, &tried, why);

	resending->resend = tried;
	return status == STATUS_OK;
}

static struct choices find_choices(const void *ctx, struct resending *resending)
{
	const struct original_copy *original = &resending->resend.original;
	struct resend_options less = resending->options;
	struct choices choices = {.why = NULL};
	struct draft_repairs repairs;
	struct draft_source source;
	const char *why;

	less.less = true;
	choices.plain = is_allowed(ctx, resending, &less, &why);
	less.no_attachments = true;
	choices.without = is_allowed(ctx, resending, &less, &why);
	choices.as_it_was = is_allowed(ctx, resending, &resending->options, &choices.why);
	choices.address = choices.as_it_was || resend_is_gone(&resending->resend);
	if (original->bytes == NULL)
		return choices;
	source = draft_source(original->bytes, original->length);
	repairs = draft_repairs(ctx, &source);
	choices.plain = choices.plain && repairs.plain;
	choices.without = choices.without && repairs.attachments;
	choices.zip = choices.as_it_was && repairs.attachments;
	choices.split = choices.zip && original->length > RESEND_SPLIT_DEFAULT;
	choices.suggested = choices.address ? resending_suggestion(ctx, resending) : NULL;
	return choices;
}

static char *question(
        const void *ctx, const struct resending *resending, const struct choices *choices)
{
	struct wording *wording = resending->env.wording;
	const struct {
		bool is_offered;
		const char *key, *label;
	} answers[] = {
	        {choices->as_it_was, "Enter", "ask-as-it-was"},
	        {choices->plain, "p", "ask-plain"},
	        {choices->without, "w", "ask-without"},
	        {choices->zip, "z", "ask-zip"},
	        {choices->split, "s", "ask-split"},
	        {true, "q", "ask-not"},
	};
	struct buffer text = buffer_new(ctx);
	size_t i;

	buffer_add_string(&text, "\n");
	add_what(ctx, &text, wording, &resending->resend);
	if (choices->why != NULL && !choices->address)
		add_wrapped(&text, "", choices->why);
	add_wrapped(&text, "", wording_label(wording, "ask-how"));
	for (i = 0; i < sizeof answers / sizeof *answers; i++)
		if (answers[i].is_offered)
			add_choice(&text, answers[i].key, wording_label(wording, answers[i].label));
	if (choices->suggested != NULL)
		add_choice(&text, "t", clean(ctx, address_shown(ctx, choices->suggested)));
	if (choices->address)
		buffer_add_string(&text, wording_label(wording, resending->resend.failure_count > 1
		                                                        ? "ask-addresses"
		                                                        : "ask-address"));
	buffer_add_string(&text, ": ");
	return buffer_text(&text);
}

/* Put ANSWER into RESENDING. False: it is none of CHOICES. */
static bool apply(const void *ctx, struct resending *resending, const struct choices *choices,
        const char *answer)
{
	struct resend_options *options = &resending->options;
	struct draft_plan *plan = &resending->plan;
	const char *to = strchr(answer, '@') != NULL ? answer
	                 : answer[0] == 't'          ? choices->suggested
	                                             : NULL;
	size_t count = 0;

	if (to != NULL && choices->address) {
		options->to = NULL;
		list_add(ctx, &options->to, &count, to + strspn(to, " "));
		return true;
	}
	switch (answer[0]) {
	case '\0': return choices->as_it_was;
	case 'p': return plan->plain = options->less = choices->plain;
	case 'w':
		return plan->no_attachments = options->no_attachments = options->less =
		               choices->without;
	case 'z': return plan->zip = choices->zip;
	case 's': plan->split = RESEND_SPLIT_DEFAULT; return choices->split;
	default: return false;
	}
}

enum status resending_ask(const void *ctx, struct resending *resending, const char **why)
{
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	char answer[ADDRESS_MAX + 2] = "";
	struct choices choices;
	bool asked;
	size_t length;

	resending->options.again = true; /* who is asked, and answers, knows */
	choices = find_choices(ctx, resending);
	*why = choices.why;
	if (!choices.plain && !choices.without && !choices.address) {
		if (terminal >= 0)
			close(terminal);
		return STATUS_REFUSED;
	}
	*why = NULL;
	asked = terminal >= 0 && write_to(ctx, terminal, question(ctx, resending, &choices)) &&
	        cmd_answer(terminal, answer, sizeof answer);
	if (terminal >= 0)
		close(terminal);
	for (length = strlen(answer); length > 0 && answer[length - 1] == ' ';)
		answer[--length] = '\0';
	if (!asked || !apply(ctx, resending, &choices, answer))
		return STATUS_REFUSED;
	return resend_decide(ctx, &resending->env, &resending->options, &resending->resend, why);
}

/* -- what to do with what was made */

char **resending_remarks(
        const void *ctx, const struct resending *resending, const struct drafts *drafts)
{
	char **all = list_new(ctx);
	size_t count = 0, i;

	for (i = 0; i < resending->resend.remark_count; i++)
		list_add(ctx, &all, &count, resending->resend.remarks[i]);
	for (i = 0; i < drafts->remark_count; i++)
		list_add(ctx, &all, &count, drafts->remarks[i]);
	return all;
}

/* What was made, and what can be done with it: sent with SENDMAIL, kept in FOLDER, if there are
 * such. */
static char *offer(const void *ctx, const struct resending *resending, const struct drafts *drafts,
        char *const *sendmail, const char *folder)
{
	struct wording *wording = resending->env.wording;
	const struct draft *first = &drafts->list[0];
	char **remarks = resending_remarks(ctx, resending, drafts);
	struct buffer text = buffer_new(ctx);
	size_t size = 0, i;

	for (i = 0; i < drafts->count; i++)
		size += drafts->list[i].size;
	add_wrapped(&text, "",
	        wording_say(ctx, wording, drafts->count > 1 ? "offer-ready-several" : "offer-ready",
	                WORDING_VALUES({"count", talloc_asprintf(ctx, "%zu", drafts->count)},
	                        {"subject", draft_subject_line(ctx, first)},
	                        {"size", size_words(ctx, size < 1000 ? 1000 : size)},
	                        {"addresses", clean(ctx, resend_addresses(ctx,
	                                                         draft_recipients(ctx, first)))})));
	for (; *remarks != NULL; remarks++)
		add_wrapped(&text, "  ", clean(ctx, *remarks));
	if (sendmail != NULL)
		add_choice(&text, "s",
		        wording_say(ctx, wording, "offer-send",
		                WORDING_VALUES({"program", clean(ctx, sendmail[0])})));
	if (folder != NULL)
		add_choice(&text, "d",
		        wording_say(ctx, wording, "offer-keep",
		                WORDING_VALUES({"folder", clean(ctx, folder)})));
	add_choice(&text, "v", wording_label(wording, "offer-show"));
	add_choice(&text, "q", wording_label(wording, "ask-not"));
	buffer_add_string(&text, ": ");
	return buffer_text(&text);
}

static enum status send_it(
        const void *ctx, const struct resending *resending, const struct drafts *drafts)
{
	enum status status = resending_send(ctx, resending, drafts);
	const char *addresses = resend_addresses(ctx, draft_recipients(ctx, &drafts->list[0]));

	if (status != STATUS_OK)
		return status;
	resending_note(ctx, resending, drafts, NULL, true);
	return cmd_print(talloc_asprintf(ctx, "%s\n",
	        wording_say(ctx, resending->env.wording, "offer-sent",
	                WORDING_VALUES({"addresses", clean(ctx, addresses)}))));
}

static enum status keep_it(const void *ctx, struct resending *resending,
        const struct drafts *drafts, const char *folder)
{
	enum status status;
	char **paths;

	resending->directory = folder;
	status = resending_keep(ctx, resending, drafts, &paths);
	if (status == STATUS_OK)
		resending_note(ctx, resending, drafts, paths, false);
	return status;
}

enum status resending_offer(
        const void *ctx, struct resending *resending, const struct drafts *drafts, int terminal)
{
	char **sendmail = resending_sendmail(ctx, resending),
	     *folder = resending_folder(ctx, resending);
	char answer[8];
	size_t i;

	for (;;) {
		if (cmd_print(offer(ctx, resending, drafts, sendmail, folder)) != STATUS_OK)
			return STATUS_IO;
		if (!cmd_answer(terminal, answer, sizeof answer))
			answer[0] = '\0';
		switch (answer[0]) {
		case 's':
			if (sendmail != NULL && send_it(ctx, resending, drafts) == STATUS_OK)
				return STATUS_OK;
			break;
		case 'd':
			if (folder != NULL)
				return keep_it(ctx, resending, drafts, folder);
			break;
		case 'v':
			for (i = 0; i < drafts->count; i++)
				cmd_print(draft_text(ctx, &drafts->list[i]));
			break;
		default:
			return cmd_print(talloc_asprintf(ctx, "%s\n",
			        wording_label(resending->env.wording, "nothing-sent")));
		}
		cmd_print("\n");
	}
}
