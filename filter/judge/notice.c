#include "judge/notice.h"

#include <glib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "judge/diagnostic.h"
#include "text/text.h"

/* The longest label and the longest name of a field, in bytes. */
#define LABEL_MAX 80
#define FIELD_NAME_MAX 18

/* A paragraph this long without an address or a code is not a mailer's about a failure. */
#define FOOTER_LEAST 200

#define SIGNATURE_LINES 12

/* Returns the bytes of the white space at TEXT; 0 if there is none. U+3000 and U+00A0 count,
 * because mailers indent with them. */
static size_t notice_space_length(const char *text)
{
	if (*text == ' ' || *text == '\t' || *text == '\r' || *text == '\f' || *text == '\v')
		return 1;
	if (strncmp(text, "\xc2\xa0", 2) == 0)
		return 2;
	return strncmp(text, "\xe3\x80\x80", 3) == 0 ? 3 : 0;
}

/* Writes RAW, or as much as a line may have, to TO with its white space folded. Returns the bytes
 * written, with the NUL: never more than RAW has with its own. */
static size_t line_fold(char *to, const char *raw)
{
	const char *end = raw + strnlen(raw, NOTICE_LINE_MAX);
	char *start = to;

	while (raw < end) {
		size_t space = notice_space_length(raw);

		if (space > 0 && to > start && to[-1] != ' ')
			*to++ = ' ';
		raw += space;
		if (space == 0)
			do
				*to++ = *raw++;
			while (raw < end && (signed char)*raw > ' '); /* nearly all */
	}
	if (to > start && to[-1] == ' ')
		to--;
	*to++ = '\0';
	return (size_t)(to - start);
}

/* Returns the bytes of `> `, `| ` and blanks before a line of a quoted header. */
static size_t quote_length(const char *raw)
{
	return strspn(raw, ">| \t");
}

/* Returns whether NAME is a field that stands only in headers, not in words about a mail, such as
 * "Your message To: … Subject: … Sent: … did not reach". */
static bool is_trace(const char *name, size_t length)
{
	static const char *const names[] = {"Received", "Return-Path", "Message-ID", "MIME-Version",
	        "Content-Type", "Delivered-To", "DKIM-Signature", "X-Mailer"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i]) == length && strncasecmp(name, names[i], length) == 0)
			return true;
	return false;
}

/* Returns the line at or after FROM where a returned header begins: a mail field, with two more in
 * the next lines before an empty one. With IS_WHOLE, one of them must be a field that stands only
 * in headers. Returns COUNT if there is none. */
static size_t header_find(const struct notice *notice, size_t from, bool is_whole)
{
	for (; from < notice->count; from++) {
		size_t found = 0;
		bool has_trace = !is_whole;

		for (size_t i = from; i < notice->count && i < from + 12; i++) {
			const char *line =
			        notice->lines[i].raw + quote_length(notice->lines[i].raw);
			size_t name = header_name_length(line, strlen(line));
			bool is_of_mail = header_name_is_of_mail(line, name);

			if (*line == '\0' || (i == from && !is_of_mail))
				break;
			found += is_of_mail;
			has_trace = has_trace || is_trace(line, name);
		}
		if (found >= 3 && has_trace)
			break;
	}
	return from;
}

#define RULE_SIGNS "-=_*#~+|"

bool notice_is_rule(const char *line)
{
	size_t n = strspn(line, RULE_SIGNS), length = strlen(line);
	bool is_closed = n >= 2 && strchr(RULE_SIGNS, line[length - 1]) != NULL &&
	                 line[length - 1] == line[length - 2];

	/* Majordomo and others write `**** No such user` */
	return length == 0 || is_closed || (n >= 4 && line[0] != '*');
}

bool notice_is_heading(const char *line)
{
	size_t length = strlen(line);

	return (length > 0 && line[length - 1] == ':') ||
	       (length > 2 && strcmp(line + length - 3, WIDE_COLON) == 0);
}

/* Returns whether LINE is only a long row of signs. */
static bool is_long_rule(const char *line)
{
	size_t n = strspn(line, RULE_SIGNS);

	return n >= 10 && line[n] == '\0';
}

/* Returns where the footer begins before END: a signature, or after a row of signs a long text
 * without an address or a code. END if there is none. */
