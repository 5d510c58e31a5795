#include "notice.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "array.h"
#include "limits.h"
#include "text.h"

/* White space that a line of a notice may hold. U+3000 and U+00A0 count: mailers indent with them. */
static size_t
space_length(const char *text)
{
	if (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\f' || *text == '\v')
		return 1;
	if (strncmp(text, "\xc2\xa0", 2) == 0)
		return 2;
	return strncmp(text, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

/* RAW with its white space folded. */
static char *
line_fold(const void *ctx, const char *raw)
{
	char *line = talloc_array(ctx, char, (unsigned) strnlen(raw, NOTICE_LINE_MAX) + 1), *to = line;
	const char *end = raw + strnlen(raw, NOTICE_LINE_MAX);
	size_t space;

	while (to != NULL && raw < end && *raw != '\0') {
		space = space_length(raw);
		if (space == 0)
			*to++ = *raw++;
		else if (to > line && to[-1] != ' ')
			*to++ = ' ';
		raw += space;
	}
	if (to == NULL)
		return NULL;
	if (to > line && to[-1] == ' ')
		to--;
	*to = '\0';
	return line;
}

/* Header fields of which a returned mail's header has several. */
static bool
is_mail_field(const char *line)
{
	static const char *const names[] = {
		"received", "return-path", "message-id", "from", "to", "subject", "date", "mime-version", "content-type",
		"content-transfer-encoding", "reply-to", "cc", "sender", "dkim-signature", "delivered-to", "x-mailer",
		"in-reply-to", "references", "envelope-to", "errors-to", "received-spf", "precedence", "user-agent", "resent-from",
	};
	size_t length = fields_name_length(line, strlen(line)), i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == length && strncasecmp(names[i], line, length) == 0)
			return true;
	return length > 2 && strncasecmp(line, "x-", 2) == 0;
}

/* What stands before each line of a quoted header: `> `, `| `, blanks. */
static size_t
quote_length(const char *raw)
{
	return strspn(raw, ">| \t");
}

/* Whether a returned header begins at line AT: a mail field, and two more among the next lines without one that is empty. */
static bool
is_header_start(const struct notice *notice, size_t at)
{
	size_t i, found = 0;

	for (i = at; i < notice->count && i < at + 12; i++) {
		const char *line = notice->lines[i].raw + quote_length(notice->lines[i].raw);

		if (*line == '\0' || (i == at && !is_mail_field(line)))
			break;
		found += is_mail_field(line);
	}
	return found >= 3;
}

static size_t
header_find(const struct notice *notice, size_t from)
{
	while (from < notice->count && !is_header_start(notice, from))
		from++;
	return from;
}

static bool
notice_add(struct notice *notice, char *raw)
{
	struct notice_line *lines = array_grow(notice, notice->lines, struct notice_line, notice->count);

	if (lines == NULL)
		return false;
	notice->lines = lines;
	lines[notice->count].raw = raw;
	lines[notice->count].text = line_fold(notice, raw);
	return lines[notice->count++].text != NULL;
}

struct notice *
notice_read(const void *ctx, const char *text)
{
	struct notice *notice = talloc_zero(ctx, struct notice);
	char *copy = notice != NULL ? talloc_strndup(notice, text, NOTICE_MAX) : NULL, *line;

	while (copy != NULL && (line = strsep(&copy, "\n")) != NULL)
		if (!notice_add(notice, line))
			return NULL;
	if (notice != NULL)
		notice->end = header_find(notice, 0);
	return notice;
}

char *
notice_join(const void *ctx, const struct notice *notice, size_t count, size_t end)
{
	char *text = talloc_strdup(ctx, "");
	size_t i;

	for (i = 0; text != NULL && i < notice->count && i < end && count > 0; i++) {
		if (notice->lines[i].text[0] == '\0')
			continue;
		text = talloc_asprintf_append_buffer(text, "%s\n", notice->lines[i].text);
		count--;
	}
	return text;
}

void
notice_returned(const void *ctx, const struct notice *notice, size_t from, struct fields *fields)
{
	size_t start = header_find(notice, from), quote, i;
	char *text = talloc_strdup(ctx, "");

	*fields = (struct fields){NULL, 0};
	if (start == notice->count || text == NULL)
		return;
	quote = quote_length(notice->lines[start].raw);
	for (i = start; text != NULL && i < notice->count; i++) {
		const char *raw = notice->lines[i].raw;
		size_t skip = quote_length(raw);

		if (raw[skip] == '\0' || i - start > HEADER_FIELDS_MAX)
			break;
		text = talloc_asprintf_append_buffer(text, "%s\n", raw + (skip < quote ? skip : quote));
	}
	if (text != NULL)
		fields_read(ctx, text, strlen(text), FIELDS_LENIENT, fields);
	talloc_free(text);
}
