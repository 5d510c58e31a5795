/* Child processes that may fail, crash or hang without taking us with them; and other programs,
 * started as whoever started us would have started them. */
#ifndef CHILD_H
#define CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* ANSWER is the pipe from which its output is read. */
struct child {
	pid_t pid; /* 0: there is none */
	int answer;
};

/* Forks a child that calls WORK with ARGUMENT and the pipe to write to, then exits with 0. PID is 0
 * if that fails; such a child answers nothing. */
struct child child_start(void (*work)(void *argument, int answer), void *argument);

/* Returns milliseconds of the monotonic clock. */
long long child_clock(void);

/* Returns all that the child writes before it closes the pipe, NUL-terminated, owned by CTX; NULL
 * if that is more than MAX bytes, takes longer than until END (by child_clock()), or reading
 * fails. */
char *child_answer(const void *ctx, const struct child *child, size_t max, long long end);

/* Reads the next line, without its newline, into LINE (SIZE bytes); allocates nothing. Returns
 * false if no complete line that fits comes before END. */
bool child_line(const struct child *child, long long end, char *line, size_t size);

/* Kills the child unless it has ended, or is just ending, and returns its status as waitpid(2)
 * gives it; -1 if there is none. */
int child_end(struct child *child);

/* From now on a write to a closed pipe fails with EPIPE, rather than ending us. */
void child_ignore_sigpipe(void);

/* Becomes the program that WORDS name, NULL-terminated, the first looked for in PATH; signals that
 * we ignore for ourselves do in it what they did when we were started. Returns if that fails. */
void child_become(char *const *words);

struct program {
	char *const *words; /* see child_become() */
	/* become its standard input, and output and error; -1: it has ours */
	int input, output;
	const sigset_t *mask; /* its blocked signals; NULL: as ours */
	bool dies_with_us;
};

/* Starts it: *PID. Returns 0, or the errno of why it can't be. */
int program_start(const struct program *program, pid_t *pid);

/* Runs it to its end: *OUTCOME is its status as waitpid(2) gives it. Returns what program_start()
 * does. */
int program_run(const struct program *program, int *outcome);

#endif
