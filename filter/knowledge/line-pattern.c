#include "knowledge/line-pattern.h"

#include <glib.h>
#include <string.h>

#include "mail/address.h"

/* The most steps of one match: enough for any honest line, a limit for a hostile one. */
#define STEPS_MAX 20000

struct line_attempt {
	struct match *match;
	bool is_anchored, continues;
	int steps;
};

/* address.c says what an address looks like; the other typed captures are runs of these bytes. */
#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static const struct {
	const char *name;
	const char *bytes; /* NULL: free text up to the next piece */
} captures[CAPTURE_COUNT] = {
        [CAPTURE_ADDRESS] = {"address", NULL},
        [CAPTURE_NAME] = {"name", LETTERS DIGITS "._+-="},
        [CAPTURE_ORIGINAL_ADDRESS] = {"original-address", NULL},
        [CAPTURE_STATUS] = {"status", DIGITS "."},
        [CAPTURE_REPLY] = {"reply", DIGITS},
        [CAPTURE_COMMAND] = {"command", LETTERS " -"},
        [CAPTURE_REMOTE] = {"remote", LETTERS DIGITS ".:_-"},
        [CAPTURE_REPORTING] = {"reporting", LETTERS DIGITS ".:_-"},
        [CAPTURE_DIAGNOSTIC] = {"diagnostic", NULL},
        [CAPTURE_MESSAGE_ID] = {"message-id", NULL},
        [CAPTURE_SUBJECT] = {"subject", NULL},
        [CAPTURE_DATE] = {"date", NULL},
        [CAPTURE_FROM] = {"from", NULL},
        [CAPTURE_TO] = {"to", NULL},
};

static bool is_address_capture(enum capture capture)
{
	return capture == CAPTURE_ADDRESS || capture == CAPTURE_ORIGINAL_ADDRESS;
}

/* Returns the capture that the brace at PATTERN begins, and its *END; CAPTURE_COUNT if it is not a
 * capture. */
static enum capture capture_read(const char *pattern, const char **end)
{
	size_t length = strcspn(++pattern, "}"), name = length;
	int capture = 0;

	*end = pattern + length + 1;
	if (pattern[length] != '}')
		return CAPTURE_COUNT;
	if (name > 3 && strncmp(pattern + name - 3, "...", 3) == 0)
		name -= 3;
	while (capture < CAPTURE_COUNT && (strncmp(captures[capture].name, pattern, name) != 0 ||
	                                          captures[capture].name[name] != '\0'))
		capture++;
	return (enum capture)capture;
}

const char *line_pattern_wrong(const char *pattern)
{
	while ((pattern = strchr(pattern, '{')) != NULL) {
		const char *brace = pattern;

		if (capture_read(brace, &pattern) == CAPTURE_COUNT)
			return brace;
	}
	return NULL;
}

bool line_pattern_continues(const char *pattern)
{
	return strstr(pattern, "...}") != NULL;
}

/* Returns how many bytes at TEXT the typed capture takes; 0 if it does not match. */
static size_t capture_scan(
        enum capture capture, const char *text, const char **start, size_t *length)
{
	if (is_address_capture(capture))
		return address_scan(text, start, length);
	*start = text;
	*length = strspn(text, captures[capture].bytes);
	if (capture == CAPTURE_STATUS &&
	        (*length < 5 || strchr("245", text[0]) == NULL || text[1] != '.'))
		return 0;
	if (capture == CAPTURE_REPLY && (*length != 3 || strchr("2345", text[0]) == NULL))
		return 0;
	while (*length > 0 && strchr(" .", text[*length - 1]) != NULL)
		--*length;
	return *length;
}

static bool match_from(struct line_attempt *attempt, const char *pattern, const char *line);

/* Matches `*` (CAPTURE_COUNT) or a capture of free text: takes the shortest run after which the
 * REST of the pattern matches. */
static bool match_run(
        struct line_attempt *attempt, enum capture capture, const char *rest, const char *line)
{
	size_t least = capture != CAPTURE_COUNT && !attempt->continues ? 1 : 0;
	size_t length = strlen(line);
	bool is_last = *rest == '\0', is_literal = !is_last && *rest != '*' && *rest != '{';

	for (size_t n = is_last ? MAX(length, least) : least;
	        n <= length && attempt->steps < STEPS_MAX; n++) {
		if ((is_literal && g_ascii_tolower(*rest) != g_ascii_tolower(line[n])) ||
		        !match_from(attempt, rest, line + n))
			continue;
		if (capture != CAPTURE_COUNT) {
			attempt->match->start[capture] = line;
			attempt->match->length[capture] = n;
		}
		return true;
	}
	return false;
}

/* Returns whether PATTERN matches at the beginning of LINE. */
static bool match_from(struct line_attempt *attempt, const char *pattern, const char *line)
{
	enum capture capture = CAPTURE_COUNT;
	const char *start, *rest;
	size_t length;

	attempt->steps++;
	for (; *pattern != '*' && *pattern != '{'; pattern++, line++) {
		if (*pattern == '\0') {
			attempt->match->end = line;
			return !attempt->is_anchored || *line == '\0';
		}
		if (g_ascii_tolower(*pattern) != g_ascii_tolower(*line))
			return false;
	}
	rest = pattern + 1;
	if (*pattern == '{')
		capture = capture_read(pattern, &rest);
	if (capture == CAPTURE_COUNT ||
	        (captures[capture].bytes == NULL && !is_address_capture(capture)))
		return match_run(attempt, capture, rest, line);
	size_t n = capture_scan(capture, line, &start, &length);

	if (n == 0 || !match_from(attempt, rest, line + n))
		return false;
	attempt->match->start[capture] = start;
	attempt->match->length[capture] = length;
	return true;
}

bool line_pattern_match(const char *pattern, bool find, const char *line, struct match *match)
{
	struct line_attempt attempt = {match, !find, line_pattern_continues(pattern), 0};

	do {
		*match = (struct match){.end = line};
		if (match_from(&attempt, pattern, line) && (!find || match->end > line))
			return true;
	} while (find && *line != '\0' && *++line != '\0' && attempt.steps < STEPS_MAX);
	return false;
}
