/* Reading a mail in a worker, a process of its own that can do nothing but answer.
 *
 * Everything that it may need has to be there before it looks at the mail, but most mail needs no
 * library and no charset beside those of the program itself. So it begins without them. If one is
 * missing it ends at once, and another is started that loads it first. */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "judge/judgement-wire.h"

/* What is to be done: WORK is given ARGUMENT and the pipe for the answer. It can open nothing. */
struct worker {
	void (*work)(void *argument, int answer);
	void *argument;
	int kept;    /* a descriptor that it needs besides; -1: none */
	bool prints; /* it has standard output and error too */
};

/* Does the work; at most JUDGE_SECONDS_MAX. True if the process ended by itself and said all it had
 * to say: *ANSWER is that, owned by CTX, and *CODE its exit code. */
bool worker_run(const void *ctx, const struct worker *worker, char **answer, int *code);

/* Loads all that any mail may need, for a process that reads many mails in the sandbox. */
void worker_load_all(void);

/* Whose bytes are judged: LENGTH bytes (at most MAIL_JUDGED_MAX of them), or, if BYTES is NULL,
 * those of the file SPOOL. */
struct worker_mail {
	const char *bytes;
	size_t length;
	int spool;
};

/* Judges MAIL in a worker. What is believed of the answer is in *JUDGED; what is wrong with the
 * user's own files is added to PROBLEMS. False if the mail can't be judged. All is owned by CTX. */
bool worker_judge(const void *ctx, const struct worker_mail *mail, struct problems *problems,
        struct judgement_wire *judged);

#endif
