#include "base/child.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

/* Makes waitpid() tell how our children end, also if SIGCHLD was ignored when we were started. */
static void sigchld_watch(void)
{
	const struct sigaction usual = {.sa_handler = SIG_DFL};

	is_watching = is_watching || sigaction(SIGCHLD, &usual, &sigchld) == 0;
}

struct child child_start(void (*work)(void *argument, int answer), void *argument)
{
	struct child child = {.pid = 0, .answer = -1};
	int answer[2];

	sigchld_watch();
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

/* SIGKILL does not change the status of a process that is exiting: it is settled before the pipe
 * closes. */
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

	sigchld_watch();
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

char *shell_word(const void *ctx, const char *text)
{
	if (text[0] != '\0' && text[strcspn(text, " \t\n\"'`$&|;<>()*?[]~#!\\{}^=")] == '\0')
		return talloc_strdup(ctx, text);
	char *quoted = g_shell_quote(text), *copy = talloc_strdup(ctx, quoted);

	g_free(quoted);
	return copy;
}

/* -- Descendants */

/* Milliseconds that it may take until all have stopped: a process that waits for a disk stops
 * late. */
#define STOPPING_MS_MAX 2000

struct process {
	pid_t pid, parent;
	char state; /* as in proc(5): T stopped, Z ended, X gone */
	bool chosen;
};

struct processes {
	struct process *list;
	size_t count, room;
};

void descendants_adopt(void)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

/* Reads what /proc says of the process NAME. Returns false if it has just gone. */
static bool process_read(const char *name, struct process *process)
{
	char path[64], text[512];

	snprintf(path, sizeof path, "/proc/%.20s/stat", name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;
	if (fd >= 0)
		close(fd);
	text[length > 0 ? length : 0] = '\0';
	const char *rest = strrchr(text, ')'); /* the end of the program's name: any characters */
	if (rest == NULL || strlen(rest) < 5)
		return false;
	*process = (struct process){.pid = (pid_t)strtol(name, NULL, 10),
	        .state = rest[2],
	        .parent = (pid_t)strtol(rest + 4, NULL, 10)};
	return true;
}

/* Uses realloc(): want of memory must not end the program, as the caller still has a mail to answer
 * for. */
static bool processes_add(struct processes *all, struct process process)
{
	if (all->count == all->room) {
		size_t room = 2 * all->room + 256;
		struct process *list = realloc(all->list, room * sizeof *list);

		if (list == NULL)
			return false;
		*all = (struct processes){list, all->count, room};
	}
	all->list[all->count++] = process;
	return true;
}

/* Lists all processes. Returns false if that fails. */
static bool processes_read(struct processes *all)
{
	DIR *folder = opendir("/proc");
	struct process process;
	bool found_us = false, has_room = true;

	all->count = 0;
	for (struct dirent *entry; folder != NULL && has_room && (entry = readdir(folder)) != NULL;)
		if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9' &&
		        process_read(entry->d_name, &process)) {
			found_us = found_us || process.pid == getpid();
			has_room = processes_add(all, process);
		}
	if (folder != NULL)
		closedir(folder);
	return found_us && has_room;
}

/* Marks PID, its descendants, and those that we adopted, except EXCEPT. */
static void processes_choose(struct processes *all, pid_t pid, pid_t except)
{
	for (size_t i = 0; i < all->count; i++) {
		struct process *process = &all->list[i];

		process->chosen = process->pid == pid ||
		                  (process->parent == getpid() && process->pid != except);
	}
	for (bool more = true; more;) {
		more = false;
		for (size_t i = 0; i < all->count; i++)
			for (size_t j = 0; all->list[i].chosen && j < all->count; j++) {
				struct process *other = &all->list[j];

				if (other->parent == all->list[i].pid && !other->chosen)
					other->chosen = more = true;
			}
	}
}

/* Sends SIGSTOP to the marked processes that run. *RUNNING is whether any does. Returns false if
 * one can't be stopped. */
static bool processes_stop(const struct processes *all, bool *running)
{
	*running = false;
	for (size_t i = 0; i < all->count; i++) {
		const struct process *process = &all->list[i];

		if (!process->chosen || strchr("TtZX", process->state) != NULL)
			continue;
		*running = true;
		if (kill(process->pid, SIGSTOP) != 0)
			return false;
	}
	return true;
}

static void pause_briefly(void)
{
	const struct timespec moment = {.tv_nsec = 1000000};

	nanosleep(&moment, NULL);
}

/* Stops PID and all that processes_choose() finds. Stopped processes start no others, so this is
 * done once a list has none that runs. Returns false if that can't be done. */
static bool stop_all(struct processes *all, pid_t pid, pid_t except)
{
	bool running = true;

	for (int tries = 0; running && tries < STOPPING_MS_MAX; tries++) {
		if (tries > 0)
			pause_briefly();
		if (!processes_read(all))
			return false;
		processes_choose(all, pid, except);
		if (!processes_stop(all, &running))
			return false;
	}
	return !running;
}

bool descendants_end(
        pid_t pid, pid_t except, bool (*is_to_end)(void *argument), void *argument, int *outcome)
{
	struct processes all = {.list = NULL};
	bool stopped = stop_all(&all, pid, except),
	     ends = stopped && (is_to_end == NULL || is_to_end(argument));
	int others;

	for (size_t i = 0; i < all.count; i++)
		if (all.list[i].chosen)
			kill(all.list[i].pid, ends ? SIGKILL : SIGCONT);
	for (size_t i = 0; ends && i < all.count; i++) {
		pid_t one = all.list[i].pid;

		/* It becomes our child once its parent is gone. */
		while (all.list[i].chosen && kill(one, 0) == 0 &&
		        waitpid(one, one == pid ? outcome : &others, WNOHANG) != one)
			pause_briefly();
	}
	free(all.list);
	return ends;
}
