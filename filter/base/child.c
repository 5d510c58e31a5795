#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"

/* What SIGPIPE and SIGCHLD did when we were started, once we have changed them. */
static struct sigaction sigpipe, sigchld;
static bool is_ignoring, is_watching;

void child_ignore_sigpipe(void)
{
	const struct sigaction ignore = {.sa_handler = SIG_IGN};

	is_ignoring = is_ignoring || sigaction(SIGPIPE, &ignore, &sigpipe) == 0;
}

/* From now on we learn how our children end, even if whoever started us ignored SIGCHLD. */
static void watch(void)
{
	const struct sigaction usual = {.sa_handler = SIG_DFL};

	is_watching = is_watching || sigaction(SIGCHLD, &usual, &sigchld) == 0;
}

struct child child_start(void (*work)(void *argument, int answer), void *argument)
{
	struct child child = {.pid = 0, .answer = -1};
	int answer[2];

	watch();
	if (pipe2(answer, O_CLOEXEC) != 0)
		return child;
	child.pid = fork();
	if (child.pid == 0) {
		close(answer[0]);
		work(argument, answer[1]);
		_exit(0);
	}
	close(answer[1]);
	child.answer = answer[0];
	if (child.pid < 0)
		child.pid = 0;
	return child;
}

long long child_clock(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return 1000LL * time.tv_sec + time.tv_nsec / 1000000;
}

/* Reads at most SIZE bytes from CHILD before END. Returns what read(2) returns, and -1 also when
 * the time is over. */
static ssize_t read_until(const struct child *child, long long end, char *bytes, size_t size)
{
	struct pollfd wait = {.fd = child->answer, .events = POLLIN};

	for (;;) {
		long long left = end - child_clock();
		int ready = poll(&wait, 1, left > 0 ? (int)left : 0);
		ssize_t n = ready > 0 ? read(child->answer, bytes, size) : -1;

		if (ready == 0 || n >= 0 || errno != EINTR)
			return n;
	}
}

char *child_answer(const void *ctx, const struct child *child, size_t max, long long end)
{
	struct buffer text = buffer_new(ctx);
	ssize_t n = child->pid > 0 ? 1 : -1;

	while (n > 0 && text.length <= max) {
		char bytes[16384];

		n = read_until(child, end, bytes, sizeof bytes);
		buffer_add(&text, bytes, n > 0 ? (size_t)n : 0);
	}
	return n == 0 && text.length <= max ? buffer_text(&text) : NULL;
}

bool child_line(const struct child *child, long long end, char *line, size_t size)
{
	size_t length = 0;

	while (child->pid > 0 && length < size && read_until(child, end, line + length, 1) == 1)
		if (line[length++] == '\n') {
			line[length - 1] = '\0';
			return true;
		}
	return false;
}

static int wait_for(pid_t pid)
{
	int outcome = -1;

	while (waitpid(pid, &outcome, 0) < 0 && errno == EINTR)
		continue;
	return outcome;
}

/* A process that is just exiting closes its pipe after its exit status is settled: SIGKILL does not
 * change that. One that only closed the pipe is killed. */
int child_end(struct child *child)
{
	int outcome = -1;

	if (child->pid > 0) {
		kill(child->pid, SIGKILL);
		outcome = wait_for(child->pid);
	}
	if (child->answer >= 0)
		close(child->answer);
	*child = (struct child){.pid = 0, .answer = -1};
	return outcome;
}

void child_become(char *const *words)
{
	if (is_ignoring)
		sigaction(SIGPIPE, &sigpipe, NULL);
	if (is_watching)
		sigaction(SIGCHLD, &sigchld, NULL);
	execvp(words[0], words);
}

/* Runs in the new process, and becomes PROGRAM, which closes REPORT; if that fails, errno is
 * written to it. */
static void program_become(const struct program *program, pid_t parent, int report)
{
	if (program->dies_with_us)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (program->dies_with_us && getppid() != parent)
		_exit(0);
	if (program->mask != NULL)
		sigprocmask(SIG_SETMASK, program->mask, NULL);
	if ((program->input < 0 || dup2(program->input, STDIN_FILENO) >= 0) &&
	        (program->output < 0 || (dup2(program->output, STDOUT_FILENO) >= 0 &&
	                                        dup2(program->output, STDERR_FILENO) >= 0)))
		child_become(program->words);
	int error = errno;
	(void)!write(report, &error, sizeof error);
	_exit(0);
}

int program_start(const struct program *program, pid_t *pid)
{
	int report[2];
	pid_t parent = getpid();

	watch();
	if (pipe2(report, O_CLOEXEC) != 0)
		return errno;
	*pid = fork();
	if (*pid == 0)
		program_become(program, parent, report[1]);
	int error = *pid < 0 ? errno : 0;
	close(report[1]);
	if (*pid > 0 && read(report[0], &error, sizeof error) == (ssize_t)sizeof error)
		wait_for(*pid);
	close(report[0]);
	return error;
}

int program_run(const struct program *program, int *outcome)
{
	pid_t pid;
	int error = program_start(program, &pid);

	if (error == 0)
		*outcome = wait_for(pid);
	return error;
}
