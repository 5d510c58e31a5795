#include "knowledge/line-pattern.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "mail/address.h"

/* Steps one match may take: enough for any honest line, a bound for a hostile one. */
#define STEPS_MAX 20000

enum piece_type { PIECE_LITERAL, PIECE_ANY, PIECE_CAPTURE };

struct piece {
	enum piece_type type;
	enum capture capture;
	const char *literal;
	size_t length;
};

struct line_pattern {
	size_t count;
	bool continues;
	struct piece pieces[];
};

struct attempt {
	const struct line_pattern *pattern;
	struct match *match;
	bool anchored;
	int steps;
};

/* What an address looks like is address.c's to say; the other typed captures are runs of these
 * bytes. */
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

static bool is_free(enum capture capture)
{
	return captures[capture].bytes == NULL && capture != CAPTURE_ADDRESS &&
	       capture != CAPTURE_ORIGINAL_ADDRESS;
}

/* The capture named by LENGTH bytes of NAME; CAPTURE_COUNT if there is none. */
static enum capture capture_by_name(const char *name, size_t length)
{
	int c;

	for (c = 0; c < CAPTURE_COUNT; c++)
		if (strlen(captures[c].name) == length &&
		        memcmp(captures[c].name, name, length) == 0)
			break;
	return (enum capture)c;
}

/* Read the braces at TEXT into PIECE; the bytes read, 0 if they are wrong. */
static size_t piece_parse_capture(
        struct line_pattern *pattern, const char *text, struct piece *piece)
{
	size_t length = strcspn(text, "}"), name = length;

	if (text[length] != '}')
		return 0;
	if (name > 4 && strncmp(text + name - 3, "...", 3) == 0) {
		name -= 3;
		pattern->continues = true;
	}
	piece->type = PIECE_CAPTURE;
	piece->capture = capture_by_name(text + 1, name - 1);
	return piece->capture == CAPTURE_COUNT ? 0 : length + 1;
}

/* At most how many pieces TEXT has. */
static size_t pieces_most(const char *text)
{
	size_t most = 1;

	for (; *text != '\0'; text++)
		if (*text == '*' || *text == '{')
			most += 2;
	return most;
}

struct line_pattern *line_pattern_parse(const void *ctx, const char *text, const char **wrong)
{
	struct line_pattern *pattern =
	        talloc_zero_size(ctx, sizeof *pattern + pieces_most(text) * sizeof(struct piece));
	size_t n;

	*wrong = NULL;
	for (; *text != '\0'; text += n) {
		struct piece *piece = &pattern->pieces[pattern->count++];

		*piece = (struct piece){PIECE_LITERAL, 0, text, 0};
		if (*text == '*') {
			piece->type = PIECE_ANY;
			n = 1;
		} else if (*text == '{')
			n = piece_parse_capture(pattern, text, piece);
		else
			n = piece->length = strcspn(text, "*{");
		if (n == 0) {
			*wrong = text;
			return NULL;
		}
	}
	return pattern;
}

/* How many bytes at TEXT the typed capture takes; 0: it does not fit here. */
static size_t capture_scan(
        enum capture capture, const char *text, const char **start, size_t *length)
{
	if (capture == CAPTURE_ADDRESS || capture == CAPTURE_ORIGINAL_ADDRESS)
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

static void match_note(
        struct attempt *attempt, enum capture capture, const char *start, size_t length)
{
	attempt->match->start[capture] = start;
	attempt->match->length[capture] = length;
}

static bool match_from(struct attempt *attempt, size_t number, const char *line);

/* Whether piece NUMBER may fit at LINE: a literal's first letter tells at once that it does not. */
static bool may_begin(const struct line_pattern *pattern, size_t number, const char *line)
{
	const struct piece *piece = &pattern->pieces[number];

	return number >= pattern->count || piece->type != PIECE_LITERAL ||
	       (piece->literal[0] | 0x20) == (line[0] | 0x20);
}

/* `*` or a free capture: the shortest run after which the rest fits. */
static bool match_run(struct attempt *attempt, size_t number, const char *line)
{
	const struct piece *piece = &attempt->pattern->pieces[number];
	bool last = number + 1 == attempt->pattern->count;
	size_t least = piece->type == PIECE_CAPTURE && !attempt->pattern->continues ? 1 : 0;
	size_t length = strlen(line), n;

	if (last && least > length)
		return false;
	for (n = last ? length : least; n <= length && attempt->steps < STEPS_MAX; n++) {
		if (!may_begin(attempt->pattern, number + 1, line + n) ||
		        !match_from(attempt, number + 1, line + n))
			continue;
		if (piece->type == PIECE_CAPTURE)
			match_note(attempt, piece->capture, line, n);
		return true;
	}
	return false;
}

static bool match_from(struct attempt *attempt, size_t number, const char *line)
{
	const struct piece *piece = &attempt->pattern->pieces[number];
	const char *start;
	size_t length, n;

	attempt->steps++;
	if (number == attempt->pattern->count) {
		attempt->match->end = line;
		return !attempt->anchored || *line == '\0';
	}
	if (piece->type == PIECE_LITERAL)
		return strncasecmp(line, piece->literal, piece->length) == 0 &&
		       match_from(attempt, number + 1, line + piece->length);
	if (piece->type == PIECE_ANY || is_free(piece->capture))
		return match_run(attempt, number, line);
	n = capture_scan(piece->capture, line, &start, &length);
	if (n == 0 || !match_from(attempt, number + 1, line + n))
		return false;
	match_note(attempt, piece->capture, start, length);
	return true;
}

bool line_pattern_match(const struct line_pattern *pattern, const char *line, struct match *match)
{
	struct attempt attempt = {pattern, match, true, 0};

	if (!may_begin(pattern, 0, line))
		return false;
	*match = (struct match){.end = line};
	return match_from(&attempt, 0, line);
}

bool line_pattern_find(const struct line_pattern *pattern, const char *line, struct match *match)
{
	struct attempt attempt = {pattern, match, false, 0};

	for (; *line != '\0' && attempt.steps < STEPS_MAX; line++) {
		*match = (struct match){.end = line};
		if (match_from(&attempt, 0, line) && match->end > line)
			return true;
	}
	return false;
}

bool line_pattern_continues(const struct line_pattern *pattern)
{
	return pattern->continues;
}
