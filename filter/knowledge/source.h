/* Where the knowledge comes from: the user's files in $XDG_CONFIG_HOME/notmuch-bounce/, then those
 * of share/ that are embedded in the program. Both are the same kind of text and are read by the
 * same parsers. */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/problem.h"
#include "base/status.h"

struct source {
	/* as shown to a person: share/rules/20-phrases.rules, or the user's path */
	const char *name;
	const char *text; /* NUL-terminated */
	size_t length;
	bool user;
	bool is_for_names; /* rules: read only for the names that it gives to all files */
};

struct sources {
	struct source *list;
	size_t count;
};

/* All files of KIND ("rules", "formats", "explain/ja", or "explain" for what all languages share)
 * in reading order: the user's by name, then ours by name. A user's file that cannot be read is
 * left out and noted in PROBLEMS. Owned by CTX. */
struct sources *source_list(const void *ctx, const char *kind, struct problems *problems);

/* Of these only the user's, and only ours. */
struct sources *source_list_own(const void *ctx, const char *kind, struct problems *problems);
struct sources *source_list_built_in(const void *ctx, const char *kind);

/* SOURCE at the end of SOURCES. */
void source_add(struct sources *sources, const struct source *source);

/* The folders in KIND, ours and the user's, by name, NULL-terminated, owned by CTX. */
char **source_folders(const void *ctx, const char *kind);

/* The file at PATH as a user's source. STATUS_NO_INPUT or STATUS_IO when that fails. */
enum status source_open(const void *ctx, const char *path, struct source *source);

/* The lines of a source, one after another, without surrounding white space and never empty or a
 * `#` comment. */
struct source_lines {
	const struct source *source;
	struct problems *problems;
	bool is_utf8; /* all of it is (ours always), so that no line need be looked at for that */
	char *copy;   /* of the source's text, in which the lines are cut out */
	size_t offset;
	int number;       /* of the line given out last */
	const char *text; /* that line as it stands in the source */
	int length;       /* its bytes */
};

/* Begin with the first line of SOURCE. CTX owns the lines. Those that are not UTF-8 are noted in
 * PROBLEMS (NULL: nowhere) and left out. */
struct source_lines source_lines_of(
        const void *ctx, const struct source *source, struct problems *problems);

/* The next line, which the caller may change; NULL after the last one. It lives as long as CTX. */
char *source_line_next(struct source_lines *lines);

/* Whether the line given out last begins with a blank. */
bool source_line_is_indented(const struct source_lines *lines);

/* LENGTH bytes of SOURCE from OFFSET on, in one line, owned by CTX. */
char *source_excerpt(const void *ctx, const struct source *source, size_t offset, size_t length);

#endif