static size_t footer_find(const struct notice *notice, size_t end)
{
	const struct notice_line *lines = notice->lines;
	size_t last = end, length = 0, i;

	for (i = end; i > 0 && end - i < SIGNATURE_LINES; i--)
		if (strcmp(lines[i - 1].raw, "-- ") == 0 || strcmp(lines[i - 1].raw, "--") == 0)
			end = last = i - 1;
	while (last > 0 && (lines[last - 1].text[0] == '\0' || is_long_rule(lines[last - 1].text)))
		last--;
	for (i = last; i > 0 && !is_long_rule(lines[i - 1].text); i--) {
		const char *line = lines[i - 1].text;

		if (strchr(line, '@') != NULL || diagnostic_reply(line) != 0)
			return end;
		length += strlen(line);
	}
	return i > 1 && length >= FOOTER_LEAST ? i - 1 : end;
}

char *notice_start(const void *ctx, const char *text, size_t length)
{
	size_t lines = 0, at = 0;

	length = MIN(length, NOTICE_START_BYTES);
	while (lines < NOTICE_START_LINES && at < length) {
		size_t line = strcspn(text + at, "\n");

		lines += strspn(text + at, " \t\r\f\v") < line;
		at += line + 1;
	}
	return text_fold(ctx, text, MIN(at, length));
}

/* Returns whether any of the lines FROM up to END has an address or a reply. */
static bool lines_tell(const struct notice *notice, size_t from, size_t end)
{
	while (from < end && strchr(notice->lines[from].text, '@') == NULL &&
	        diagnostic_reply(notice->lines[from].text) == 0)
		from++;
	return from < end;
}

/* Returns the line after the header that begins at LINE. */
static size_t header_end(const struct notice *notice, size_t line)
{
	while (line < notice->count && notice->lines[line].text[0] != '\0')
		line++;
	return line;
}

/* Returns whether the header at START is a mailer's summary of the mail, in the middle of its
 * words: it has a field that no mail has, or no server has left a mark in it, and addresses are
 * named only after it. */
static bool is_summary(const struct notice *notice, size_t start)
{
	size_t end = header_end(notice, start);

	for (size_t i = start; i < end; i++) {
		const char *line = notice->lines[i].text;
		size_t length = header_name_length(line, strlen(line));

		if (strncasecmp(line, "Recipient", strlen("Recipient")) == 0)
			return true;
		if (is_trace(line, length) && strncasecmp(line, "Message-ID", length) != 0)
			return false;
	}
	return !lines_tell(notice, 0, start) &&
	       lines_tell(notice, end, header_find(notice, end, true));
}

/* Sets where the mailer's words end: at END, or at a footer or the heading of a returned mail
 * before it. */
static void notice_end(struct notice *notice, size_t end)
{
	const struct notice_line *lines = notice->lines;
	size_t last = end < notice->count ? end : 0;

	while (last > 0 && lines[last - 1].text[0] == '\0')
		last--;
	if (last > 0 &&
	        (notice_is_rule(lines[last - 1].text) || notice_is_heading(lines[last - 1].text)))
		end = last - 1;
	notice->end = end = footer_find(notice, end);
	notice->length = end < notice->count ? (size_t)(lines[end].raw - lines[0].raw)
	                                     : strnlen(notice->source, NOTICE_MAX);
	notice->folded = text_fold(notice, notice->source, notice->length);
}

struct notice *notice_read(const void *ctx, const char *source)
{
	struct notice *notice = talloc_zero(ctx, struct notice);
	char *raw = talloc_strndup(notice, source, NOTICE_MAX), *line, *folded;
	size_t lines = 1, end;

