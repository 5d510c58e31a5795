/* notmuch bounce send: is called by mail programs in place of sendmail. Stops a mail to a dead
 * address, and explains why a server refused a mail. */
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "after/standing.h"
#include "base/array.h"
#include "base/child.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-index.h"
#include "commands/cmd.h"
#include "commands/hold.h"
#include "explain/explanation.h"
#include "index/delivery.h"
#include "index/mail-files.h"
#include "judge/diagnostic.h"
#include "judge/log-line.h"
#include "knowledge/domains.h"
#include "mail/address.h"
#include "text/text.h"
#include "text/wrap.h"

/* If the check takes longer, the mail is sent without it. */
#define CHECK_SECONDS 2

/* A mail that was stopped is sent if the user sends it again within this time. */
#define AGAIN_SECONDS (10 * 60)

/* How often we look whether SENDMAIL has ended, while it prints nothing. */
#define LOOK_AGAIN_MS 100

/* How many reads of 4096 bytes take all that SENDMAIL can have left in the pipe. Processes that it
 * leaves behind may go on to write. */
#define LAST_READS 16

/* How many bytes of SENDMAIL's output are read for a refusal. */
#define OUTPUT_MAX (64u << 10)

struct sending {
	struct call *call;
	const void *ctx;  /* the call's */
	char **arguments; /* SENDMAIL and its arguments */
	int spool;        /* the mail */
	struct bytes header;
	char **recipients;
	bool warn;
	struct buffer output; /* of SENDMAIL */
};

/* Runs WORK with SENDING in a process of its own, as libnotmuch may end the process. Returns what
 * it wrote to ANSWER, owned by the call; NULL if it crashed or took too long. */
static char *found_out(struct sending *sending, void (*work)(void *argument, int answer))
{
	struct child child = child_start(work, sending);
	char *text = child_answer(
	        sending->ctx, &child, OUTPUT_MAX, child_clock() + CHECK_SECONDS * 1000);

	return WIFEXITED(child_end(&child)) ? text : NULL;
}

/* Opens what the command needs, in such a process, without messages. Returns whether all is
 * open. */
static bool send_opens(struct call *call)
{
	cmd_say_to(call->ctx, &call->said);
	return call_open(call) == STATUS_OK;
}

/* Prints TEXT on stderr, each line as a paragraph. */
static void say_wrapped(const void *ctx, const char *text, const char *indent)
{
	struct buffer buffer = buffer_new(ctx);

	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		wrap_paragraph(
		        &buffer, indent, "    ", talloc_strndup(ctx, text, length), WRAP_COLUMNS);
		text += length + (text[length] == '\n');
	}
	io_write(STDERR_FILENO, buffer_text(&buffer), buffer.length);
}

/* -- before it is sent */

/* Returns the addresses in ARGUMENTS, which are those of sendmail(8). If there are none, or -t is
 * among ARGUMENTS, also those in To, Cc and Bcc of the mail. */
static char **recipients_of(const void *ctx, char *const *arguments, struct bytes header)
{
	/* the options of sendmail and msmtp whose value is the next argument */
	static const char with_value[] = "faFrCXNRVLBhOopqA";
	char **list = list_new(ctx);
	bool ended = false, by_header = false;

	for (; *arguments != NULL; arguments++) {
		const char *word = *arguments;

		if (ended || word[0] != '-')
			for (char **to = address_list(ctx, word); *to != NULL; to++)
				list_add(ctx, &list, *to);
		else if (strcmp(word, "--") == 0)
			ended = true;
		else if (strcmp(word, "-t") == 0 || strcmp(word, "--read-recipients") == 0)
			by_header = true;
		else if (strlen(word) == 2 && strchr(with_value, word[1]) != NULL &&
		         arguments[1] != NULL)
			arguments++;
	}
	if (list[0] == NULL || by_header)
		for (char **to = header_recipients(ctx, header); *to != NULL; to++)
			list_add(ctx, &list, *to);
	return list;
}

