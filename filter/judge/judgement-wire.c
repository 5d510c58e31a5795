#include "judge/judgement-wire.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "text/text.h"

/* The longest line: a diagnostic and its key. */
#define WIRE_LINE_MAX (DIAGNOSTIC_MAX + 64)

/* At most so many errors in the user's own files are passed on. */
#define PROBLEMS_TOLD_MAX 100

static const char *const steps[] = {"rfc822", "headers", "text", "original-message-id",
        "x-original-message-id", "in-reply-to", "references", "envelope-id"};

/* Strings that are written as they are: of the mail, of the original, or of the last recipient. */
static const struct value {
	const char *key;
	enum { OF_MAIL, OF_ORIGINAL, OF_RECIPIENT } of;
	size_t offset;
} values[] = {
        {"id", OF_MAIL, offsetof(struct judgement_wire, id)},
        {"from", OF_MAIL, offsetof(struct judgement_wire, from)},
        {"subject", OF_ORIGINAL, offsetof(struct original, subject)},
        {"original-id", OF_ORIGINAL, offsetof(struct original, message_id)},
        {"original-address", OF_RECIPIENT, offsetof(struct recipient, original_address)},
        {"status", OF_RECIPIENT, offsetof(struct recipient, status)},
        {"diagnostic-status", OF_RECIPIENT, offsetof(struct recipient, diagnostic_status)},
};

static void wire_put(struct buffer *buffer, const char *key, const char *value)
{
	if (value != NULL)
		buffer_print(
		        buffer, "%s %s\n", key, text_one_line(buffer->ctx, value, DIAGNOSTIC_MAX));
}

/* Writes those `values` that are OF the struct at START. */
static void put_values(struct buffer *buffer, int of, const void *start)
{
	for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
		if ((int)values[i].of == of)
			wire_put(buffer, values[i].key,
			        *(char *const *)((const char *)start + values[i].offset));
}

char *judgement_wire_write(const void *ctx, const struct judgement_wire *wire)
{
	const struct facts *facts = wire->judgement.facts;
	const struct verdict *verdicts = wire->judgement.verdicts;
	const struct problems *problems = wire->problems;
	struct buffer buffer = buffer_new(ctx);

	for (size_t i = 0; problems != NULL && i < problems->count && i < PROBLEMS_TOLD_MAX; i++) {
		wire_put(&buffer, "problem-file", problems->list[i].file);
		buffer_print(&buffer, "problem-line %d\n", problems->list[i].line);
		wire_put(&buffer, "problem", problems->list[i].text);
	}
	wire_put(&buffer, "kind", kind_name(facts->kind));
	put_values(&buffer, OF_MAIL, wire);
	put_values(&buffer, OF_ORIGINAL, &facts->original);
	for (size_t i = 0; i < facts->original.reference_count; i++)
		wire_put(&buffer, facts->original.references[i].step,
		        facts->original.references[i].id);
	for (size_t i = 0; i < facts->recipient_count; i++) {
		wire_put(&buffer, "recipient", facts->recipients[i].address);
		wire_put(&buffer, "action", action_names[facts->recipients[i].action]);
		put_values(&buffer, OF_RECIPIENT, &facts->recipients[i]);
		if (verdicts != NULL)
			wire_put(&buffer, verdicts[i].permanent ? "permanent" : "temporary",
			        reason_name(verdicts[i].reason));
	}
	wire_put(&buffer, "end", "");
	return buffer_text(&buffer);
}

struct wire_reader {
	struct judgement_wire *wire;
	struct facts *facts;
	struct recipient *recipient; /* the last one read; NULL: none yet */
	struct verdict *verdicts;
	const char *problem_file;
	int problem_line;
};

