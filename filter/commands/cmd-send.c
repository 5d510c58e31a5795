/* notmuch bounce send: in the place of sendmail, for mail programs. Who must not be written to is
 * said before, why the mail was refused behind. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "after/outgoing.h"
#include "base/child.h"
#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd-index.h"
#include "commands/cmd-send.h"
#include "commands/cmd.h"
#include "explain/explanation.h"
#include "explain/hold.h"
#include "index/delivery.h"
#include "judge/log-line.h"
#include "mail/address.h"
#include "mail/header.h"
#include "text/wrap.h"

/* The check takes no longer, or the mail is sent without. */
#define CHECK_SECONDS 2

/* So long the same mail sent again is meant as it is. */
#define AGAIN_SECONDS (10 * 60)

/* Of what SENDMAIL says so much is looked at. */
#define OUTPUT_MAX (64u << 10)

struct sending {
	const void *ctx;
	const char *language;
	char **arguments; /* SENDMAIL and its own */
	int spool;
	char *head; /* the beginning of the mail */
	size_t head_length;
	bool warn;
	const char *output; /* of SENDMAIL */
};

/* -- before */

static void write_text(int to, const char *text)
{
	io_write(to, text, strlen(text));
}

static void put_line(int to, const char *line)
{
	if (line != NULL)
		write_text(to, talloc_asprintf(NULL, "%s\n", line));
}

static void check(void *argument, int answer)
{
	struct sending *sending = argument;
	struct problems *problems = problems_new(sending->ctx);
	struct settings settings;
	struct wording *wording;
	struct index *index;
	const char *why;
	char *text;

	if (index_open(sending->ctx, &index, &why) != STATUS_OK)
		return;
	settings = settings_read(sending->ctx, index, problems);
	if (cmd_wording(sending->ctx, "send", sending->language, settings.language, problems,
	            &wording) != STATUS_OK)
		return;
	put_line(answer, wording_label(wording, "send-again"));
	text = outgoing_objections(sending->ctx, index, domains_read(sending->ctx, problems),
	        wording,
	        outgoing_recipients(
	                sending->ctx, sending->arguments + 1, sending->head, sending->head_length));
	write_text(answer, text);
}

/* What speaks against the mail; NULL if nothing does, and if that can't be found out. *ADVICE is
 * how to send it all the same. In a process of its own, as libnotmuch ends one when something is
 * amiss. */
static const char *objections(struct sending *sending, const char **advice)
{
	struct child child = child_start(check, sending);
	char *text = child_answer(
	        sending->ctx, &child, OUTPUT_MAX, child_clock() + CHECK_SECONDS * 1000);
	size_t length = text != NULL ? strcspn(text, "\n") : 0;

	if (!WIFEXITED(child_end(&child)) || text == NULL || text[length] == '\0' ||
	        text[length + 1] == '\0')
		return NULL;
	*advice = talloc_strndup(sending->ctx, text, length);
	return text + length + 1;
}

/* What names the mail when it is sent again: its recipients and subject. The rest of a header is
 * made anew each time. */
static char *name_of(const struct sending *sending)
{
	char **recipients = outgoing_recipients(
	        sending->ctx, sending->arguments + 1, sending->head, sending->head_length);
	char *subject = header_line(
	        sending->ctx, (struct bytes){sending->head, sending->head_length}, "Subject");
	char *name = talloc_strdup(sending->ctx, subject != NULL ? subject : "");

	for (; *recipients != NULL; recipients++)
		name = talloc_asprintf_append_buffer(name, " %s", *recipients);
	return address_digest(sending->ctx, name);
}

/* Whether this mail was stopped less than AGAIN_SECONDS ago; if not, it is now. */
static bool is_again(const struct sending *sending)
{
	char *name = name_of(sending), *kept = hold_get(sending->ctx, "any-send");
	long long when = kept != NULL && strncmp(kept, name, strlen(name)) == 0
	                         ? atoll(kept + strlen(name))
	                         : 0;
	long long now = (long long)time(NULL);

	if (when > 0 && when <= now && now - when <= AGAIN_SECONDS) {
		hold_forget("any-send");
		return true;
	}
	/* What can't be remembered must not be stopped again and again. */
	return hold_put("any-send", talloc_asprintf(sending->ctx, "%s %lld", name, now)) !=
	       STATUS_OK;
}

/* -- the program itself */

