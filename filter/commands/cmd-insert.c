/* notmuch bounce insert: deliver a mail through `notmuch insert`, a bounce with its tags, and tie it to the mail it is about.
 *
 * Several processes. One never looks into the mail: it takes it in, hands it to notmuch and answers for it. Another judges it, where it can do no harm, and
 * hands back what it is. The third writes to the index once the mail is delivered. Whatever becomes of these two, the mail is delivered all the same. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>
#include <unistd.h>

#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "commands/cmd-delivered.h"
#include "commands/cmd-helper.h"
#include "commands/cmd.h"
#include "index/delivery.h"
#include "index/settings.h"
#include "judge/tags.h"

/* The mail, and what is found out about it. */
struct insertion {
	const void *ctx;
	int spool;
	size_t length;
	char **arguments;
	struct handover handover;
	bool is_judged;
	int go[2]; /* the recording process is told here that the mail is delivered */
};

static void judge(void *argument, int answer)
{
	struct insertion *insertion = argument;
	char *text;

	/* Who breaks in here must not be able to touch the mail that is delivered. */
	if (!delivery_spool_to_read(insertion->spool))
		return;
	alarm(JUDGE_SECONDS_MAX);
	if (delivered_judge(insertion->ctx, insertion->spool, insertion->length, &text) == STATUS_OK)
		(void)io_write(answer, text, strlen(text));
}

/* Take the judgement over: only what makes sense is believed, and tags come from our own table. The tags, owned by CTX; none if it can't be judged. */
static const char **judge_end(struct insertion *insertion, struct helper *judging)
{
	char *text = helper_answer(insertion->ctx, judging, JUDGE_SECONDS_MAX);

	helper_end(judging);
	insertion->is_judged =
	        text != NULL && handover_read(insertion->ctx, text, strlen(text), &insertion->handover) == STATUS_OK;
	if (insertion->is_judged)
		return tags_list(insertion->ctx, &insertion->handover.judgement);
	cmd_say("insert: the mail can't be judged; it is delivered as it is");
	return talloc_zero_array(insertion->ctx, const char *, 1);
}

/* `notmuch insert` with the options of ARGUMENTS, our TAGS, and the user's. */
static char **insert_arguments(const void *ctx, char **arguments, const char **tags)
{
	size_t n = 0, i, j, count = list_length(arguments), tag_count = 0;
	bool ours = false;
	char **all;

	while (tags[tag_count] != NULL)
		tag_count++;
	all = talloc_zero_array(ctx, char *, (unsigned)(count + tag_count + 3));
	all[n++] = talloc_strdup(all, "notmuch");
	all[n++] = talloc_strdup(all, "insert");
	for (i = 0; i <= count; i++) {
		bool tag = i == count || delivered_is_tag_change(arguments[i]);

		for (j = 0; tag && !ours && tags[j] != NULL; j++)
			all[n++] = talloc_asprintf(all, "+%s", tags[j]);
		ours = ours || tag;
		if (i < count)
			all[n++] = arguments[i];
	}
	return all;
}

/* What can be done in the index before the mail is delivered is done while it is. First of all the one that answers for the mail is told, in a line, how long it may
 * wait for the index: libnotmuch ends a program that it gets no memory in, so he does not look himself. A last line says that nothing went wrong; most mail has
 * nothing to be written down, and it comes at once. */
static void record(void *argument, int answer)
{
	struct insertion *insertion = argument;
	const char *why = NULL;
	struct delivered *delivered = delivered_open(insertion->ctx, insertion->arguments, &why);
	char text[16] = "\n", word;
	size_t n;

	close(insertion->go[1]);
	if (delivered != NULL)
		snprintf(text, sizeof text, "%u\n", delivered_lock_timeout(delivered));
	(void)io_write(answer, text, strlen(text));
	if (delivered == NULL || (insertion->is_judged && delivered_prepare(delivered, &insertion->handover))) {
		if (io_read(insertion->go[0], &word, 1, &n) != STATUS_OK || n == 0)
			return; /* not delivered: notmuch says why */
		if (delivered != NULL)
			delivered_finish(delivered);
		else
			cmd_say("insert: delivered, but the index was not told what it is: %s", why);
	}
	(void)io_write(answer, "\n", 1);
}

static struct helper record_start(struct insertion *insertion)
{
	struct helper recording = {.pid = 0, .answer = -1};

	if (pipe2(insertion->go, O_CLOEXEC) != 0)
		return recording;
	recording = helper_start(record, insertion);
	close(insertion->go[0]);
	return recording;
}

/* While the mail is being delivered nothing may make us give up, want of memory neither. */
static unsigned record_timeout(const struct helper *recording)
{
	char line[16];
	bool is_told = helper_line(recording, JUDGE_SECONDS_MAX, line, sizeof line) && line[0] != '\0';

	return is_told ? (unsigned)strtoul(line, NULL, 10) : settings_default.lock_timeout;
}

/* Let it write to the index what became of the mail. Nothing that happens there matters any more. */
static void record_end(struct insertion *insertion, struct helper *recording, unsigned timeout)
{
	const char *last;

	if (recording->pid > 0) {
		(void)io_write(insertion->go[1], "d", 1); /* it may have gone already */
		close(insertion->go[1]);
	}
	last = helper_answer(insertion->ctx, recording, timeout + JUDGE_SECONDS_MAX);
	if (last == NULL || last[0] == '\0')
		cmd_say("insert: delivered, but the index was not told what it is; notmuch-bounce tag does that");
	helper_end(recording);
}

static void end_delivered(void)
{
	_exit(status_exit_code(STATUS_OK));
}

static enum status insert_deliver(struct insertion *insertion)
{
	const void *ctx = insertion->ctx;
	struct helper judging = helper_start(judge, insertion);
	char **all = insert_arguments(ctx, insertion->arguments, judge_end(insertion, &judging));
	struct helper recording = record_start(insertion);
	struct delivery *delivery;
	const char *why;
	unsigned timeout;
	enum status status = delivery_start(ctx, all, insertion->spool, &delivery, &why);

	if (status == STATUS_OK) {
		timeout = record_timeout(&recording);
		status = delivery_end(delivery, timeout, &why);
	}
	if (status != STATUS_OK) {
		cmd_say("insert: not delivered: %s", why);
		helper_end(&recording);
		return status;
	}
	memory_on_out(end_delivered);
	record_end(insertion, &recording, timeout);
	return STATUS_OK;
}

static enum status insert_run(const void *ctx, char **arguments)
{
	struct insertion insertion = {.ctx = ctx, .arguments = arguments};
	enum status status = delivery_spool(STDIN_FILENO, &insertion.spool, &insertion.length);

	if (status != STATUS_OK || insertion.length == 0) {
		cmd_say("insert: not delivered: %s",
		        status != STATUS_OK ? strerror(errno) : "there is no mail on standard input");
		io_drain(STDIN_FILENO);
		return STATUS_NOT_DELIVERED;
	}
	/* Whatever is wrong, the delivery agent is to keep the mail and come again. */
	return insert_deliver(&insertion) == STATUS_OK ? STATUS_OK : STATUS_NOT_DELIVERED;
}

const struct command command_insert = {
        .name = "insert",
        .arguments = "[notmuch insert's options] [+TAG|-TAG]... <MAIL",
        .summary = "deliver a mail through notmuch insert, a bounce with its tags",
        .help = "For procmail (:0w) and maildrop (to \"|...\"). All arguments go to notmuch insert.\n"
                "Exit status 0: delivered, once. 75: not delivered; keep the mail and try again.\n",
        .run = insert_run,
};
