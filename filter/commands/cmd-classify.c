/* notmuch bounce classify: says which mails are bounces, to whom, and why. */
#include <fcntl.h>
#include <glib.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/child.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/module.h"
#include "commands/cmd.h"
#include "commands/command.h"
#include "commands/print.h"
#include "judge/sandbox.h"
#include "judge/worker.h"

/* Answers are collected until they have so many bytes. An answer is written whole or not at all. */
#define GATHERED_MAX (64u << 10)

/* So many files are found before they are judged, and so many in a row are judged by one process. */
#define FOUND_MAX 4096
#define BLOCK 32

struct progress {
	size_t mails, bounces;
	size_t seen;       /* see input_file() */
	enum status first; /* failure */
	bool has_ended;    /* an answer could not be given: the rest is not read */
};

/* What several processes share. One that reads mails may be broken into, so all of this may lie. */
struct shared {
	struct progress progress;    /* up to what is written */
	size_t reads[PROCESSES_MAX]; /* the file that each of them reads */
};

/* One of several processes that judge blocks of files. They work at once, but write in turn. */
struct member {
	struct child child; /* answers that its turn is over */
	int turn;           /* where it is told that it is its turn */
};

struct classify {
	/* Options. */
	size_t format;
	struct print_style style;
	/* a server's reply; "": the input has replies; NULL: it has mails */
	const char *reply;

	struct call *call;
	char **paths;
	struct input input;
	void *pool;               /* the memory for one mail, used again for the next */
	struct input_mail single; /* the only mail; no bytes: there are more */
	struct input_file *files; /* found, and not yet judged */
	size_t count;
	struct buffer gathered; /* answers that are not yet written */
	struct shared *shared;
	struct progress block;     /* before it is this process' turn */
	struct progress *progress; /* one of these two */
	bool in_sandbox;           /* this process, which judges all from here on */
	size_t crew, self;         /* of how many processes this is which */
	int turn;                  /* see struct member */
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

static void classify_fail(struct classify *run, enum status status)
{
	if (run->progress->first == STATUS_OK)
		run->progress->first = status;
}

static void classify_show(const struct classify *run)
{
	cmd_progress("%zu mails, %zu bounces", run->progress->mails, run->progress->bounces);
}

/* Waits until this process may write. */
static void classify_wait(struct classify *run)
{
	size_t length = 1;
	char byte;

	if (run->progress == &run->shared->progress)
		return;
	if (io_read(run->turn, &byte, 1, &length) != STATUS_OK || length < 1)
		_exit(0); /* nobody waits for the answer any more */
	run->progress = &run->shared->progress;
	run->progress->mails += run->block.mails;
	run->progress->bounces += run->block.bounces;
	run->progress->seen += run->block.seen;
	classify_fail(run, run->block.first);
	classify_show(run); /* so that this process knows what it has to remove */
}

static enum status classify_flush(struct classify *run)
{
	enum status status = STATUS_OK;

	classify_wait(run);
	if (run->gathered.length > 0 && !run->progress->has_ended)
		status = cmd_print(run->gathered.text);
	run->gathered.length = 0;
	run->progress->has_ended = run->progress->has_ended || status != STATUS_OK;
	classify_fail(run, status);
	return status;
}

static enum status classify_mail(void *argument, const char *name, const char *bytes, size_t length)
{
	struct classify *run = argument;
	SCOPED void *scratch = talloc_new(run->pool);
	struct judgement judgement;
	enum status status = judge_mail(scratch, run->call->judge, bytes, length, &judgement);

	if (status != STATUS_OK)
		return status;
	run->progress->mails++;
	run->progress->bounces += kind_is_bounce(judgement.facts->kind);
	buffer_add_string(&run->gathered, answer(scratch, run, name, &judgement));
	return run->gathered.length > GATHERED_MAX ? classify_flush(run) : STATUS_OK;
}

static void classify_complain(void *argument, const char *name, const char *what)
{
	classify_wait(argument);
	cmd_complain(NULL, name, what);
}

/* Judges the files FROM to FROM + BLOCK, and writes the answers. */
static void classify_block(struct classify *run, size_t from)
{
	for (size_t i = from; i < MIN(from + BLOCK, run->count) && !run->progress->has_ended; i++) {
		const struct input_file *file = &run->files[i];

		run->shared->reads[run->self] = i;
		/* All mails of a folder count at its end, and standard input can be read once. */
		if (file->place == INPUT_FOLDER_ENDS || strcmp(file->path, "-") == 0)
			classify_wait(run);
		classify_fail(run, input_file(&run->input, file, &run->progress->seen));
	}
	classify_flush(run);
	classify_show(run);
}

static void member_work(void *argument, int answer)
{
	struct classify *run = argument;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sandbox_close_others(run->turn, answer);
	sandbox_enter(run->paths);
	for (size_t i = run->self * BLOCK; i < run->count; i += run->crew * BLOCK) {
		run->block = (struct progress){.first = STATUS_OK};
		run->progress = &run->block;
		classify_block(run, i);
		(void)io_write(answer, "", 1);
	}
}

static struct member member_start(struct classify *run)
{
	struct member member = {{0, -1}, -1};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) == 0) {
		run->turn = ends[0];
		member = (struct member){child_start(member_work, run), ends[1]};
		close(ends[0]);
	}
	return member;
}

