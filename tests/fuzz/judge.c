/* A mail judged, and everything that is made of a judgement without the index: answers, tags, header fields, and what `insert` hands over. */
#include <strings.h>

#include "mail/fields.h"
#include "fuzz.h"
#include "commands/print.h"
#include "judge/handover.h"
#include "judge/header.h"
#include "judge/tags.h"

static void check_answers(const void *ctx, const struct judgement *judgement)
{
	const char **tags = tags_list(ctx, judgement);

	fuzz_check_json(print_json(ctx, "mail.eml", judgement));
	fuzz_check_shown(print_text(ctx, "mail.eml", judgement, (struct print_style){.why = true}));
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
static void check_handover(const void *ctx, const struct judgement *judgement)
{
	struct handover given = {*judgement, judgement->facts->message_id, judgement->facts->original.from}, got;
	char *text = handover_write(ctx, &given);

	CHECK(text != NULL && strlen(text) <= HANDOVER_MAX);
	CHECK(handover_read(ctx, text, strlen(text), &got) == STATUS_OK);
	CHECK(strcmp(handover_write(ctx, &got), text) == 0);
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
	return fields_name_length(line, length) >= 9 && strncasecmp(line, "X-Bounce-", 9) == 0;
}

/* EDITED, a header behind the fields that were added, is HEADER, but for fields of ours, each with the lines folded under it and perhaps some that
 * lost their indent. */
static void check_rest(const char *header, size_t length, const char *edited, size_t edited_length, char newline)
{
	size_t at, n, kept = 0;
	bool dropping = false;

	for (at = 0; at < length; at += n) {
		const char *end = memchr(header + at, newline, length - at);
		bool is_field, is_same;

		n = end != NULL ? (size_t)(end - header) - at + 1 : length - at;
		is_field = fields_name_length(header + at, n) > 0;
		is_same = edited_length - kept >= n && memcmp(edited + kept, header + at, n) == 0;
		if (is_field)
			dropping = is_ours(header + at, n);
		else if (dropping && header[at] != ' ' && header[at] != '\t')
			dropping = !is_same;
		CHECK(dropping || is_same);
		if (!dropping)
			kept += n;
	}
	CHECK(kept == edited_length);
}

/* The header ends before the first empty line. */
static void check_end(const char *bytes, const struct header *header)
{
	size_t at;

	for (at = header->start + 1; at < header->end && header->eol[0] != '\r'; at++)
		CHECK(bytes[at - 1] != '\n' || bytes[at] != '\n');
	for (at = header->start + 2; at < header->end; at++)
		CHECK(memcmp(bytes + at - 2, "\n\r\n", 3) != 0);
}

static void check_header(const void *ctx, const char *bytes, size_t size, const struct judgement *judgement)
{
	struct header header = header_find(bytes, size);
	const char *added = judgement != NULL ? tags_header(ctx, judgement, header.eol) : "";
	size_t length, front = header.start + strlen(added);
	char *edited;

	CHECK(header.start <= header.end && header.end <= size && (header.complete == (header.end < size)));
	check_end(bytes, &header);
	check_added(added, header.eol);
	CHECK(header_edit(ctx, bytes, &header, added, &edited, &length));
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
		check_handover(ctx, &judgement);
		CHECK(judgement.facts->kind == KIND_NONE || judge_is_worth_it(ctx, fuzz_judge(), bytes, size));
	}
	check_header(ctx, bytes, size, status == STATUS_OK ? &judgement : NULL);
	talloc_free(ctx);
	return 0;
}
