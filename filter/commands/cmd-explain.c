/* notmuch bounce explain: says in the reader's language what a bounce means, and what to do. */
#include <fcntl.h>
#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "commands/hold.h"
#include "explain/page.h"
#include "index/mail-files.h"
#include "judge/log-line.h"
#include "mail/address.h"
#include "mail/maildir.h"
#include "resend/resend.h"
#include "text/text.h"

#define BOUNCES_MAX 10     /* about one mail, that are explained one by one */
#define GROUPED_FROM 6     /* a mail that failed for so many recipients is explained in groups */
#define GROUP_SHOWN_MAX 10 /* addresses of a group */
#define GROUPED_BOUNCES_MAX 500 /* looked at for an example of a group */
#define GROUPED_OTHERS_MAX 20   /* bounces of such a mail that `o` opens */
#define NAME_SHOWN_MAX 200      /* bytes of a file's name or an id */
#define SAID_AT_ONCE (1u << 20) /* bytes of explanations that wait to be printed */

struct explaining {
	/* Options. */
	size_t format;
	const char *width;
	/* print what was kept for this program, or the text if ""; NULL: explain */
	const char *held;
	/* what a server replied, or a line of a log; "": files have such lines; NULL: files are
	 * mails */
	const char *reply;
	bool is_short, is_dsn, hold;
	struct page_style style;

	struct call *call;
	const void *ctx;     /* the call's */
	struct index *index; /* NULL: there is none, or it is not asked: see is_alone() */
	/* page_text(), or another function of page.h */
	char *(*form)(
	        const void *ctx, const struct explanation *whole, const struct page_style *style);
	const char *name; /* of the mail at hand: its file or id */
	size_t count;     /* how many mails were explained */
	char *only;       /* the explanation of the first */
	/* all explanations that were not printed yet; in a text, each with a heading */
	struct buffer all;
	/* with --hold: the other mails that the last explanation is about: of a bounce, the mail
	 * that came back; of a mail that came back, its bounces */
	char **others;
	/* the copy in the bounce of a mail that is not in the index; NULL: none */
	struct bytes returned;
};

/* Returns whether what is explained is only a part of a bounce, from which it can't be known which
 * mail it is about. */
static bool is_alone(const struct explaining *run)
{
	return run->is_dsn || run->reply != NULL;
}

/* Adds the explanation TEXT of the mail at hand. Of many, they are printed meanwhile: returns what
 * came of that. */
static enum status explaining_add(struct explaining *run, const char *text)
{
	const char *name = run->name != NULL ? run->name : "-";

	if (run->count++ == 0)
		run->only = talloc_strdup(run->ctx, text);
	if (run->form == page_text)
		buffer_print(&run->all, "%s=== %s\n\n", run->count > 1 ? "\n" : "",
		        text_one_line(run->ctx, name, NAME_SHOWN_MAX));
	buffer_add_string(&run->all, text);
	if (run->hold || run->count == 1 || run->all.length < SAID_AT_ONCE)
		return STATUS_OK;
	enum status status = cmd_print(run->all.text);

	run->all.length = 0;
	return status;
}

/* Finds the mail that came back: the user's own or, if that is not there, the copy in the
 * bounce. */
static void find_other(struct explaining *run, const struct bounce_context *context,
        const char *bytes, size_t length)
{
	const struct facts *facts = context->judgement->facts;

	run->others = list_new(run->ctx);
	run->returned = (struct bytes){NULL, 0};
	if (run->index != NULL &&
	        (context->genuine == GENUINE_LINKED || context->genuine == GENUINE_PROBABLE))
		list_add(run->ctx, &run->others, context->original_id);
	else if (kind_is_bounce(facts->kind)) {
		struct draft_source source = original_returned(run->ctx, bytes, length, facts);
		struct bytes copy = draft_source_bytes(&source);

		if (copy.start != NULL)
			run->returned = (struct bytes){
			        talloc_memdup(run->ctx, copy.start, copy.length), copy.length};
	}
}

/* Explains the bounce BYTES. MAIL is the bounce in the index; NULL: not known to be there. */
static enum status explain_bounce(
        struct explaining *run, struct mail *mail, const char *bytes, size_t length)
{
	SCOPED void *scratch = talloc_new(NULL);
	struct judgement judgement;
	enum status status = judge_mail(scratch, run->call->judge, bytes, length, &judgement);

	if (status != STATUS_OK)
		return status;
	struct bounce_context *context = bounce_context_read(
	        scratch, &judgement, run->index, run->call->wording, run->call->settings.own, mail);

