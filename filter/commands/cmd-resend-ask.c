/* Asks the person at the terminal how to send a mail again, and sends or keeps its drafts. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdint.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd-resend.h"
#include "commands/cmd.h"
#include "index/mail-files.h"
#include "index/tagger.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "mail/maildir.h"
#include "text/text.h"
#include "text/wrap.h"

/* How many recipients are named, one per line. */
#define FAILURES_SHOWN 5

static void add_wrapped(struct buffer *text, const char *indent, const char *paragraph)
{
	wrap_paragraph(text, indent, indent, paragraph, WRAP_COLUMNS);
}

static void add_choice(struct buffer *text, const char *key, const char *label)
{
	wrap_paragraph(text, talloc_asprintf(text->ctx, "  %-5s  ", key), "         ", label,
	        WRAP_COLUMNS);
}

/* -- how to send it again */

/* Adds the subject of the mail that came back, and the recipients who did not get it. */
static void add_what(
        const void *ctx, struct buffer *text, struct wording *wording, const struct resend *resend)
{
	const char *subject = "";
	size_t i = 0;

	if (resend->bounce_count > 0) {
		const struct resend_bounce *bounce = &resend->bounces[0];

		subject = bounce->link.original != NULL
		                  ? mail_header(bounce->link.original, "Subject")
		                  : bounce->judgement.facts->original.subject;
	}
	add_wrapped(text, "",
	        wording_say(ctx, wording, "ask-about",
	                WORDING_VALUES({"subject",
	                        text_one_line(ctx, subject != NULL ? subject : "", VALUE_MAX)})));
	for (; i < resend->failure_count && i < FAILURES_SHOWN; i++) {
		const struct resend_failure *failure = &resend->failures[i];

		add_wrapped(text, "  ",
		        wording_say(ctx, wording, "ask-failed",
		                WORDING_VALUES(
		                        {"address", text_one_line(ctx,
		                                            address_shown(ctx, failure->address),
		                                            VALUE_MAX)},
		                        {"reason", wording_name(ctx, wording,
		                                           reason_name(failure->reason), NULL)})));
	}
	if (i < resend->failure_count)
		buffer_print(text, "  (+%zu)\n", resend->failure_count - i);
	buffer_add_string(text, "\n");
}

/* Which answers are offered. */
struct choices {
	bool as_it_was, plain, without, zip, split, address;
	const char *suggested; /* the address that was probably meant; NULL: not known */
};

static struct choices find_choices(struct resending *run)
{
	struct resend *resend = &run->resend;
	const struct original_copy *original = &resend->original;
	struct resend_options less = run->options;
	struct choices choices = {.suggested = NULL};

	less.less = true;
	choices.plain = resend_decide(resend, &less) == STATUS_OK;
	less.no_attachments = true;
	choices.without = resend_decide(resend, &less) == STATUS_OK;
	choices.as_it_was = resend_decide(resend, &run->options) == STATUS_OK;
	choices.address = choices.as_it_was || resend_is_gone(resend);
	if (original->bytes == NULL)
		return choices;
	struct draft_source source = draft_source(original->bytes, original->length);
	struct draft_repairs repairs = draft_repairs(run->ctx, &source);

	choices.plain = choices.plain && repairs.plain;
	choices.without = choices.without && repairs.attachments;
	choices.zip = choices.as_it_was && repairs.attachments;
	choices.split = choices.zip && original->length > RESEND_SPLIT_DEFAULT;
	choices.suggested = choices.address ? resending_suggestion(run) : NULL;
	return choices;
}

