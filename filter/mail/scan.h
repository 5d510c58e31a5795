/* The user's virus scanner, asked about the parts of a mail. */
#ifndef SCAN_H
#define SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct scanner;

/* The scanner that COMMAND says (bounce.scanner): words with blanks between them, the first the program, which is found in PATH and run without
 * a shell. It gets a part on standard input or, where a word is `{}`, in a private file. Owned by CTX. NULL if COMMAND has no word. */
struct scanner *scanner_new(const void *ctx, const char *command);

/* Have LENGTH bytes of the part called NAME looked at. True: exit status 0, nothing was found. False with *WHY (owned by SCANNER): 1, something
 * was; or it could not be asked, which counts as much. */
bool scanner_allows(struct scanner *scanner, const char *name, const char *bytes, size_t length, const char **why);

#endif
