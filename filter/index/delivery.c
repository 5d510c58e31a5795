#include "index/delivery.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <talloc.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"

enum status delivery_spool(int from, int *spool, size_t *length)
{
	enum status status;
	FILE *file = NULL;
	off_t end;

	*spool = memfd_create("mail", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (*spool < 0 && (file = tmpfile()) != NULL)
		*spool = fileno(file); /* stays open: it goes away with us */
	if (*spool < 0)
		return STATUS_TRY_LATER;
	status = io_copy(from, *spool);
	end = lseek(*spool, 0, SEEK_CUR);
	if (status == STATUS_OK && (end < 0 || lseek(*spool, 0, SEEK_SET) != 0))
		status = STATUS_IO;
	*length = end > 0 ? (size_t)end : 0;
	/* From here on nobody changes the mail, not even who holds the file. A file on a disk can't be sealed. */
	fcntl(*spool, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
	return status;
}

bool delivery_is_tag_change(const char *argument)
{
	return argument[0] == '+' || (argument[0] == '-' && argument[1] != '-' && argument[1] != '\0');
}

struct delivery {
	const char *program;
	int spool;
	pid_t pid;
	struct timespec started;
	sigset_t watched;
};

/* What we are told by while the program runs. */
static sigset_t watched_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	return set;
}

/* In the new process: become the program. REPORT is closed by that, or told errno. */
static void become(char *const *arguments, int spool, const sigset_t *mask, int report)
{
	int error;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	/* A machine that goes down tells every process. One that is delivering is let finish; if it still waits, we stop it. */
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	sigprocmask(SIG_SETMASK, mask, NULL);
	if (dup2(spool, STDIN_FILENO) == STDIN_FILENO)
		execvp(arguments[0], arguments);
	error = errno;
	(void)!write(report, &error, sizeof error);
}

/* Start the program. False with errno set if it can't be. */
static bool start(char *const *arguments, int spool, const sigset_t *mask, pid_t *pid)
{
	int report[2], error = 0;
	pid_t parent = getpid();

	if (pipe2(report, O_CLOEXEC) != 0)
		return false;
	*pid = fork();
	if (*pid == 0) {
		if (getppid() == parent)
			become(arguments, spool, mask, report[1]);
		kill(getpid(), SIGKILL);
	}
	error = *pid < 0 ? errno : 0;
	close(report[1]);
	if (*pid > 0 && read(report[0], &error, sizeof error) == (ssize_t)sizeof error)
		waitpid(*pid, NULL, 0);
	close(report[0]);
	errno = error;
	return error == 0;
}

/* Stop the program if it still waits for the lock; *OUTCOME is then its end. False: it is at work, and goes on. */
static bool stop_waiting(pid_t pid, int spool, int *outcome)
{
	bool known = kill(pid, SIGSTOP) == 0 && waitpid(pid, outcome, WUNTRACED) == pid;

	if (known && !WIFSTOPPED(*outcome))
		return true; /* it has just ended by itself */
	if (!known || lseek(spool, 0, SEEK_CUR) != 0) {
		kill(pid, SIGCONT);
		return false;
	}
	kill(pid, SIGKILL);
	while (waitpid(pid, outcome, 0) < 0 && errno == EINTR)
		continue;
	return true;
}

/* Whether PID has ended. *OUTCOME is then its end; if that can't be had, that of a program that failed. */
static bool has_ended(pid_t pid, int *outcome)
{
	pid_t ended;

	do
		ended = waitpid(pid, outcome, WNOHANG);
	while (ended < 0 && errno != ECHILD);
	if (ended < 0)
		*outcome = SIGKILL;
	return ended != 0;
}

/* Wait for the program's end. False: it was stopped while it waited for the lock. */
static bool wait_for_end(const struct delivery *delivery, unsigned timeout, int *outcome)
{
	struct timespec now, left = {0, 0};
	time_t end = delivery->started.tv_sec + (time_t)(timeout > 0 ? timeout : 1); /* a program needs its time to begin */
	bool limited = true;
	int number;

	while (!has_ended(delivery->pid, outcome)) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		left.tv_sec = limited && end > now.tv_sec ? end - now.tv_sec : limited ? 0 : 3600;
		number = sigtimedwait(&delivery->watched, NULL, &left);
		if (number == SIGCHLD || (number < 0 && errno == EINTR))
			continue;
		if (!limited && number < 0)
			continue;
		if (stop_waiting(delivery->pid, delivery->spool, outcome))
			return !(WIFSIGNALED(*outcome) && WTERMSIG(*outcome) == SIGKILL);
		limited = false;
	}
	return true;
}

enum status delivery_start(const void *ctx, char *const *arguments, int spool, struct delivery **out, const char **why)
{
	struct delivery *delivery = talloc_zero(ctx, struct delivery);
	sigset_t before;

	delivery->program = arguments[0];
	delivery->spool = spool;
	delivery->watched = watched_signals();
	clock_gettime(CLOCK_MONOTONIC, &delivery->started);
	signal(SIGCHLD, SIG_DFL); /* who started us may have ignored it: then nobody learns how the program ends */
	sigprocmask(SIG_BLOCK, &delivery->watched, &before);
	*out = delivery;
	if (start(arguments, spool, &before, &delivery->pid))
		return STATUS_OK;
	*why = talloc_asprintf(ctx, "can't run %s: %s", arguments[0], strerror(errno));
	TALLOC_FREE(*out);
	return STATUS_TRY_LATER;
}

enum status delivery_end(struct delivery *delivery, unsigned timeout, const char **why)
{
	int outcome = 0;

	*why = "another program is writing to the index";
	if (!wait_for_end(delivery, timeout, &outcome))
		return STATUS_TRY_LATER;
	if (WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0)
		return STATUS_OK;
	*why = WIFEXITED(outcome) ? talloc_asprintf(delivery, "%s failed", delivery->program)
	                          : talloc_asprintf(delivery, "%s ended by signal %d", delivery->program, WTERMSIG(outcome));
	return STATUS_TRY_LATER;
}