/* Adds that an address is dead, as a sentence or, if there are SEVERAL, as a short line. */
static void put_dead(
        struct buffer *text, struct wording *wording, const struct standing *standing, bool several)
{
	const char *name = wording_name(text->ctx, wording, reason_name(standing->reason),
	                   address_domain(text->ctx, standing->address)),
	           *address = text_one_line(
	                   text->ctx, address_shown(text->ctx, standing->address), ADDRESS_MAX),
	           *day = wording_day(text->ctx, wording, standing->first);

	if (several)
		buffer_print(text, "%s: %s (%s)\n", address, name, day);
	else
		buffer_print(text, "%s\n",
		        wording_say(text->ctx, wording, "send-dead",
		                WORDING_VALUES(
		                        {"address", address}, {"name", name}, {"date", day})));
}

/* If the domain of ADDRESS is probably a mistyped well-known one, and no mail ever came from
 * ADDRESS, adds a line about that. */
static void put_slip(struct buffer *text, const struct call *call, const struct domains *domains,
        const char *address)
{
	const char *domain = address_domain(call->ctx, address),
	           *at = text_one_line(call->ctx, address, ADDRESS_MAX);
	bool listed;
	const char *meant =
	        domain != NULL ? domains_meant(call->ctx, domains, domain, &listed) : NULL;

	if (meant == NULL || mail_last_from(call->index, address, 0, false) != 0)
		return;
	meant = talloc_asprintf(call->ctx, "%.*s@%s", (int)(strrchr(at, '@') - at), at, meant);
	buffer_print(text, "%s\n",
	        call_say(call, "send-slip", WORDING_VALUES({"address", at}, {"meant", meant})));
}

/* Answers with a line about how to send the mail nevertheless, and a line for each objection to
 * it. */
static void send_check(void *argument, int answer)
{
	const struct sending *sending = argument;
	struct call *call = sending->call;

	if (!send_opens(call) || call->index == NULL)
		return;
	const struct domains *domains = domains_read(call->ctx, call->problems);
	size_t count = list_length(sending->recipients), dead = 0;
	const struct standing **standings =
	        array_new(call->ctx, const struct standing *, count + 1);
	struct buffer text = buffer_new(call->ctx);

	for (size_t i = 0; i < count; i++) {
		standings[i] = standing_dead(
		        call->ctx, call->index, call->wording, sending->recipients[i]);
		dead += standings[i] != NULL;
	}
	buffer_print(&text, "%s\n", wording_label(call->wording, "send-again"));
	for (size_t i = 0; i < count; i++)
		if (standings[i] != NULL)
			put_dead(&text, call->wording, standings[i], dead > 1);
	if (dead > 1)
		buffer_print(&text, "%s\n",
		        call_say(call, "send-dead-many",
		                WORDING_VALUES({"count", wording_number(call->ctx, dead)})));
	for (size_t i = 0; i < count; i++)
		if (standings[i] == NULL)
			put_slip(&text, call, domains, sending->recipients[i]);
	io_write(answer, buffer_text(&text), text.length);
}

/* Returns whether this mail was stopped less than AGAIN_SECONDS ago; if not, remembers that it is
 * stopped now. Mails with the same recipients and subject are taken for the same, as mail programs
 * write other fields anew. */
static bool is_again(const struct sending *sending)
{
	char *subject = header_line(sending->ctx, sending->header, "Subject"),
	     *recipients = g_strjoinv(" ", sending->recipients),
	     *name = address_digest(
	             sending->ctx, talloc_asprintf(sending->ctx, "%s %s",
	                                   subject != NULL ? subject : "", recipients)),
	     *kept = hold_get(sending->ctx, "any-send");
	long long now = (long long)time(NULL), when = 0;

	g_free(recipients);
	if (kept != NULL && strncmp(kept, name, strlen(name)) == 0)
		when = atoll(kept + strlen(name));
	if (when > 0 && when <= now && now - when <= AGAIN_SECONDS) {
		hold_forget(sending->ctx, "any-send");
		return true;
	}
	/* If that can't be remembered, the mail is not stopped, or it would be stopped each
	 * time. */
	return hold_put(sending->ctx, "any-send",
	               talloc_asprintf(sending->ctx, "%s %lld", name, now)) != STATUS_OK;
}

