/* Runs the user's virus scanner on parts of a mail. */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct scanner;

/* Returns a scanner that runs COMMAND (setting bounce.scanner): words separated by blanks, run from
 * PATH without a shell. It gets a part on standard input or, for a word `{}`, in a private file.
 * Owned by CTX. NULL if COMMAND is empty. */
struct scanner *scanner_new(const void *ctx, const char *command);

/* Returns true if the scanner exits with 0 for BYTES, the part called NAME. Else *WHY, owned by
 * SCANNER, says what the scanner found (exit status 1), or why it could not be asked. */
bool scanner_allows(struct scanner *scanner, const char *name, const char *bytes, size_t length,
        const char **why);

#endif
