/* bench-run RUNS INPUT COMMAND [ARGUMENT...]: run a command RUNS times; print the median of the seconds it took and its peak memory in KiB. With
 * PROCESSOR_TIME in the environment these are seconds of processors, so that they hold on a busy machine.
 *
 * INPUT is fed through a pipe and the output drained through another, as a delivery agent does; "-" for neither. Complaints are dropped. The parent stays small
 * because Linux counts its memory as the child's until exec. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
	fprintf(stderr, "bench-run: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void copy(int from, int to)
{
	static char bytes[64 << 10];
	ssize_t length;
	while ((length = read(from, bytes, sizeof bytes)) > 0)
		for (ssize_t done = 0, n; done < length; done += n)
			if ((n = write(to, bytes + done, (size_t)(length - done))) < 0)
				return;
}

static pid_t feeder_start(const char *input, int to, int unused)
{
	pid_t pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid > 0)
		return pid;
	close(unused);
	int from = open(input, O_RDONLY);
	if (from < 0)
		fail(input);
	copy(from, to);
	_exit(0);
}

static pid_t command_start(char **command, int in, int out, int null)
{
	pid_t pid = fork();
	if (pid < 0)
		fail("fork");
	if (pid > 0)
		return pid;
	dup2(in, 0);
	dup2(out, 1);
	dup2(null, 2);
	execvp(command[0], command);
	_exit(127);
}

/* One run: seconds from fork to exit, *KIB raised to its peak memory. */
static double run_once(const char *input, char **command, long *kib)
{
	int piped = strcmp(input, "-") != 0, null = open("/dev/null", O_RDWR | O_CLOEXEC), in[2] = {null, -1},
	    out[2] = {-1, null};
	pid_t feeder = -1;
	if (piped && (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)))
		fail("pipe");
	double start = now();
	pid_t pid = command_start(command, in[0], out[1], null);
	if (piped) {
		feeder = feeder_start(input, in[1], in[0]);
		close(in[0]), close(in[1]), close(out[1]);
		copy(out[0], null);
		close(out[0]);
	}
	int status;
	struct rusage usage;
	wait4(pid, &status, 0, &usage);
	double took = now() - start;
	if (getenv("PROCESSOR_TIME"))
		took = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
	if (feeder > 0)
		waitpid(feeder, NULL, 0);
	close(null);
	if (usage.ru_maxrss > *kib)
		*kib = usage.ru_maxrss;
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		fprintf(stderr, "bench-run: %s ended with status %d\n", command[0], status);
	return took;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
	int runs = argc > 3 ? atoi(argv[1]) : 0;
	if (runs < 1) {
		fprintf(stderr, "usage: bench-run RUNS INPUT COMMAND [ARGUMENT...]\n");
		return 64;
	}
	double *times = calloc((size_t)runs, sizeof *times);
	long kib = 0;
	if (!times)
		fail("calloc");
	for (int i = 0; i < runs; i++)
		times[i] = run_once(argv[2], argv + 3, &kib);
	qsort(times, (size_t)runs, sizeof *times, by_size);
	printf("%.6f %ld\n", times[runs / 2], kib);
	free(times);
	return 0;
}