/* Prints the objections to the mail. Returns whether it is to be sent. */
static bool may_go(struct sending *sending)
{
	char *text = found_out(sending, send_check),
	     *objections = text != NULL ? strchr(text, '\n') : NULL;

	if (objections == NULL || objections[1] == '\0')
		return true;
	*objections++ = '\0';
	say_wrapped(sending->ctx, objections, "");
	if (sending->warn || is_again(sending))
		return true;
	say_wrapped(sending->ctx, text, "");
	return false;
}

/* -- the program itself */

static void sendmail_become(void *argument, int errors)
{
	const struct sending *sending = argument;

	if (dup2(sending->spool, STDIN_FILENO) < 0 || dup2(errors, STDERR_FILENO) < 0)
		_exit(EXIT_FAILURE);
	child_become(sending->arguments);
	int error = errno;

	dprintf(STDERR_FILENO, "notmuch-bounce: %s: %s\n", sending->arguments[0],
	        cmd_text(strerror(error)));
	_exit(error == ENOENT ? 127 : 126);
}

/* Copies what the program has just written to stderr, and keeps the first OUTPUT_MAX bytes of all.
 * Returns false at its end. */
static bool pass_on(struct sending *sending, int from)
{
	char piece[4096];
	ssize_t n = read(from, piece, sizeof piece);

	if (n <= 0)
		return n < 0 && errno == EINTR;
	io_write(STDERR_FILENO, piece, (size_t)n);
	for (ssize_t i = 0; i < n; i++)
		if (piece[i] == '\0')
			piece[i] = ' ';
	if (sending->output.length + (size_t)n <= OUTPUT_MAX)
		buffer_add(&sending->output, piece, (size_t)n);
	return true;
}

/* Passes on what CHILD writes until it ends. Returns its exit status, or 128 plus the number of the
 * signal that ended it. Does not wait for the end of the pipe: a process that CHILD leaves behind,
 * such as an agent or a connection for the next mail, may hold it for hours. */