	if (run->hold)
		find_other(run, context, bytes, length);
	if (is_alone(run))
		context->genuine = GENUINE_NOT_ASKED;
	return explaining_add(
	        run, run->form(scratch, explanation_make(scratch, context, run->call->wording),
	                     &run->style));
}

/* -- a mail that failed for many recipients: they are grouped by reason */

/* Returns the first of the bounces IDS that has REASON and names ADDRESS, or else the first that
 * has REASON; NULL: there is none. */
static char *group_example(struct index *index, char **ids, enum reason reason, const char *address)
{
	char *first = NULL;
	bool found = false;

	for (size_t i = 0; !found && ids[i] != NULL && i < GROUPED_BOUNCES_MAX; i++) {
		SCOPED struct mail *bounce = index_find(NULL, index, ids[i]);
		char *name = bounce != NULL ? mail_value(bounce, bounce, PROPERTY_REASON) : NULL;

		if (name == NULL || strcmp(name, reason_name(reason)) != 0)
			continue;
		found = mail_has_value(bounce, PROPERTY_FAILED, address_digest(bounce, address));
		if (found || first == NULL)
			first = ids[i];
	}
	return first;
}

/* Adds a line of BEFORE and TEXT, cut to the width of RUN's terminal. */
static void group_add_line(
        struct buffer *buffer, const struct explaining *run, const char *before, const char *text)
{
	size_t width = run->style.width < PAGE_WIDTH_MIN ? PAGE_WIDTH_MIN : run->style.width;

	buffer_print(buffer, "%s%s\n", before,
	        text_in_columns(buffer->ctx, text, width - strlen(before)));
}

static char *said_with_count(
        const void *ctx, struct wording *wording, const char *key, size_t count, const char *name)
{
	return wording_say(ctx, wording, key,
	        WORDING_VALUES({"count", wording_number(ctx, count)}, {"name", name}));
}

/* Returns the name of the group of FATE, which is that of REASON at its domain; NULL if FATE did
 * not fail for REASON. */
static const char *group_name(const void *ctx, struct wording *wording,
        const struct recipient_fate *fate, enum reason reason)
{
	return fate->state == STATE_FAILED && MIN(fate->reason, REASON_UNKNOWN) == reason
	               ? wording_name(ctx, wording, reason_name(reason),
	                         address_domain(ctx, fate->address))
	               : NULL;
}

/* Adds the group NAME: those of COUNT FATES, the first of which belongs to it, that failed for
 * REASON, and an example among the bounces IDS. */
static void group_add(struct buffer *buffer, const struct explaining *run,
        const struct recipient_fate *fates, size_t count, enum reason reason, const char *name,
        char **ids)
{
	const void *ctx = buffer->ctx;
	struct wording *wording = run->call->wording;
	size_t found = 0;

	group_add_line(buffer, run, "\n",
	        talloc_asprintf(ctx, "%s · %s", name, wording_who(ctx, wording, reason)));
	for (size_t i = 0; i < count; i++) {
		const struct recipient_fate *fate = &fates[i];

		if (g_strcmp0(group_name(ctx, wording, fate, reason), name) == 0 &&
		        ++found <= GROUP_SHOWN_MAX)
			group_add_line(buffer, run, "  ",
			        fate->address[0] != '\0' ? address_shown(ctx, fate->address)
			                                 : wording_label(wording, "no-address"));
	}
	if (found > GROUP_SHOWN_MAX)
		group_add_line(buffer, run, "  ",
		        said_with_count(ctx, wording, "and-more", found - GROUP_SHOWN_MAX, NULL));
	char *command = page_action(ctx, &(struct step){.action = "explain"},
	        group_example(run->index, ids, reason, fates->address), run->style.keys);

	if (command != NULL) /* never cut: it is to be copied */
		buffer_print(buffer, "  %s\n",
		        wording_say(ctx, wording, "group-example",
		                WORDING_VALUES({"command", command})));
}

/* Adds a group for each name that REASON has among FATES. */
static void groups_add(struct buffer *buffer, const struct explaining *run,
        const struct recipient_fate *fates, size_t count, enum reason reason, char **ids)
{
	char **names = list_new(buffer->ctx);

	for (size_t i = 0; i < count; i++) {
		const char *name = group_name(buffer->ctx, run->call->wording, &fates[i], reason);

		if (name == NULL || list_has((const char *const *)names, name))
			continue;
		list_add(buffer->ctx, &names, name);
		group_add(buffer, run, &fates[i], count - i, reason, name, ids);
	}
}