static char *question(const struct resending *run, const struct choices *choices)
{
	const void *ctx = run->ctx;
	struct wording *wording = run->resend.wording;
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

	buffer_add_string(&text, "\n");
	add_what(ctx, &text, wording, &run->resend);
	if (run->resend.why != NULL && !choices->address)
		add_wrapped(&text, "", run->resend.why);
	add_wrapped(&text, "", wording_label(wording, "ask-how"));
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		if (answers[i].is_offered)
			add_choice(&text, answers[i].key, wording_label(wording, answers[i].label));
	if (choices->suggested != NULL)
		add_choice(&text, "t",
		        text_one_line(ctx, address_shown(ctx, choices->suggested), VALUE_MAX));
	if (choices->address)
		buffer_add_string(&text,
		        wording_label(wording,
		                run->resend.failure_count > 1 ? "ask-addresses" : "ask-address"));
	buffer_add_string(&text, ": ");
	return buffer_text(&text);
}

/* Asks QUESTION on the terminal, and puts the reply into ANSWER (SIZE bytes), without blanks at its
 * end. Returns false if there is none. */
static bool ask(const void *ctx, const char *question, char *answer, size_t size)
{
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct buffer lines = buffer_new(ctx);

	if (terminal < 0)
		return false;
	/* In a terminal that mutt has set up, a newline may not go to the first column. */
	for (; *question != '\0'; question++) {
		if (*question == '\n')
			buffer_add_string(&lines, "\r");
		buffer_add(&lines, question, 1);
	}
	bool asked = io_write(terminal, lines.text, lines.length) == STATUS_OK &&
	             cmd_answer(terminal, answer, size);

	close(terminal);
	if (asked)
		g_strchomp(answer);
	return asked;
}

