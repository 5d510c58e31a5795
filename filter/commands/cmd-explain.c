/* notmuch bounce explain: say in the reader's language what a bounce means, and what to do. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "commands/cmd-held.h"
#include "commands/cmd-index.h"
#include "commands/cmd-language.h"
#include "commands/cmd.h"
#include "explain/explain-run.h"
#include "explain/hold.h"
#include "judge/log-line.h"
#include "mail/input.h"

struct options {
	const char *format, *language, *width, *keys;
	const char *held_what;
	const char *reply; /* what a server replied, or a line of a log; NULL: they are in files, */
	bool is_reply;     /* a line each */
	bool is_short, is_report, hold, held;
};

static enum status explain_mail(void *argument, const char *name, const char *bytes, size_t length)
{
	struct explain_run *run = argument;

	run->name = name;
	return explain_run_bytes(run, bytes, length);
}

/* A reply or a line of a log: explained as the delivery status that the server would have reported. */
static enum status explain_line(struct explain_run *run, const char *name, const char *line, struct log_deliveries *deliveries)
{
	char *body = log_line_status(run->ctx, line, deliveries);

	run->name = name;
	return body != NULL ? explain_run_bytes(run, body, strlen(body)) : STATUS_OK;
}

struct lines {
	struct explain_run *run;
	struct log_deliveries *deliveries;
};

static enum status explain_next_line(void *argument, const char *name, const char *line, size_t length)
{
	struct lines *lines = argument;

	(void)length;
	return explain_line(lines->run, name, line, lines->deliveries);
}

static void complain(void *argument, const char *name, const char *what)
{
	(void)argument;
	cmd_say("%s: %s", name, what);
}

static enum status explain_found(struct explain_run *run, const char *name)
{
	char **ids;
	const char *why;
	enum status status, one;

	if (run->index == NULL) {
		cmd_say("explain %s: no such file, and there is no index of your mail; see notmuch setup", name);
		return STATUS_NO_INPUT;
	}
	status = cmd_find(run->ctx, "explain", run->index, name, &ids);
	for (; status == STATUS_OK && *ids != NULL; ids++) {
		run->name = talloc_asprintf(run->ctx, "id:%s", *ids);
		one = explain_run_id(run, *ids, &why);
		if (one == STATUS_NO_INPUT)
			cmd_say("explain id:%s: %s", *ids, why);
		if (one != STATUS_OK)
			status = one;
	}
	return status;
}

static enum status explain_all(struct explain_run *run, char **names)
{
	static char standard_input[] = "-", *only_stdin[] = {standard_input, NULL};
	const struct input input = {explain_mail, complain, run};
	enum status first = STATUS_OK, status;

	for (names = names[0] != NULL ? names : only_stdin; *names != NULL; names++) {
		status = cmd_is_file(*names) || run->is_report ? input_walk(run->ctx, &input, *names) : explain_found(run, *names);
		if (first == STATUS_OK)
			first = status;
	}
	return first;
}

static enum status explain_replies(struct explain_run *run, const char *reply, char **names)
{
	static char standard_input[] = "-", *only_stdin[] = {standard_input, NULL};
	struct lines lines = {run, talloc_zero(run->ctx, struct log_deliveries)};
	const struct input input = {explain_next_line, complain, &lines};
	enum status first = STATUS_OK, status;

	if (reply != NULL)
		return explain_line(run, "-", reply, NULL);
	for (names = names[0] != NULL ? names : only_stdin; *names != NULL; names++) {
		status = input_lines(run->ctx, &input, *names);
		first = first == STATUS_OK ? status : first;
	}
	return first;
}

/* Columns of the terminal that the explanation will be read on: also if it goes through a pager. */
static size_t terminal_width(void)
{
	struct winsize size = {.ws_col = 0};
	int fd = isatty(STDOUT_FILENO) ? STDOUT_FILENO : open("/dev/tty", O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd >= 0 && ioctl(fd, TIOCGWINSZ, &size) != 0)
		size.ws_col = 0;
	if (fd > STDERR_FILENO)
		close(fd);
	return size.ws_col > 0 ? size.ws_col : 80;
}

static enum status read_style(const struct options *options, struct explain_run *run)
{
	char *end;

	run->is_report = options->is_report || options->is_reply || options->reply != NULL;
	run->wants_counterparts = options->hold;
	run->form = options->is_short                      ? page_short
	            : strcmp(options->format, "json") == 0 ? page_json
	            : strcmp(options->format, "html") == 0 ? page_html
	                                                   : page_text;
	run->names_each = run->form == page_text;
	run->style.keys = options->keys;
	run->style.colour = isatty(STDOUT_FILENO) && !options->hold && cmd_wants_colour();
	run->style.width = options->width != NULL ? strtoul(options->width, &end, 10) : terminal_width();
	if (options->width != NULL && (options->width[0] < '0' || options->width[0] > '9' || *end != '\0' ||
	                                      run->style.width < 1 || run->style.width > 1000)) {
		cmd_say("explain --width=%s: expected a number of columns from 1 to 1000", options->width);
		return STATUS_USAGE;
	}
	return STATUS_OK;
}