/* Explains MAIL, which the bounces IDS are about, in groups. Returns false if it did not fail for
 * enough recipients, or the form is not a text. */
static bool explain_groups(struct explaining *run, struct mail *mail, char **ids)
{
	SCOPED void *scratch = talloc_new(NULL);
	struct wording *wording = run->call->wording;
	struct buffer buffer = buffer_new(scratch);
	size_t count, failed = 0;
	struct recipient_fate *fates = outcome_read(scratch, mail, &count);

	for (size_t i = 0; i < count; i++)
		failed += fates[i].state == STATE_FAILED;
	if (failed < GROUPED_FROM || run->form != page_text)
		return false;
	char *subject = text_one_line(
	             scratch, mail_own_header(scratch, mail, "Subject"), NAME_SHOWN_MAX),
	     *name = wording_say(
	             scratch, wording, "mail-subject", WORDING_VALUES({"subject", subject}));

	group_add_line(&buffer, run, "",
	        said_with_count(scratch, wording, "headline-several", failed, name));
	for (enum reason reason = 0; reason < REASON_COUNT; reason++)
		groups_add(&buffer, run, fates, count, reason, ids);
	explaining_add(run, buffer_text(&buffer));
	return true;
}

/* Explains the bounces IDS about MAIL, which the user sent: in groups, or one by one. */
static enum status explain_sent(struct explaining *run, struct mail *mail, char **ids)
{
	char **explained = list_new(run->ctx);
	bool grouped = explain_groups(run, mail, ids);
	size_t most = grouped ? GROUPED_OTHERS_MAX : BOUNCES_MAX, length;
	enum status status = STATUS_OK;

	for (size_t i = 0; status == STATUS_OK && ids[i] != NULL && i < most; i++) {
		SCOPED struct mail *bounce = index_find(NULL, run->index, ids[i]);
		char *bytes =
		        bounce != NULL && !grouped ? mail_bytes(bounce, bounce, &length) : NULL;

		if (bytes != NULL)
			status = explain_bounce(run, bounce, bytes, length);
		if (bytes != NULL || (grouped && bounce != NULL))
			list_add(run->ctx, &explained, ids[i]);
	}
	run->others = explained;
	run->returned = (struct bytes){NULL, 0};
	return status;
}

/* Explains MAIL (NULL: it is not in the index), whose file has LENGTH BYTES (NULL: not read yet):
 * if bounces are about it, these. */
static enum status explain_any(
        struct explaining *run, struct mail *mail, const char *bytes, size_t length)
{
	char **about = mail != NULL ? mail_values(mail, mail, PROPERTY_BY) : NULL;
	size_t before = run->count;
	enum status status = STATUS_OK;

	if (about != NULL && about[0] != NULL)
		status = explain_sent(run, mail, about);
	if (status != STATUS_OK || run->count > before) /* else its bounces are gone */
		return status;
	if (bytes == NULL && mail != NULL)
		bytes = mail_bytes(mail, mail, &length);
	return bytes != NULL ? explain_bounce(run, mail, bytes, length) : STATUS_NO_INPUT;
}

/* -- from files, or from the index */

static enum status explain_mail(void *argument, const char *name, const char *bytes, size_t length)
{
	struct explaining *run = argument;
	SCOPED struct mail *mail = mail_of_bytes(NULL, run->index, bytes, length);

	run->name = name;
	return explain_any(run, mail, bytes, length);
}

/* Explains the bytes of a message/delivery-status part. */
static enum status explain_dsn(void *argument, const char *name, const char *bytes, size_t length)
{
	SCOPED char *report = log_status_as_mail(NULL, bytes, length);

	return explain_mail(argument, name, report, talloc_get_size(report) - 1);
}

static enum status explain_found(void *argument, struct mail *mail)
{
	struct explaining *run = argument;

	run->name = talloc_asprintf(run->ctx, "id:%s", mail_id(mail));
	enum status status = explain_any(run, mail, NULL, 0);

	if (status == STATUS_NO_INPUT)
		cmd_say("explain %s: %s", run->name, cmd_text("has no file any more"));
	return status;
}

static enum status explain_all(struct explaining *run)
{
	const struct input input = {run->is_dsn ? explain_dsn : explain_mail, cmd_complain, run};
	char **names = cmd_paths(run->call->arguments, run->reply);
	enum status status = STATUS_OK;

