/* Child processes that may fail, crash or hang without taking us with them. */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* What it writes, until it ends, is read from ANSWER. */
struct child {
	pid_t pid; /* 0: there is none */
	int answer;
};

/* Start one that does WORK with ARGUMENT, given the pipe to write to, and then exits with 0. If none can be started, PID is 0 and it writes nothing. */
struct child child_start(void (*work)(void *argument, int answer), void *argument);

/* Milliseconds on a clock that nobody can set. */
long long child_clock(void);

/* All that it writes until END (of child_clock()), NUL-terminated, owned by CTX; NULL if that is more than MAX bytes, takes longer, or can't be had. */
char *child_answer(const void *ctx, const struct child *child, size_t max, long long end);

/* The next line that it writes until END, into LINE of SIZE bytes, without its newline; nothing is allocated. False if it writes none, or a longer one. */
bool child_line(const struct child *child, long long end, char *line, size_t size);

/* Kill it if it has not ended; one that has closed its pipe by ending counts as ended. How it ended, as waitpid(2) has it; -1: there is none. */
int child_end(struct child *child);

#endif
