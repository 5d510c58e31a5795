/* notmuch bounce filter: passes a mail from stdin to stdout, byte for byte; a bounce gets our
 * header fields.
 *
 * The mail is judged in a process of its own, and passes whatever happens there. Nothing is written
 * before the judgement is known. If a write fails, the exit status makes procmail and maildrop keep
 * their own copy. */
#include <errno.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd.h"
#include "judge/worker.h"
#include "judge/bounce-header.h"
#include "judge/sandbox.h"

/* Judges MAIL in a worker. Returns false if it can't be judged. */
static bool filter_judge(
        const void *ctx, const struct worker_mail *mail, struct judgement_wire *judged)
{
	struct problems *problems = problems_new(ctx);
	bool is_judged = worker_judge(ctx, mail, problems, judged);

	cmd_say_problems(problems);
	if (!is_judged)
		cmd_say("the mail can't be judged; it passes as it came");
	return is_judged;
}

/* Writes MAIL with the fields ADDED to its HEADER, and then what is not read yet. */
static enum status filter_pass(const void *ctx, const struct worker_mail *mail,
        const struct bounce_header *header, const char *added)
{
	size_t length;
	char *edited = bounce_header_edit(ctx, mail->bytes, header, added, &length);
	enum status status = io_write(STDOUT_FILENO, edited, length);

	if (status == STATUS_OK)
		status = io_write(
		        STDOUT_FILENO, mail->bytes + header->end, mail->length - header->end);
	if (status == STATUS_OK && mail->length == MAIL_JUDGED_MAX)
		status = io_copy(STDIN_FILENO, STDOUT_FILENO);
	/* Some file systems report only now that the disk is full. */
	if (status == STATUS_OK && close(STDOUT_FILENO) != 0)
		status = io_write_failure();
	return status;
}

static enum status filter_mail(const void *ctx)
{
	struct worker_mail mail = {.spool = -1};
	struct judgement_wire judged;
	char *bytes;
	enum status status = io_read_all(ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &bytes, &mail.length);

	if (status != STATUS_OK)
		return status;
	mail.bytes = bytes;
	bool is_judged = filter_judge(ctx, &mail, &judged);

	/* This process looks at the header only now. */
	sandbox_limit(PROCESSOR_SECONDS_MAX);
	sandbox_enter(NULL);
	const struct bounce_header header = bounce_header_find(mail.bytes, mail.length);

	return filter_pass(ctx, &mail, &header,
	        is_judged && header.end > header.start
	                ? bounce_header_fields(ctx, &judged.judgement, header.eol)
	                : "");
}

static enum status filter_run(struct call *call)
{
	enum status status;

	io_widen(STDIN_FILENO);
	io_widen(STDOUT_FILENO);
	status = filter_mail(call->ctx);
	if (status == STATUS_IO || status == STATUS_DISK_FULL)
		cmd_say("the mail did not get through: %s", strerror(errno));
	io_drain(STDIN_FILENO);
	return status;
}

static const struct option options[] = {NO_OPTION};

const struct command command_filter = {
        .name = "filter",
        .arguments = "<MAIL",
        .options = options,
        .takes_stdin = true,
        .is_logged = true,
        .run = filter_run,
};
