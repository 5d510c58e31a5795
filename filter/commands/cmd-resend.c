/* notmuch bounce resend: makes a draft of a mail that came back, for the recipients who did not get
 * it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd-resend.h"
#include "commands/cmd.h"
#include "commands/hold.h"
#include "index/mail-files.h"
#include "mail/address.h"
#include "mail/decode.h"
#include "mail/maildir.h"
#include "mail/scan.h"

/* -- options. Each of these returns false after saying what is wrong. */

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

/* Reads the reasons in VALUES (NULL: none), which are separated by commas, into bits. */
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

/* Reads the addresses in VALUES (NULL: none), which are separated by commas. */
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

/* Checks which options go together. */
static bool check(const struct resending *run)
{
	const struct resend_options *options = &run->options;

	if (run->plan.charset != NULL && !run->plan.plain)
		cmd_say("resend --charset=%s goes with --plain", run->plan.charset);
	else if (run->plan.zip && run->plan.no_attachments)
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
	struct resend_options *options = &run->options;
	struct draft_plan *plan = &run->plan;

	run->hold = run->hold || run->ask;
	options->no_attachments = plan->no_attachments;
	options->less = plan->plain || plan->no_attachments;
	return read_size("split", run->split, &plan->split) &&
	       read_size("max-size", run->max_size, &plan->max_size) &&
	       read_reasons(run->reasons, &options->reasons) &&
	       read_addresses(run->ctx, run->skip, &options->skip) && check(run);
}

static const struct option options[] = {
        FLAG_OPTION("send", struct resending, send),
        VALUE_OPTION("draft", OPTION_VALUE, struct resending, directory, "DIR"),
        VALUE_OPTION("to", OPTION_LIST, struct resending, options.to, "ADDRESS"),
        VALUE_OPTION("reason", OPTION_LIST, struct resending, reasons, "REASON"),
        VALUE_OPTION("skip", OPTION_LIST, struct resending, skip, "ADDRESS"),
        CHOICE_OPTION("suggest", OPTION_MAYBE, struct resending, suggest, "FORMAT", "text json"),
        FLAG_OPTION("all", struct resending, options.all),
        FLAG_OPTION("quote-recipients", struct resending, plan.quote_recipients),
        FLAG_OPTION("note", struct resending, plan.note),
        FLAG_OPTION("plain", struct resending, plan.plain),
        VALUE_OPTION("charset", OPTION_VALUE, struct resending, plan.charset, "CHARSET"),
        FLAG_OPTION("no-attachments", struct resending, plan.no_attachments),
        FLAG_OPTION("zip", struct resending, plan.zip),
        VALUE_OPTION("split", OPTION_VALUE, struct resending, split, "SIZE"),
        VALUE_OPTION("max-size", OPTION_VALUE, struct resending, max_size, "SIZE"),
        FLAG_OPTION("scan", struct resending, scan),
        FLAG_OPTION("from-returned", struct resending, options.from_returned),
        FLAG_OPTION("again", struct resending, options.again),
        FLAG_OPTION("anyway", struct resending, options.anyway),
        FLAG_OPTION("ask", struct resending, ask),
        FLAG_OPTION("hold", struct resending, hold),
        FLAG_OPTION("held", struct resending, held),
        LANGUAGE_OPTION,
        NO_OPTION,
};

/* -- the mail that the user names */

/* Reads the file PATH, or standard input. Drains one that is too large, so that a program that
 * writes into our pipe does not fail. */
static enum status read_file(struct resending *run, const char *path)
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
static enum status read_found(struct resending *run, const char *name)
{
	const struct call *call = run->call;
	struct ids ids;
	enum status status = cmd_find(call, name, &ids);

	if (status != STATUS_OK)
		return status;
	if (ids.count > 1) {
		cmd_say("resend %s: this finds %zu mails; name one of them, such as id:%s", name,
		        ids.count, ids.list[0]);
		return STATUS_USAGE;
	}
	run->mail = index_find(call->ctx, call->index, ids.list[0]);
	char **files = run->mail != NULL ? mail_files(call->ctx, run->mail) : list_new(call->ctx);

	for (; *files != NULL; files++)
		if (access(*files, R_OK) == 0)
			return read_file(run, *files);
	cmd_say("resend id:%s: %s", ids.list[0], cmd_text("has no file any more"));
	return STATUS_NO_INPUT;
}

/* Reads the mail NAME: a file, `-`, an id or a query. Says what is wrong. */
static enum status read_mail(struct resending *run, const char *name)
{
	if (!cmd_is_file(name))
		return read_found(run, name);
	enum status status = read_file(run, name);

	if (status == STATUS_OK)
		run->mail = mail_of_bytes(run->ctx, run->resend.index, run->bytes, run->length);
	return status;
}

/* -- --suggest: which addresses may have been meant */

