/* notmuch bounce classify: say of mails whether they are bounces, whose, and why. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/module.h"
#include "commands/cmd-language.h"
#include "commands/cmd.h"
#include "commands/print.h"
#include "judge/apart.h"
#include "judge/log-line.h"
#include "judge/sandbox.h"
#include "mail/input.h"

/* Bytes of answers that are gathered before they are written: an answer is written at once, or not at all. */
#define GATHERED_MAX (32u << 10)

/* What judging an ordinary bounce takes; more is had from malloc. */
#define SCRATCH_SIZE (256u << 10)

struct classify {
	const void *ctx;
	void *pool; /* what one mail needs is had from here, and given back at once */
	struct judge *judge;
	struct problems *problems;
	const char *format;
	struct print_style style;
	struct input input;
	struct input_mail single; /* the only one; without bytes: there are more */
	char *gathered;
	size_t gathered_length;
	bool is_reply;       /* the input is lines of logs or replies, not mails */
	const char *reply;   /* the line itself; NULL: they are in files */
	struct log_deliveries *deliveries;
	bool progress;
	time_t started;
	size_t mails, bounces;
	bool ended; /* an answer could not be given: there is no sense in going on */
};

static char *answer(const void *ctx, const struct classify *classify, const char *name, const struct judgement *judgement)
{
	if (strcmp(classify->format, "json") == 0)
		return print_json(ctx, name, judgement);
	if (strcmp(classify->format, "tags") == 0)
		return print_tags(ctx, judgement);
	if (strcmp(classify->format, "reason") == 0)
		return print_reason(ctx, judgement);
	if (strcmp(classify->format, "facts") == 0)
		return print_facts(ctx, name, judgement);
	return print_text(ctx, name, judgement, classify->style);
}

static enum status classify_flush(struct classify *classify)
{
	enum status status = classify->gathered != NULL ? cmd_print(classify->gathered) : STATUS_OK;

	talloc_free(classify->gathered);
	classify->gathered = NULL;
	return status;
}

static enum status classify_gather(struct classify *classify, const char *text)
{
	if (classify->gathered == NULL)
		classify->gathered = talloc_strdup(classify->ctx, "");
	classify->gathered = talloc_strdup_append_buffer(classify->gathered, text);
	return talloc_get_size(classify->gathered) > GATHERED_MAX ? classify_flush(classify) : STATUS_OK;
}

/* On a terminal, once it takes longer than a second. */
static void classify_progress(struct classify *classify, bool done)
{
	if (!classify->progress || (!done && classify->mails % 64 != 0) || time(NULL) - classify->started < 2)
		return;
	fprintf(stderr, "\r%zu mails, %zu bounces%s", classify->mails, classify->bounces, done ? "\n" : "");
}

static enum status classify_mail(void *argument, const char *name, const char *bytes, size_t length)
{
	struct classify *classify = argument;
	void *scratch = talloc_new(classify->pool);
	struct judgement judgement;
	enum status status = judge_mail(scratch, classify->judge, bytes, length, &judgement);

	cmd_say_problems(classify->problems);
	if (status == STATUS_OK) {
		classify->mails++;
		classify->bounces += kind_is_bounce(judgement.facts->kind);
		status = classify_gather(classify, answer(scratch, classify, name, &judgement));
		classify_progress(classify, false);
	}
	classify->ended = status != STATUS_OK && status != STATUS_NOT_MAIL;
	talloc_free(scratch);
	return status;
}

/* A line of a log or a reply: judged as the report that it would have made. One that tells of no failure is passed over. */
static enum status classify_line(void *argument, const char *name, const char *line, size_t length)
{
	struct classify *classify = argument;
	char *body = log_line_status(classify->ctx, line, classify->reply == NULL ? classify->deliveries : NULL);
	char *report = body != NULL ? log_status_as_mail(body, body, strlen(body)) : NULL;
	enum status status = STATUS_OK;

	(void)length;
	if (report != NULL)
		status = classify_mail(classify, name, report, strlen(report));
	talloc_free(body);
	return status;
}

static void classify_complain(void *argument, const char *name, const char *what)
{
	(void)argument;
	cmd_say("%s: %s", name, what);
}

static const struct input *classify_input(struct classify *classify)
{
	classify->input = (struct input){classify->is_reply ? classify_line : classify_mail, classify_complain, classify};
	return &classify->input;
}

/* The end of all: what was gathered is written. FIRST is how it went so far. */
static enum status classify_end(struct classify *classify, enum status first)
{
	enum status status;

	classify_progress(classify, true);
	status = classify->ended ? first : classify_flush(classify);
	return first != STATUS_OK ? first : status;
}

/* Folders, mailboxes, several files: in this process, which from here on can open nothing but these. */
static enum status classify_all(struct classify *classify, char **paths)
{
	enum status first = STATUS_OK, status;

