/* One mail that did not reach one recipient: what many bounces say together is counted from
 * these. */
#ifndef FAILURE_H
#define FAILURE_H

#include <stdbool.h>
#include <time.h>

#include "judge/judge.h"

/* Strings live only during the call that they are given to; NULL: not known. */
struct failure {
	const char *address;
	const char *server; /* the host that refused the mail, else the one that reported it */
	const char *sender; /* the address in From of the mail that came back */
	const char *words;  /* the diagnostic */
	enum reason reason;
	bool delayed; /* the server goes on trying */
	time_t time;  /* when it was reported; 0: not known */
};

typedef void failure_fn(void *argument, const struct failure *failure);

/* Call EACH for every recipient that the bounce JUDGEMENT is about did not reach. */
void failure_each(const struct judgement *judgement, failure_fn *each, void *argument);

/* The same for LINE, LENGTH bytes that `classify --format=json` wrote. False if it is not such a
 * line. */
bool failure_each_json(const char *line, size_t length, failure_fn *each, void *argument);

#endif
