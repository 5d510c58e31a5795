/* The files of share/, built into the program byte for byte: rules, formats, examples, texts and
 * domains.
 *
 * embedded.c is made at build time by embed.sh and is in no repository. All is constant. The files
 * are in the order of their names in the C locale (share/formats before share/rules, 10-… before
 * 20-…), which is the order of precedence within a directory. */
#ifndef EMBEDDED_H
#define EMBEDDED_H

#include <stddef.h>

struct embedded_file {
	const char *name; /* as in the source tree: "share/rules/10-x.rules" */
	const char *text; /* the file's bytes and a NUL after the last */
	size_t length;    /* without that NUL */
};

extern const struct embedded_file embedded_files[];
extern const size_t embedded_files_count;

#endif
