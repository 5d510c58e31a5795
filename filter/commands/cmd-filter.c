/* notmuch bounce filter: a mail from stdin to stdout, byte for byte, with our header fields if it is a bounce.
 *
 * Nothing is written before all that is needed is known; whatever fails before that leaves the mail as it came. Every write is checked: a
 * failure ends in a status that makes procmail and maildrop keep their own copy. */
#include <errno.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "commands/cmd.h"
#include "judge/header.h"
#include "judge/judge.h"
#include "judge/sandbox.h"
#include "judge/tags.h"

/* The mail that passes through: its first bytes, and whether more follow. */
struct passage {
	char *bytes;
	size_t length;
	bool ended;
};

/* Read on until SIZE bytes are there or the mail ends. */
static enum status passage_read(const void *ctx, struct passage *passage, size_t size)
{
	enum status status;
	size_t n;

	if (passage->ended || passage->length >= size)
		return STATUS_OK;
	passage->bytes = talloc_realloc_size(ctx, passage->bytes, size + 1);
	status = io_read(STDIN_FILENO, passage->bytes + passage->length, size - passage->length, &n);
	passage->length += n;
	passage->ended = passage->length < size;
	passage->bytes[passage->length] = '\0';
	return status;
}

/* Read at least the whole header, as far as the cap allows. */
static enum status passage_read_header(const void *ctx, struct passage *passage, struct header *header)
{
	enum status status = passage_read(ctx, passage, MAIL_HEAD_MAX);

	*header = header_find(passage->bytes, passage->length);
	if (status == STATUS_OK && !header->complete && !passage->ended) {
		status = passage_read(ctx, passage, MAIL_JUDGED_MAX);
		*header = header_find(passage->bytes, passage->length);
	}
	return status;
}

/* What is found out about it. */
struct judging {
	const void *ctx;
	struct passage *passage;
	const char *eol, *added;
	enum status status;
};

/* The fields to add; empty when the mail is no bounce, or when anything keeps us from judging it. */
static const char *passage_judge(const void *ctx, struct passage *passage, const char *eol, enum status *status)
{
	struct problems *problems = problems_new(ctx);
	struct judge *judge = judge_open(ctx, problems);
	struct judgement judgement;
	const char *added = "";

	judge_gather(judge);
	cmd_say_problems(problems);
	/* What is in the mail is looked at only from here on. Standard input and output are open, and nothing else will be. */
	sandbox_enter(SANDBOX_SEALED);
	/* A mail that is here in full is judged at once: that asks the same first. */
	if (!passage->ended && !judge_is_worth_it(ctx, judge, passage->bytes, passage->length))
		return "";
	*status = passage_read(ctx, passage, MAIL_JUDGED_MAX);
	if (*status != STATUS_OK)
		return "";
	if (judge_mail(ctx, judge, passage->bytes, passage->length, &judgement) == STATUS_OK)
		added = tags_header(ctx, &judgement, eol);
	cmd_say_problems(problems);
	return added;
}

static void judge_try(void *argument)
{
	struct judging *judging = argument;

	judging->added = passage_judge(judging->ctx, judging->passage, judging->eol, &judging->status);
}

static enum status passage_write(const void *ctx, struct passage *passage, const struct header *header, const char *added)
{
	size_t length;
	char *edited = header_edit(ctx, passage->bytes, header, added, &length);
	enum status status = io_write(STDOUT_FILENO, edited, length);

	if (status == STATUS_OK)
		status = io_write(STDOUT_FILENO, passage->bytes + header->end, passage->length - header->end);
	if (status == STATUS_OK && !passage->ended)
		status = io_copy(STDIN_FILENO, STDOUT_FILENO); /* what is not read yet goes straight through */
	/* Some file systems tell only now that the disk is full. */
	if (status == STATUS_OK && close(STDOUT_FILENO) != 0)
		status = io_write_failure();
	return status;
}

static enum status filter_run(const void *ctx, char **arguments)
{
	const struct option options[] = {{.name = NULL}};
	struct passage passage = {.bytes = NULL};
	struct header header;
	struct judging judging = {.ctx = ctx, .passage = &passage, .added = ""};
	enum status status = cmd_options("filter", arguments, options);

	if (status == STATUS_OK && arguments[0] != NULL) {
		cmd_say("filter reads standard input and takes no file: notmuch-bounce filter <%s", arguments[0]);
		status = STATUS_USAGE;
	}
	if (status != STATUS_OK)
		return status;
	sandbox_limit(PROCESSOR_SECONDS_MAX);
	io_widen(STDIN_FILENO);
	io_widen(STDOUT_FILENO);
	status = passage_read_header(ctx, &passage, &header);
	if (status == STATUS_OK && header.end > header.start) {
		judging.eol = header.eol;
		/* Without the memory to judge it, it passes as it came. */
		status = memory_try(judge_try, &judging) ? judging.status : STATUS_OK;
	}
	if (status == STATUS_OK)
		status = passage_write(ctx, &passage, &header, judging.added);
	if (status == STATUS_IO || status == STATUS_DISK_FULL)
		cmd_say("the mail did not get through: %s", strerror(errno));
	io_drain(STDIN_FILENO);
	return status;
}

const struct command command_filter = {
        .name = "filter",
        .arguments = "<MAIL",
        .summary = "pass a mail on from stdin to stdout, a bounce with X-Bounce fields",
        .help = "For procmail (:0fw) and maildrop (xfilter). Ordinary mail passes unchanged.\n"
                "X-Bounce fields that came with the mail are removed.\n",
        .run = filter_run,
};
