/* What is wrong in a rules or formats file, collected for a command to print: nothing below the
 * commands prints. */
#ifndef PROBLEM_H
#define PROBLEM_H

#include <stddef.h>

struct problem {
	const char *file;
	int line;
	const char *text; /* what is wrong and what was expected */
};

struct problems {
	struct problem *list;
	size_t count;
};

/* Returns an empty list, owned by CTX. */
struct problems *problems_new(const void *ctx);

/* Notes that LINE of FILE is wrong. */
void problems_add(struct problems *problems, const char *file, int line, const char *format, ...)
        __attribute__((format(printf, 4, 5)));

#endif
