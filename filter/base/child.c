#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/io.h"

struct child child_start(void (*work)(void *argument, int answer), void *argument)
{
	struct child child = {.pid = 0, .answer = -1};
	int answer[2];

	program_watch();
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

/* What can be read from it before END, at most SIZE bytes. As read(2); -1 also when the time is
 * over. */
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
	char bytes[16384];
	ssize_t n = child->pid > 0 ? 1 : -1;

	while (n > 0 && text.length <= max) {
		n = read_until(child, end, bytes, sizeof bytes);
		if (n > 0)
			buffer_add(&text, bytes, (size_t)n);
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

/* A process that is just exiting closes its pipe when how it ends is settled already; one that only
 * closed the pipe is killed. */
int child_end(struct child *child)
{
	int outcome = -1;

	if (child->pid > 0) {
		kill(child->pid, SIGKILL);
		while (waitpid(child->pid, &outcome, 0) < 0 && errno == EINTR)
			continue;
	}
	if (child->answer >= 0)
		close(child->answer);
	*child = (struct child){.pid = 0, .answer = -1};
	return outcome;
}

static struct sigaction sigchld;
static bool is_watching;

void program_watch(void)
{
	const struct sigaction usual = {.sa_handler = SIG_DFL};

	is_watching = is_watching || sigaction(SIGCHLD, &usual, &sigchld) == 0;
}

static bool redirect(const struct program *program)
{
	return (program->input < 0 || dup2(program->input, STDIN_FILENO) == STDIN_FILENO) &&
	       (program->output < 0 ||
	               (dup2(program->output, STDOUT_FILENO) == STDOUT_FILENO &&
	                       dup2(program->output, STDERR_FILENO) == STDERR_FILENO));
}

/* In the new process: become the program. REPORT is closed by that, or told errno. */
static void become(const struct program *program, pid_t parent, int report)
{
	int error;

	if (program->dies_with_us)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (program->dies_with_us && getppid() != parent)
		_exit(0);
	io_restore_sigpipe();
	if (is_watching)
		sigaction(SIGCHLD, &sigchld, NULL);
	if (program->mask != NULL)
		sigprocmask(SIG_SETMASK, program->mask, NULL);
	if (redirect(program))
		execvp(program->words[0], program->words);
	error = errno;
	(void)!write(report, &error, sizeof error);
	_exit(0);
}

int program_start(const struct program *program, pid_t *pid)
{
	int report[2], error = 0;
	pid_t parent = getpid();

	if (pipe2(report, O_CLOEXEC) != 0)
		return errno;
	*pid = fork();
	if (*pid == 0)
		become(program, parent, report[1]);
	error = *pid < 0 ? errno : 0;
	close(report[1]);
	if (*pid > 0 && read(report[0], &error, sizeof error) == (ssize_t)sizeof error)
		waitpid(*pid, NULL, 0);
	else if (*pid > 0)
		error = 0;
	close(report[0]);
	return error;
}
