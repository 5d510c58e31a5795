/* Where knowledge comes from: the user's files in $XDG_CONFIG_HOME/notmuch-bounce/, then the files
 * of share/ that are embedded in the program. The same parsers read both. */
#ifndef SOURCE_H
#define SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/* What is wrong in a file of rules or formats, collected for a command to print: nothing below the
 * commands prints. */
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

struct source {
	/* as shown to a person: share/rules/20-phrases.rules, or the user's path */
	const char *name;
	const char *text; /* NUL-terminated; a user's may have other NULs */
	size_t length;
	bool user;
};

struct sources {
	struct source *list;
	size_t count;
};

/* The files of share/, built into the program byte for byte by embed.sh, in the order of their
 * names in the C locale (share/formats before share/rules, 10-… before 20-…), which is the order of
 * precedence within a directory. */
extern const struct source embedded_files[];
extern const size_t embedded_files_count;

/* Returns all files of KIND ("rules", "formats", "explain/ja", or "explain" for what all languages
 * share) in reading order: the user's by name, then ours by name. A user's file that can't be read
 * is left out and noted in PROBLEMS. Owned by CTX. */
struct sources *source_list(const void *ctx, const char *kind, struct problems *problems);

/* Return only the user's, or only ours. */
struct sources *source_list_own(const void *ctx, const char *kind, struct problems *problems);
struct sources *source_list_built_in(const void *ctx, const char *kind);

/* Adds SOURCE at the end of SOURCES. */
void source_add(struct sources *sources, const struct source *source);

/* Returns the languages, the names of the folders in explain/, ours and then the user's,
 * NULL-terminated, owned by CTX. */
char **source_languages(const void *ctx);

/* Reads the file at PATH as a user's source, owned by CTX. Returns STATUS_NO_INPUT or STATUS_IO on
 * failure. */
enum status source_open(const void *ctx, const char *path, struct source *source);

/* Gives out the lines of a source, one after another, without white space around them. Leaves out
 * empty lines and `#` comments. */
struct source_lines {
	const struct source *source;
	struct problems *problems;
	bool is_plain; /* all of it is UTF-8 without a NUL, so that no line need be checked */
	char *copy;    /* a copy of the source's text, in which the lines are cut */
	size_t offset;
	int number; /* of the last line */
	bool is_indented;
};

/* Returns the lines of SOURCE, before the first one; owned by CTX. Lines that are not UTF-8, or
 * have a NUL, are noted in PROBLEMS (NULL: nowhere) and left out. */
struct source_lines source_lines_of(
        const void *ctx, const struct source *source, struct problems *problems);

/* Returns the next line, which the caller may change; NULL after the last one. It lives as long as
 * CTX. */
char *source_line_next(struct source_lines *lines);

/* Cuts off and returns the next word of *REST, which moves to what follows; NULL at the end. */
char *source_word_next(char **rest);

#endif