	judge_gather(classify->judge);
	sandbox_limit(0);
	apart_load_all();
	module_seal(NULL);
	sandbox_enter(paths);
	if (classify->reply != NULL)
		first = classify_line(classify, "-", classify->reply, strlen(classify->reply));
	for (; *paths != NULL && !classify->ended; paths++) {
		status = (classify->is_reply ? input_lines : input_walk)(classify->ctx, classify_input(classify), *paths);
		if (first == STATUS_OK)
			first = status;
	}
	return classify_end(classify, first);
}

static void single_work(void *argument, int answer)
{
	struct classify *classify = argument;
	enum status status = input_mail(classify_input(classify), &classify->single);

	(void)answer;
	_exit(status_exit_code(classify_end(classify, status)));
}

/* One mail, which was read whole: apart. */
static enum status classify_single(struct classify *classify)
{
	const struct apart apart = {APART_PRINTS, single_work, classify, -1};
	char *answer;
	int code;

	judge_gather(classify->judge);
	if (apart_run(classify->ctx, &apart, &answer, &code))
		_exit(code);
	cmd_say("%s: can't be judged: it takes too much time or memory", classify->single.name);
	_exit(status_exit_code(STATUS_TRY_LATER));
}

/* All that a text will say is read now: in the sandbox no file can be opened. */
static void read_words(const void *ctx, struct wording *wording)
{
	enum kind kind;
	enum reason reason;

	for (kind = 0; kind < KIND_COUNT; kind++)
		wording_name(ctx, wording, kind_name(kind), "example.org");
	for (reason = 0; reason < REASON_COUNT; reason++) {
		wording_name(ctx, wording, reason_name(reason), "example.org");
		wording_who(ctx, wording, reason);
	}
}

static enum status classify_run(const void *ctx, char **arguments)
{
	static const char *const formats[] = {"text", "json", "tags", "reason", "facts", NULL};
	static char standard_input[] = "-", *only_stdin[] = {standard_input, NULL}, *nothing[] = {NULL};
	char **paths = arguments;
	const char *language = NULL;
	struct classify classify = {.ctx = ctx, .format = "text", .started = time(NULL)};
	const struct option options[] = {
	        {.name = "format", .value = &classify.format, .values = formats},
	        {.name = "why", .flag = &classify.style.why},
	        {.name = "lang", .value = &language},
	        {.name = "reply", .flag = &classify.is_reply, .value = &classify.reply},
	        {.name = NULL},
	};
	enum status status = cmd_options("classify", arguments, options);

	if (status != STATUS_OK)
		return status;
	classify.style.colour = cmd_wants_colour();
	classify.progress = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO);
	classify.problems = problems_new(ctx);
	status = cmd_wording(ctx, "classify", language, NULL, classify.problems, &classify.style.wording);
	if (status != STATUS_OK)
		return status;
	if (strcmp(classify.format, "text") == 0)
		read_words(ctx, classify.style.wording);
	classify.pool = talloc_pool(ctx, SCRATCH_SIZE);
	classify.deliveries = talloc_zero(ctx, struct log_deliveries);
	classify.judge = judge_open(ctx, classify.problems);
	if (arguments[0] == NULL) {
		paths = classify.reply != NULL ? nothing : only_stdin;
		if (paths == only_stdin && isatty(STDIN_FILENO))
			cmd_say("reading a mail from the terminal; end it with Ctrl-D, or name a FILE");
	}
	if (!classify.is_reply && paths[1] == NULL) {
		classify.single.name = paths[0];
		status = input_read(ctx, classify_input(&classify), &classify.single);
	}
	if (status != STATUS_OK)
		return status;
	return classify.single.bytes != NULL ? classify_single(&classify) : classify_all(&classify, paths);
}

const struct command command_classify = {
        .name = "classify",
        .arguments = "[--format=FORMAT] [--why] [FILE|DIR|MBOX|-]...",
        .summary = "say which mails are bounces, to whom, and why",
        .help = "  --format=text     for people (default)\n"
                "  --format=json     one object a line\n"
                "  --format=tags     +bounce +bounce/user-unknown ..., for notmuch insert\n"
                "  --format=reason   one word, for procmail and maildrop\n"
                "  --format=facts    what the report says, before any verdict\n"
                "  --lang=LANGUAGE   the language of a text for people\n"
                "  --why             name the rule that decided, and its line\n"
                "  --reply           the input is what servers replied, or lines of the log of\n"
                "                    Postfix, Exim, sendmail, OpenSMTPD, qmail or msmtp\n"
                "  --reply=LINE      this one\n"
                "Without a file the mail is read from standard input.\n",
        .run = classify_run,
};
