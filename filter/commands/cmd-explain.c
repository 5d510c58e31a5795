/* notmuch bounce explain: says in the reader's language what a bounce means, and what to do. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/io.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "commands/hold.h"
#include "explain/explain-run.h"
#include "judge/log-line.h"

struct explain_options {
	size_t format;
	const char *width, *keys;
	/* print what was kept for this program, or the text if ""; NULL: explain */
	const char *held;
	/* what a server replied, or a line of a log; "": files have such lines; NULL: files are
	 * mails */
	const char *reply;
	bool is_short, is_dsn, hold;
};

static enum status explain_mail(void *argument, const char *name, const char *bytes, size_t length)
{
	struct explain_run *run = argument;

	run->name = name;
	return explain_run_bytes(run, bytes, length);
}

/* Explains the bytes of a message/delivery-status part. */
static enum status explain_dsn(void *argument, const char *name, const char *bytes, size_t length)
{
	SCOPED char *report = log_status_as_mail(NULL, bytes, length);

	return explain_mail(argument, name, report, talloc_get_size(report) - 1);
}

static enum status explain_found(void *argument, struct mail *mail)
{
	struct explain_run *run = argument;

	run->name = talloc_asprintf(run->ctx, "id:%s", mail_id(mail));
	enum status status = explain_run_mail(run, mail);

	if (status == STATUS_NO_INPUT)
		cmd_say("explain %s: %s", run->name, cmd_text("has no file any more"));
	return status;
}

static enum status explain_all(const struct call *call, struct explain_run *run, char **names)
{
	const struct explain_options *options = call->options;
	const struct input input = {
	        options->is_dsn ? explain_dsn : explain_mail, cmd_complain, run};
	enum status first = STATUS_OK, status;

	for (; *names != NULL; names++) {
		status = cmd_is_file(*names) || options->is_dsn
		                 ? input_walk(run->ctx, &input, *names)
		                 : cmd_each(call, *names, explain_found, run);
		first = first == STATUS_OK ? status : first;
	}
	return first;
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

static enum status read_style(const struct explain_options *options, struct explain_run *run)
{
	static char *(*const forms[])(const void *, const struct explanation *,
	        const struct page_style *) = {page_text, page_json, page_html};
	char *end;

	run->is_alone = options->is_dsn || options->reply != NULL;
	run->wants_others = options->hold;
	run->form = options->is_short ? page_short : forms[options->format];
	run->style.keys = options->keys;
	run->style.colour = !options->hold && cmd_wants_colour();
	run->style.width =
	        options->width != NULL ? strtoul(options->width, &end, 10) : terminal_width();
	if (options->width != NULL &&
	        (options->width[0] < '0' || options->width[0] > '9' || *end != '\0' ||
	                run->style.width < 1 || run->style.width > 1000)) {
		cmd_say("explain --width=%s: expected a number of columns from 1 to 1000",
		        options->width);
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

static enum status explain(struct call *call)
{
	const struct explain_options *options = call->options;
	struct explain_run run = {.ctx = call->ctx, .all = buffer_new(call->ctx)};
	const struct input input = {explain_mail, cmd_complain, &run};
	enum status status = read_style(options, &run), written;
	char **names, *text;

	if (status == STATUS_OK)
		status = call_open(call);
	if (status != STATUS_OK)
		return status;
	run.index = run.is_alone ? NULL : call->index;
	run.own = call->settings.own;
	run.wording = call->wording;
	run.judge = call->judge;
	names = cmd_paths(call->arguments, options->reply);
	status = options->reply != NULL ? cmd_replies(call->ctx, &input, options->reply, names)
	                                : explain_all(call, &run, names);
	cmd_say_problems(call->problems);
	if (run.count == 0)
		return status;
	text = run.count == 1 ? run.only : buffer_text(&run.all);
	written = options->hold ? hold_explanation(&run, text) : cmd_print(text);
	return status != STATUS_OK ? status : written;
}

/* Explains for a macro. Nothing is ever printed and the exit status is 0, or mutt would stop and ask
 * for a key. What went wrong is kept instead of the explanation. */
static enum status explain_and_hold(struct call *call)
{
	enum status status;

	hold_forget_explanation(call->ctx);
	cmd_say_to(call->ctx, &call->said);
	status = explain(call);
	io_drain(STDIN_FILENO);
	if (status != STATUS_OK)
		hold_put(call->ctx, "text",
		        call->said != NULL && call->said[0] != '\0'
		                ? call->said
		                : "notmuch-bounce: out of memory; try again later\n");
	return STATUS_OK;
}

static enum status explain_command(struct call *call)
{
	const struct explain_options *options = call->options;

	if (options->held != NULL)
		return hold_print(call->ctx, options->held);
	return options->hold ? explain_and_hold(call) : explain(call);
}

static const struct option options[] = {
        LANGUAGE_OPTION,
        VALUE_OPTION("width", OPTION_VALUE, struct explain_options, width, "COLUMNS"),
        FLAG_OPTION("short", struct explain_options, is_short),
        CHOICE_OPTION("format", OPTION_CHOICE, struct explain_options, format, "FORMAT",
                "text json html"),
        VALUE_OPTION("keys", OPTION_VALUE, struct explain_options, keys, "PREFIX"),
        FLAG_OPTION("dsn", struct explain_options, is_dsn),
        VALUE_OPTION("reply", OPTION_MAYBE, struct explain_options, reply, "LINE"),
        FLAG_OPTION("hold", struct explain_options, hold),
        CHOICE_OPTION(
                "held", OPTION_MAYBE, struct explain_options, held, "PROGRAM", "text neomutt mutt"),
        NO_OPTION,
};

const struct command command_explain = {
        .name = "explain",
        .arguments = "[OPTION]... [FILE|-|id:ID|QUERY]...",
        .options = options,
        .size = sizeof(struct explain_options),
        .needs = USES_INDEX | NEEDS_WORDING | NEEDS_JUDGE | OPENS_LATER,
        .run = explain_command,
};