	for (const char *at = raw; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	folded = talloc_size(notice, strlen(raw) + lines + 1);
	notice->source = source;
	notice->lines = array_new(notice, struct notice_line, lines);
	while ((line = strsep(&raw, "\n")) != NULL) {
		notice->lines[notice->count++] = (struct notice_line){folded, line};
		folded += line_fold(folded, line);
	}
	end = header_find(notice, 0, true);
	if (end < notice->count && is_summary(notice, end))
		end = header_find(notice, header_end(notice, end), true);
	notice_end(notice, end);
	return notice;
}

/* Returns the first line from FROM up to END with WORDS for USE; END if there is none. */
static size_t words_find(const struct notice *notice, const struct format_words *words,
        enum words_for use, size_t from, size_t end)
{
	while (from < end && !format_words_in_line(words, use, notice->lines[from].text,
	                             strlen(notice->lines[from].text)))
		from++;
	return from;
}

void notice_section(
        const struct notice *notice, const struct format_words *words, size_t *from, size_t *end)
{
	*from = words_find(notice, words, WORDS_BEGIN, 0, notice->end);
	*from = *from < notice->end ? *from + 1 : 0;
	*end = words_find(notice, words, WORDS_END, *from, notice->end);
}

void notice_returned(const void *ctx, const struct notice *notice, struct fields *fields)
{
	size_t start = header_find(notice, 0, true), quote;
	struct buffer buffer = buffer_new(ctx);

	*fields = (struct fields){NULL, 0};
	if (start == notice->count)
		start = header_find(notice, 0, false);
	if (start == notice->count)
		return;
	quote = quote_length(notice->lines[start].raw);
	for (size_t i = start; i < notice->count && i - start < HEADER_FIELDS_MAX; i++) {
		const char *raw = notice->lines[i].raw;
		size_t skip = quote_length(raw);

		if (raw[skip] == '\0')
			break;
		buffer_add_string(&buffer, raw + (skip < quote ? skip : quote));
		buffer_add(&buffer, "\n", 1);
	}
	fields_read(ctx, buffer_text(&buffer), buffer.length, HEADER_LENIENT, fields);
}

/* Returns where a label in brackets or behind a mark at the start of LINE ends, `【理由】…`,
 * `■ 理由`; NULL if there is none. */
static const char *heading_end(const char *line)
{
	static const char *const marks[][2] = {{"\xe3\x80\x90", "\xe3\x80\x91"},
	        {"\xe3\x80\x94", "\xe3\x80\x95"}, {"\xef\xbc\x9c", "\xef\xbc\x9e"}, {"[", "]"},
	        {"\xe2\x96\xa0", ""}, {"\xe2\x96\xa1", ""}, {"\xe2\x97\x86", ""},
	        {"\xe2\x97\x87", ""}, {"\xe2\x97\x8f", ""}, {"\xe2\x97\x8b", ""},
	        {"\xe2\x96\xbc", ""}};

	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		if (line[0] != marks[i][0][0] || !g_str_has_prefix(line, marks[i][0]))
			continue;
		const char *end =
		        marks[i][1][0] != '\0' ? strstr(line, marks[i][1]) : line + strlen(line);

		if (end != NULL)
			return end + strlen(marks[i][1]);
	}
	return NULL;
}

const char *notice_label(const struct format_words *words, enum words_for use, const char *line)
{
	if (!format_words_any(words, use))
		return NULL;
	const char *colon = strchr(line, ':'), *wide = strstr(line, WIDE_COLON), *end;

	if (wide != NULL && (colon == NULL || wide < colon))
		end = wide + strlen(WIDE_COLON);
	else
		end = colon != NULL ? colon + 1 : heading_end(line);
	return end != NULL && end - line <= LABEL_MAX &&
	                       format_words_in_line(words, use, line, (size_t)(end - line))
	               ? end
	               : NULL;
}

const char *notice_field(const struct format_words *words, const char *line)
{
	const char *after;
	size_t length;

	line += quote_length(line);
	length = header_name_length(line, strlen(line));
	if (header_name_is_of_mail(line, length) ||
	        (length == 4 && strncasecmp(line, "Sent", length) == 0)) /* Exchange */
		return strchr(line, ':') + 1;
	after = notice_label(words, WORDS_FIELD, line);
	return after != NULL && after - line <= FIELD_NAME_MAX ? after : NULL;
}

char *notice_text(const void *ctx, const struct notice *notice, const struct format_words *words)
{
	struct buffer text = buffer_new(ctx);

	for (size_t i = 0; i < notice->end; i++) {
		const char *line = notice->lines[i].text;

		if (line[0] == '\0' || notice_field(words, line) != NULL)
			continue;
		buffer_add_string(&text, line);
		buffer_add(&text, "\n", 1);
	}
	return buffer_text(&text);
}

char *notice_words(const void *ctx, const struct notice *notice)
{
	struct buffer words = buffer_new(ctx);

	for (size_t i = 0; i < notice->end && words.length <= NOTICE_QUOTED_MAX; i++) {
		buffer_add_string(&words, notice->lines[i].text);
		buffer_add_string(&words, " ");
	}
	return text_one_line(ctx, buffer_text(&words), NOTICE_QUOTED_MAX);
}
