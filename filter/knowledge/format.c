#include "knowledge/format.h"

#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "knowledge/format-reader.h"
#include "text/text.h"

typedef bool key_reader(struct reader *reader, char *value);

bool reader_fail(struct reader *reader, const char *word, size_t length, const char *expected)
{
	problems_add(reader->sink->problems, reader->lines.source->name, reader->lines.number, "\"%.*s\": %s", (int)length, word,
	        expected);
	return false;
}

static bool read_from(struct reader *reader, char *value)
{
	return reader_add_condition(reader, VIEW_FROM, value, false);
}

static bool read_subject(struct reader *reader, char *value)
{
	return reader_add_condition(reader, VIEW_SUBJECT, value, false);
}

static bool read_header(struct reader *reader, char *value)
{
	return reader_add_condition(reader, VIEW_HEADER, value, false);
}

static bool read_start(struct reader *reader, char *value)
{
	return reader_add_condition(reader, VIEW_START, value, false);
}

static bool read_body(struct reader *reader, char *value)
{
	return reader_add_condition(reader, VIEW_BODY, value, false);
}

static bool read_unless(struct reader *reader, char *value)
{
	static const char *const views[VIEW_COUNT] = {"from", "subject", "start", "body", "header"};
	size_t length = strcspn(value, " \t");
	int view;

	for (view = 0; view < VIEW_COUNT; view++)
		if (strlen(views[view]) == length && strncmp(views[view], value, length) == 0)
			return reader_add_condition(
			        reader, (enum view)view, value + length + strspn(value + length, " \t"), true);
	return reader_fail(reader, value, length, "expected `unless` from, subject, header, start or body");
}

static bool read_kind(struct reader *reader, char *value)
{
	reader->format.kind = kind_by_name(value);
	if (reader->format.kind != KIND_COUNT)
		return true;
	reader->format.kind = KIND_FAILED;
	return reader_fail(reader, value, strlen(value),
	        "no such kind: expected failed, delayed, delivered, complaint, auto-reply, receipt or none");
}

void reader_copy_line(struct reader *reader, struct line line)
{
	struct format *format = &reader->format;

	format->lines = array_grow(reader->ctx, format->lines, struct line, format->line_count);
	format->lines[format->line_count++] = line;
}

static bool line_add(struct reader *reader, char *value, bool find)
{
	const char *wrong;
	struct line line = {pattern_parse(reader->ctx, value, &wrong), find};

	if (line.pattern == NULL)
		return reader_fail(reader, wrong, strcspn(wrong, "}") + 1,
		        "no such capture: expected {address}, {diagnostic}, {status}, {remote} …");
	reader_copy_line(reader, line);
	return true;
}

static bool read_line(struct reader *reader, char *value)
{
	return line_add(reader, value, false);
}

static bool read_find(struct reader *reader, char *value)
{
	return line_add(reader, value, true);
}

void reader_add_pointer(struct reader *reader, void ***list, void *value)
{
	size_t count = 0;

	while (*list != NULL && (*list)[count] != NULL)
		count++;
	*list = talloc_realloc(reader->ctx, *list, void *, (unsigned)count + 2);
	(*list)[count] = value;
	(*list)[count + 1] = NULL;
}

/* VALUE as its folded parts between `*`; NULL if there is nothing else in it. */
static char **phrase_parts(struct reader *reader, const char *value)
{
	char *folded = text_fold(reader->ctx, value, strlen(value)), *part;
	void **parts = NULL;

	while ((part = strsep(&folded, "*")) != NULL)
		if (*part != '\0')
			reader_add_pointer(reader, &parts, part);
	return (char **)parts;
}

static bool phrase_list_add(struct reader *reader, char ****list, const char *value)
{
	char **parts = phrase_parts(reader, value);

	if (parts != NULL)
		reader_add_pointer(reader, (void ***)list, parts);
	return parts != NULL;
}

static bool read_begin(struct reader *reader, char *value)
{
	return phrase_list_add(reader, &reader->format.begin, value);
}

static bool read_end(struct reader *reader, char *value)
{
	return phrase_list_add(reader, &reader->format.end, value);
}

static bool read_delayed(struct reader *reader, char *value)
{
	return phrase_list_add(reader, &reader->format.delayed, value);
}

static bool read_recipient_header(struct reader *reader, char *value)
{
	reader_add_pointer(reader, (void ***)&reader->format.recipient_fields, value);
	return true;
}

static bool read_rest(struct reader *reader, char *value)
{
	reader->format.rest_is_diagnostic = strcmp(value, "diagnostic") == 0;
	return reader->format.rest_is_diagnostic || reader_fail(reader, value, strlen(value), "expected `rest diagnostic`");
}

static const struct {
	const char *name;
	key_reader *read;
	bool may_wait; /* says how the text is read, not whose it is */
} keys[] = {
        {"kind", read_kind, false},
        {"like", reader_like, false},
        {"from", read_from, false},
        {"subject", read_subject, false},
        {"header", read_header, false},
        {"start", read_start, false},
        {"body", read_body, false},
        {"unless", read_unless, false},
        {"begin", read_begin, true},
        {"end", read_end, true},
        {"delayed", read_delayed, true},
        {"line", read_line, true},
        {"find", read_find, true},
        {"rest", read_rest, true},
        {"recipient-header", read_recipient_header, true},
};

static bool reader_read_key(struct reader *reader, const char *key, size_t length, char *value)
{
	size_t i;

	if (!reader->lines.is_utf8 && !(text_is_utf8(key, length) && text_is_utf8(value, strlen(value))))
		return reader_fail(reader, key, 0, "is not UTF-8: expected text in that charset");
	if (reader->format.name == NULL)
		return reader_fail(reader, key, length, "expected `format NAME` first");
	if (*value == '\0')
		return reader_fail(reader, key, length, "a key without a value");
	for (i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i].name[0] == key[0] && strlen(keys[i].name) == length && strncmp(keys[i].name, key, length) == 0) {
			if (!keys[i].may_wait || !reader_defers(reader))
				return keys[i].read(reader, value);
			reader_defer(reader, keys[i].read, value);
			return true;
		}
	return reader_fail(reader, key, length,
	        "no such key: expected format, kind, like, from, subject, header, start, body, unless, begin, end, "
	        "delayed, line, find, rest or recipient-header");
}

void format_read(const void *ctx, const struct source *source, const struct format_sink *sink)
{
	struct reader reader = {.ctx = ctx, .sink = sink, .lines = source_lines_of(ctx, source)};
	bool more = true;

	while (more) {
		char *line = source_line_next(&reader.lines);
		size_t length = line != NULL ? strcspn(line, " \t") : 0;
		char *value = line != NULL ? line + length + strspn(line + length, " \t") : NULL;

		more = line != NULL;
		if (more && !(length == 6 && strncmp(line, "format", 6) == 0)) {
			reader_read_key(&reader, line, length, value);
			continue;
		}
		if (reader.format.name != NULL && !sink->add(sink->argument, &reader.format)) {
			problems_add(sink->problems, source->name, reader.format.number,
			        "too many formats: this one, and all behind it, are left out");
			return;
		}
		reader.format =
		        (struct format){.name = value, .source = source, .number = reader.lines.number, .kind = KIND_FAILED};
	}
}
