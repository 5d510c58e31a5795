/* notmuch bounce resend: makes a draft of a mail that came back, for the recipients that it did not
 * reach. Asks the person at the terminal what to do with it, or sends, keeps or prints it. */
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "commands/hold.h"
#include "index/mail-files.h"
#include "index/tagger.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "mail/maildir.h"
#include "mail/scan.h"
#include "resend/resend.h"
#include "text/text.h"
#include "text/wrap.h"

/* How many recipients a question names, one per line. */
#define FAILURES_SHOWN 5

struct resending {
	/* Options. */
	const char *directory; /* the Maildir for the draft; NULL: ask, or standard output */
	bool scan, send;
	bool ask, hold, held; /* for mutt's macros */
	const char *suggest;  /* "text", "json", or "" for text; NULL: it was not given */
	const char *split, *max_size;
	char **reasons, **skip;

	struct call *call;
	const void *ctx;      /* the call's: owns all */
	struct resend resend; /* it has most of the options */
	struct drafts drafts;
	struct mail *mail; /* the mail that the user named; NULL: it is not in the index */
	char *bytes;       /* of that mail */
	size_t length;
};

/* Returns TEXT (may be NULL) as one line that is safe to show. */
static char *resending_shown(const struct resending *run, const char *text)
{
	return text_one_line(run->ctx, text != NULL ? text : "", VALUE_MAX);
}

/* Returns the setting KEY in notmuch's configuration; NULL if it is not set, or there is no
 * index. */
static char *resending_setting(const struct resending *run, const char *key)
{
	struct index *index = run->resend.index;

	return index != NULL ? index_setting(run->ctx, index, key) : NULL;
}

/* -- options. Each of these returns false after a message if something is wrong. */

/* Reads the size in TEXT: `500k`, `10M`, `25MB`, or bytes; NULL is 0. */
static bool read_size(const char *option, const char *text, size_t *size)
{
	static const char units[] = "kmg";
	char *end;

	*size = 0;
	if (text == NULL)
		return true;
	unsigned long long number = strtoull(text, &end, 10);
	const char *unit = *end != '\0' ? strchr(units, *end | 0x20) : NULL;

	if (unit != NULL)
		end += end[1] == 'B' || end[1] == 'b' ? 2 : 1;
	if (text[0] < '0' || text[0] > '9' || *end != '\0' || number == 0 || number > 1u << 30) {
		cmd_say("resend --%s=%s: expected a size like 500k or 10M", option, text);
		return false;
	}
	for (; unit != NULL && unit >= units; unit--)
		number *= 1024;
	*size = number < (size_t)-1 ? (size_t)number : (size_t)-1;
	return true;
}

/* Reads the reasons in VALUES (may be NULL), which are separated by commas, into bits. */
static bool read_reasons(char *const *values, unsigned *reasons)
{
	for (; values != NULL && *values != NULL; values++) {
		size_t length;

		for (const char *at = *values; at != NULL;
		        at = at[length] == ',' ? at + length + 1 : NULL) {
			length = strcspn(at, ",");
			enum reason reason = reason_by_name(at, length);

			if (reason == REASON_COUNT) {
				cmd_say("resend --reason=%s: no such reason; see notmuch-bounce "
				        "rules --reasons",
				        *values);
				return false;
			}
			*reasons |= 1u << reason;
		}
	}
	return true;
}

/* Adds the addresses in VALUES (may be NULL), which are separated by commas, to ADDRESSES. */
static bool read_addresses(const void *ctx, char *const *values, char ***addresses)
{
	for (; values != NULL && *values != NULL; values++) {
		char **some = address_list(ctx, *values);

		if (some[0] == NULL) {
			cmd_say("resend --skip=%s: expected an address", *values);
			return false;
		}
		for (; *some != NULL; some++)
			list_add(ctx, addresses, address_wire(ctx, *some));
	}
	return true;
}

/* Returns whether the options go together. */
static bool options_check(const struct resending *run)
{
	const struct resend_options *options = &run->resend.options;

	if (run->resend.plan.charset != NULL && !run->resend.plan.plain)
		cmd_say("resend --charset=%s goes with --plain", run->resend.plan.charset);
	else if (run->resend.plan.zip && run->resend.plan.no_attachments)
		cmd_say("resend %s and %s: one or the other", "--zip", "--no-attachments");
	else if (run->send && run->directory != NULL)
		cmd_say("resend %s and %s: one or the other", "--send", "--draft");
	else if (options->all && (options->reasons != 0 || options->skip != NULL))
		cmd_say("resend --all goes to everyone; it can't be combined with --reason or "
		        "--skip");
	else
		return true;
	return false;
}

