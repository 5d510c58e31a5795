#include "judge/handover.h"

#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"
#include "base/buffer.h"
#include "base/limits.h"
#include "text/text.h"

/* The longest line: a diagnostic and its key. */
#define LINE_MAX_BYTES (DIAGNOSTIC_MAX + 64)

/* So many problems of the user's own files are told. */
#define PROBLEMS_TOLD_MAX 100

static const char *const steps[] = {"rfc822", "headers", "text", "original-message-id",
        "x-original-message-id", "in-reply-to", "references", "envelope-id"};

/* The one of NAMES that NAME is, COUNT if it is none. */
static size_t index_of(const char *name, const char *const *names, size_t count)
{
	size_t i = 0;

	while (i < count && strcmp(names[i], name) != 0)
		i++;
	return i;
}

static void put(struct buffer *buffer, const char *key, const char *value)
{
	char *line;

	if (value == NULL)
		return;
	line = text_one_line(buffer->ctx, value, strlen(value), DIAGNOSTIC_MAX);
	buffer_print(buffer, "%s %s\n", key, line);
	talloc_free(line);
}

static void put_recipient(
        struct buffer *buffer, const struct recipient *recipient, const struct verdict *verdict)
{
	put(buffer, "recipient", recipient->address);
	put(buffer, "original-address", recipient->original_address);
	put(buffer, "action", action_names[recipient->action]);
	put(buffer, "status", recipient->status);
	put(buffer, "diagnostic-status", recipient->diagnostic_status);
	if (verdict != NULL)
		put(buffer, verdict->permanent ? "permanent" : "temporary",
		        reason_name(verdict->reason));
}

static void put_problems(struct buffer *buffer, const struct problems *problems)
{
	size_t i;

	for (i = 0; i < problems->count && i < PROBLEMS_TOLD_MAX; i++) {
		put(buffer, "problem-file", problems->list[i].file);
		buffer_print(buffer, "problem-line %d\n", problems->list[i].line);
		put(buffer, "problem", problems->list[i].text);
	}
}

char *handover_write(const void *ctx, const struct handover *handover)
{
	const struct facts *facts = handover->judgement.facts;
	struct buffer buffer = buffer_new(ctx);
	size_t i;

	if (handover->problems != NULL)
		put_problems(&buffer, handover->problems);
	put(&buffer, "kind", kind_name(facts->kind));
	put(&buffer, "id", handover->id);
	put(&buffer, "from", handover->from);
	put(&buffer, "subject", facts->original.subject);
	put(&buffer, "original-id", facts->original.message_id);
	for (i = 0; i < facts->original.reference_count; i++)
		put(&buffer, facts->original.references[i].step, facts->original.references[i].id);
	for (i = 0; i < facts->recipient_count; i++)
		put_recipient(&buffer, &facts->recipients[i],
		        handover->judgement.verdicts != NULL ? &handover->judgement.verdicts[i]
		                                             : NULL);
	put(&buffer, "end", "");
	return buffer_text(&buffer);
}

struct handover_reader {
	struct handover *handover;
	struct facts *facts;
	struct recipient *recipient; /* the last one; NULL: none yet */
	struct verdict *verdicts;
	const char *problem_file;
	int problem_line;
};

static bool read_recipient(struct handover_reader *reader, char *address)
{
	struct facts *facts = reader->facts;
	size_t count = facts->recipient_count;

	if (count == RECIPIENTS_MAX || strlen(address) > ADDRESS_MAX)
		return false;
	facts->recipients = array_grow(facts, facts->recipients, struct recipient, count);
	reader->verdicts = array_grow(facts, reader->verdicts, struct verdict, count);
	reader->recipient = &facts->recipients[count];
	*reader->recipient = (struct recipient){.address = address};
	reader->verdicts[count] = (struct verdict){.reason = REASON_UNKNOWN, .permanent = true};
	facts->recipient_count++;
	return true;
}

static bool read_reason(struct handover_reader *reader, const char *name, bool permanent)
{
	enum reason reason = reason_by_name(name, strlen(name));

	reader->verdicts[reader->facts->recipient_count - 1] =
	        (struct verdict){.reason = reason, .permanent = permanent};
	return reason != REASON_COUNT;
}

