/* notmuch bounce filter: passes a mail from stdin to stdout, byte for byte; a bounce gets our
 * header fields.
 *
 * The mail is judged in a process of its own, and passes whatever happens there. Nothing is written
 * before all that is needed is known. Every write is checked: a failure ends in a status that makes
 * procmail and maildrop keep their own copy. */
#include <errno.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd.h"
#include "judge/worker.h"
#include "judge/bounce-header.h"
#include "judge/sandbox.h"

/* The first MAIL_JUDGED_MAX bytes of the mail that passes through, or all of it. */
struct passage {
	char *bytes;
	size_t length;
};

/* Judges the mail in a worker. Returns false if it can't be judged. */
static bool passage_judge(
        const void *ctx, const struct passage *passage, struct judgement_wire *judged)
{
	const struct worker_mail mail = {
	        .bytes = passage->bytes, .length = passage->length, .spool = -1};
	struct problems *problems = problems_new(ctx);
	bool is_judged = worker_judge(ctx, &mail, problems, judged);

	cmd_say_problems(problems);
	if (!is_judged)
		cmd_say("the mail can't be judged; it passes as it came");
	return is_judged;
}

static enum status passage_write(const void *ctx, const struct passage *passage,
        const struct bounce_header *header, const char *added)
{
	size_t length;
	char *edited = bounce_header_edit(ctx, passage->bytes, header, added, &length);
	enum status status = io_write(STDOUT_FILENO, edited, length);

	if (status == STATUS_OK)
		status = io_write(
		        STDOUT_FILENO, passage->bytes + header->end, passage->length - header->end);
	if (status == STATUS_OK && passage->length == MAIL_JUDGED_MAX)
		/* the rest, which is not read yet, goes straight through */
		status = io_copy(STDIN_FILENO, STDOUT_FILENO);
	/* Some file systems report only now that the disk is full. */
	if (status == STATUS_OK && close(STDOUT_FILENO) != 0)
		status = io_write_failure();
	return status;
}

static enum status filter_mail(const void *ctx)
{
	struct passage passage;
	enum status status =
	        io_read_all(ctx, STDIN_FILENO, MAIL_JUDGED_MAX, &passage.bytes, &passage.length);
	struct judgement_wire judged;
	struct bounce_header header;
	const char *added = "";
	bool is_judged;

	if (status != STATUS_OK)
		return status;
	is_judged = passage_judge(ctx, &passage, &judged);
	/* This process looks at the header only now. */
	sandbox_limit(PROCESSOR_SECONDS_MAX);
	sandbox_enter(NULL);
	header = bounce_header_find(passage.bytes, passage.length);
	if (is_judged && header.end > header.start)
		added = bounce_header_fields(ctx, &judged.judgement, header.eol);
	return passage_write(ctx, &passage, &header, added);
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
