/* The line patterns of a formats file: literal text, `*` for anything, and captures in braces.
 *
 *     <{address}>: {diagnostic...}
 *
 * A pattern fits a whole line (or, for `find`, a place in it). ASCII letters compare without
 * case. */
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

/* Where the captures of a match lie in the line; length 0: not captured. */
struct match {
	const char *start[CAPTURE_COUNT];
	size_t length[CAPTURE_COUNT];
	const char *end; /* behind the match */
};

/* The brace in PATTERN that names no capture; NULL if none is wrong. */
const char *line_pattern_wrong(const char *pattern);

/* Whether PATTERN, which has nothing wrong, fits all of LINE. Bounded: at most a fixed number of
 * steps, however the line is made. */
bool line_pattern_match(const char *pattern, const char *line, struct match *match);

/* Whether PATTERN fits somewhere in LINE, from its first place on. */
bool line_pattern_find(const char *pattern, const char *line, struct match *match);

/* Whether what is captured last goes on over the following lines (`{diagnostic...}`). */
bool line_pattern_continues(const char *pattern);

#endif