static bool read_about_recipient(struct handover_reader *reader, const char *key, char *value)
{
	struct recipient *recipient = reader->recipient;
	size_t action;

	if (recipient == NULL)
		return false;
	if (strcmp(key, "original-address") == 0)
		recipient->original_address = value;
	else if (strcmp(key, "status") == 0)
		recipient->status = value;
	else if (strcmp(key, "diagnostic-status") == 0)
		recipient->diagnostic_status = value;
	else if (strcmp(key, "action") == 0) {
		action = index_of(value, action_names, ACTION_COUNT);
		recipient->action = (enum action)action;
		return action < ACTION_COUNT;
	} else
		return (strcmp(key, "permanent") == 0 || strcmp(key, "temporary") == 0) &&
		       read_reason(reader, value, key[0] == 'p');
	return true;
}

static bool read_reference(struct handover_reader *reader, const char *key, char *id)
{
	size_t step = index_of(key, steps, sizeof steps / sizeof *steps);
	struct original *original = &reader->facts->original;

	if (step == sizeof steps / sizeof *steps || original->reference_count == REFERENCES_MAX)
		return false;
	original->references[original->reference_count++] = (struct reference){id, steps[step]};
	return true;
}

/* False if KEY is another. */
static bool read_problem(struct handover_reader *reader, const char *key, const char *value)
{
	struct problems *problems = reader->handover->problems;

	if (strcmp(key, "problem-file") == 0)
		reader->problem_file = value;
	else if (strcmp(key, "problem-line") == 0)
		reader->problem_line = (int)strtol(value, NULL, 10);
	else if (strcmp(key, "problem") == 0 && reader->problem_file != NULL && problems != NULL &&
	         problems->count < PROBLEMS_TOLD_MAX)
		problems_add(problems, reader->problem_file, reader->problem_line, "%s", value);
	else
		return false;
	return true;
}

static bool read_line(struct handover_reader *reader, const char *key, char *value)
{
	if (strcmp(key, "kind") == 0) {
		reader->facts->kind = kind_by_name(value);
		return reader->facts->kind != KIND_COUNT;
	}
	if (strcmp(key, "recipient") == 0)
		return read_recipient(reader, value);
	if (strcmp(key, "id") == 0)
		reader->handover->id = value;
	else if (strcmp(key, "from") == 0)
		reader->handover->from = value;
	else if (strcmp(key, "subject") == 0)
		reader->facts->original.subject = value;
	else if (strcmp(key, "original-id") == 0)
		reader->facts->original.message_id = value;
	else
		return read_reference(reader, key, value) ||
		       read_about_recipient(reader, key, value) || read_problem(reader, key, value);
	return true;
}

enum status handover_read(
        const void *ctx, const char *text, size_t length, struct handover *handover)
{
	struct handover_reader reader = {
	        .handover = handover, .facts = talloc_zero(ctx, struct facts)};
	char *copy = talloc_strndup(ctx, text, length), *line, *next;

	*handover = (struct handover){
	        .judgement = {reader.facts, NULL}, .problems = handover->problems};
	if (strlen(copy) != length || !text_is_utf8(copy, length))
		return STATUS_IO;
	for (line = copy; (next = strchr(line, '\n')) != NULL; line = next + 1) {
		char *value = memchr(line, ' ', (size_t)(next - line));

		if (value == NULL || (size_t)(next - line) > LINE_MAX_BYTES)
			return STATUS_IO;
		*value = *next = '\0';
		if (strcmp(line, "end") == 0) {
			if (reader.verdicts == NULL)
				reader.verdicts = array_new(reader.facts, struct verdict, 1);
			if (kind_is_bounce(reader.facts->kind))
				handover->judgement.verdicts = reader.verdicts;
			return next[1] == '\0' ? STATUS_OK : STATUS_IO;
		}
		if (!text_is_clean(value + 1) || !read_line(&reader, line, value + 1))
			return STATUS_IO;
	}
	return STATUS_IO;
}
