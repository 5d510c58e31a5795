/* A mail judged, and everything that is made of a judgement without the index: answers, tags, header fields, and what `insert` hands over. */
#include <strings.h>

#include "mail/header.h"
#include "fuzz.h"
#include "commands/print.h"
#include "judge/judgement-wire.h"
#include "judge/bounce-header.h"

static void check_answers(const void *ctx, const struct judgement *judgement)
{
	const char **tags = judgement_tags(ctx, judgement);

	fuzz_check_json(print_json(ctx, "mail.eml", judgement));
	fuzz_check_shown(print_text(ctx, "mail.eml", judgement, (struct print_style){.why = true, .wording = fuzz_wording("en")}));
	fuzz_check_shown(print_facts(ctx, "mail.eml", judgement));
	fuzz_check_shown(print_tags(ctx, judgement));
	fuzz_check_shown(print_reason(ctx, judgement));
	for (; *tags != NULL; tags++)
		CHECK(strspn(*tags, "abcdefghijklmnopqrstuvwxyz-/") == strlen(*tags));
}

/* A bounce says of somebody why, or names nobody. */
static void check_judgement(const struct judgement *judgement)
{
	const struct facts *facts = judgement->facts;
	size_t i;

	CHECK(kind_is_bounce(facts->kind) == (judgement->verdicts != NULL));
	CHECK(facts->recipient_count <= RECIPIENTS_MAX);
	for (i = 0; i < facts->recipient_count; i++) {
		CHECK(strlen(facts->recipients[i].address) <= ADDRESS_MAX);
		CHECK(judgement->verdicts == NULL || judgement->verdicts[i].reason < REASON_COUNT);
	}
}

/* What is handed over is read again, and means the same. */
static void check_wire(const void *ctx, const struct judgement *judgement)
{
	struct judgement_wire given = {*judgement, judgement->facts->message_id, judgement->facts->original.from, NULL}, got = {.problems = NULL};
	char *text = judgement_wire_write(ctx, &given);

	CHECK(text != NULL && strlen(text) <= JUDGEMENT_WIRE_MAX);
	CHECK(judgement_wire_read(ctx, text, strlen(text), &got) == STATUS_OK);
	CHECK(strcmp(judgement_wire_write(ctx, &got), text) == 0);
	CHECK(strcmp(print_tags(ctx, &got.judgement), print_tags(ctx, judgement)) == 0);
}

/* Lines of US-ASCII that end in EOL, none longer than a header may have, each a field of ours or a line folded under one. */
static void check_added(const char *added, const char *eol)
{
	size_t length;

	for (; *added != '\0'; added += length + strlen(eol)) {
		for (length = 0; added[length] >= ' ' && added[length] < 0x7f; length++)
			continue;
		CHECK(strncmp(added + length, eol, strlen(eol)) == 0);
		CHECK(length <= 998 && (added[0] == ' ' || strncmp(added, "X-Bounce-", 9) == 0));
	}
}

static bool is_ours(const char *line, size_t length)
{
	return header_name_length(line, length) >= 9 && strncasecmp(line, "X-Bounce-", 9) == 0;
}

/* How far EDITED may have been read when HEADER has: KEPT bytes of it, and whether a field of ours is being left out. */
struct reading {
	size_t kept;
	bool dropping;
};

#define READINGS_MAX 4096

static size_t reading_add(struct reading *readings, size_t count, size_t kept, bool dropping)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (readings[i].kept == kept && readings[i].dropping == dropping)
			return count;
	if (count < READINGS_MAX)
		readings[count++] = (struct reading){kept, dropping};
	return count;
}

/* Read the line of N bytes at LINE on from each of COUNT readings: how many there are then. A field of ours takes the lines folded under it with it, and perhaps
 * some that lost their indent: only what comes behind tells. */
static size_t read_line(
        struct reading *readings, size_t count, const char *line, size_t n, const char *edited, size_t edited_length)
{
	static struct reading next[READINGS_MAX];
	bool is_field = header_name_length(line, n) > 0, is_folded = line[0] == ' ' || line[0] == '\t';
	size_t i, next_count = 0;

	for (i = 0; i < count; i++) {
		size_t kept = readings[i].kept;
		bool may_drop = is_field ? is_ours(line, n) : readings[i].dropping,
		     must_drop = may_drop && (is_field || is_folded);

		if (may_drop)
			next_count = reading_add(next, next_count, kept, true);
		if (!must_drop && edited_length - kept >= n && memcmp(edited + kept, line, n) == 0)
			next_count = reading_add(next, next_count, kept + n, false);
	}
	memcpy(readings, next, next_count * sizeof *next);
	return next_count;
}

/* EDITED, a header behind the fields that were added, is HEADER, but for fields of ours. */
static void check_rest(const char *header, size_t length, const char *edited, size_t edited_length, char newline)
{
	static struct reading readings[READINGS_MAX];
	size_t at, n, i, count = reading_add(readings, 0, 0, false);
	bool is_whole = false;

	for (at = 0; at < length; at += n) {
		const char *end = memchr(header + at, newline, length - at);

		n = end != NULL ? (size_t)(end - header) - at + 1 : length - at;
		count = read_line(readings, count, header + at, n, edited, edited_length);
	}
	for (i = 0; i < count; i++)
		is_whole = is_whole || readings[i].kept == edited_length;
	CHECK(is_whole);
}

/* The header ends before the first empty line, unless it begins with fields of ours. */
static void check_end(const char *bytes, const struct bounce_header *header)
{
	size_t at;

	if (is_ours(bytes + header->start, header->end - header->start))
		return;
	for (at = header->start + 1; at < header->end && header->eol[0] != '\r'; at++)
		CHECK(bytes[at - 1] != '\n' || bytes[at] != '\n');
	for (at = header->start + 2; at < header->end && header->eol[0] == '\r'; at++)
		CHECK(memcmp(bytes + at - 2, "\n\r\n", 3) != 0);
}

static void check_header(const void *ctx, const char *bytes, size_t size, const struct judgement *judgement)
{
	struct bounce_header header = bounce_header_find(bytes, size);
	const char *added = judgement != NULL ? bounce_header_fields(ctx, judgement, header.eol) : "";
	size_t length, front = header.start + strlen(added);
	char *edited;

	CHECK(header.start <= header.end && header.end <= size);
	check_end(bytes, &header);
	check_added(added, header.eol);
	edited = bounce_header_edit(ctx, bytes, &header, added, &length);
	CHECK(length >= front && memcmp(edited, bytes, header.start) == 0);
	CHECK(memcmp(edited + header.start, added, strlen(added)) == 0);
	check_rest(bytes + header.start, header.end - header.start, edited + front, length - front,
	        header.eol[strlen(header.eol) - 1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	void *ctx = talloc_new(NULL);
	struct judgement judgement;
	enum status status = judge_mail(ctx, fuzz_judge(), bytes, size, &judgement);

	CHECK(status == STATUS_OK || status == STATUS_NOT_MAIL);
	if (status == STATUS_OK) {
		check_judgement(&judgement);
		check_answers(ctx, &judgement);
		check_wire(ctx, &judgement);
	}
	check_header(ctx, bytes, size, status == STATUS_OK ? &judgement : NULL);
	talloc_free(ctx);
	return 0;
}