static bool read_options(struct resending *run)
{
	struct resend_options *options = &run->resend.options;
	struct draft_plan *plan = &run->resend.plan;

	run->hold = run->hold || run->ask;
	return read_size("split", run->split, &plan->split) &&
	       read_size("max-size", run->max_size, &plan->max_size) &&
	       read_reasons(run->reasons, &options->reasons) &&
	       read_addresses(run->ctx, run->skip, &options->skip) && options_check(run);
}

/* -- the mail that the user names */

/* Reads the file PATH, or standard input. Reads a mail that is too large to its end, so that a
 * program that writes it into our pipe does not fail. */
static enum status resending_read_file(struct resending *run, const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	enum status status =
	        fd < 0 ? STATUS_IO
	               : io_read_all(run->ctx, fd, RESEND_MAX + 1, &run->bytes, &run->length);

	if (status == STATUS_IO) {
		status = errno == ENOENT || errno == ENOTDIR ? STATUS_NO_INPUT : STATUS_IO;
		cmd_say("resend: %s: %s", path, cmd_text(strerror(errno)));
	} else if (run->length > RESEND_MAX) {
		io_drain(fd);
		cmd_say("resend: the mail is larger than %u MB", RESEND_MAX >> 20);
		status = STATUS_REFUSED;
	}
	if (fd >= 0 && !is_stdin)
		close(fd);
	return status;
}

/* Reads the one mail in the index that NAME, an id or a query, finds. */
static enum status resending_read_found(struct resending *run, const char *name)
{
	const struct call *call = run->call;
	char **ids;
	enum status status = cmd_find(call, name, &ids);

	if (status != STATUS_OK)
		return status;
	if (ids[1] != NULL) {
		cmd_say("resend %s: this finds %zu mails; name one of them, such as id:%s", name,
		        list_length(ids), ids[0]);
		return STATUS_USAGE;
	}
	run->mail = index_find(call->ctx, call->index, ids[0]);
	char **files = run->mail != NULL ? mail_files(call->ctx, run->mail) : list_new(call->ctx);

	for (; *files != NULL; files++)
		if (access(*files, R_OK) == 0)
			return resending_read_file(run, *files);
	cmd_say("resend id:%s: %s", ids[0], cmd_text("has no file any more"));
	return STATUS_NO_INPUT;
}

/* Reads the mail NAME: a file, `-`, an id or a query. Prints what is wrong. */
static enum status resending_read(struct resending *run, const char *name)
{
	if (!cmd_is_file(name))
		return resending_read_found(run, name);
	enum status status = resending_read_file(run, name);

	if (status == STATUS_OK)
		run->mail = mail_of_bytes(run->ctx, run->resend.index, run->bytes, run->length);
	return status;
}

/* -- --suggest: which addresses may have been meant */

static enum status suggest_addresses(struct resending *run)
{
	const void *ctx = run->ctx;
	struct resend *resend = &run->resend;
	char *text = talloc_strdup(ctx, "");

	/* With these there are no objections to sending it again. */
	resend->options =
	        (struct resend_options){.again = true, .anyway = true, .from_returned = true};
	enum status status = resend_decide(resend);

	if (resend->failure_count == 0) {
		cmd_say("resend: %s",
		        resend->why != NULL ? resend->why : cmd_text("no address failed"));
		return status;
	}
	for (size_t i = 0; i < resend->failure_count && i < EXPLAINED_MAX; i++) {
		struct candidates found =
		        resend_candidates(resend, &resend->failures[i], run->call->problems);

		text = talloc_strdup_append_buffer(
		        text, (run->suggest[0] == 'j' ? candidates_json : candidates_text)(
		                      ctx, run->call->wording, &found));
	}
	cmd_say_problems(run->call->problems);
	return cmd_print(text);
}

/* -- the draft */

