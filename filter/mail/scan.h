/* Runs the user's virus scanner on parts of a mail. */
#ifndef SCAN_H
#define SCAN_H

#include <stddef.h>

struct scanner;

/* Returns a scanner that runs COMMAND (setting bounce.scanner): words separated by blanks, run from
 * PATH without a shell. It gets a part on standard input or, for a word `{}`, in a private file.
 * Owned by CTX. NULL if COMMAND is empty. */
struct scanner *scanner_new(const void *ctx, const char *command);

/* What the scanner made of a part. */
struct scan {
	/* its exit status: 0 if the part may go, 1 if it found something; -1 if it crashed or, with
	 * an ERROR, could not be run */
	int status, error;
	const char *program;
	const char *said; /* the last line of its output, fit to be shown; "": none */
};

/* Has SCANNER, which owns the answer, look at LENGTH BYTES of a part. */
struct scan scanner_look(struct scanner *scanner, const char *bytes, size_t length);

#endif
