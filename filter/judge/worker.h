/* Reads a mail in a worker: a process of its own that can do nothing but answer.
 *
 * All that the worker needs must be loaded before it looks at the mail. Most mail needs no library
 * or charset beside those of the program itself, so a worker starts without them. If it finds that
 * it lacks one it ends at once, and another is started that loads it first. */
#ifndef WORKER_H
#define WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "knowledge/source.h"
#include "judge/judgement-wire.h"

/* What a worker does. WORK gets ARGUMENT and the pipe for the answer, and can open nothing. */
struct worker {
	void (*work)(void *argument, int answer);
	void *argument;
	int kept;    /* another descriptor that it needs; -1: none */
	bool prints; /* it keeps standard output and error */
};

/* Does the work, in at most JUDGE_SECONDS_MAX. Returns true if the process ended by itself and its
 * answer is complete: *ANSWER, owned by CTX, and *CODE, its exit code. */
bool worker_run(const void *ctx, const struct worker *worker, char **answer, int *code);

/* Loads all libraries and charsets that a mail may need, for a process that reads many mails in the
 * sandbox. */
void worker_load_all(void);

/* The mail to judge: LENGTH bytes, of which at most MAIL_JUDGED_MAX are read, at BYTES or, if that
 * is NULL, in the file SPOOL. */
struct worker_mail {
	const char *bytes;
	size_t length;
	int spool;
};

/* Judges MAIL in a worker. *JUDGED is what is believed of the answer; errors in the user's own
 * files are added to PROBLEMS. Returns false if the mail can't be judged. All is owned by CTX. */
bool worker_judge(const void *ctx, const struct worker_mail *mail, struct problems *problems,
        struct judgement_wire *judged);

#endif