/* All that run takes. Without an index it does, and says so. */
static enum status prepare(const void *ctx, const struct options *options, struct problems *problems, struct explain_run *run)
{
	enum status status = read_style(options, run);
	const char *why;

	if (status == STATUS_OK && !run->is_report) {
		status = index_open(ctx, INDEX_READ, &run->index, &why);
		if (status == STATUS_IO)
			cmd_say("explain: %s; going on without the index", why);
		if (status == STATUS_OK)
			run->settings = settings_read(ctx, run->index, problems);
		else
			run->index = NULL;
		status = status == STATUS_TRY_LATER ? status : STATUS_OK;
	}
	if (status == STATUS_OK)
		status = cmd_wording(ctx, "explain", options->language, run->settings.language, problems, &run->wording);
	run->judge = judge_open(ctx, problems);
	return status;
}

static enum status explain(const void *ctx, const struct options *options, char **names)
{
	struct problems *problems = problems_new(ctx);
	struct explain_run run = {.ctx = ctx};
	enum status status = prepare(ctx, options, problems, &run), written;

	if (status == STATUS_OK && names[0] == NULL && options->reply == NULL && isatty(STDIN_FILENO))
		cmd_say("reading a mail from the terminal; end it with Ctrl-D, or name a FILE or id:...");
	if (status == STATUS_OK)
		status = options->is_reply || options->reply != NULL ? explain_replies(&run, options->reply, names) : explain_all(&run, names);
	cmd_say_problems(problems);
	if (run.text == NULL)
		return status;
	written = options->hold ? held_put(ctx, run.text, &run.counterparts) : cmd_print(run.text);
	return status != STATUS_OK ? status : written;
}

/* For a macro: whatever happens, nothing is printed and the exit status is 0, or mutt would stop and ask for a key. What went wrong is kept in the
 * explanation's place. */
static enum status explain_and_hold(const void *ctx, const struct options *options, char **names)
{
	char *said;
	enum status status;

	held_forget();
	cmd_say_to(ctx, &said);
	status = explain(ctx, options, names);
	io_drain(STDIN_FILENO);
	if (status != STATUS_OK)
		hold_put("text", said != NULL && said[0] != '\0' ? said : "notmuch-bounce: out of memory; try again later\n");
	return STATUS_OK;
}

static enum status explain_run(const void *ctx, char **arguments)
{
	static const char *const formats[] = {"text", "json", "html", NULL}, *const kept[] = {"text", "neomutt", "mutt", NULL};
	struct options given = {.format = "text", .held_what = "text"};
	const struct option options[] = {
	        {.name = "format", .value = &given.format, .values = formats},
	        {.name = "lang", .value = &given.language},
	        {.name = "width", .value = &given.width},
	        {.name = "short", .flag = &given.is_short},
	        {.name = "keys", .value = &given.keys},
	        {.name = "dsn", .flag = &given.is_report},
	        {.name = "reply", .flag = &given.is_reply, .value = &given.reply},
	        {.name = "hold", .flag = &given.hold},
	        {.name = "held", .flag = &given.held, .value = &given.held_what, .values = kept},
	        {.name = NULL},
	};
	enum status status = cmd_options("explain", arguments, options);

	if (status != STATUS_OK)
		return status;
	if (given.held)
		return held_print(ctx, given.held_what);
	return given.hold ? explain_and_hold(ctx, &given, arguments) : explain(ctx, &given, arguments);
}

const struct command command_explain = {
        .name = "explain",
        .arguments = "[OPTION]... [FILE|-|id:ID|QUERY]...",
        .summary = "say what a bounce means, whose turn it is, and what to do",
        .help = "  --lang=LANGUAGE   en, ja, ...; default: bounce.language, else the locale's\n"
                "  --width=COLUMNS   default: that of the terminal\n"
                "  --short           one line\n"
                "  --format=FORMAT   text (default), json (one object a line), html (a page)\n"
                "  --keys=PREFIX     name the keys of the macro packs instead of commands\n"
                "  --dsn             the input is a message/delivery-status part, for a mailcap\n"
                "  --reply           the input is what servers replied, or lines of a log\n"
                "  --reply=LINE      this one: --reply='550 5.7.1 ...'\n"
                "  --hold            keep the explanation, for a macro; say nothing\n"
                "  --held            print what was kept, once, in the place of standard input\n"
                "  --held=PROGRAM    neomutt, mutt: the command to open the mail that came back\n"
                "A mail of yours that came back (id:..., or what a query finds) is explained by\n"
                "the bounces about it.\n"
                "Without a file the mail is read from standard input.\n",
        .run = explain_run,
};
