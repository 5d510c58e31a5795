/* notmuch bounce classify: says which mails are bounces, to whom, and why. */
#include <glib.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/child.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/list.h"
#include "base/module.h"
#include "commands/cmd.h"
#include "commands/command.h"
#include "commands/print.h"
#include "judge/sandbox.h"
#include "judge/worker.h"

/* Answers are collected until they have so many bytes. An answer is written whole or not at all. */
#define GATHERED_MAX (64u << 10)

/* So many files are found before they are judged. Several processes are used if each gets so many;
 * each takes every so manieth block of them, and tells what it has to say of a block at once. */
#define FOUND_MAX 4096
#define MEMBER_FILES_MIN 32
#define BLOCK 8

/* Answers are written, and progress is shown, after so many files. */
#define FILES_SHOWN 32

struct progress {
	size_t mails, bounces;
	size_t seen;       /* see input_file() */
	enum status first; /* failure */
};

/* What one of several processes sends now and then; the texts follow. As it reads mails it may be
 * broken into, so all of this may lie. */
struct parcel {
	struct progress progress; /* since the last one */
	size_t said, answers;     /* the lengths of what is for standard error and output */
	size_t files;             /* so many more of its files are done, */
	int has_begun;            /* and something of the next is in it */
};

/* One of several processes that judge, as the first one knows it. */
struct member {
	struct child child;
	bool one_by_one; /* it sends a parcel for each file */
	bool has_begun;  /* some of a file has come from it, but not its end */
	size_t done;     /* so many of its files are done whose turn has not come */
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
	struct buffer gathered; /* answers that are not yet written or sent */
	struct progress progress;
	bool has_ended;  /* an answer could not be given: the rest is not read */
	bool in_sandbox; /* this process, which judges all from here on */

	/* Of a process that is one of several. */
	size_t crew, self; /* of how many it is which */
	size_t begin;      /* the first file that it may judge */
	bool one_by_one;   /* it sends a parcel for each file */
	bool has_begun;    /* something of the present file has been sent */
	size_t done;       /* files since the last parcel */
	int answer;        /* where it sends what it has to say; -1: it says so itself */
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
	run->progress.first = status_first(run->progress.first, status);
}

static void classify_show(const struct classify *run)
{
	cmd_progress("%zu mails, %zu bounces", run->progress.mails, run->progress.bounces);
}

static enum status parcel_send(struct classify *run, bool has_begun)
{
	const struct parcel parcel = {run->progress,
	        run->call->said != NULL ? strlen(run->call->said) : 0, run->gathered.length,
	        run->done, has_begun};
	SCOPED void *scratch = talloc_new(NULL);
	struct buffer all = buffer_new(scratch);

	buffer_add(&all, (const char *)&parcel, sizeof parcel);
	buffer_add(&all, run->call->said, parcel.said);
	buffer_add(&all, run->gathered.text, parcel.answers);
	run->progress = (struct progress){.first = STATUS_OK};
	run->gathered.length = run->done = 0;
	run->has_begun = has_begun;
	TALLOC_FREE(run->call->said);
	return io_write(run->answer, all.text, all.length);
}

static enum status classify_flush(struct classify *run)
{
	enum status status = STATUS_OK;

	if (run->answer >= 0)
		return parcel_send(run, true);
	if (run->gathered.length > 0)
		status = cmd_write(run->gathered.text, run->gathered.length);
	run->gathered.length = 0;
	run->has_ended = run->has_ended || status != STATUS_OK;
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
	run->progress.mails++;
	run->progress.bounces += kind_is_bounce(judgement.facts->kind);
	buffer_add_string(&run->gathered, answer(scratch, run, name, &judgement));
	return run->gathered.length > GATHERED_MAX ? classify_flush(run) : STATUS_OK;
}

static void classify_complain(void *argument, const char *name, const char *what)
{
	classify_flush(argument);
	cmd_complain(NULL, name, what);
}

static void classify_file(struct classify *run, size_t i)
{
	classify_fail(run, input_file(&run->input, &run->files[i], &run->progress.seen));
}

/* Writes what there is once the file I has been judged, now and then. */
static void classify_after(struct classify *run, size_t i)
{
	if (i % FILES_SHOWN < FILES_SHOWN - 1 && i < run->count - 1)
		return;
	classify_flush(run);
	classify_show(run);
}

/* Returns whether one of several processes judges the file I, and which. All mails of a folder
 * count at its end, so that is not for one of them. */
static bool is_for_member(const struct classify *run, size_t i, size_t *self)
{
	*self = i / BLOCK % run->crew;
	return run->files[i].place != INPUT_FOLDER_ENDS;
}

/* Returns whether a process that has judged the file I, one of its own, tells what it has: an
 * answer of which a part is told is told to its end, so that it is known where the process dies. */
static bool is_parcel_full(const struct classify *run, size_t i)
{
	size_t self;

	return run->one_by_one || run->has_begun || (i + 1) % BLOCK == 0 || i + 1 == run->count ||
	       !is_for_member(run, i + 1, &self);
}