static void become(const struct sending *sending, int errors)
{
	if (dup2(sending->spool, STDIN_FILENO) < 0 || dup2(errors, STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
	io_restore_sigpipe();
	execvp(sending->arguments[0], sending->arguments);
	dprintf(STDERR_FILENO, "notmuch-bounce: %s: %s\n", sending->arguments[0], strerror(errno));
	_exit(errno == ENOENT ? 127 : 126);
}

/* Pass on what the program says while it says it, and keep the first OUTPUT_MAX bytes; owned by
 * CTX. */
static char *pass_on(const void *ctx, int from)
{
	char *output = talloc_zero_size(ctx, OUTPUT_MAX + 1), piece[4096];
	size_t length = 0;
	ssize_t n;

	while ((n = read(from, piece, sizeof piece)) > 0 || (n < 0 && errno == EINTR)) {
		size_t kept = n > 0 && length + (size_t)n <= OUTPUT_MAX ? (size_t)n : 0;

		if (n > 0)
			io_write(STDERR_FILENO, piece, (size_t)n);
		memcpy(output + length, piece, kept);
		length += kept;
	}
	for (n = 0; (size_t)n < length; n++)
		if (output[n] == '\0')
			output[n] = ' ';
	return output;
}

/* Run SENDMAIL with the mail; *OUTPUT is what it said on stderr. Its exit status, or 128 and the
 * number of the signal that ended it. */
static int run(struct sending *sending, char **output)
{
	int pipes[2], status;
	pid_t pid;

	*output = talloc_strdup(sending->ctx, "");
	if (lseek(sending->spool, 0, SEEK_SET) != 0 || pipe(pipes) != 0)
		return status_exit_code(STATUS_TRY_LATER);
	pid = fork();
	if (pid == 0) {
		close(pipes[0]);
		become(sending, pipes[1]);
	}
	close(pipes[1]);
	if (pid < 0)
		return status_exit_code(STATUS_TRY_LATER);
	*output = pass_on(sending->ctx, pipes[0]);
	close(pipes[0]);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return status_exit_code(STATUS_IO);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* -- behind */

/* TEXT, whose lines are paragraphs, as lines of a terminal. */
static void say_wrapped(const void *ctx, const char *text, const char *indent)
{
	struct buffer buffer = buffer_new(ctx);

	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		buffer_add_string(&buffer, indent);
		wrap_add(&buffer, talloc_strndup(ctx, text, length), strlen(indent), "    ", 79);
		buffer_add_string(&buffer, "\n");
		text += length + (text[length] == '\n');
	}
	write_text(STDERR_FILENO, buffer_text(&buffer));
}

/* Three lines: what it means, whose turn it is, what to do. */
static void explain_refusal(void *argument, int answer)
{
	struct sending *sending = argument;
	struct problems *problems = problems_new(sending->ctx);
	char *reply = outgoing_reply(sending->ctx, sending->output);
	char *body = reply != NULL ? log_line_status(sending->ctx, reply, NULL) : NULL, *mail;
	struct judgement judgement;
	struct explanation *explanation;
	struct wording *wording;

	if (body == NULL || cmd_wording(sending->ctx, "send", sending->language, NULL, problems,
	                            &wording) != STATUS_OK)
		return;
	mail = log_status_as_mail(sending->ctx, body, strlen(body));
	if (judge_mail(sending->ctx, judge_open(sending->ctx, problems), mail, strlen(mail),
	            &judgement) != STATUS_OK ||
	        judgement.verdicts == NULL)
		return;
	explanation = explanation_make(sending->ctx,
	        bounce_context_read(sending->ctx, &judgement, NULL, &settings_default, NULL),
	        wording);
	put_line(answer, explanation->list[0].headline);
	put_line(answer, explanation->list[0].who);
	if (explanation->list[0].step_count > 0)
		put_line(answer, explanation->list[0].steps[0].text);
}

static void say_refusal(struct sending *sending, const char *output)
{
	struct child child;
	char *text;

	sending->output = output;
	child = child_start(explain_refusal, sending);
	text = child_answer(sending->ctx, &child, OUTPUT_MAX, child_clock() + CHECK_SECONDS * 1000);
	if (WIFEXITED(child_end(&child)) && text != NULL)
		say_wrapped(sending->ctx, text, "  ");
}

int cmd_send_mail(const void *ctx, const char *language, char **sendmail, int spool)
{
	struct sending sending = {
	        .ctx = ctx, .language = language, .arguments = sendmail, .spool = spool};
	char *output;
	int code = run(&sending, &output);

	if (code != 0)
		say_refusal(&sending, output);
	return code;
}

static enum status send_run(struct call *call)
{
	struct sending *sending = call->options;
	const char *text, *advice;
	size_t length;
	ssize_t n;

	sending->ctx = call->ctx;
	sending->language = call->language;
	sending->arguments = call->arguments;
	if (sending->arguments[0] == NULL) {
		cmd_say("send: expected the program that sends, behind --: send -- msmtp -t");
		return STATUS_USAGE;
	}
	if (delivery_spool(STDIN_FILENO, &sending->spool, &length) != STATUS_OK) {
		cmd_say("send: the mail can't be taken in: %s; nothing was sent",
		        cmd_text(strerror(errno)));
		return STATUS_TRY_LATER;
	}
	sending->head = talloc_zero_size(call->ctx, MAIL_HEAD_MAX + 1);
	n = pread(sending->spool, sending->head, MAIL_HEAD_MAX, 0);
	sending->head_length = n > 0 ? (size_t)n : 0;
	text = objections(sending, &advice);
	if (text != NULL)
		say_wrapped(call->ctx, text, "");
	if (text != NULL && !sending->warn && !is_again(sending)) {
		say_wrapped(call->ctx, advice, "");
		return STATUS_NOT_SENT;
	}
	exit(cmd_send_mail(call->ctx, sending->language, sending->arguments, sending->spool));
}

static const struct option options[] = {
        FLAG_OPTION("warn", struct sending, warn,
                "send it all the same, and only say what speaks against it"),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_send = {
        .name = "send",
        .arguments = "[OPTION]... -- SENDMAIL [ARGUMENT]...",
        .summary = "send a mail through SENDMAIL, unless an address in it is dead",
        .notes = "For mutt, neomutt, git, mailx: set sendmail=\"notmuch-bounce send -- msmtp\". A "
                 "mail that was stopped (exit 69) goes if it is sent again within ten minutes. "
                 "When SENDMAIL fails what the server said is explained; its status stays. If the "
                 "index can't be asked the mail is sent as if we were not there.",
        .options = options,
        .size = sizeof(struct sending),
        .run = send_run,
};