static int sendmail_follow(struct sending *sending, const struct child *child)
{
	struct pollfd wait = {.fd = child->answer, .events = POLLIN};
	bool is_open = true, has_ended = false;
	int status = 0;

	while (!has_ended) {
		pid_t ended = waitpid(child->pid, &status, is_open ? WNOHANG : 0);

		if (ended < 0 && errno != EINTR)
			return status_exit_code(STATUS_IO);
		has_ended = ended > 0;
		if (is_open && !has_ended && poll(&wait, 1, LOOK_AGAIN_MS) > 0)
			is_open = pass_on(sending, child->answer);
	}
	for (int i = 0; is_open && i < LAST_READS && poll(&wait, 1, 0) > 0; i++)
		is_open = pass_on(sending, child->answer);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Runs SENDMAIL with the mail. Returns what sendmail_follow() does. */
static int sendmail_run(struct sending *sending)
{
	if (lseek(sending->spool, 0, SEEK_SET) != 0)
		return status_exit_code(STATUS_TRY_LATER);
	const struct child child = child_start(sendmail_become, sending);

	if (child.pid == 0)
		return status_exit_code(STATUS_TRY_LATER);
	int code = sendmail_follow(sending, &child);

	close(child.answer);
	return code;
}

/* -- after it was refused */

/* Returns the server's reply in OUTPUT, which a SENDMAIL that failed wrote, owned by CTX; NULL if
 * there is none. If the reply has no address, the first one in OUTPUT is added. */
static char *reply_in(const void *ctx, const char *output)
{
	char *reply = NULL, *address = NULL, **lines = g_strsplit(output, "\n", -1);

	for (char **line = lines; *line != NULL; line++) {
		int number = diagnostic_reply(*line);
		const char *code =
		        number != 0 ? strstr(*line, talloc_asprintf(ctx, "%d", number)) : NULL;

		if (address == NULL)
			address = talloc_strdup(ctx, address_scan_all(ctx, *line)[0]);
		if (code != NULL)
			reply = reply == NULL
			                ? talloc_strdup(ctx, code)
			                : talloc_asprintf_append_buffer(reply, "%s", code + 3);
	}
	g_strfreev(lines);
	if (reply != NULL && address != NULL && address_scan_all(ctx, reply)[0] == NULL)
		reply = talloc_asprintf_append_buffer(reply, " <%s>", address);
	return reply;
}

/* Answers with up to three lines: what the refusal means, who must act, and what to do. */
static void explain_refusal(void *argument, int answer)
{
	struct sending *sending = argument;
	struct call *call = sending->call;
	char *reply = reply_in(call->ctx, buffer_text(&sending->output)),
	     *body = reply != NULL ? log_line_status(call->ctx, reply, NULL) : NULL;
	struct judgement judgement;

	if (body == NULL || (call->wording == NULL && !send_opens(call)))
		return;
	char *mail = log_status_as_mail(call->ctx, body, strlen(body));

	if (judge_mail(call->ctx, judge_open(call->ctx, call->problems), mail, strlen(mail),
	            &judgement) != STATUS_OK ||
	        judgement.verdicts == NULL)
		return;
	const struct explanation *explanation = explanation_make(call->ctx,
	        bounce_context_read(call->ctx, &judgement, NULL, NULL, NULL, NULL), call->wording);
	const struct explained *explained = &explanation->list[0];
	const char *const lines[] = {explained->headline, explained->who,
	        explained->step_count > 0 ? explained->steps[0].text : NULL};
	struct buffer text = buffer_new(call->ctx);

	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
		if (lines[i] != NULL)
			buffer_print(&text, "%s\n", lines[i]);
	io_write(answer, buffer_text(&text), text.length);
}

static int send_mail(struct sending *sending)
{
	sending->output = buffer_new(sending->ctx);
	int code = sendmail_run(sending);
	const char *text = code != 0 ? found_out(sending, explain_refusal) : NULL;

	if (text != NULL)
		say_wrapped(sending->ctx, text, "  ");
	return code;
}

int cmd_send_mail(struct call *call, char **sendmail, int spool)
{
	struct sending sending = {
	        .call = call, .ctx = call->ctx, .arguments = sendmail, .spool = spool};

	return send_mail(&sending);
}

static enum status send_run(struct call *call)
{
	struct sending *sending = call->options;
	size_t length;

	sending->call = call;
	sending->ctx = call->ctx;
	sending->arguments = call->arguments;
	if (sending->arguments[0] == NULL) {
		cmd_say("send: expected the program that sends mail after --, as in: send -- msmtp "
		        "-t");
		return STATUS_USAGE;
	}
	if (delivery_spool(&sending->spool, &length) != STATUS_OK) {
		cmd_say("send: the mail can't be read: %s; nothing was sent",
		        cmd_text(strerror(errno)));
		return STATUS_TRY_LATER;
	}
	char *head = talloc_zero_size(call->ctx, MAIL_HEAD_MAX + 1);
	ssize_t n = pread(sending->spool, head, MAIL_HEAD_MAX, 0);

	sending->header = header_split(head, n > 0 ? (size_t)n : 0, NULL);
	sending->recipients = recipients_of(call->ctx, sending->arguments + 1, sending->header);
	if (!may_go(sending))
		return STATUS_NOT_SENT;
	exit(send_mail(sending));
}

static const struct option options[] = {
        FLAG_OPTION("warn", struct sending, warn),
        LANGUAGE_OPTION,
        NO_OPTION,
};

const struct command command_send = {
        .name = "send",
        .arguments = "[OPTION]... -- SENDMAIL [ARGUMENT]...",
        .options = options,
        .size = sizeof(struct sending),
        .needs = USES_INDEX | NEEDS_WORDING | OPENS_LATER,
        .run = send_run,
};
