/* Runs work in child processes, which may fail, crash or hang without taking us with them, and
 * other programs, for which signals do what they did when we were started. */
#ifndef CHILD_H
#define CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct child {
	pid_t pid;  /* 0: there is none */
	int answer; /* the pipe from which its output is read; -1: there is none */
};

/* Forks a child that calls WORK with ARGUMENT and the pipe to write to, then exits with 0. If that
 * fails, its PID is 0 and it answers nothing. */
struct child child_start(void (*work)(void *argument, int answer), void *argument);

/* Returns milliseconds of the monotonic clock. */
long long child_clock(void);

/* Returns all that the child writes before it closes the pipe, NUL-terminated, owned by CTX; NULL
 * if that is more than MAX bytes, is not over at END (by child_clock()), or can't be read. */
char *child_answer(const void *ctx, const struct child *child, size_t max, long long end);

/* Reads the next line, without its newline, into LINE (SIZE bytes); allocates nothing. Returns
 * false if no complete line that fits comes before END. */
bool child_line(const struct child *child, long long end, char *line, size_t size);

/* Kills the child unless it has ended, or is just ending, and returns its status as waitpid(2)
 * gives it; -1 if there is none. */
int child_end(struct child *child);

/* From now on a write to a closed pipe fails with EPIPE, rather than ending us. */
void child_ignore_sigpipe(void);

/* Becomes the program WORDS[0], which is looked for in PATH, with WORDS (NULL-terminated) as its
 * arguments. Signals that we changed do in it what they did when we were started. Returns if that
 * fails. */
void child_become(char *const *words);

struct program {
	char *const *words; /* see child_become() */
	/* its standard input, and its standard output and error; -1: ours */
	int input, output;
	const sigset_t *mask; /* its blocked signals; NULL: as ours */
	bool dies_with_us;
};

/* Starts PROGRAM; *PID is its process. Returns 0, or the errno of the failure. */
int program_start(const struct program *program, pid_t *pid);

/* Runs PROGRAM to its end; *OUTCOME is its status as waitpid(2) gives it. Returns what
 * program_start() returns. */
int program_run(const struct program *program, int *outcome);

/* Characters that mean nothing to a shell, to mutt, or to a query of notmuch's, but for a `-` or
 * `+` that begins a word. */
#define SHELL_PLAIN "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@+-"

/* Returns TEXT as a word of a shell command, with quotes if it needs them, owned by CTX. */
char *shell_word(const void *ctx, const char *text);

/* -- All descendants of a process that we started, whatever process groups, sessions and parents
 * they choose */

/* From now on, our descendants whose parents end become our children, so that none gets lost. */
void descendants_adopt(void);

/* Stops (SIGSTOP) our child PID, its descendants and all that we have adopted, except the child
 * EXCEPT (each may be 0: none). Once all have stopped, calls IS_TO_END with ARGUMENT. If that
 * returns true, or IS_TO_END is NULL, kills all of them, waits until they are gone, and returns
 * true, with PID's status in *OUTCOME. If not, or if processes can't be listed or stopped, lets
 * them continue and returns false. Never ends the program for want of memory. */
bool descendants_end(
        pid_t pid, pid_t except, bool (*is_to_end)(void *argument), void *argument, int *outcome);

#endif