static void member_work(void *argument, int answer)
{
	struct classify *run = argument;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sandbox_close_others(answer, -1);
	io_widen(answer); /* so that this process can be ahead of the others */
	sandbox_enter(run->paths);
	cmd_say_to(run->call->ctx, &run->call->said);
	run->progress = (struct progress){.first = STATUS_OK};
	run->gathered.length = 0;
	run->answer = answer;
	for (size_t i = run->begin, self; i < run->count; i++) {
		if (!is_for_member(run, i, &self) || self != run->self)
			continue;
		classify_file(run, i);
		run->done++;
		if (is_parcel_full(run, i) && parcel_send(run, false) != STATUS_OK)
			return;
	}
}

/* Adds LENGTH bytes from FD to BUFFER. Returns false if there are fewer. */
static bool read_text(int fd, size_t length, struct buffer *buffer)
{
	char bytes[4096];
	size_t n;

	for (; length > 0; length -= n) {
		if (io_read(fd, bytes, MIN(length, sizeof bytes), &n) != STATUS_OK || n == 0)
			return false;
		buffer_add(buffer, bytes, n);
	}
	return true;
}

/* Reads the next parcel from MEMBER, and writes what is to be written; what it said came before its
 * answers. Returns false if the process has died. */
static bool parcel_read(struct classify *run, struct member *member)
{
	const int from = member->child.answer;
	SCOPED void *scratch = talloc_new(NULL);
	struct buffer said = buffer_new(scratch), answers = buffer_new(scratch);
	struct parcel parcel;
	size_t length;

	if (io_read(from, (char *)&parcel, sizeof parcel, &length) != STATUS_OK ||
	        length < sizeof parcel || !read_text(from, parcel.said, &said) ||
	        !read_text(from, parcel.answers, &answers))
		return false;
	member->done += parcel.files;
	member->has_begun = parcel.has_begun;
	run->progress.mails += parcel.progress.mails;
	run->progress.bounces += parcel.progress.bounces;
	run->progress.seen += parcel.progress.seen;
	classify_fail(run, MIN(parcel.progress.first, STATUS_REFUSED));
	if (said.length > 0) {
		classify_flush(run);
		cmd_say_kept(said.text);
	}
	buffer_add(&run->gathered, answers.text, answers.length);
	if (run->gathered.length > GATHERED_MAX)
		classify_flush(run);
	return true;
}

/* Starts one that judges its files from number BEGIN on. Returns false if that fails. */
static bool member_start(
        struct classify *run, struct member *member, size_t self, size_t begin, bool one_by_one)
{
	run->self = self;
	run->begin = begin;
	run->one_by_one = one_by_one;
	*member = (struct member){child_start(member_work, run), one_by_one, false, 0};
	return member->child.pid > 0;
}

/* Reads what MEMBER, which is number SELF, says of the file I. If it dies before that is all, it
 * may have been at a file behind I: another takes its place, which tells of each file at once, so
 * that the mail is known if that one dies too. Then the program ends. */
static void member_read(struct classify *run, struct member *member, size_t self, size_t i)
{
	while (member->done == 0 && !run->has_ended) {
		if (parcel_read(run, member))
			continue;
		child_end(&member->child);
		if (!member->one_by_one && !member->has_begun &&
		        member_start(run, member, self, i, true))
			continue;
		classify_flush(run);
		cmd_say("%s: can't be judged: it takes too much time or memory",
		        run->files[i].path);
		_exit(status_exit_code(STATUS_TRY_LATER));
	}
	member->done--;
}

/* Writes what the CREW has to say, in the order of the files. */
static void crew_gather(struct classify *run, struct member *crew)
{
	for (size_t i = 0, self; i < run->count && !run->has_ended; i++) {
		if (is_for_member(run, i, &self))
			member_read(run, &crew[self], self, i);
		else
			classify_file(run, i);
		classify_after(run, i);
	}
}

/* Judges the files found so far in several processes. Returns false if these are not to be had. */
static bool crew_judge(struct classify *run)
{
	struct member crew[PROCESSES_MAX];
	size_t started = 0;
	bool fine = true;

	cmd_progress_clear();
	for (; fine && started < run->crew; started++)
		fine = member_start(run, &crew[started], started, 0, false);
	if (fine)
		crew_gather(run, crew);
	while (started > 0)
		child_end(&crew[--started].child);
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
	/* Standard input can be read once, and in one order. */
	run->crew = list_has((const char *const *)run->paths, "-") ? 1 : processors();
	run->crew = MIN(MIN(run->crew, PROCESSES_MAX), run->count / MEMBER_FILES_MIN);
	if (run->in_sandbox || run->crew < 2 || !crew_judge(run)) {
		if (!run->in_sandbox)
			sandbox_enter(run->paths);
		run->in_sandbox = true;
		for (size_t i = 0; i < run->count && !run->has_ended; i++) {
			classify_file(run, i);
			classify_after(run, i);
		}
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
	return !run->has_ended;
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
		for (char **path = run->paths; *path != NULL && !run->has_ended; path++)
			input_find(*path, classify_later, run);
		classify_found(run);
	}
	cmd_progress_clear();
	return run->progress.first;
}

static void single_work(void *argument, int answer)
{
	struct classify *run = argument;

	(void)answer;
	classify_fail(run, input_mail(&run->input, &run->single));
	classify_flush(run);
	_exit(status_exit_code(run->progress.first));
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
	run->answer = -1;
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
