/* Reading a mail in a process of its own that can do nothing but answer.
 *
 * Everything that the process may need has to be there before it looks at the mail, but most mail
 * needs no library and no charset beside those of the program itself. So it begins without them. If
 * one is missing it ends at once, and another is started that loads it first. */
#ifndef APART_H
#define APART_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "judge/handover.h"

/* What the process keeps of what is open. */
enum apart_output {
	APART_ANSWER, /* only the pipe that its answer goes to */
	APART_PRINTS, /* standard output and error too */
};

/* Work to be done apart: WORK is given ARGUMENT and the pipe for the answer. It can open
 * nothing. */
struct apart {
	enum apart_output output;
	void (*work)(void *argument, int answer);
	void *argument;
	int kept; /* a descriptor that it needs besides; -1: none */
};

/* Do the work; at most JUDGE_SECONDS_MAX. True if the process ended by itself and said all it had
 * to say: *ANSWER is that, owned by CTX, and *CODE its exit code. */
bool apart_run(const void *ctx, const struct apart *apart, char **answer, int *code);

/* Load all that any mail may need, for a process that reads many mails in the sandbox. */
void apart_load_all(void);

/* Whose bytes are judged: LENGTH bytes (at most MAIL_JUDGED_MAX of them), or, if BYTES is NULL,
 * those of the file SPOOL. */
struct apart_mail {
	const char *bytes;
	size_t length;
	int spool;
};

/* Judge MAIL apart. What is believed of the answer is in *HANDOVER; what is wrong with the user's
 * own files is added to PROBLEMS. False if the mail can't be judged. All is owned by CTX. */
bool apart_judge(const void *ctx, const struct apart_mail *mail, struct problems *problems,
        struct handover *handover);

#endif
