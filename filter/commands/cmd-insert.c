/* notmuch bounce insert: delivers a mail through `notmuch insert`, a bounce with its tags, and
 * links it to the mail that it is about.
 *
 * There are three processes. This one never looks into the mail: it takes the mail in, hands it to
 * notmuch, and returns whether it is delivered. Another judges the mail in a sandbox. The third
 * writes to the index once the mail is delivered. Whatever happens to these two, the mail is
 * delivered. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/child.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/module.h"
#include "commands/cmd.h"
#include "index/delivery.h"
#include "judge/worker.h"
#include "judge/judge.h"

/* The mail, and what is known about it. */
struct insertion {
	char **arguments;
	struct insert_record record;
	int go; /* a byte written here tells the recording process that the mail is delivered */
};

/* Returns the mail's tags, owned by the record's context; none if it can't be judged. */
static const char **insertion_judge(struct insertion *insertion)
{
	struct insert_record *record = &insertion->record;
	const struct worker_mail mail = {.length = record->length, .spool = record->spool};
	struct problems *problems = problems_new(record->ctx);

	record->is_judged = worker_judge(record->ctx, &mail, problems, &record->judged) &&
	                    record->judged.id != NULL;
	cmd_say_problems(problems);
	if (record->is_judged)
		return judgement_tags(record->ctx, &record->judged.judgement);
	cmd_say("insert: the mail can't be judged; it is delivered as it is");
	return talloc_zero_array(record->ctx, const char *, 1);
}

/* Returns the arguments of `notmuch insert`: the options of ARGUMENTS, our TAGS, and the user's
 * tags. */
static char **insert_arguments(const void *ctx, char **arguments, const char **tags)
{
	char **all = list_new(ctx);

	list_add(ctx, &all, "notmuch");
	list_add(ctx, &all, "insert");
	for (; *arguments != NULL && !delivery_is_tag_change(*arguments); arguments++)
		list_add(ctx, &all, *arguments);
	for (; *tags != NULL; tags++)
		list_add(ctx, &all, talloc_asprintf(ctx, "+%s", *tags));
	for (; *arguments != NULL; arguments++)
		list_add(ctx, &all, *arguments);
	return all;
}

static void record_run(void *argument, int answer)
{
	struct insertion *insertion = argument;
	const struct index_module *module;

	close(insertion->go);
	module = module_load("index");
	if (module != NULL)
		module->record(&insertion->record, answer);
	else
		cmd_say("insert: the index can't be told of the mail: %s", module_missing());
}

static struct child record_start(struct insertion *insertion)
{
	struct child recording = {.pid = 0, .answer = -1};
	int go[2];

	if (pipe2(go, O_CLOEXEC) != 0)
		return recording;
	insertion->record.go = go[0];
	insertion->go = go[1];
	recording = child_start(record_run, insertion);
	close(go[0]);
	return recording;
}

/* Returns the seconds to wait for the lock, as the recording process answers, or the default if it
 * doesn't. Allocates nothing, because a lack of memory must not end the program while the mail is
 * being delivered. */
static unsigned record_timeout(const struct child *recording)
{
	char line[16];
	bool is_told = child_line(recording, child_clock() + 1000LL * JUDGE_SECONDS_MAX, line,
	                       sizeof line) &&
	               line[0] != '\0';

	return is_told ? (unsigned)strtoul(line, NULL, 10) : LOCK_TIMEOUT_DEFAULT;
}

/* Lets the recording process write to the index, and waits for it. The mail is delivered, so a
 * failure is only a message. */
static void record_end(struct insertion *insertion, struct child *recording, unsigned timeout)
{
	const char *last;

	if (recording->pid > 0) {
		(void)io_write(insertion->go, "d", 1); /* it may have ended already */
		close(insertion->go);
	}
	last = child_answer(insertion->record.ctx, recording, sizeof "\n",
	        child_clock() + 1000LL * (timeout + JUDGE_SECONDS_MAX));
	if (last == NULL || last[0] == '\0')
		cmd_say("insert: delivered, but the index was not told what it is; notmuch-bounce "
		        "tag does that");
	child_end(recording);
}

static void end_delivered(void)
{
	_exit(status_exit_code(STATUS_OK));
}

static enum status insert_deliver(struct insertion *insertion)
{
	const struct insert_record *record = &insertion->record;
	char **all =
	        insert_arguments(record->ctx, insertion->arguments, insertion_judge(insertion));
	struct child recording = record_start(insertion);
	struct delivery *delivery;
	const char *why;
	unsigned timeout;
	enum status status =
	        delivery_start(record->ctx, all, record->spool, record->length, &delivery, &why);

	if (status == STATUS_OK) {
		timeout = record_timeout(&recording);
		status = delivery_end(delivery, timeout, recording.pid, &why);
	}
	if (status != STATUS_OK) {
		cmd_say("insert: not delivered: %s", why);
		child_end(&recording);
		return status;
	}
	if (why != NULL)
		cmd_say("insert: %s", why);
	memory_on_out(end_delivered);
	record_end(insertion, &recording, timeout);
	return STATUS_OK;
}

static enum status insert_run(struct call *call)
{
	struct insertion insertion = {.arguments = call->arguments, .record = {.ctx = call->ctx}};
	struct insert_record *record = &insertion.record;
	enum status status = delivery_spool(&record->spool, &record->length);

	if (status != STATUS_OK || record->length == 0) {
		cmd_say("insert: not delivered: %s",
		        status != STATUS_OK ? strerror(errno)
		                            : "there is no mail on standard input");
		io_drain(STDIN_FILENO);
		return STATUS_NOT_DELIVERED;
	}
	/* Whatever the failure, the delivery agent is to keep the mail and try again. */
	return insert_deliver(&insertion) == STATUS_OK ? STATUS_OK : STATUS_NOT_DELIVERED;
}

/* The options of notmuch insert. */
static const struct option options[] = {
        VALUE_OPTION("folder", OPTION_VALUE, struct call, arguments, "FOLDER"),
        FLAG_OPTION("create-folder", struct call, arguments),
        FLAG_OPTION("keep", struct call, arguments),
        FLAG_OPTION("no-hooks", struct call, arguments),
        CHOICE_OPTION("decrypt", OPTION_CHOICE, struct call, arguments, "VALUE",
                "true false auto nostash"),
        FLAG_OPTION("world-readable", struct call, arguments),
        NO_OPTION,
};

const struct command command_insert = {
        .name = "insert",
        .arguments = "[OPTION]... [+TAG|-TAG]... <MAIL",
        .options = options,
        .passes_all = true,
        .is_logged = true,
        .run = insert_run,
};