/* Sets the options that ANSWER stands for. Returns false if it is none of CHOICES. */
static bool apply(struct resending *run, const struct choices *choices, const char *answer)
{
	struct resend_options *options = &run->options;
	struct draft_plan *plan = &run->plan;
	const char *to = strchr(answer, '@') != NULL ? answer
	                 : answer[0] == 't'          ? choices->suggested
	                                             : NULL;

	if (to != NULL && choices->address) {
		options->to = NULL;
		list_add(run->ctx, &options->to, to + strspn(to, " "));
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

enum status resending_ask(struct resending *run)
{
	char answer[ADDRESS_MAX + 2];

	run->options.again = true; /* the person has seen what it is about */
	struct choices choices = find_choices(run);

	if (!choices.plain && !choices.without && !choices.address)
		return STATUS_REFUSED;
	char *text = question(run, &choices);

	run->resend.why = NULL;
	if (!ask(run->ctx, text, answer, sizeof answer) || !apply(run, &choices, answer))
		return STATUS_REFUSED;
	return resend_decide(&run->resend, &run->options);
}

/* -- into a file */

static enum status say_failure(enum status status, const char *where)
{
	/* with EPIPE, `| head` has read enough */
	if ((status == STATUS_IO || status == STATUS_DISK_FULL) && errno != EPIPE)
		cmd_say("resend: can't write %s: %s", where, cmd_text(strerror(errno)));
	return status;
}

static enum status write_draft(int to, const struct draft *draft)
{
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && i < draft->count; i++)
		status = io_write(to, draft->pieces[i].start, draft->pieces[i].length);
	return status;
}

/* Adds the drafts to the Maildir FOLDER, with FLAGS; *PATHS are their files. */
static enum status add_all(
        const struct resending *run, const char *folder, const char *flags, char ***paths)
{
	const void *ctx = run->ctx;
	const struct drafts *drafts = &run->drafts;
	struct maildir *maildir;
	enum status status = maildir_open(ctx, folder, &maildir);

	for (size_t i = 0; status == STATUS_OK && i < drafts->count; i++) {
		const struct draft *draft = &drafts->list[i];
		struct iovec *pieces = talloc_array(ctx, struct iovec, (unsigned)draft->count);

		for (size_t j = 0; j < draft->count; j++)
			pieces[j] = (struct iovec){
			        (void *)(uintptr_t)draft->pieces[j].start, draft->pieces[j].length};
		status = maildir_add(maildir, pieces, draft->count);
	}
	if (status == STATUS_OK)
		status = maildir_commit(ctx, maildir, flags, paths);
	return say_failure(status, folder);
}

static enum status keep_drafts(const struct resending *run, char ***paths)
{
	const void *ctx = run->ctx;
	const char *folder = run->directory;

	if (run->hold) /* no flags, as mutt opens it at once */
		return add_all(run, folder, NULL, paths);
	bool is_new = access(folder, F_OK) != 0;
	/* draft and seen */
	enum status status = add_all(run, folder, "DS", paths);

	if (status == STATUS_OK && is_new)
		cmd_say("resend: %s is a new Maildir", folder);
	for (size_t i = 0; status == STATUS_OK && (*paths)[i] != NULL; i++)
		status = cmd_print(talloc_asprintf(ctx, "%s\n", (*paths)[i]));
	return status;
}

char *resending_setting(const struct resending *run, const char *key)
{
	struct index *index = run->resend.index;

	return index != NULL ? index_setting(run->ctx, index, key) : NULL;
}

/* Returns the Maildir for drafts; NULL: there is no index to know it from. */
static char *drafts_folder(const struct resending *run)
{
	static const char *const usual[] = {
	        "Drafts", "drafts", ".Drafts", "INBOX.Drafts", "[Gmail]/Drafts", "postponed", NULL};
	char *set = resending_setting(run, "bounce.drafts");

	if (run->resend.index == NULL || (set != NULL && set[0] == '/'))
		return set;
	char *root = index_setting(run->ctx, run->resend.index, "database.mail_root");

	for (size_t i = 0; set == NULL && usual[i] != NULL; i++) {
		char *folder = talloc_asprintf(run->ctx, "%s/%s", root, usual[i]);

		if (maildir_is_there(folder))
			return folder;
	}
	return talloc_asprintf(run->ctx, "%s/%s", root, set != NULL ? set : usual[0]);
}

/* -- to the mail server */

/* Returns the program that sends mail, with its arguments; NULL: there is none. */
static char **find_sendmail(const struct resending *run)
{
	static const char *const usual[] = {
	        "sendmail", "/usr/sbin/sendmail", "/usr/lib/sendmail", "msmtp"};
	const void *ctx = run->ctx;
	char *set = resending_setting(run, "bounce.sendmail"), *rest, **words = NULL;

	for (char *word = set != NULL ? strtok_r(set, " \t", &rest) : NULL; word != NULL;
	        word = strtok_r(NULL, " \t", &rest))
		list_add(ctx, &words, word);
	for (size_t i = 0; set == NULL && words == NULL && i < G_N_ELEMENTS(usual); i++) {
		char *found = g_find_program_in_path(usual[i]);

		if (found != NULL) {
			list_add(ctx, &words, usual[i]);
			list_add(ctx, &words, "-t");
		}
		g_free(found);
	}
	if (set == NULL && words != NULL && run->resend.from != NULL) {
		/* so that a bounce of it goes to that address */
		list_add(ctx, &words, "-f");
		list_add(ctx, &words, run->resend.from);
	}
	return words;
}

/* Adds copies of the drafts to the Maildir that has the user's own copy of the first mail, if any:
 * so the index will know that they were sent. */
static void keep_copy(const struct resending *run)
{
	const struct original_copy *original = &run->resend.original;
	const char *slash =
	        original->path != NULL && original->is_own ? strrchr(original->path, '/') : NULL;

	if (slash == NULL || slash - original->path < 4 ||
	        (strncmp(slash - 4, "/cur", 4) != 0 && strncmp(slash - 4, "/new", 4) != 0))
		return;
	char *folder =
	        talloc_strndup(run->ctx, original->path, (size_t)(slash - 4 - original->path));
	char **paths;

	if (maildir_is_there(folder))
		add_all(run, folder, "S", &paths);
}

static enum status send_drafts(const struct resending *run)
{
	char **sendmail = find_sendmail(run);

	if (sendmail == NULL) {
		cmd_say("resend --send: no program that sends mail was found: notmuch config set "
		        "bounce.sendmail 'msmtp -t'");
		return STATUS_REFUSED;
	}
	for (size_t i = 0; i < run->drafts.count; i++) {
		int spool = io_nameless();

		if (spool < 0)
			return STATUS_TRY_LATER;
		enum status status = write_draft(spool, &run->drafts.list[i]);
		int code = status == STATUS_OK ? cmd_send_mail(run->call, sendmail, spool) : 0;

		close(spool);
		if (status != STATUS_OK)
			return status;
		if (code != 0) {
			cmd_say("resend: not sent: %s ended with %d", sendmail[0], code);
			return STATUS_NOT_SENT;
		}
	}
	keep_copy(run);
	return STATUS_OK;
}

/* -- the index */

/* Does the work of note_drafts(), in an index opened for it; IDS are those of the drafts. */
static enum status note_all(
        const struct resending *run, char *const *ids, char *const *paths, bool are_sent)
{
	const void *ctx = run->ctx;
	const struct resend *resend = &run->resend;
	struct index *index;
	enum status status = cmd_index_open(ctx, "resend", problems_new(ctx), &index);

	if (status == STATUS_OK)
		status = cmd_index_write("resend", index);
	if (status != STATUS_OK)
		return status;
	for (; paths != NULL && *paths != NULL; paths++)
		index_add_draft(index, *paths);
	char **nobody = list_new(ctx), **sent_for = list_new(ctx);

	for (size_t i = 0; i < resend->failure_count; i++)
		if (!resend->failures[i].is_left_out)
			list_add(ctx, &sent_for, resend->failures[i].address);
	for (size_t i = 0; status == STATUS_OK && resend->ids[i] != NULL; i++)
		status = tagger_note(index, resend->ids[i], ids, nobody);
	for (size_t i = 0; status == STATUS_OK && are_sent && i < resend->bounce_count; i++)
		if (resend->bounces[i].mail != NULL)
			status = tagger_note(
			        index, mail_id(resend->bounces[i].mail), nobody, sent_for);
	return cmd_index_close(index, status);
}

/* Notes in the index that the drafts were made, in the files PATHS (NULL: none), and with ARE_SENT,
 * that they were sent. Only says so if it fails. */
static void note_drafts(const struct resending *run, char *const *paths, bool are_sent)
{
	char **ids = list_new(run->ctx);

	for (size_t i = 0; i < run->drafts.count; i++)
		list_add(run->ctx, &ids, run->drafts.list[i].id);
	if (run->resend.index == NULL || (run->resend.ids[0] == NULL && paths == NULL && !are_sent))
		return;
	/* ^C ends only the wait for the index: the drafts are made or sent already. */
	cmd_survive_interrupts();
	if (note_all(run, ids, paths, are_sent) != STATUS_OK)
		cmd_say("resend: %s", wording_label(run->resend.wording, "remark-not-noted"));
}

/* -- what to do with what was made */

/* Returns the recipients in FIELDS, of a draft, in one line for people. */
static char *addresses_line(const void *ctx, struct bytes fields)
{
	return text_one_line(ctx, resend_addresses(ctx, header_recipients(ctx, fields)), VALUE_MAX);
}

/* Returns a text that says what was made, by the header FIELDS, and offers to send it with SENDMAIL
 * and to keep it in FOLDER (each NULL: that is not offered). */
static char *offer(
        const struct resending *run, struct bytes fields, char *const *sendmail, const char *folder)
{
	const void *ctx = run->ctx;
	struct wording *wording = run->resend.wording;
	const char *subject = header_line(ctx, fields, "Subject");
	struct buffer text = buffer_new(ctx);
	size_t size = 0;

	for (size_t i = 0; i < run->drafts.count; i++)
		size += run->drafts.list[i].size;
	add_wrapped(&text, "",
	        wording_say(ctx, wording,
	                run->drafts.count > 1 ? "offer-ready-several" : "offer-ready",
	                WORDING_VALUES({"count", talloc_asprintf(ctx, "%zu", run->drafts.count)},
	                        {"subject",
	                                text_one_line(ctx,
	                                        decode_words(ctx, subject != NULL ? subject : ""),
	                                        VALUE_MAX)},
	                        {"size", size_words(ctx, size < 1000 ? 1000 : size)},
	                        {"addresses", addresses_line(ctx, fields)})));
	for (char **remark = run->resend.remarks; *remark != NULL; remark++)
		add_wrapped(&text, "  ", text_one_line(ctx, *remark, VALUE_MAX));
	if (sendmail != NULL)
		add_choice(&text, "s",
		        wording_say(ctx, wording, "offer-send",
		                WORDING_VALUES(
		                        {"program", text_one_line(ctx, sendmail[0], VALUE_MAX)})));
	if (folder != NULL)
		add_choice(&text, "d",
		        wording_say(ctx, wording, "offer-keep",
		                WORDING_VALUES({"folder", text_one_line(ctx, folder, VALUE_MAX)})));
	add_choice(&text, "v", wording_label(wording, "offer-show"));
	add_choice(&text, "q", wording_label(wording, "ask-not"));
	buffer_add_string(&text, ": ");
	return buffer_text(&text);
}

/* Says what was made, asks the person at TERMINAL what to do with it, and does that. */
static enum status ask_where(struct resending *run, int terminal)
{
	const void *ctx = run->ctx;
	struct wording *wording = run->resend.wording;
	const struct bytes *first = &run->drafts.list[0].pieces[0];
	struct bytes fields = draft_source(first->start, first->length).fields;
	char **sendmail = find_sendmail(run), *folder = drafts_folder(run);

	for (;;) {
		char answer[8], **paths;

		if (cmd_print(offer(run, fields, sendmail, folder)) != STATUS_OK)
			return STATUS_IO;
		if (!cmd_answer(terminal, answer, sizeof answer))
			answer[0] = '\0';
		if (answer[0] == 's' && sendmail != NULL) {
			if (send_drafts(run) == STATUS_OK) {
				note_drafts(run, NULL, true);
				return cmd_print(talloc_asprintf(ctx, "%s\n",
				        wording_say(ctx, wording, "offer-sent",
				                WORDING_VALUES({"addresses",
				                        addresses_line(ctx, fields)}))));
			}
		} else if (answer[0] == 'd' && folder != NULL) {
			run->directory = folder;
			enum status status = keep_drafts(run, &paths);

			if (status == STATUS_OK)
				note_drafts(run, paths, false);
			return status;
		} else if (answer[0] == 'v') {
			for (size_t i = 0; i < run->drafts.count; i++)
				cmd_print(draft_text(ctx, &run->drafts.list[i]));
		} else if (answer[0] != 's' && answer[0] != 'd') {
			return cmd_print(talloc_asprintf(
			        ctx, "%s\n", wording_label(wording, "nothing-sent")));
		}
		cmd_print("\n");
	}
}

enum status resending_put(struct resending *run)
{
	int terminal = run->directory == NULL && !run->send ? cmd_terminal() : -1;
	char **paths = NULL;
	enum status status;

	if (terminal >= 0)
		return ask_where(run, terminal);
	if (run->send)
		status = send_drafts(run);
	else if (run->directory != NULL)
		status = keep_drafts(run, &paths);
	else if (run->drafts.count == 1)
		status = say_failure(write_draft(STDOUT_FILENO, &run->drafts.list[0]), "the draft");
	else {
		cmd_say("resend: there are %zu drafts; name a Maildir for them with --draft=DIR",
		        run->drafts.count);
		status = STATUS_USAGE;
	}
	if (status != STATUS_OK)
		return status;
	for (char **remark = run->resend.remarks; *remark != NULL; remark++)
		cmd_say("resend: %s", *remark);
	note_drafts(run, run->hold ? NULL : paths, run->send);
	return STATUS_OK;
}
