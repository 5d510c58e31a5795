#include "judge/apart.h"

#include <fcntl.h>
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
#include "text/html.h"
#include "text/charset.h"

/* What a mail may need beside the program itself: modules, and charsets as iconv is asked for them:
 * by us, and by GMime, which takes the mail's own names. */
static const char *const loadable[] = {"gmime", "html", CHARSET_EUC_JP, CHARSET_SHIFT_JIS,
        CHARSET_CHINESE, CHARSET_LATIN, "ISO-2022-JP", "EUC-JP", "SHIFT_JIS", "GB2312", "GBK",
        "BIG5", "BIG5-HKSCS", "EUC-TW", "EUC-KR", "CP949", "ISO-2022-KR", "CP874", "UTF-7",
        "UTF-16", "UTF-16BE", "UTF-16LE", "UTF-32", "MACINTOSH", "WINDOWS-1252", "WINDOWS-1251",
        "KS_C_5601-1987", "MAC-CYRILLIC", "ISO-8859-1", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4",
        "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-9", "ISO-8859-10",
        "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "CP1250", "CP1251", "CP1253",
        "CP1254", "CP1255", "CP1256", "CP1257", "CP1258", "KOI8-R", "KOI8-U", "IBM850", "IBM852",
        "IBM866", "CP850", "CP852", "CP866", "VISCII"};

#define MODULES 2
#define GUESSED 4 /* those behind the modules: text whose charset nobody said is tried in each */
#define LOADABLE (sizeof loadable / sizeof *loadable)

/* The exit code of a process that misses loadable[0], and so on. Others have none so high. */
#define CODE_MISSES 100

/* So many processes try; the last one has everything. */
#define RUNS_MAX 5

/* What a process loads before it looks at the mail. */
struct attempt {
	const struct apart *apart;
	bool loaded[LOADABLE];
};

static const struct attempt *running;

/* Does not come back if another process can have it. */
static void on_missed(const char *name)
{
	size_t i;

	for (i = 0; i < LOADABLE; i++)
		if (!running->loaded[i] && strcasecmp(name, loadable[i]) == 0)
			_exit(CODE_MISSES + (int)i);
}

static void load(const struct attempt *attempt)
{
	size_t i;

	if (attempt->loaded[0])
		decode_load();
	if (attempt->loaded[1])
		html_load();
	for (i = MODULES; i < LOADABLE; i++)
		if (attempt->loaded[i])
			charset_load(loadable[i]);
}

static void attempt_add(struct attempt *attempt, size_t first, size_t count)
{
	size_t i;

	for (i = first; i < first + count; i++)
		attempt->loaded[i] = true;
}

/* What is missed is hardly ever all that is: charsets are guessed one after another, and a charset
 * of encoded words is needed by GMime. */
static void attempt_add_group(struct attempt *attempt, size_t missed)
{
	attempt_add(attempt, missed, 1);
	if (missed >= MODULES)
		attempt_add(attempt, MODULES, GUESSED);
	if (missed >= MODULES + GUESSED)
		attempt_add(attempt, 0, 1);
}

void apart_load_all(void)
{
	struct attempt attempt = {.apart = NULL};

	attempt_add(&attempt, 0, LOADABLE);
	load(&attempt);
}

/* FD as a file that is open for this process alone, and for reading only: who breaks in here can
 * neither change the mail that is delivered, nor move the place where notmuch reads it. */
static bool make_own(int fd)
{
	char path[64];
	int own;

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	own = open(path, O_RDONLY | O_CLOEXEC);
	return own >= 0 && dup3(own, fd, O_CLOEXEC) == fd && close(own) == 0;
}

/* Leave open only what the process is to have. */
static void close_others(const struct apart *apart, int answer)
{
	int fd, nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (fd = 0; fd <= (apart->output == APART_PRINTS ? STDIN_FILENO : STDERR_FILENO); fd++)
		if (fd != apart->kept && nothing >= 0)
			dup2(nothing, fd);
	sandbox_close_others(answer, apart->kept);
}

static void work(void *argument, int answer)
{
	const struct attempt *attempt = argument;
	const struct apart *apart = attempt->apart;

	running = attempt;
	alarm(JUDGE_SECONDS_MAX);
	sandbox_limit(JUDGE_SECONDS_MAX);
	load(attempt);
	if (apart->kept >= 0 && !make_own(apart->kept))
		return;
	close_others(apart, answer);
	module_seal(on_missed);
	sandbox_enter(NULL);
	apart->work(apart->argument, answer);
}

bool apart_run(const void *ctx, const struct apart *apart, char **answer, int *code)
{
	struct attempt attempt = {.apart = apart};
	int runs, outcome, missed;
	long long end = child_clock() + 1000LL * JUDGE_SECONDS_MAX;

	for (runs = 0; runs < RUNS_MAX; runs++) {
		struct child child = child_start(work, &attempt);

		*answer = child_answer(ctx, &child, HANDOVER_MAX, end);
		outcome = child_end(&child);
		if (*answer == NULL || !WIFEXITED(outcome))
			return false;
		*code = WEXITSTATUS(outcome);
		missed = *code - CODE_MISSES;
		if (missed < 0 || missed >= (int)LOADABLE || attempt.loaded[missed])
			return true;
		if (runs == RUNS_MAX - 2)
			attempt_add(&attempt, 0, LOADABLE);
		else
			attempt_add_group(&attempt, (size_t)missed);
	}
	return false;
}

/* A mail, and what judges it. */
struct judging {
	const void *ctx;
	const struct apart_mail *mail;
	struct problems *problems;
	struct judge *judge;
};

/* The first bytes of the file. */
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

static void note_header(const void *ctx, const struct apart_mail *mail,
        const struct message *message, struct handover *handover)
{
	const char *id = fields_value(&message->header, "Message-ID");

	handover->id = id != NULL ? message_id_plain(ctx, id) : NULL;
	if (handover->id == NULL && mail->spool >= 0)
		handover->id = message_id_of_file(ctx, mail->spool, mail->length);
	handover->from = message_header(ctx, message, "From");
}

static void judging_work(void *argument, int answer)
{
	struct judging *judging = argument;
	const struct apart_mail *mail = judging->mail;
	struct handover handover = {.problems = judging->problems};
	size_t length = mail->length;
	const char *bytes = mail->bytes;
	struct message *message;
	char *text;

	if (bytes == NULL)
		bytes = read_spool(judging->ctx, mail->spool, mail->length, &length);
	/* What is no mail is of no kind. */
	if (message_read(judging->ctx, bytes, length, &message) == STATUS_OK) {
		note_header(judging->ctx, mail, message, &handover);
		judge_message(judging->ctx, judging->judge, message, length, &handover.judgement);
	} else
		handover.judgement.facts = talloc_zero(judging->ctx, struct facts);
	text = handover_write(judging->ctx, &handover);
	(void)io_write(answer, text, strlen(text));
}

bool apart_judge(const void *ctx, const struct apart_mail *mail, struct problems *problems,
        struct handover *handover)
{
	struct judging judging = {.ctx = ctx, .mail = mail, .problems = problems_new(ctx)};
	const struct apart apart = {
	        APART_ANSWER, judging_work, &judging, mail->bytes == NULL ? mail->spool : -1};
	char *answer;
	int code;

	/* What we know is read here, once, and not by each process that tries. */
	judging.judge = judge_open(ctx, judging.problems);
	judge_gather(judging.judge);
	handover->problems = problems;
	return apart_run(ctx, &apart, &answer, &code) &&
	       handover_read(ctx, answer, strlen(answer), handover) == STATUS_OK;
}