/* Returns the name that the user gave ADDRESS in the mail that came back; NULL: not known. */
static const char *name_of(const void *ctx, const struct resend_bounce *bounce, const char *address)
{
	struct mail *original = bounce->link.original;
	const char *fields[] = {original != NULL ? mail_header(original, "To")
	                                         : bounce->judgement.facts->original.to,
	        original != NULL ? mail_header(original, "Cc") : NULL};
	struct mailbox mailbox;

	for (size_t i = 0; i < 2; i++) {
		const char *at = fields[i] != NULL ? fields[i] : "", *end = at + strlen(at);

		while (mailbox_next(ctx, &at, end, &mailbox))
			if (address_equal(mailbox.address, address))
				return mailbox.name;
	}
	return NULL;
}

/* Returns what the server said about ADDRESS, by FACTS; NULL: nothing. */
static const char *diagnostic_of(const struct facts *facts, const char *address)
{
	for (size_t i = 0; i < facts->recipient_count; i++) {
		const struct recipient *recipient = &facts->recipients[i];

		if (address_equal(recipient->address, address) ||
		        (recipient->original_address != NULL &&
		                address_equal(recipient->original_address, address)))
			return recipient->text_count > 0 ? recipient->texts[0].text : NULL;
	}
	return NULL;
}

static struct candidates find_candidates(
        const struct resending *run, const struct resend_failure *failure)
{
	const struct resend *resend = &run->resend;
	struct candidates_wish wish = {.failed = failure->address};

	for (size_t i = 0; i < resend->bounce_count; i++) {
		const struct resend_bounce *bounce = &resend->bounces[i];

		if (wish.name == NULL)
			wish.name = name_of(run->ctx, bounce, failure->address);
		if (wish.diagnostic == NULL && failure->reason == REASON_MOVED)
			wish.diagnostic = diagnostic_of(bounce->judgement.facts, failure->address);
	}
	return candidates_find(run->ctx, resend->index, &wish, run->call->problems);
}

static enum status suggest_addresses(struct resending *run)
{
	const void *ctx = run->ctx;
	/* These keep objections to sending it again out of the way. */
	const struct resend_options any = {.again = true, .anyway = true, .from_returned = true};
	struct resend *resend = &run->resend;
	char *text = talloc_strdup(ctx, "");
	enum status status = resend_decide(resend, &any);

	if (resend->failure_count == 0) {
		cmd_say("resend: %s",
		        resend->why != NULL ? resend->why : cmd_text("no address failed"));
		return status;
	}
	for (size_t i = 0; i < resend->failure_count && i < EXPLAINED_MAX; i++) {
		struct candidates found = find_candidates(run, &resend->failures[i]);

		text = talloc_strdup_append_buffer(
		        text, (run->suggest[0] == 'j' ? candidates_json : candidates_text)(
		                      ctx, run->resend.wording, &found));
	}
	cmd_say_problems(run->call->problems);
	return cmd_print(text);
}

