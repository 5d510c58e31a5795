/* Other programs, started as whoever started us would have started them. */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct program {
	char *const *words; /* NULL-terminated; the first is looked for in PATH */
	/* become its standard input, and output and error; -1: it has ours */
	int input, output;
	const sigset_t *mask; /* its blocked signals; NULL: as ours */
	bool dies_with_us;
};

/* Start it: *PID. 0, or the errno of why it can't be. Signals that we ignore for ourselves
 * (io_ignore_sigpipe(), program_watch()) do in it what they did when we were started. */
int program_start(const struct program *program, pid_t *pid);

/* From now on we are told how our children end, also if we were started to ignore that. */
void program_watch(void);

#endif
