#include "judge/worker.h"

#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <talloc.h>
#include <unistd.h>

#include "base/child.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/module.h"
#include "judge/sandbox.h"
#include "mail/decode.h"
#include "mail/message.h"
#include "text/text.h"
#include "text/html.h"

/* What a mail may need beside the program itself: modules, and the charsets that text_to_utf8()
 * asks iconv for. */
static const char *const loadable[] = {"gmime", "html", CHARSET_EUC_JP, CHARSET_SHIFT_JIS,
        CHARSET_CHINESE, CHARSET_LATIN, "BIG5-HKSCS", "EUC-TW", "CP949", "ISO-2022-KR", "CP874",
        "UTF-7", "UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "MACINTOSH", "MAC-CYRILLIC",
        "ISO-8859-2", "ISO-8859-3", "ISO-8859-4", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7",
        "ISO-8859-8", "ISO-8859-10", "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16",
        "CP1250", "CP1251", "CP1253", "CP1254", "CP1255", "CP1256", "CP1257", "CP1258", "KOI8-R",
        "KOI8-U", "IBM850", "IBM852", "IBM866", "CP850", "CP852", "CP866", "VISCII"};

#define MODULES 2
#define GUESSED 4 /* the ones after the modules: each is tried for text without a charset */
#define LOADABLE G_N_ELEMENTS(loadable)

/* The exit code of a process that lacks loadable[0]; the next is for loadable[1], and so on. No
 * other exit code is so high. */
#define CODE_MISSES 100

/* At most so many processes are tried one after another; the last one loads everything. */
#define RUNS_MAX 5

/* What a worker loads before it looks at the mail. */
struct worker_run {
	const struct worker *worker;
	bool loaded[LOADABLE];
};

static const struct worker_run *running;

/* Ends the process if another one can be started that has NAME loaded. */
static void on_missed(const char *name)
{
	for (size_t i = 0; i < LOADABLE; i++)
		if (!running->loaded[i] && strcasecmp(name, loadable[i]) == 0)
			_exit(CODE_MISSES + (int)i);
}

static void loadable_load(const bool *loaded)
{
	if (loaded[0])
		decode_load();
	if (loaded[1])
		html_load();
	for (size_t i = MODULES; i < LOADABLE; i++)
		if (loaded[i])
			charset_load(loadable[i]);
}

void worker_load_all(void)
{
	bool all[LOADABLE];

	memset(all, true, sizeof all);
	loadable_load(all);
}

/* Opens the file of FD anew, for this process alone and only for reading: an attacker who breaks in
 * here can neither change the mail that is delivered nor move the position at which notmuch reads
 * it. */
static bool make_own(int fd)
{
	char path[64];
	int own;

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	own = open(path, O_RDONLY | O_CLOEXEC);
	return own >= 0 && dup3(own, fd, O_CLOEXEC) == fd && close(own) == 0;
}

static void worker_begin(void *argument, int answer)
{
	const struct worker_run *run = argument;
	const struct worker *worker = run->worker;
	int nothing;

	running = run;
	alarm(JUDGE_SECONDS_MAX);
	sandbox_limit(JUDGE_SECONDS_MAX);
	loadable_load(run->loaded);
	if (worker->kept >= 0 && !make_own(worker->kept))
		return;
	nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd <= (worker->prints ? STDIN_FILENO : STDERR_FILENO); fd++)
		if (fd != worker->kept && nothing >= 0)
			dup2(nothing, fd);
	sandbox_close_others(answer, worker->kept);
	module_seal(on_missed);
	sandbox_enter(NULL);
	worker->work(worker->argument, answer);
}

bool worker_run(const void *ctx, const struct worker *worker, char **answer, int *code)
{
	struct worker_run run = {.worker = worker};
	long long end = child_clock() + 1000LL * JUDGE_SECONDS_MAX;

	for (int runs = 1; runs <= RUNS_MAX; runs++) {
		struct child child = child_start(worker_begin, &run);
		int outcome;
		size_t missed;

		*answer = child_answer(ctx, &child, JUDGEMENT_WIRE_MAX, end);
		outcome = child_end(&child);
		if (*answer == NULL || !WIFEXITED(outcome))
			return false;
		*code = WEXITSTATUS(outcome);
		missed = *code >= CODE_MISSES ? (size_t)*code - CODE_MISSES : LOADABLE;
		if (missed >= LOADABLE || run.loaded[missed])
			return true;
		/* Hardly ever is only one lacking: charsets are guessed one after another. */
		run.loaded[missed] = true;
		if (missed >= MODULES)
			memset(run.loaded + MODULES, true, GUESSED);
		if (runs == RUNS_MAX - 1)
			memset(run.loaded, true, sizeof run.loaded);
	}
	return false;
}

struct judging {
	const void *ctx;
	const struct worker_mail *mail;
	struct problems *problems;
	struct judge *judge;
};

/* Returns the first *GOT bytes of the file SPOOL. */
static char *read_spool(const void *ctx, int spool, size_t length, size_t *got)
{
	size_t wanted = length < MAIL_JUDGED_MAX ? length : MAIL_JUDGED_MAX;
	char *bytes = talloc_size(ctx, wanted + 1);
	ssize_t n = 1;

	for (*got = 0; *got < wanted && n > 0; *got += n > 0 ? (size_t)n : 0)
		n = pread(spool, bytes + *got, wanted - *got, (off_t)*got);
	bytes[*got] = '\0';
	return bytes;
}

static void judging_work(void *argument, int answer)
{
	struct judging *judging = argument;
	const void *ctx = judging->ctx;
	const struct worker_mail *mail = judging->mail;
	struct judgement_wire judged = {.problems = judging->problems};
	size_t length = mail->length;
	const char *bytes = mail->bytes, *id;
	struct message *message;
	char *text;

	if (bytes == NULL)
		bytes = read_spool(ctx, mail->spool, mail->length, &length);
	if (message_read(ctx, bytes, length, &message) == STATUS_OK) {
		id = fields_value(&message->header, "Message-ID");
		judged.id = id != NULL ? message_id_plain(ctx, id) : NULL;
		if (judged.id == NULL && mail->spool >= 0)
			judged.id = message_id_of_file(ctx, mail->spool, mail->length);
		judged.from = message_header(ctx, message, "From");
		judge_message(ctx, judging->judge, message, length, &judged.judgement);
	} else /* not a mail: KIND_NONE */
		judged.judgement.facts = talloc_zero(ctx, struct facts);
	text = judgement_wire_write(ctx, &judged);
	(void)io_write(answer, text, strlen(text));
}

bool worker_judge(const void *ctx, const struct worker_mail *mail, struct problems *problems,
        struct judgement_wire *judged)
{
	struct judging judging = {.ctx = ctx, .mail = mail, .problems = problems_new(ctx)};
	const struct worker worker = {
	        judging_work, &judging, mail->bytes == NULL ? mail->spool : -1, false};
	char *answer;
	int code;

	/* The rules are read here once, not by each process that tries. */
	judging.judge = judge_open(ctx, judging.problems);
	judge_gather(judging.judge);
	judged->problems = problems;
	return worker_run(ctx, &worker, &answer, &code) &&
	       judgement_wire_read(ctx, answer, strlen(answer), judged) == STATUS_OK;
}
