#include "judge/header.h"

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

/* The header ends at an empty line. If all in front of it is ours, nothing will be left of it, and who skips empty lines will take what follows for the
 * header: so that is part of it. */
struct header header_find(const char *bytes, size_t length)
{
	char newline = newline_byte(bytes, length);
	struct header header = {.eol = newline == '\r' ? "\r" : "\n"};
	bool is_ours = true; /* all so far */
	size_t n;

	header.start = header_preamble(bytes, length, newline);
	for (header.end = header.start; header.end < length; header.end += n) {
		const char *line = bytes + header.end;

		n = line_length(line, length - header.end, newline);
		if (header.end == header.start && header_name_length(line, n) == 0)
			break;
		if (line[n - 1] == newline && is_empty(line, n)) {
			n = is_ours ? gap_length(line, length - header.end, newline) : 0;
			if (n == 0)
				break;
			continue;
		}
		is_ours = is_ours && (is_own(line, n) || is_continuation(line, length - header.end, newline));
		if (newline == '\n' && n > 1 && line[n - 2] == '\r')
			header.eol = "\r\n";
	}
	header.complete = header.end < length;
	return header;
}

static void put(char *to, size_t *length, const char *from, size_t count)
{
	memcpy(to + *length, from, count);
	*length += count;
}

char *header_edit(const void *ctx, const char *bytes, const struct header *header, const char *added, size_t *length)
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
