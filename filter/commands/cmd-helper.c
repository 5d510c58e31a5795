#include "commands/cmd-helper.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buffer.h"
#include "commands/cmd-delivered.h"

struct helper helper_start(void (*work)(void *argument, int answer), void *argument)
{
	struct helper helper = {.pid = 0, .answer = -1};
	int answer[2];

	if (pipe2(answer, O_CLOEXEC) != 0)
		return helper;
	helper.pid = fork();
	if (helper.pid == 0) {
		close(answer[0]);
		work(argument, answer[1]);
		_exit(0);
	}
	close(answer[1]);
	helper.answer = answer[0];
	if (helper.pid < 0)
		helper.pid = 0;
	return helper;
}

/* What comes of what it says, at most SIZE bytes, before END (in seconds of time()). As read(2); -1 also when the time is over. */
static ssize_t listen_until(const struct helper *helper, time_t end, char *bytes, size_t size)
{
	struct pollfd wait = {.fd = helper->answer, .events = POLLIN};

	for (;;) {
		time_t left = end - time(NULL);
		int ready = left < 0 ? 0 : poll(&wait, 1, (int)(left + 1) * 1000);
		ssize_t n = ready > 0 ? read(helper->answer, bytes, size) : -1;

		if (ready == 0 || n >= 0 || errno != EINTR)
			return n;
	}
}

char *helper_answer(const void *ctx, const struct helper *helper, unsigned seconds)
{
	struct buffer text = buffer_new(ctx);
	time_t end = time(NULL) + (time_t)seconds;
	char bytes[16384];
	ssize_t n = helper->pid > 0 ? 1 : -1;

	while (n > 0 && text.length <= HANDOVER_MAX) {
		n = listen_until(helper, end, bytes, sizeof bytes);
		if (n > 0)
			buffer_add(&text, bytes, (size_t)n);
	}
	return n == 0 ? buffer_text(&text) : NULL;
}

bool helper_line(const struct helper *helper, unsigned seconds, char *line, size_t size)
{
	time_t end = time(NULL) + (time_t)seconds;
	size_t length = 0;

	while (helper->pid > 0 && length < size && listen_until(helper, end, line + length, 1) == 1)
		if (line[length++] == '\n') {
			line[length - 1] = '\0';
			return true;
		}
	return false;
}

void helper_end(struct helper *helper)
{
	if (helper->pid > 0) {
		kill(helper->pid, SIGKILL);
		while (waitpid(helper->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	if (helper->answer >= 0)
		close(helper->answer);
	*helper = (struct helper){.pid = 0, .answer = -1};
}