/* Lets each of the CREW write in its turn. If one dies, the program ends. */
static void crew_take_turns(struct classify *run, const struct member *crew)
{
	for (size_t i = 0; i < run->count && !run->progress->has_ended; i += BLOCK) {
		size_t member = i / BLOCK % run->crew, length = 0, at;
		char byte;

		(void)io_write(crew[member].turn, "", 1);
		(void)io_read(crew[member].child.answer, &byte, 1, &length);
		if (length < 1) {
			at = CLAMP(run->shared->reads[member], i, MIN(i + BLOCK, run->count) - 1);
			cmd_say("%s: can't be judged: it takes too much time or memory",
			        run->files[at].path);
			_exit(status_exit_code(STATUS_TRY_LATER));
		}
		classify_show(run);
	}
}

/* Judges the files found so far in several processes. Returns false if these are not to be had. */
static bool crew_judge(struct classify *run)
{
	struct member crew[PROCESSES_MAX];
	bool fine = true;

	for (run->self = 0; fine && run->self < run->crew; run->self++) {
		crew[run->self] = member_start(run);
		fine = crew[run->self].child.pid > 0;
	}
	if (fine)
		crew_take_turns(run, crew);
	while (run->self > 0) {
		child_end(&crew[--run->self].child);
		close(crew[run->self].turn);
	}
	return fine;
}

/* Returns how many processes can work at once. */
static size_t processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof set, &set) == 0 ? (size_t)CPU_COUNT(&set) : 1;
}

/* Judges the files found so far. If there are few, this process does, and can open no others from
 * then on. */
static void classify_found(struct classify *run)
{
	run->crew = MIN(MIN(processors(), PROCESSES_MAX), run->count / BLOCK);
	if (run->in_sandbox || run->crew < 2 || !crew_judge(run)) {
		if (!run->in_sandbox)
			sandbox_enter(run->paths);
		run->in_sandbox = true;
		for (size_t i = 0; i < run->count && !run->progress->has_ended; i += BLOCK)
			classify_block(run, i);
	}
	TALLOC_FREE(run->files);
	run->count = 0;
}

static bool classify_later(void *argument, const struct input_file *file)
{
	struct classify *run = argument;

	if (run->files == NULL)
		run->files = talloc_array(run->call->ctx, struct input_file, FOUND_MAX);
	run->files[run->count++] =
	        (struct input_file){talloc_strdup(run->files, file->path), file->place};
	if (run->count == FOUND_MAX)
		classify_found(run);
	return !run->progress->has_ended;
}

/* Judges folders, mailboxes and several files. */
static enum status classify_all(struct classify *run)
{
	enum status status;

	sandbox_limit(0);
	worker_load_all();
	module_seal(NULL);
	if (run->reply != NULL) {
		sandbox_enter(run->paths);
		status = cmd_replies(run->call->ctx, &run->input, run->reply, run->paths);
		classify_fail(run, status);
		classify_flush(run);
	} else {
		for (char **path = run->paths; *path != NULL && !run->progress->has_ended; path++)
			input_find(*path, classify_later, run);
		classify_found(run);
	}
	cmd_progress_clear();
	return MIN(run->progress->first, STATUS_REFUSED);
}

static void single_work(void *argument, int answer)
{
	struct classify *run = argument;

	(void)answer;
	classify_fail(run, input_mail(&run->input, &run->single));
	classify_flush(run);
	_exit(status_exit_code(run->progress->first));
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
	enum status status = STATUS_OK;

	run->call = call;
	run->paths = cmd_paths(call->arguments, run->reply);
	run->input = (struct input){classify_mail, classify_complain, run};
	run->shared = mmap(NULL, sizeof *run->shared, PROT_READ | PROT_WRITE,
	        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (run->shared == MAP_FAILED)
		return STATUS_TRY_LATER;
	run->progress = &run->shared->progress;
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
	cmd_say_problems(call->problems);
	if (!isatty(STDOUT_FILENO))
		cmd_progress_begin();
	if (run->reply == NULL && run->paths[1] == NULL) {
		run->single.name = run->paths[0];
		status = input_read(call->ctx, &run->input, &run->single);
	}
	if (status != STATUS_OK)
		return status;
	return run->single.bytes != NULL ? classify_single(run) : classify_all(run);
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
