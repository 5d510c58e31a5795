/* notmuch bounce classify: says which mails are bounces, to whom, and why. */
#include <unistd.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/module.h"
#include "commands/cmd.h"
#include "commands/command.h"
#include "commands/print.h"
#include "judge/worker.h"
#include "judge/sandbox.h"

/* Answers are collected until they have so many bytes. An answer is written whole or not at all. */
#define GATHERED_MAX (32u << 10)

struct classify {
	/* Options. */
	size_t format;
	struct print_style style;
	/* a server's reply; "": the input has replies; NULL: it has mails */
	const char *reply;

	struct call *call;
	struct input input;
	void *pool;               /* the memory for one mail, used again for the next */
	struct input_mail single; /* the only mail; no bytes: there are more */
	struct buffer gathered;   /* answers that are not yet written */
	size_t mails, bounces;
	bool ended; /* an answer could not be given: the rest is not read */
};

/* The cases are in the order of the values of --format. */
static char *answer(const void *ctx, const struct classify *run, const char *name,
        const struct judgement *judgement)
{
	switch (run->format) {
	case 1: return print_json(ctx, name, judgement);
	case 2: return print_tags(ctx, judgement);
	case 3: return print_reason(ctx, judgement);
	case 4: return print_facts(ctx, name, judgement);
	default: return print_text(ctx, name, judgement, run->style);
	}
}

static enum status classify_flush(struct classify *run)
{
	enum status status = STATUS_OK;

	if (run->gathered.length > 0)
		status = cmd_print(run->gathered.text);
	run->gathered.length = 0;
	return status;
}

static enum status classify_mail(void *argument, const char *name, const char *bytes, size_t length)
{
	struct classify *run = argument;
	SCOPED void *scratch = talloc_new(run->pool);
	struct judgement judgement;
	enum status status = judge_mail(scratch, run->call->judge, bytes, length, &judgement);

	cmd_say_problems(run->call->problems);
	if (status == STATUS_OK) {
		run->mails++;
		run->bounces += kind_is_bounce(judgement.facts->kind);
		buffer_add_string(&run->gathered, answer(scratch, run, name, &judgement));
		if (run->gathered.length > GATHERED_MAX)
			status = classify_flush(run);
		if (run->mails % 64 == 0)
			cmd_progress("%zu mails, %zu bounces", run->mails, run->bounces);
	}
	run->ended = status != STATUS_OK && status != STATUS_NOT_MAIL;
	return status;
}

/* Writes the answers that are left. Returns FIRST, the status so far, or else that of the writing.
 */
static enum status classify_end(struct classify *run, enum status first)
{
	cmd_progress_clear();
	enum status status = run->ended ? first : classify_flush(run);

	return first != STATUS_OK ? first : status;
}

/* Judges folders, mailboxes and several files in this process, which from here on can open nothing
 * but these. */
static enum status classify_all(struct classify *run, char **paths)
{
	const void *ctx = run->call->ctx;
	enum status first = STATUS_OK;

	sandbox_limit(0);
	worker_load_all();
	module_seal(NULL);
	sandbox_enter(paths);
	if (run->reply != NULL)
		return classify_end(run, cmd_replies(ctx, &run->input, run->reply, paths));
	for (; *paths != NULL && !run->ended; paths++) {
		enum status status = input_walk(ctx, &run->input, *paths);

		first = first == STATUS_OK ? status : first;
	}
	return classify_end(run, first);
}

static void single_work(void *argument, int answer)
{
	struct classify *run = argument;

	(void)answer;
	_exit(status_exit_code(classify_end(run, input_mail(&run->input, &run->single))));
}

/* Judges one mail, which was read whole, in a worker. Does not return. */
static enum status classify_single(struct classify *run)
{
	const struct worker worker = {single_work, run, -1, true};
	char *answer;
	int code;

	if (worker_run(run->call->ctx, &worker, &answer, &code))
		_exit(code);
	cmd_say("%s: can't be judged: it takes too much time or memory", run->single.name);
	_exit(status_exit_code(STATUS_TRY_LATER));
}

static enum status classify_run(struct call *call)
{
	struct classify *run = call->options;
	char **paths = cmd_paths(call->arguments, run->reply);
	enum status status = STATUS_OK;

	run->call = call;
	run->input = (struct input){classify_mail, cmd_complain, run};
	run->gathered = buffer_new(call->ctx);
	run->style.colour = cmd_wants_colour();
	if (run->format == 0 || call->language != NULL)
		status = cmd_wording(call, NULL);
	if (status != STATUS_OK)
		return status;
	run->style.wording = call->wording;
	run->pool = talloc_pool(call->ctx, JUDGE_SCRATCH_SIZE);
	call->judge = judge_open(call->ctx, call->problems);
	judge_gather(call->judge);
	if (!isatty(STDOUT_FILENO))
		cmd_progress_begin();
	if (run->reply == NULL && paths[1] == NULL) {
		run->single.name = paths[0];
		status = input_read(call->ctx, &run->input, &run->single);
	}
	if (status != STATUS_OK)
		return status;
	return run->single.bytes != NULL ? classify_single(run) : classify_all(run, paths);
}

static const struct option options[] = {
        CHOICE_OPTION("format", OPTION_CHOICE, struct classify, format, "FORMAT",
                "text json tags reason facts"),
        FLAG_OPTION("why", struct classify, style.why),
        LANGUAGE_OPTION,
        VALUE_OPTION("reply", OPTION_MAYBE, struct classify, reply, "LINE"),
        NO_OPTION,
};

const struct command command_classify = {
        .name = "classify",
        .arguments = "[OPTION]... [FILE|DIR|MBOX|-]...",
        .options = options,
        .size = sizeof(struct classify),
        .run = classify_run,
};
