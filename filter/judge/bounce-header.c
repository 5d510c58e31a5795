#include "judge/bounce-header.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "mail/fields.h"

static const char own_prefix[] = "X-Bounce-";

/* A header whose lines end in bare CRs has no LF at all. */
static char newline_byte(const char *bytes, size_t length)
{
	return memchr(bytes, '\n', length) != NULL ? '\n' : '\r';
}

/* Bytes of the line at TEXT, its newline included. */
static size_t line_length(const char *text, size_t length, char newline)
{
	const char *end = memchr(text, newline, length);

	return end != NULL ? (size_t)(end - text) + 1 : length;
}

/* Whether the line at LINE goes on with the field before it. */
static bool is_continuation(const char *line, size_t length, char newline)
{
	return newline == '\n' ? header_line_continues(line, length) : line[0] == ' ' || line[0] == '\t';
}

/* Whether the line is the empty one behind the header. */
static bool is_empty(const char *line, size_t length)
{
	return length == 1 || (length == 2 && line[0] == '\r');
}

static bool is_own(const char *line, size_t length)
{
	return length >= strlen(own_prefix) && strncasecmp(line, own_prefix, strlen(own_prefix)) == 0;
}

/* How many bytes from AT on are empty lines, and what else is skipped before a header, with a field behind them; 0: there is none. */
static size_t gap_length(const char *at, size_t length, char newline)
{
	size_t gap = header_preamble(at, length, newline);

	return gap < length && header_name_length(at + gap, length - gap) > 0 ? gap : 0;
}

/* How the lines of a header end. */
struct line_ends {
	size_t lf, crlf;
	bool are_counted; /* to the end of what any program takes for the header */
};

static void line_ends_add(struct line_ends *ends, const char *line, size_t length)
{
	bool is_crlf = length > 1 && line[length - 2] == '\r';

	ends->crlf += !ends->are_counted && is_crlf;
	ends->lf += !ends->are_counted && !is_crlf;
}

/* Whether the empty line ends the header for every program. In a mail whose lines end in LF, procmail takes a line of CR LF for one more of the header. */
static bool is_end(const struct line_ends *ends, size_t length)
{
	return length == 1 || ends->crlf > ends->lf;
}

struct bounce_header bounce_header_find(const char *bytes, size_t length)
{
	char newline = newline_byte(bytes, length);
	struct bounce_header header = {.start = header_preamble(bytes, length, newline)};
	struct line_ends ends = {.lf = 0};
	bool is_ours = true; /* all so far */
	size_t n;

	for (header.end = header.start; header.end < length; header.end += n) {
		const char *line = bytes + header.end;

		n = line_length(line, length - header.end, newline);
		if (line[n - 1] == newline && is_empty(line, n)) {
			size_t gap = is_ours ? gap_length(line, length - header.end, newline) : 0;

			if (gap == 0 && is_end(&ends, n))
				break;
			ends.are_counted = ends.are_counted || gap == 0;
			n = gap > 0 ? gap : n;
			continue;
		}
		is_ours = is_ours && (is_own(line, n) || (header.end > header.start &&
		                                                 is_continuation(line, length - header.end, newline)));
		line_ends_add(&ends, line, n);
	}
	header.eol = newline == '\r' ? "\r" : ends.crlf > ends.lf ? "\r\n" : "\n";
	return header;
}

static void put(char *to, size_t *length, const char *from, size_t count)
{
	memcpy(to + *length, from, count);
	*length += count;
}

char *bounce_header_edit(const void *ctx, const char *bytes, const struct bounce_header *header, const char *added, size_t *length)
{
	char newline = newline_byte(header->eol, strlen(header->eol));
	char *to = talloc_size(ctx, header->end + strlen(added) + 1);
	size_t at, n;
	bool removing = false;

	*length = 0;
	put(to, length, bytes, header->start);
	put(to, length, added, strlen(added));
	for (at = header->start; at < header->end; at += n) {
		n = line_length(bytes + at, header->end - at, newline);
		if (header_name_length(bytes + at, n) > 0)
			removing = is_own(bytes + at, n);
		else if (removing)
			removing = is_continuation(bytes + at, header->end - at, newline);
		if (!removing)
			put(to, length, bytes + at, n);
	}
	return to;
}