static bool scan_part(void *argument, const char *name, struct bytes bytes, const char **why)
{
	struct scan scan = scanner_look(argument, bytes.start, bytes.length);
	const char *said = scan.said[0] != '\0' ? talloc_asprintf(argument, ": %s", scan.said) : "";

	if (scan.status == 1)
		*why = talloc_asprintf(argument,
		        cmd_text("%s found something in %s%s. It is not sent on"), scan.program,
		        name, said);
	else if (scan.error != 0)
		*why = talloc_asprintf(argument, cmd_text("--scan: can't run %s: %s"), scan.program,
		        cmd_text(strerror(scan.error)));
	else if (scan.status < 0)
		*why = talloc_asprintf(
		        argument, cmd_text("--scan: %s crashed on %s%s"), scan.program, name, said);
	else
		*why = talloc_asprintf(argument,
		        cmd_text("--scan: %s could not look at %s (exit status %d)%s"),
		        scan.program, name, scan.status, said);
	return scan.status == 0;
}

/* Has each part of the draft checked by bounce.scanner, a program that is set in notmuch's
 * configuration. Returns false after a message if none is set. */
static bool prepare_scan(struct resending *run)
{
	char *command = resending_setting(run, "bounce.scanner");
	struct scanner *scanner = command != NULL ? scanner_new(run->ctx, command) : NULL;

	if (scanner == NULL) {
		cmd_say("resend --scan: no scanner is set: "
		        "notmuch config set bounce.scanner 'clamdscan --no-summary -'");
		return false;
	}
	run->resend.plan.check = scan_part;
	run->resend.plan.check_argument = scanner;
	return true;
}

/* Returns the texts for the recipients of the draft: in the language of its subject, if that can be
 * told, else in the user's. */
static struct wording *words_for_draft(struct resending *run)
{
	struct wording *wording = run->call->wording;
	const char *subject = header_line(run->ctx, run->resend.plan.source.fields, "Subject"),
	           *language = wording_language_of(
	                   subject != NULL ? decode_words(run->ctx, subject) : NULL);

	if (language == NULL || wording_speaks(wording, language) ||
	        /* Han characters alone may be Chinese or Japanese */
	        (strcmp(language, "zh") == 0 && wording_speaks(wording, "ja")))
		return wording;
	return wording_open(run->ctx, language, run->call->problems);
}

static enum status drafts_make(struct resending *run)
{
	struct resend *resend = &run->resend;
	struct draft_plan *plan = &run->resend.plan;

	if (!plan->source.is_returned)
		/* not needed any more, and perhaps as large as the mail */
		TALLOC_FREE(run->bytes);
	plan->words = words_for_draft(run);
	plan->now = time(NULL);
	if (run->scan && !prepare_scan(run))
		return STATUS_REFUSED;
	const char *why = draft_make(run->ctx, plan, &run->drafts);

	if (why != NULL) {
		cmd_say("resend: %s", why);
		return STATUS_REFUSED;
	}
	for (char **remark = run->drafts.remarks; *remark != NULL; remark++)
		list_add(run->ctx, &resend->remarks, *remark);
	return STATUS_OK;
}

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

