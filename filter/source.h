/* Where the knowledge comes from: the user's files in $XDG_CONFIG_HOME/notmuch-bounce/, then those of share/ that are
 * embedded in the program. Both are the same kind of text and are read by the same parsers. */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "problem.h"
#include "status.h"

struct source {
	const char *name; /* as shown to a person: share/rules/20-phrases.rules, or the user's path */
	const char *text; /* NUL-terminated */
	size_t length;
	bool user;
};

struct sources {
	struct source *list;
	size_t count;
};

/* All files of KIND ("rules" or "formats") in reading order: the user's by name, then ours by name. A user's file
 * that cannot be read is left out and noted in PROBLEMS. STATUS_TRY_LATER when memory runs out. */
enum status source_list(const void *ctx, const char *kind, struct problems *problems, struct sources **sources);

/* The file at PATH as a user's source. STATUS_NO_INPUT, STATUS_IO or STATUS_TRY_LATER when that fails. */
enum status source_open(const void *ctx, const char *path, struct source *source);

/* One line of a source after another, without surrounding white space and never empty or a `#` comment. */
struct source_lines {
	const struct source *source;
	size_t offset;
	int number;
};

/* A copy of the next line, owned by CTX, and its number in LINES; NULL after the last one. */
char *source_line_next(const void *ctx, struct source_lines *lines);

#endif
