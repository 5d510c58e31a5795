/* notmuch bounce classify: says which mails are bounces, to whom, and why. */
#include <talloc.h>
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
static char *answer(const void *ctx, const struct classify *classify, const char *name,
        const struct judgement *judgement)
{
	switch (classify->format) {
	case 1: return print_json(ctx, name, judgement);
	case 2: return print_tags(ctx, judgement);
	case 3: return print_reason(ctx, judgement);
	case 4: return print_facts(ctx, name, judgement);
	default: return print_text(ctx, name, judgement, classify->style);
	}
}

static enum status classify_flush(struct classify *classify)
{
	enum status status = STATUS_OK;

	if (classify->gathered.length > 0)
		status = cmd_print(classify->gathered.text);
	classify->gathered.length = 0;
	return status;
}

static enum status classify_mail(void *argument, const char *name, const char *bytes, size_t length)
{
	struct classify *classify = argument;
	SCOPED void *scratch = talloc_new(classify->pool);
	struct judgement judgement;
	enum status status = judge_mail(scratch, classify->call->judge, bytes, length, &judgement);

	cmd_say_problems(classify->call->problems);
	if (status == STATUS_OK) {
		classify->mails++;
		classify->bounces += kind_is_bounce(judgement.facts->kind);
		buffer_add_string(&classify->gathered, answer(scratch, classify, name, &judgement));
		if (classify->gathered.length > GATHERED_MAX)
			status = classify_flush(classify);
		if (classify->mails % 64 == 0)
			cmd_progress("%zu mails, %zu bounces", classify->mails, classify->bounces);
	}
	classify->ended = status != STATUS_OK && status != STATUS_NOT_MAIL;
	return status;
}

/* Writes the answers that are left. Returns FIRST, the status so far, or else that of the writing.
 */
static enum status classify_end(struct classify *classify, enum status first)
{
	cmd_progress_clear();
	enum status status = classify->ended ? first : classify_flush(classify);

	return first != STATUS_OK ? first : status;
}

/* Judges folders, mailboxes and several files in this process, which from here on can open nothing
 * but these. */
static enum status classify_all(struct classify *classify, char **paths)
{
	const void *ctx = classify->call->ctx;
	enum status first = STATUS_OK;

	sandbox_limit(0);
	worker_load_all();
	module_seal(NULL);
	sandbox_enter(paths);
	if (classify->reply != NULL)
		return classify_end(
		        classify, cmd_replies(ctx, &classify->input, classify->reply, paths));
	for (; *paths != NULL && !classify->ended; paths++) {
		enum status status = input_walk(ctx, &classify->input, *paths);

		first = first == STATUS_OK ? status : first;
	}
	return classify_end(classify, first);
}

static void single_work(void *argument, int answer)
{
	struct classify *classify = argument;

	(void)answer;
	_exit(status_exit_code(
	        classify_end(classify, input_mail(&classify->input, &classify->single))));
}

/* Judges one mail, which was read whole, in a worker. Does not return. */
static enum status classify_single(struct classify *classify)
{
	const struct worker worker = {single_work, classify, -1, true};
	char *answer;
	int code;

	if (worker_run(classify->call->ctx, &worker, &answer, &code))
		_exit(code);
	cmd_say("%s: can't be judged: it takes too much time or memory", classify->single.name);
	_exit(status_exit_code(STATUS_TRY_LATER));
}

static enum status classify_run(struct call *call)
{
	struct classify *classify = call->options;
	char **paths = cmd_paths(call->arguments, classify->reply);
	enum status status = STATUS_OK;

	classify->call = call;
	classify->input = (struct input){classify_mail, cmd_complain, classify};
	classify->gathered = buffer_new(call->ctx);
	classify->style.colour = cmd_wants_colour();
	if (classify->format == 0 || call->language != NULL)
		status = cmd_wording(call, NULL);
	if (status != STATUS_OK)
		return status;
	classify->style.wording = call->wording;
	classify->pool = talloc_pool(call->ctx, JUDGE_SCRATCH_SIZE);
	call->judge = judge_open(call->ctx, call->problems);
	judge_gather(call->judge);
	if (!isatty(STDOUT_FILENO))
		cmd_progress_begin();
	if (classify->reply == NULL && paths[1] == NULL) {
		classify->single.name = paths[0];
		status = input_read(call->ctx, &classify->input, &classify->single);
	}
	if (status != STATUS_OK)
		return status;
	return classify->single.bytes != NULL ? classify_single(classify)
	                                      : classify_all(classify, paths);
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