/* Adds the subject of the mail that came back, and the recipients that it did not reach. */
static void add_what(struct buffer *text, const struct resending *run)
{
	const struct resend *resend = &run->resend;
	const struct resend_bounce *bounce = resend->bounce_count > 0 ? &resend->bounces[0] : NULL;
	const char *subject = bounce == NULL ? NULL
	                      : bounce->link.original != NULL
	                              ? mail_own_header(run->ctx, bounce->link.original, "Subject")
	                              : bounce->judgement.facts->original.subject;
	size_t i = 0;

	add_wrapped(text, "",
	        call_say(run->call, "ask-about",
	                WORDING_VALUES({"subject", resending_shown(run, subject)})));
	for (; i < resend->failure_count && i < FAILURES_SHOWN; i++) {
		const struct resend_failure *failure = &resend->failures[i];
		const char *address = address_shown(run->ctx, failure->address),
		           *reason = wording_name(run->ctx, run->call->wording,
		                   reason_name(failure->reason),
		                   address_domain(run->ctx, failure->address));

		add_wrapped(text, "  ",
		        call_say(run->call, "ask-failed",
		                WORDING_VALUES({"address", resending_shown(run, address)},
		                        {"reason", reason})));
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

static struct choices choices_find(struct resending *run)
{
	struct resend *resend = &run->resend;
	struct draft_plan *plan = &resend->plan;
	bool plain = plan->plain, without = plan->no_attachments;
	struct choices choices = {.suggested = NULL};

	plan->plain = true;
	choices.plain = resend_decide(resend) == STATUS_OK;
	plan->no_attachments = true;
	choices.without = resend_decide(resend) == STATUS_OK;
	plan->plain = plain;
	plan->no_attachments = without;
	choices.as_it_was = resend_decide(resend) == STATUS_OK;
	choices.address = choices.as_it_was || resend_is_gone(resend);
	if (plan->source.fields.start == NULL)
		return choices;
	struct draft_repairs repairs = draft_repairs(run->ctx, &plan->source);

	choices.plain = choices.plain && repairs.plain;
	choices.without = choices.without && repairs.attachments;
	choices.zip = choices.as_it_was && repairs.attachments;
	choices.split =
	        choices.zip && draft_source_bytes(&plan->source).length > RESEND_SPLIT_DEFAULT;
	choices.suggested = choices.address ? resend_suggestion(resend, run->call->problems) : NULL;
	return choices;
}

static char *choices_question(const struct resending *run, const struct choices *choices)
{
	struct wording *wording = run->call->wording;
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
	struct buffer text = buffer_new(run->ctx);

	buffer_add_string(&text, "\n");
	add_what(&text, run);
	if (run->resend.why != NULL && !choices->address)
		add_wrapped(&text, "", run->resend.why);
	if (choices->as_it_was || choices->plain || choices->without)
		add_wrapped(&text, "", wording_label(wording, "ask-how"));
	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++)
		if (answers[i].is_offered)
			add_choice(&text, answers[i].key, wording_label(wording, answers[i].label));
	if (choices->suggested != NULL)
		add_choice(&text, "t",
		        resending_shown(run, address_shown(run->ctx, choices->suggested)));
	if (choices->address)
		buffer_add_string(&text,
		        wording_label(wording,
		                run->resend.failure_count > 1 ? "ask-addresses" : "ask-address"));
	buffer_add_string(&text, ": ");
	return buffer_text(&text);
}

/* Asks QUESTION on the terminal, and reads the reply into ANSWER (SIZE bytes), without blanks at
 * its end. Returns false if that fails. */
static bool question_ask(const void *ctx, const char *question, char *answer, size_t size)
{
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	struct buffer lines = buffer_new(ctx);

	if (terminal < 0)
		return false;
	/* With mutt's settings of the terminal, a newline may not go back to the first column. */
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

/* Sets the options for ANSWER. Returns false if it is none of CHOICES. */
static bool answer_apply(struct resending *run, const struct choices *choices, const char *answer)
{
	struct resend_options *options = &run->resend.options;
	struct draft_plan *plan = &run->resend.plan;
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
	case 'p': return plan->plain = choices->plain;
	case 'w': return plan->no_attachments = choices->without;
	case 'z': return plan->zip = choices->zip;
	case 's': plan->split = RESEND_SPLIT_DEFAULT; return choices->split;
	default: return false;
	}
}

/* Prints what came back, asks the person at the terminal how to send it again, and decides by the
 * answer. STATUS_REFUSED, with no reason in `resend`, if the person does not want to. */
static enum status ask_how(struct resending *run)
{
	char answer[ADDRESS_MAX + 2];

	run->resend.options.again = true; /* the person has seen what it is about */
	struct choices choices = choices_find(run);

	if (!choices.plain && !choices.without && !choices.address)
		return STATUS_REFUSED;
	char *text = choices_question(run, &choices);

	run->resend.why = NULL;
	if (!question_ask(run->ctx, text, answer, sizeof answer) ||
	        !answer_apply(run, &choices, answer))
		return STATUS_REFUSED;
	return resend_decide(&run->resend);
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

/* Adds the drafts to the Maildir FOLDER, with FLAGS. *PATHS are their files, NULL-terminated. */
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
	const char *folder = run->directory;

	if (run->hold) /* no flags, as mutt opens it at once */
		return add_all(run, folder, NULL, paths);
	bool is_new = access(folder, F_OK) != 0;
	/* draft and seen */
	enum status status = add_all(run, folder, "DS", paths);

	if (status == STATUS_OK && is_new)
		cmd_say("resend: %s is a new Maildir", folder);
	for (size_t i = 0; status == STATUS_OK && (*paths)[i] != NULL; i++)
		status = cmd_print_line((*paths)[i]);
	return status;
}

/* Returns the Maildir for drafts; NULL if there is no index that tells where mail is. */
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

/* -- the index */

/* Opens the index anew and does what note_drafts() says; IDS are those of the drafts. */
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

/* Notes in the index that the drafts were made, in the files PATHS (NULL: none), and if ARE_SENT,
 * that they were sent. A failure is only a message. */
static void note_drafts(const struct resending *run, char *const *paths, bool are_sent)
{
	char **ids = list_new(run->ctx);

	for (size_t i = 0; i < run->drafts.count; i++)
		list_add(run->ctx, &ids, run->drafts.list[i].id);
	if (run->resend.index == NULL || (run->resend.ids[0] == NULL && paths == NULL && !are_sent))
		return;
	/* The drafts are made or sent already, so ^C is only to end the wait for the index. */
	cmd_survive_interrupts();
	if (note_all(run, ids, paths, are_sent) != STATUS_OK)
		cmd_say("resend: %s", wording_label(run->call->wording, "remark-not-noted"));
}

/* -- to the mail server */

/* Returns the program that sends mail, with its arguments; NULL if none is found. */
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
	if (set == NULL && words != NULL && run->resend.plan.from != NULL) {
		/* so that a bounce of it goes to that address */
		list_add(ctx, &words, "-f");
		list_add(ctx, &words, run->resend.plan.from);
	}
	return words;
}