static bool read_recipient(struct wire_reader *reader, char *address)
{
	struct facts *facts = reader->facts;
	size_t count = facts->recipient_count;

	if (count == RECIPIENTS_MAX || strlen(address) > ADDRESS_MAX)
		return false;
	facts->recipients = array_grow(facts, facts->recipients, count, sizeof(struct recipient));
	reader->verdicts = array_grow(facts, reader->verdicts, count, sizeof(struct verdict));
	reader->recipient = &facts->recipients[count];
	*reader->recipient = (struct recipient){.address = address};
	reader->verdicts[count] = (struct verdict){.reason = REASON_UNKNOWN, .permanent = true};
	facts->recipient_count++;
	return true;
}

/* Reads a line about the last recipient whose value is one of our words. */
static bool read_word(struct wire_reader *reader, const char *key, const char *word)
{
	struct verdict *verdict = &reader->verdicts[reader->facts->recipient_count - 1];

	if (strcmp(key, "action") == 0) {
		for (int action = 0; action < ACTION_COUNT; action++)
			if (strcmp(word, action_names[action]) == 0) {
				reader->recipient->action = (enum action)action;
				return true;
			}
		return false;
	}
	verdict->reason = reason_by_name(word, strlen(word));
	verdict->permanent = strcmp(key, "permanent") == 0;
	return verdict->reason != REASON_COUNT &&
	       (verdict->permanent || strcmp(key, "temporary") == 0);
}

static bool wire_line_read(struct wire_reader *reader, const char *key, char *value)
{
	struct original *original = &reader->facts->original;
	struct problems *problems = reader->wire->problems;
	void *const starts[] = {[OF_MAIL] = reader->wire,
	        [OF_ORIGINAL] = original,
	        [OF_RECIPIENT] = reader->recipient};

	for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
		if (strcmp(key, values[i].key) == 0) {
			char *start = starts[values[i].of];

			if (start != NULL)
				*(char **)(start + values[i].offset) = value;
			return start != NULL;
		}
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
		if (strcmp(key, steps[i]) == 0) {
			if (original->reference_count == REFERENCES_MAX)
				return false;
			original->references[original->reference_count++] =
			        (struct reference){value, steps[i]};
			return true;
		}
	if (strcmp(key, "kind") == 0)
		return (reader->facts->kind = kind_by_name(value)) != KIND_COUNT;
	if (strcmp(key, "recipient") == 0)
		return read_recipient(reader, value);
	if (strcmp(key, "problem-file") == 0)
		reader->problem_file = value;
	else if (strcmp(key, "problem-line") == 0)
		reader->problem_line = (int)strtol(value, NULL, 10);
	else if (strcmp(key, "problem") == 0 && reader->problem_file != NULL && problems != NULL &&
	         problems->count < PROBLEMS_TOLD_MAX)
		problems_add(problems, reader->problem_file, reader->problem_line, "%s", value);
	else
		return reader->recipient != NULL && read_word(reader, key, value);
	return true;
}

enum status judgement_wire_read(
        const void *ctx, const char *text, size_t length, struct judgement_wire *wire)
{
	struct wire_reader reader = {.wire = wire, .facts = talloc_zero(ctx, struct facts)};
	char *copy = talloc_strndup(ctx, text, length), *next;

	*wire = (struct judgement_wire){
	        .judgement = {reader.facts, NULL}, .problems = wire->problems};
	if (strlen(copy) != length || !text_is_utf8(copy, length))
		return STATUS_IO;
	for (char *line = copy; (next = strchr(line, '\n')) != NULL; line = next + 1) {
		char *value = memchr(line, ' ', (size_t)(next - line));

		if (value == NULL || (size_t)(next - line) > WIRE_LINE_MAX)
			return STATUS_IO;
		*value = *next = '\0';
		if (strcmp(line, "end") == 0) {
			if (reader.verdicts == NULL)
				reader.verdicts = array_new(reader.facts, struct verdict, 1);
			if (kind_is_bounce(reader.facts->kind))
				wire->judgement.verdicts = reader.verdicts;
			return next[1] == '\0' ? STATUS_OK : STATUS_IO;
		}
		if (!text_is_clean(value + 1) || !wire_line_read(&reader, line, value + 1))
			return STATUS_IO;
	}
	return STATUS_IO;
}
