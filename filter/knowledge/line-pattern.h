/* Matches the line patterns of a formats file: literal text, `*` for anything, and captures in
 * braces.
 *
 *     <{address}>: {diagnostic...}
 *
 * A pattern matches a whole line (or, for `find`, a place in it). Upper and lower case of ASCII
 * letters are the same. */
#ifndef LINE_PATTERN_H
#define LINE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

enum capture {
	CAPTURE_ADDRESS, /* starts a recipient */
	CAPTURE_NAME,    /* starts a recipient: a login without a domain */
	CAPTURE_ORIGINAL_ADDRESS,
	CAPTURE_STATUS,
	CAPTURE_REPLY,
	CAPTURE_COMMAND,
	CAPTURE_REMOTE,
	CAPTURE_REPORTING,
	CAPTURE_DIAGNOSTIC,
	CAPTURE_MESSAGE_ID, /* from here on: of the original */
	CAPTURE_SUBJECT,
	CAPTURE_DATE,
	CAPTURE_FROM,
	CAPTURE_TO,
	CAPTURE_COUNT,
};

/* Where the captures of a match are in the line; length 0: not captured. */
struct match {
	const char *start[CAPTURE_COUNT];
	size_t length[CAPTURE_COUNT];
	const char *end; /* after the match */
};

/* Returns the first brace in PATTERN that is not a capture; NULL if all are. */
const char *line_pattern_wrong(const char *pattern);

/* Returns whether PATTERN, which must be valid, matches all of LINE or, to FIND it, somewhere in
 * it: the first place counts. Takes at most a fixed number of steps, for any line. */
bool line_pattern_match(const char *pattern, bool find, const char *line, struct match *match);

/* Returns whether the last capture goes on in the lines that follow (`{diagnostic...}`). */
bool line_pattern_continues(const char *pattern);

#endif