/* Adds copies of the drafts to the Maildir with the user's own copy of the mail that came back, if
 * there is one, so that the index will know that they were sent. */
static void keep_copy(const struct resending *run)
{
	const struct draft_source *original = &run->resend.plan.source;
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

static enum status send_draft(
        const struct resending *run, char **sendmail, const struct draft *draft)
{
	int spool = io_nameless();

	if (spool < 0)
		return STATUS_TRY_LATER;
	enum status status = write_draft(spool, draft);
	int code = status == STATUS_OK ? cmd_send_mail(run->call, sendmail, spool) : 0;

	close(spool);
	if (code == 0)
		return status;
	cmd_say("resend: not sent: %s ended with %d", sendmail[0], code);
	return STATUS_NOT_SENT;
}

/* Sends all drafts. If that fails after some are sent, notes these in the index, and removes them
 * from the drafts. */
static enum status send_drafts(struct resending *run)
{
	char **sendmail = find_sendmail(run);
	struct drafts *drafts = &run->drafts;
	const size_t count = drafts->count;
	enum status status = STATUS_OK;
	size_t sent = 0;

	if (sendmail == NULL) {
		cmd_say("resend --send: no program that sends mail was found: notmuch config set "
		        "bounce.sendmail 'msmtp -t'");
		return STATUS_REFUSED;
	}
	while (status == STATUS_OK && sent < count) {
		status = send_draft(run, sendmail, &drafts->list[sent]);
		sent += status == STATUS_OK;
	}
	if (sent == 0)
		return status;
	drafts->count = sent;
	keep_copy(run);
	if (sent == count)
		return status;
	cmd_say("resend: only %zu of %zu drafts were sent", sent, count);
	note_drafts(run, NULL, false);
	drafts->list += sent;
	drafts->count = count - sent;
	return status;
}

/* -- what to do with the drafts */

/* Returns a question about the drafts, which are for ADDRESSES and have SUBJECT: whether to send
 * them with SENDMAIL, or keep them in FOLDER (each may be NULL: that is not offered). */
static char *drafts_offer(const struct resending *run, const char *addresses, const char *subject,
        char *const *sendmail, const char *folder)
{
	struct wording *wording = run->call->wording;
	size_t count = run->drafts.count, size = 0;
	struct buffer text = buffer_new(run->ctx);

	for (size_t i = 0; i < count; i++)
		size += run->drafts.list[i].size;
	add_wrapped(&text, "",
	        call_say(run->call, count > 1 ? "offer-ready-several" : "offer-ready",
	                WORDING_VALUES({"count", wording_number(run->ctx, count)},
	                        {"subject", subject}, {"addresses", addresses},
	                        {"size", size_words(run->ctx, size < 1000 ? 1000 : size)})));
	for (char **remark = run->resend.remarks; *remark != NULL; remark++)
		add_wrapped(&text, "  ", resending_shown(run, *remark));
	if (sendmail != NULL)
		add_choice(&text, "s",
		        call_say(run->call, "offer-send",
		                WORDING_VALUES({"program", resending_shown(run, sendmail[0])})));
	if (folder != NULL)
		add_choice(&text, "d",
		        call_say(run->call, "offer-keep",
		                WORDING_VALUES({"folder", resending_shown(run, folder)})));
	add_choice(&text, "v", wording_label(wording, "offer-show"));
	add_choice(&text, "q", wording_label(wording, "ask-not"));
	buffer_add_string(&text, ": ");
	return buffer_text(&text);
}

/* Asks the person at TERMINAL what to do with the drafts, and does that. */
static enum status ask_where(struct resending *run, int terminal)
{
	const void *ctx = run->ctx;
	const struct bytes *first = &run->drafts.list[0].pieces[0];
	struct bytes fields = draft_source(first->start, first->length).fields;
	const char *line = header_line(ctx, fields, "Subject"),
	           *subject = resending_shown(run, line != NULL ? decode_words(ctx, line) : NULL),
	           *addresses = resending_shown(
	                   run, resend_addresses(ctx, header_recipients(ctx, fields)));
	char **sendmail = find_sendmail(run), *folder = drafts_folder(run);

	for (;;) {
		char answer[8], **paths;

		if (cmd_print(drafts_offer(run, addresses, subject, sendmail, folder)) != STATUS_OK)
			return STATUS_IO;
		if (!cmd_answer(terminal, answer, sizeof answer))
			answer[0] = '\0';
		if (answer[0] == 's' && sendmail != NULL) {
			if (send_drafts(run) == STATUS_OK) {
				note_drafts(run, NULL, true);
				return cmd_print_line(call_say(run->call, "offer-sent",
				        WORDING_VALUES({"addresses", addresses})));
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
			return cmd_print_line(wording_label(run->call->wording, "nothing-sent"));
		}
		cmd_print("\n");
	}
}

/* Sends, keeps or prints the drafts, by the options or the person's answer, and notes that in the
 * index. Prints what goes wrong. STATUS_NOT_SENT if the program that sends mail failed. */
static enum status drafts_put(struct resending *run)
{
	int terminal = run->directory == NULL && !run->send ? cmd_terminal() : -1;
	char **paths = NULL;
	enum status status;

	if (terminal >= 0)
		return ask_where(run, terminal);
	if (run->send) {
		const size_t count = run->drafts.count;

		status = send_drafts(run);
		if (run->drafts.count < count) { /* so that what was not sent is not lost */
			run->directory = drafts_folder(run);
			if (run->directory != NULL && keep_drafts(run, &paths) == STATUS_OK)
				note_drafts(run, paths, false);
		}
	} else if (run->directory != NULL)
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

/* -- all of it */

/* If the mail is refused only because of some of the recipients, adds to the reason how to send it
 * to the others. */
static void add_others(struct resending *run)
{
	struct resend *resend = &run->resend;
	const unsigned chosen = resend->options.reasons;
	const char *why = resend->why;
	unsigned failed = 0;
	size_t different = 0;
	char **others = list_new(run->ctx);

	for (size_t i = 0; i < resend->failure_count; i++)
		failed |= 1u << resend->failures[i].reason;
	for (enum reason reason = 0; reason < REASON_COUNT; reason++) {
		if ((failed & 1u << reason) == 0)
			continue;
		different++;
		resend->options.reasons = 1u << reason;
		if (resend_decide(resend) == STATUS_OK || resend_is_gone(resend))
			list_add(run->ctx, &others, reason_name(reason));
	}
	resend->options.reasons = chosen;
	resend_decide(resend);
	if (others[0] != NULL && list_length(others) < different) {
		g_autofree char *reasons = g_strjoinv(",", others);

		why = call_say(run->call, "refuse-others",
		        WORDING_VALUES({"why", why}, {"reasons", reasons}));
	}
	resend->why = why;
}

static enum status resending_decide(struct resending *run)
{
	struct resend *resend = &run->resend;
	enum status status = resend_decide(resend);

	if (run->ask || (run->hold && status == STATUS_REFUSED && resend_is_gone(resend)))
		status = ask_how(run);
	if (status == STATUS_REFUSED && resend->why != NULL && !resend->options.all)
		add_others(run);
	if (resend->why != NULL)
		cmd_say("resend: %s", resend->why);
	return status;
}

/* Returns the id of the mail that is sent again or, if it is not in the index, of its bounce; "" if
 * neither is. */
static const char *original_name(const struct resend *resend)
{
	const struct resend_bounce *bounce = resend->bounce_count > 0 ? &resend->bounces[0] : NULL;

	if (bounce != NULL && bounce->link.original != NULL)
		return mail_id(bounce->link.original);
	return bounce != NULL && bounce->mail != NULL ? mail_id(bounce->mail) : "";
}

/* Returns whether drafts of the same mail are left that mutt, which opens one at a time, has not
 * opened. */
static bool holds_more(const struct resending *run)
{
	const char *folder = hold_path(run->ctx, "draft"), *kept = hold_get(run->ctx, "draft-of"),
	           *name = original_name(&run->resend);

	return folder != NULL && kept != NULL && name[0] != '\0' && strcmp(kept, name) == 0 &&
	       !maildir_is_empty(folder);
}

static enum status resend_mail(struct call *call, const char *name)
{
	struct resending *run = call->options;
	struct resend *resend = &run->resend;
	enum status status = call_open(call);

	resend->ctx = call->ctx;
	resend->index = call->index;
	resend->judge = call->judge;
	resend->plan.wording = call->wording;
	if (status == STATUS_OK)
		status = resending_read(run, name);
	if (status != STATUS_OK)
		return status;
	status = resend_read(resend, run->bytes, run->length, run->mail);
	cmd_say_problems(run->call->problems);
	if (status == STATUS_NOT_MAIL)
		cmd_say("resend: %s",
		        cmd_text("this is not a mail: it does not begin with header fields"));
	if (status != STATUS_OK)
		return status;
	if (run->suggest != NULL)
		return suggest_addresses(run);
	status = resending_decide(run);
	if (status == STATUS_OK && run->hold && !run->ask && holds_more(run))
		return STATUS_REFUSED;
	if (status == STATUS_OK)
		status = drafts_make(run);
	return status == STATUS_OK ? drafts_put(run) : status;
}

/* -- for the macros of mutt */

/* Returns the commands with which mutt opens a draft in FOLDER and shows LINE (may be NULL). mutt
 * only opens drafts in its folder of postponed mail, so the commands make that FOLDER for a moment.
 * They also turn off the progress bar, as NeoMutt 20250510 and later crash when they draw it
 * then. */
static char *draft_opening(const void *ctx, const char *folder, const char *line)
{
	const char *saying =
	        line != NULL ? talloc_asprintf(ctx, "<enter-command>echo '%s'<enter>", line) : "";

	return talloc_asprintf(ctx,
	        "set my_nb_pp=$postponed\nset my_nb_ri=$read_inc read_inc=0 postponed=\"%s\"\npush "
	        "\"<recall-message><enter-command>set postponed=\\$my_nb_pp "
	        "read_inc=\\$my_nb_ri<enter>%s\"\n",
	        folder, saying);
}

/* Returns LINE, which tells why nothing was made, and the key of the macros that explains the
 * bounce, if there is room for that. */
static const char *with_key(const struct resending *run, const char *line)
{
	const char *prefix = getenv("NOTMUCH_BOUNCE_KEYS");

	if (prefix == NULL || prefix[0] == '\0')
		return line;
	const char *key = talloc_asprintf(run->ctx, "%se", prefix),
	           *longer = call_say(
	                   run->call, "key-explains", WORDING_VALUES({"said", line}, {"key", key}));

	return text_width(longer) <= WRAP_COLUMNS ? longer : line;
}

/* Keeps the commands for --held. They open the draft that was made, if STATUS is STATUS_OK; else
 * the next draft of the same mail or, if there is none, show the messages SAID. */
static void resend_hold(const struct resending *run, enum status status, const char *said)
{
	const void *ctx = run->ctx;
	char *folder = hold_path(ctx, "draft"), *line = hold_line(ctx, "resend", said);
	bool opens = folder != NULL && hold_is_plain(folder);

	if (opens && status == STATUS_OK) {
		opens = maildir_move(run->directory, folder);
		hold_put(ctx, "draft-of", original_name(&run->resend));
	} else if (opens && !run->ask && status == STATUS_REFUSED && holds_more(run))
		line = NULL;
	else
		opens = false;
	if (line == NULL)
		said = wording_label(cmd_words(), "nothing-sent");
	else if (!opens && !run->ask && run->resend.failure_count > 0)
		said = with_key(run, line);
	hold_put(ctx, "resend",
	        opens ? draft_opening(ctx, folder, line) : hold_echo(ctx, "resend", said));
}

/* Makes the drafts in a private Maildir, for --held. Prints nothing and returns STATUS_OK, or mutt
 * would stop and wait for a key. */
static enum status resend_and_hold(struct call *call, const char *name)
{
	struct resending *run = call->options;
	char *folder = hold_path(call->ctx, "draft.new");
	enum status status = STATUS_NO_INPUT;

	cmd_say_to(call->ctx, &call->said);
	/* ^C answers a question with no. If it ended the program, mutt would stop and wait for a
	 * key. */
	cmd_survive_interrupts();
	hold_forget(call->ctx, "resend");
	if (folder != NULL) {
		maildir_empty(folder);
		run->directory = folder;
		status = resend_mail(call, name);
	}
	io_drain(STDIN_FILENO);
	resend_hold(run, status, call->said);
	return STATUS_OK;
}

static enum status resend_run(struct call *call)
{
	struct resending *run = call->options;
	char **names = call->arguments;

	run->ctx = call->ctx;
	run->call = call;
	if (!read_options(run))
		return STATUS_USAGE;
	if (names[0] != NULL && names[1] != NULL) {
		cmd_say("resend: one mail at a time");
		return STATUS_USAGE;
	}
	if (run->held)
		return cmd_print(hold_take(call->ctx, "resend", "there is nothing to send again"));
	const char *name = cmd_paths(names, NULL)[0];

	return run->hold ? resend_and_hold(call, name) : resend_mail(call, name);
}

static const struct option options[] = {
        FLAG_OPTION("send", struct resending, send),
        VALUE_OPTION("draft", OPTION_VALUE, struct resending, directory, "DIR"),
        VALUE_OPTION("to", OPTION_LIST, struct resending, resend.options.to, "ADDRESS"),
        VALUE_OPTION("reason", OPTION_LIST, struct resending, reasons, "REASON"),
        VALUE_OPTION("skip", OPTION_LIST, struct resending, skip, "ADDRESS"),
        CHOICE_OPTION("suggest", OPTION_MAYBE, struct resending, suggest, "FORMAT", "text json"),
        FLAG_OPTION("all", struct resending, resend.options.all),
        FLAG_OPTION("quote-recipients", struct resending, resend.plan.quote_recipients),
        FLAG_OPTION("note", struct resending, resend.plan.note),
        FLAG_OPTION("plain", struct resending, resend.plan.plain),
        VALUE_OPTION("charset", OPTION_VALUE, struct resending, resend.plan.charset, "CHARSET"),
        FLAG_OPTION("no-attachments", struct resending, resend.plan.no_attachments),
        FLAG_OPTION("zip", struct resending, resend.plan.zip),
        VALUE_OPTION("split", OPTION_VALUE, struct resending, split, "SIZE"),
        VALUE_OPTION("max-size", OPTION_VALUE, struct resending, max_size, "SIZE"),
        FLAG_OPTION("scan", struct resending, scan),
        FLAG_OPTION("from-returned", struct resending, resend.options.from_returned),
        FLAG_OPTION("again", struct resending, resend.options.again),
        FLAG_OPTION("anyway", struct resending, resend.options.anyway),
        FLAG_OPTION("ask", struct resending, ask),
        FLAG_OPTION("hold", struct resending, hold),
        FLAG_OPTION("held", struct resending, held),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_resend = {
        .name = "resend",
        .arguments = "[OPTION]... [FILE|-|id:ID|QUERY]",
        .options = options,
        .size = sizeof(struct resending),
        .needs = USES_INDEX | NEEDS_WORDING | NEEDS_JUDGE | OPENS_LATER,
        .run = resend_run,
};
