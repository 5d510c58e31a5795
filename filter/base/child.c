#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/program.h"

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
