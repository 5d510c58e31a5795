#include "judge/notice.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "judge/diagnostic.h"
#include "text/text.h"

/* Lines of a notice in which a mailer says who it is. */
#define START_LINES 15

/* Bytes of a line in which a label ends, and the name of a field. */
#define LABEL_MAX 80
#define FIELD_NAME_MAX 24

/* White space that a line of a notice may hold. U+3000 and U+00A0 count: mailers indent with
 * them. */
static size_t space_length(const char *text)
{
	if (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\f' || *text == '\v')
		return 1;
	if (strncmp(text, "\xc2\xa0", 2) == 0)
		return 2;
	return strncmp(text, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

/* Write the LENGTH bytes of RAW, or as many as a line may have, with their white space folded to
 * TO, NUL included; how many bytes that are, no more than it was. */
static size_t line_fold(char *to, const char *raw, size_t length)
{
	const char *end = raw + (length < NOTICE_LINE_MAX ? length : NOTICE_LINE_MAX);
	char *start = to;

	while (raw < end) {
		size_t space;

		if (*raw > ' ' && (unsigned char)*raw < 0x80) {
			*to++ = *raw++;
			continue;
		}
		space = space_length(raw);
		if (space == 0)
			*to++ = *raw++;
		else if (to > start && to[-1] != ' ')
			*to++ = ' ';
		raw += space;
	}
	if (to > start && to[-1] == ' ')
		to--;
	*to++ = '\0';
	return (size_t)(to - start);
}

/* What stands before each line of a quoted header: `> `, `| `, blanks. */
static size_t quote_length(const char *raw)
{
	return strspn(raw, ">| \t");
}

/* Fields that stand in the header of a mail and not in words about it, such as "Your message To: …
 * Subject: … Sent: … did not reach". */
static bool is_trace(const char *name, size_t length)
{
	static const char *const names[] = {"Received", "Return-Path", "Message-ID", "MIME-Version",
	        "Content-Type", "Delivered-To", "DKIM-Signature", "X-Mailer"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strlen(names[i]) == length && strncasecmp(name, names[i], length) == 0)
			return true;
	return false;
}

/* Whether a returned header begins at line AT: a mail field, and two more among the next lines
 * without one that is empty; for IS_WHOLE also one that only headers have. */
static bool is_header_start(const struct notice *notice, size_t at, bool is_whole)
{
	size_t i, found = 0;
	bool has_trace = false;

	for (i = at; i < notice->count && i < at + 12; i++) {
		const char *line = notice->lines[i].raw + quote_length(notice->lines[i].raw);
		size_t name = header_name_length(line, strlen(line));

		if (*line == '\0' || (i == at && !header_name_is_of_mail(line, name)))
			break;
		found += header_name_is_of_mail(line, name);
		has_trace = has_trace || is_trace(line, name);
	}
	return found >= 3 && (has_trace || !is_whole);
}

static size_t header_find(const struct notice *notice, size_t from, bool is_whole)
{
	while (from < notice->count && !is_header_start(notice, from, is_whole))
		from++;
	return from;
}

/* Bytes of a paragraph that no mailer writes about a failure without an address or a code in it. */
#define FOOTER_LEAST 200

/* Lines of a signature, at most. */
#define SIGNATURE_LINES 12

/* Whether a line is nothing but a row of signs. */
static bool is_rule(const char *line)
{
	size_t n = strspn(line, "-=_*#~+");

	return n >= 10 && line[n] == '\0';
}

/* Before END, where that begins with which every mail of an office ends: a signature; or, behind a
 * row of signs, a long text that names no address and no code. END if there is nothing of the
 * kind. */
static size_t footer_find(const struct notice *notice, size_t end)
{
	const struct notice_line *lines = notice->lines;
	size_t i, last = end, length = 0;

	for (i = end; i > 0 && end - i < SIGNATURE_LINES; i--)
		if (strcmp(lines[i - 1].raw, "-- ") == 0 || strcmp(lines[i - 1].raw, "--") == 0)
			end = last = i - 1;
	while (last > 0 && (lines[last - 1].text[0] == '\0' || is_rule(lines[last - 1].text)))
		last--;
	for (i = last; i > 0 && !is_rule(lines[i - 1].text); i--) {
		if (strchr(lines[i - 1].text, '@') != NULL ||
		        diagnostic_reply(lines[i - 1].text) != 0)
			return end;
		length += strlen(lines[i - 1].text);
	}
	return i > 1 && length >= FOOTER_LEAST ? i - 1 : end;
}

static size_t lines_count(const char *text)
{
	size_t count = 1;

	while ((text = strchr(text, '\n')) != NULL) {
		text++;
		count++;
	}
	return count;
}

static void line_add(struct buffer *buffer, const char *line)
{
	buffer_add_string(buffer, line);
	buffer_add(buffer, "\n", 1);
}

/* TEXT after text_fold(), in its place. */
static char *folded_copy(const void *ctx, char *text)
{
	char *folded = text_fold(ctx, text, strlen(text));

	talloc_free(text);
	return folded;
}

char *notice_start(const void *ctx, const char *text)
{
	struct buffer start = buffer_new(ctx);
	char line[NOTICE_LINE_MAX + 1];
	size_t lines = 0;

	while (lines < START_LINES && *text != '\0') {
		size_t length = strcspn(text, "\n");

		if (line_fold(line, text, length) > 1) {
			line_add(&start, line);
			lines++;
		}
		text += length + (text[length] == '\n');
	}
	return folded_copy(ctx, buffer_text(&start));
}

/* The mailer's words end at END at the latest. */
static void notice_end(struct notice *notice, size_t end)
{
	struct buffer words = buffer_new(notice);
	size_t i;

	notice->end = footer_find(notice, end);
	for (i = 0; i < notice->end; i++)
		if (notice->lines[i].text[0] != '\0')
			line_add(&words, notice->lines[i].text);
	notice->folded = folded_copy(notice, buffer_text(&words));
}

static bool lines_have(const struct notice *notice, size_t from, size_t end, const char *text)
{
	while (from < end && strcasestr(notice->lines[from].text, text) == NULL)
		from++;
	return from < end;
}

size_t notice_behind_header(const struct notice *notice)
{
	size_t line = notice->end;

	while (line < notice->count && notice->lines[line].text[0] != '\0')
		line++;
	return line;
}

bool notice_continue(struct notice *notice, const char *address)
{
	size_t behind = notice_behind_header(notice), end;

	end = header_find(notice, behind, true);
	if (lines_have(notice, 0, notice->end, address) ||
	        !lines_have(notice, behind, end, address))
		return false;
	notice_end(notice, end);
	return true;
}

struct notice *notice_read(const void *ctx, const char *text)
{
	struct notice *notice = talloc_zero(ctx, struct notice);
	char *raw = talloc_strndup(notice, text, NOTICE_MAX);
	size_t lines = lines_count(raw);
	char *line, *folded = talloc_size(notice, strlen(raw) + lines + 1);

	notice->lines = array_new(notice, struct notice_line, lines);
	while ((line = strsep(&raw, "\n")) != NULL) {
		notice->lines[notice->count++] = (struct notice_line){folded, line, NULL};
		folded += line_fold(folded, line, strlen(line));
	}
	notice_end(notice, header_find(notice, 0, true));
	return notice;
}

/* Line NUMBER after text_fold(), made once. */
static const char *notice_line_folded(struct notice *notice, size_t number)
{
	struct notice_line *line = &notice->lines[number];

	if (line->folded == NULL)
		line->folded = text_fold(notice, line->text, strlen(line->text));
	return line->folded;
}

/* The first line from FROM up to END with words of FORMAT for USE; END if none has. */
static size_t notice_find(struct notice *notice, const struct format *format, enum words_for use,
        const struct phrase_hits *hits, size_t from, size_t end)
{
	if (format->words[use].count == 0)
		return end;
	while (from < end &&
	        (notice->lines[from].text[0] == '\0' ||
	                !format_words_in(format, use, hits, notice_line_folded(notice, from))))
		from++;
	return from;
}

void notice_section(struct notice *notice, const struct format *format,
        const struct phrase_hits *hits, size_t *from, size_t *end)
{
	*from = notice_find(notice, format, WORDS_BEGIN, hits, 0, notice->end);
	*from = *from < notice->end ? *from + 1 : 0;
	*end = notice_find(notice, format, WORDS_END, hits, *from, notice->end);
}

bool notice_says(const struct notice *notice, const struct format *format, enum words_for use,
        const struct phrase_hits *hits)
{
	return format_words_in(format, use, hits, notice->folded);
}

void notice_returned(
        const void *ctx, const struct notice *notice, size_t from, struct fields *fields)
{
	size_t start = header_find(notice, from, true), quote, i;
	struct buffer buffer = buffer_new(ctx);

	*fields = (struct fields){NULL, 0};
	if (start == notice->count)
		start = header_find(notice, from, false);
	if (start == notice->count)
		return;
	quote = quote_length(notice->lines[start].raw);
	for (i = start; i < notice->count && i - start < HEADER_FIELDS_MAX; i++) {
		const char *raw = notice->lines[i].raw;
		size_t skip = quote_length(raw);

		if (raw[skip] == '\0')
			break;
		buffer_add_string(&buffer, raw + (skip < quote ? skip : quote));
		buffer_add(&buffer, "\n", 1);
	}
	fields_read(
	        ctx, buffer.text != NULL ? buffer.text : "", buffer.length, HEADER_LENIENT, fields);
	talloc_free(buffer.text);
}

const char *notice_label(const struct general_words *words, enum words_for use, const char *line)
{
	const char *colon = strchr(line, ':'), *wide = strstr(line, WIDE_COLON);
	size_t size = 1;
	char *label;
	bool found;

	if (wide != NULL && (colon == NULL || wide < colon)) {
		colon = wide;
		size = strlen(WIDE_COLON);
	}
	if (words->hits == NULL || colon == NULL || colon - line > LABEL_MAX)
		return NULL;
	label = text_fold(NULL, line, (size_t)(colon - line) + size);
	found = format_words_in(words->format, use, words->hits, label);
	talloc_free(label);
	return found ? colon + size : NULL;
}

bool notice_is_field(const struct general_words *words, const char *line)
{
	const char *behind;
	size_t length;

	line += quote_length(line);
	length = header_name_length(line, strlen(line));
	if (header_name_is_of_mail(line, length) ||
	        (length == 4 && strncasecmp(line, "Sent", length) == 0)) /* Exchange */
		return true;
	behind = notice_label(words, WORDS_FIELD, line);
	return behind != NULL && behind - line <= FIELD_NAME_MAX;
}

char *notice_text(const void *ctx, const struct notice *notice, const struct general_words *words)
{
	struct buffer text = buffer_new(ctx);
	size_t i;

	for (i = 0; i < notice->end; i++)
		if (notice->lines[i].text[0] != '\0' &&
		        !notice_is_field(words, notice->lines[i].text))
			line_add(&text, notice->lines[i].text);
	return buffer_text(&text);
}

char *notice_words(const void *ctx, const struct notice *notice, size_t max)
{
	struct buffer words = buffer_new(ctx);
	size_t i;

	for (i = 0; i < notice->end && words.length <= max; i++) {
		buffer_add_string(&words, notice->lines[i].text);
		buffer_add_string(&words, " ");
	}
	return text_one_line(ctx, buffer_text(&words), words.length, max);
}
