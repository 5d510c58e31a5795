/* Processes that work for us, each on something in which it may fail, crash or hang without our doing so. */
#ifndef CMD_HELPER_H
#define CMD_HELPER_H

#include <stdbool.h>
#include <sys/types.h>

/* What it says, until it ends, comes from here. */
struct helper {
	pid_t pid; /* 0: there is none */
	int answer;
};

/* Start one that does WORK with ARGUMENT, given the pipe to answer through. There may be none in the end; it then says nothing. */
struct helper helper_start(void (*work)(void *argument, int answer), void *argument);

/* All that it says within SECONDS, owned by CTX; NULL if that is more than HANDOVER_MAX, takes longer, or can't be had. */
char *helper_answer(const void *ctx, const struct helper *helper, unsigned seconds);

/* The next line that it says within SECONDS, into LINE of SIZE bytes, without its newline; nothing is allocated. False if it says none, or a longer one. */
bool helper_line(const struct helper *helper, unsigned seconds, char *line, size_t size);

/* End it, if it has not ended. */
void helper_end(struct helper *helper);

#endif