const char *resending_suggestion(const struct resending *run)
{
	if (run->resend.failure_count != 1)
		return NULL;
	struct candidates found = find_candidates(run, &run->resend.failures[0]);
	const struct candidate *best = &found.list[0];

	/* Anybody can write a report or mail from a similar address, but the user wrote to this
	 * address, or somebody listed its domain. */
	return found.count > 0 && ((best->evidence == CANDIDATE_DOMAIN &&
	                                   best->knowledge == DOMAIN_LISTED) ||
	                                  (best->evidence != CANDIDATE_REPORT &&
	                                          best->history.last_reached != 0))
	               ? best->address
	               : NULL;
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

/* Has every part of the draft checked by bounce.scanner: only notmuch's configuration says which
 * program that is, not a mail. Returns false after saying that there is none. */
static bool prepare_scan(struct resending *run)
{
	char *command = resending_setting(run, "bounce.scanner");
	struct scanner *scanner = command != NULL ? scanner_new(run->ctx, command) : NULL;

	if (scanner == NULL) {
		cmd_say("resend --scan: no scanner is set: "
		        "notmuch config set bounce.scanner 'clamdscan --no-summary -'");
		return false;
	}
	run->plan.check = scan_part;
	run->plan.check_argument = scanner;
	return true;
}

/* Returns the words for the recipients of the draft: in the language that its subject shows, else
 * in the user's. */
static struct wording *words_for_draft(struct resending *run)
{
	const char *subject = header_line(run->ctx, run->plan.source.fields, "Subject"),
	           *language = subject != NULL
	                               ? wording_language_of(decode_words(run->ctx, subject))
	                               : NULL;
	struct wording *wording = run->resend.wording;

	if (language == NULL || wording_speaks(wording, language) ||
	        /* Han characters alone may be either */
	        (strcmp(language, "zh") == 0 && wording_speaks(wording, "ja")))
		return wording;
	return wording_open(run->ctx, language, run->call->problems);
}

static enum status make(struct resending *run)
{
	struct resend *resend = &run->resend;
	struct draft_plan *plan = &run->plan;

	if (!resend->is_returned)
		/* not needed any more, and perhaps as large as the mail */
		TALLOC_FREE(run->bytes);
	plan->source = draft_source(resend->original.bytes, resend->original.length);
	plan->source.is_returned = resend->is_returned;
	plan->recipients = resend->recipients;
	plan->from = resend->from;
	plan->words = words_for_draft(run);
	plan->wording = run->resend.wording;
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

static enum status decide(struct resending *run)
{
	struct resend *resend = &run->resend;
	enum status status = resend_decide(resend, &run->options);

	if (run->ask || (run->hold && status == STATUS_REFUSED && resend_is_gone(resend)))
		status = resending_ask(run);
	if (resend->why != NULL)
		cmd_say("resend: %s", resend->why);
	return status;
}

/* Returns the id of the mail that is sent again or, if it is not in the index, of its bounce; "":
 * neither is. */
static const char *original_name(const struct resend *resend)
{
	const struct resend_bounce *bounce = resend->bounce_count > 0 ? &resend->bounces[0] : NULL;

	if (bounce != NULL && bounce->link.original != NULL)
		return mail_id(bounce->link.original);
	return bounce != NULL && bounce->mail != NULL ? mail_id(bounce->mail) : "";
}

/* Returns whether there are drafts of the same mail that mutt has not opened yet: it opens one at a
 * time. */
static bool holds_more(const struct resending *run)
{
	const char *folder = hold_path(run->ctx, "draft"), *kept = hold_get(run->ctx, "draft-of"),
	           *name = original_name(&run->resend);

	return folder != NULL && kept != NULL && name[0] != '\0' && strcmp(kept, name) == 0 &&
	       !maildir_is_empty(folder);
}

static enum status resend(struct call *call, const char *name)
{
	struct resending *run = call->options;
	struct resend *resend = &run->resend;
	enum status status = call_open(call);

	*resend = (struct resend){.ctx = call->ctx,
	        .index = call->index,
	        .judge = call->judge,
	        .wording = call->wording};
	if (status == STATUS_OK)
		status = read_mail(run, name);
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
	status = decide(run);
	if (status == STATUS_OK && run->hold && !run->ask && holds_more(run))
		return STATUS_REFUSED;
	if (status == STATUS_OK)
		status = make(run);
	return status == STATUS_OK ? resending_put(run) : status;
}

/* -- for a macro of mutt's */

/* Returns the commands with which mutt opens a draft in FOLDER and says LINE (NULL: nothing). mutt
 * opens only drafts in its folder of postponed mail, so they set that to FOLDER for a moment. They
 * also turn off the progress bar, as NeoMutt 20250510 and later crash when they draw it
 * meanwhile. */
static char *opening(const void *ctx, const char *folder, const char *line)
{
	const char *saying =
	        line != NULL ? talloc_asprintf(ctx, "<enter-command>echo '%s'<enter>", line) : "";

	return talloc_asprintf(ctx,
	        "set my_nb_pp=$postponed\nset my_nb_ri=$read_inc read_inc=0 postponed=\"%s\"\npush "
	        "\"<recall-message><enter-command>set postponed=\\$my_nb_pp "
	        "read_inc=\\$my_nb_ri<enter>%s\"\n",
	        folder, saying);
}

/* Keeps the commands for --held: with STATUS_OK they open the draft that was made; otherwise they
 * open the next draft of the same mail or, if there is none, say SAID. */
static void hold(const struct resending *run, enum status status, const char *said)
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
	hold_put(
	        ctx, "resend", opens ? opening(ctx, folder, line) : hold_echo(ctx, "resend", said));
}

/* Makes the drafts in a private Maildir, for --held. Prints nothing and returns STATUS_OK, or mutt
 * would wait for a key. */
static enum status resend_and_hold(struct call *call, const char *name)
{
	struct resending *run = call->options;
	char *folder = hold_path(call->ctx, "draft.new");
	enum status status = STATUS_NO_INPUT;

	cmd_say_to(call->ctx, &call->said);
	/* ^C means not to send. It must not end the program, or mutt would wait for a key. */
	cmd_survive_interrupts();
	hold_forget(call->ctx, "resend");
	if (folder != NULL) {
		maildir_empty(folder);
		run->directory = folder;
		status = resend(call, name);
	}
	io_drain(STDIN_FILENO);
	hold(run, status, call->said);
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

	return run->hold ? resend_and_hold(call, name) : resend(call, name);
}

const struct command command_resend = {
        .name = "resend",
        .arguments = "[OPTION]... [FILE|-|id:ID|QUERY]",
        .options = options,
        .size = sizeof(struct resending),
        .needs = USES_INDEX | NEEDS_WORDING | NEEDS_JUDGE | OPENS_LATER,
        .run = resend_run,
};
