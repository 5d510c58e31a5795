#include "judge/simple.h"

#include <string.h>
#include <talloc.h>

#include "base/cap.h"
#include "base/limits.h"
#include "judge/bare.h"
#include "text/text.h"

/* RFC 2046 section 5.1.1. */
#define BOUNDARY_MAX 70

/* Where the pieces are in the message. */
struct simple {
	const char *text, *status, *returned;
	size_t text_length, status_length, returned_length;
	bool whole;
	char *charset; /* of the text; NULL: not said */
};

/* A report that is being cut: what is left of it. */
struct cut {
	const char *at, *end;
	const char *boundary;
	size_t boundary_length;
};

/* Whether a delimiter line stands at LINE. */
static bool is_delimiter(const struct cut *cut, const char *line)
{
	size_t left = (size_t)(cut->end - line), n = cut->boundary_length + 2;

	if (left < n || line[0] != '-' || line[1] != '-' || memcmp(line + 2, cut->boundary, cut->boundary_length) != 0)
		return false;
	while (n < left && (line[n] == '-' || line[n] == ' ' || line[n] == '\t'))
		n++;
	return n == left || line[n] == '\n';
}

/* The next delimiter line from AT on; the end if there is none. */
static const char *delimiter_find(const struct cut *cut, const char *at)
{
	while (at < cut->end && !is_delimiter(cut, at)) {
		at = memchr(at, '\n', (size_t)(cut->end - at));
		if (at == NULL)
			return cut->end;
		at++;
	}
	return at;
}

/* The next part: its header in FIELDS, its body in *BODY and *LENGTH. False after the last one. */
static bool part_next(const void *ctx, struct cut *cut, struct fields *fields, const char **body, size_t *length)
{
	const char *line = delimiter_find(cut, cut->at), *start, *next;

	start = line < cut->end ? memchr(line, '\n', (size_t)(cut->end - line)) : NULL;
	if (start == NULL || strncmp(line + 2 + cut->boundary_length, "--", 2) == 0)
		return false;
	start++;
	next = delimiter_find(cut, start);
	*body = start + fields_read(ctx, start, (size_t)(next - start), FIELDS_STRICT, fields);
	*length = (size_t)(next - *body);
	cut->at = next;
	return true;
}

static bool holds_returned(const struct fields *header)
{
	return fields_begins(header, "Content-Type", "message/rfc822") ||
	       fields_begins(header, "Content-Type", "text/rfc822-headers");
}

/* Note the part with HEADER in REPORT, if it comes in its turn. */
static bool part_take(const void *ctx, const struct fields *header, const char *body, size_t length, struct simple *report)
{
	const char *type = fields_value(header, "Content-Type");

	if (report->text == NULL && (type == NULL || fields_begins(header, "Content-Type", "text/plain"))) {
		report->text = body;
		report->text_length = length;
		report->charset = bare_parameter(ctx, type, "charset=");
	} else if (report->text != NULL && report->status == NULL &&
	           fields_begins(header, "Content-Type", "message/delivery-status")) {
		report->status = body;
		report->status_length = length;
	} else if (report->status != NULL && holds_returned(header)) {
		report->returned = body;
		report->returned_length = length;
		report->whole = fields_begins(header, "Content-Type", "message/rfc822");
	} else
		return false;
	return true;
}

/* Find the pieces of MESSAGE; false unless it has all three and nothing else. */
static bool simple_find(const void *ctx, const struct message *message, struct simple *report)
{
	const char *body;
	struct cut cut = {.at = message->bytes + message->body, .end = message->bytes + message->length};
	struct fields fields;
	size_t length;

	*report = (struct simple){0};
	if (!fields_begins(&message->header, "Content-Type", "multipart/report"))
		return false;
	cut.boundary = bare_parameter(ctx, fields_value(&message->header, "Content-Type"), "boundary=");
	cut.boundary_length = cut.boundary != NULL ? strlen(cut.boundary) : 0;
	if (cut.boundary_length == 0 || cut.boundary_length > BOUNDARY_MAX)
		return false;
	while (report->returned == NULL && part_next(ctx, &cut, &fields, &body, &length))
		if (bare_is_encoded(&fields) || !part_take(ctx, &fields, body, length, report))
			return false;
	return report->returned != NULL;
}

static size_t at_most(size_t length, size_t most)
{
	return length < most ? length : most;
}

bool simple_read(const void *ctx, const struct message *message, struct parts *parts)
{
	struct simple report;

	if (!simple_find(ctx, message, &report))
		return false;
	parts->plain = text_to_utf8(ctx, report.text, at_most(report.text_length, NOTICE_MAX), report.charset);
	parts->caps |= report.text_length > NOTICE_MAX ? CAP_NOTICE : 0u;
	parts->whole = report.whole;
	parts->status = text_to_utf8(ctx, report.status, report.status_length, NULL);
	parts->returned = talloc_strndup(ctx, report.returned, at_most(report.returned_length, NOTICE_MAX));
	return true;
}