	if (run->reply != NULL)
		return cmd_replies(run->ctx, &input, run->reply, names);
	for (; *names != NULL; names++)
		status = status_first(
		        status, cmd_is_file(*names) || run->is_dsn
		                        ? input_walk(&input, *names)
		                        : cmd_each(run->call, *names, explain_found, run));
	return status;
}

/* Returns the columns of the terminal on which the explanation is read, maybe through a pager. */
static size_t terminal_width(void)
{
	struct winsize size = {.ws_col = 0};
	int fd = isatty(STDOUT_FILENO) ? STDOUT_FILENO
	                               : open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0 && ioctl(fd, TIOCGWINSZ, &size) != 0)
		size.ws_col = 0;
	if (fd > STDERR_FILENO)
		close(fd);
	return size.ws_col > 0 ? size.ws_col : 80;
}

static enum status read_style(struct explaining *run)
{
	static char *(*const forms[])(const void *, const struct explanation *,
	        const struct page_style *) = {page_text, page_json, page_html};
	char *end;

	run->form = run->is_short ? page_short : forms[run->format];
	run->style.colour = !run->hold && cmd_wants_colour();
	run->style.width = run->width != NULL ? strtoul(run->width, &end, 10) : terminal_width();
	if (run->width != NULL && (run->width[0] < '0' || run->width[0] > '9' || *end != '\0' ||
	                                  run->style.width < 1 || run->style.width > 1000)) {
		cmd_say("explain --width=%s: expected a number of columns from 1 to 1000",
		        run->width);
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

/* Makes the explanations that the call asks for. *TEXT stays as it is if there are none. */
static enum status explain_call(struct explaining *run, const char **text)
{
	struct call *call = run->call;
	enum status status = read_style(run);

	run->all = buffer_new(run->ctx);
	if (status == STATUS_OK)
		status = call_open(call);
	if (status != STATUS_OK)
		return status;
	run->index = is_alone(run) ? NULL : call->index;
	status = explain_all(run);
	cmd_say_problems(call->problems);
	if (run->count > 0)
		*text = run->count == 1 ? run->only : buffer_text(&run->all);
	return status;
}

/* -- for the macros of mutt: the explanation is kept, and how to open the other mails that it is
 * about */

static void put_copy(struct maildir *maildir, struct bytes mail)
{
	if (mail.start != NULL)
		maildir_add(
		        maildir, &(struct iovec){(void *)(uintptr_t)mail.start, mail.length}, 1);
}

/* Returns the keys that leave a mailbox of other mails, as the macros say that it is one, before
 * the next is opened: so mutt's `-` leads back to where the user came from. */
static const char *keys_back(void)
{
	const char *opened = getenv("NOTMUCH_BOUNCE_OPENED");

	return opened != NULL && opened[0] != '\0' ? "<change-folder>-<enter>" : "";
}

/* Puts copies of the other mails into the Maildir `next`, instead of what is there. Keeps the
 * command by which neomutt finds them in the index, without any text from a mail, if they are all
 * there. By the doubled bracket the macros know such a mailbox. */
static void hold_others(const struct explaining *run)
{
	const void *ctx = run->ctx;
	const char *path = hold_path(ctx, "next");
	struct buffer query = buffer_new(ctx);
	struct maildir *maildir;
	size_t terms = 0, count = list_length(run->others);
	char **paths;

	if (path == NULL || maildir_open(ctx, path, &maildir) != STATUS_OK)
		return;
	for (size_t i = 0; i < count; i++) {
		SCOPED struct mail *mail = index_find(NULL, run->index, run->others[i]);
		char *file = mail != NULL ? mail_files(mail, mail)[0] : NULL,
		     *term = mail != NULL ? hold_term(mail, mail) : NULL;
		size_t length = 0;

		if (term != NULL)
			buffer_print(&query, "%s%s", terms++ > 0 ? " or " : "", term);
		if (file != NULL) {
			char *bytes = file_bytes(mail, file, RESEND_MAX, &length);

			put_copy(maildir, (struct bytes){bytes, length});
		}
	}
	put_copy(maildir, run->returned);
	maildir_commit(ctx, maildir, NULL, &paths);
	if (count > 0 && terms == count)
		hold_put(ctx, "query",
		        talloc_asprintf(ctx, "push \"%s<vfolder-from-query>(%s)<enter>%s\"\n",
		                keys_back(), buffer_text(&query),
		                count == 1 ? "<display-message>" : ""));
}

/* Explains for a macro. Nothing is ever printed and the exit status is 0, or mutt would stop and
 * ask for a key. What went wrong is kept instead of the explanation. */
static enum status explain_and_hold(struct explaining *run)
{
	struct call *call = run->call;
	const char *next = hold_path(run->ctx, "next"), *text = NULL;

	hold_forget(run->ctx, "text");
	hold_forget(run->ctx, "query");
	if (next != NULL)
		maildir_empty(next);
	cmd_say_to(call->ctx, &call->said);
	enum status status = explain_call(run, &text);

	if (text != NULL) {
		hold_others(run);
		status = status == STATUS_OK ? hold_put(run->ctx, "text", text) : status;
	}
	io_drain(STDIN_FILENO);
	if (status != STATUS_OK)
		hold_put(run->ctx, "text",
		        call->said != NULL && call->said[0] != '\0'
		                ? call->said
		                : "notmuch-bounce: out of memory; try again later\n");
	return STATUS_OK;
}

/* Filters what a pager shows: prints the explanation that is kept instead of the mail on standard
 * input, and forgets it. If none is kept, the mail passes as it is. */
static enum status print_text(const void *ctx)
{
	char *text = hold_get(ctx, "text");

	if (text == NULL)
		return io_copy(STDIN_FILENO, STDOUT_FILENO);
	io_drain(STDIN_FILENO);
	hold_forget(ctx, "text");
	return cmd_print(text);
}

/* Moves the folder `next` to one of two that take turns, as the mail program may have the last one
 * open, and returns its path; NULL if there is no mail in it. */
static char *take_folder(const void *ctx)
{
	const char *last = hold_get(ctx, "turn"),
	           *turn = last != NULL && strcmp(last, "mail.1") == 0 ? "mail.2" : "mail.1";
	char *next = hold_path(ctx, "next"), *path = hold_path(ctx, turn);

	if (next == NULL || path == NULL || !hold_is_plain(path) || maildir_is_empty(next) ||
	        !maildir_move(next, path))
		return NULL;
	hold_put(ctx, "turn", turn);
	return path;
}

/* Prints the explanation that is kept instead of standard input, if WHAT is `text` or empty; if it
 * is `neomutt` or `mutt`, the command that opens the other mail. */
static enum status print_held(const void *ctx, const char *what)
{
	if (what[0] == '\0' || strcmp(what, "text") == 0)
		return print_text(ctx);
	/* neomutt opens the mail in the index, if it is there. */
	char *command = strcmp(what, "neomutt") == 0 ? hold_get(ctx, "query") : NULL,
	     *path = command == NULL ? take_folder(ctx) : NULL;

	if (path != NULL)
		command = talloc_asprintf(ctx,
		        "push \"%s<change-folder-readonly>%s<enter><display-message>\"\n",
		        keys_back(), path);
	return cmd_print(command != NULL
	                         ? command
	                         : hold_echo(ctx, "explain",
	                                   cmd_text("the mail that came back is not here")));
}

static enum status explain_run(struct call *call)
{
	struct explaining *run = call->options;
	const char *text = "";

	run->call = call;
	run->ctx = call->ctx;
	if (run->held != NULL)
		return print_held(run->ctx, run->held);
	if (run->hold)
		return explain_and_hold(run);
	enum status status = explain_call(run, &text);

	return status_first(status, cmd_print(text));
}

static const struct option options[] = {
        LANGUAGE_OPTION,
        VALUE_OPTION("width", OPTION_VALUE, struct explaining, width, "COLUMNS"),
        FLAG_OPTION("short", struct explaining, is_short),
        CHOICE_OPTION(
                "format", OPTION_CHOICE, struct explaining, format, "FORMAT", "text json html"),
        VALUE_OPTION("keys", OPTION_VALUE, struct explaining, style.keys, "PREFIX"),
        FLAG_OPTION("dsn", struct explaining, is_dsn),
        VALUE_OPTION("reply", OPTION_MAYBE, struct explaining, reply, "LINE"),
        FLAG_OPTION("hold", struct explaining, hold),
        CHOICE_OPTION(
                "held", OPTION_MAYBE, struct explaining, held, "PROGRAM", "text neomutt mutt"),
        NO_OPTION,
};

const struct command command_explain = {
        .name = "explain",
        .arguments = "[OPTION]... [FILE|-|id:ID|QUERY]...",
        .options = options,
        .size = sizeof(struct explaining),
        .needs = USES_INDEX | NEEDS_WORDING | NEEDS_JUDGE | OPENS_LATER,
        .run = explain_run,
};
