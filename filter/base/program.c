#include "base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"

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
