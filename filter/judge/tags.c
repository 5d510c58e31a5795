#include "judge/tags.h"

#include <glib.h>
#include <string.h>
#include <talloc.h>

#include "base/array.h"

static const char *const kind_tags[KIND_COUNT] = {
        [KIND_FAILED] = "bounce",
        [KIND_DELAYED] = "bounce",
        [KIND_DELIVERED] = "delivery-receipt",
        [KIND_COMPLAINT] = "complaint",
        [KIND_AUTO_REPLY] = "auto-reply",
        [KIND_RECEIPT] = "receipt",
};

/* Which reasons the bounce has. A recipient that was reached has none. */
static void reasons_mark(const struct judgement *judgement, bool reasons[REASON_COUNT])
{
	size_t i;

	memset(reasons, 0, REASON_COUNT * sizeof *reasons);
	for (i = 0; judgement->verdicts != NULL && i < judgement->facts->recipient_count; i++)
		if (judgement->facts->recipients[i].action != ACTION_DELIVERED)
			reasons[judgement->verdicts[i].reason] = true;
}

const char **tags_list(const void *ctx, const struct judgement *judgement)
{
	const char **tags = array_new(ctx, const char *, REASON_COUNT + 4), **next = tags;
	enum kind kind = judgement->facts->kind;
	bool reasons[REASON_COUNT];
	int reason;

	if (kind_tags[kind] != NULL)
		*next++ = kind_tags[kind];
	reasons_mark(judgement, reasons);
	for (reason = 0; reason < REASON_COUNT; reason++)
		if (reasons[reason])
			*next++ = talloc_asprintf(tags, "bounce/%s", reason_name((enum reason)reason));
	if (kind_is_bounce(kind))
		*next++ = judgement_is_permanent(judgement) ? "bounce/permanent" : "bounce/temporary";
	if (kind == KIND_DELAYED)
		*next++ = "bounce/delayed";
	*next = NULL;
	return tags;
}

/* Columns before a field is folded, RFC 5322 section 2.1.1. */
#define FOLD_AT 76

/* Whether VALUE may stand in a header as it is, and will be read as it is: nothing in it looks encoded. */
static bool is_ascii_text(const char *value)
{
	if (strstr(value, "=?") != NULL)
		return false;
	for (; *value != '\0'; value++)
		if ((unsigned char)*value < 0x20 || (unsigned char)*value >= 0x7f)
			return false;
	return true;
}

/* The bytes of VALUE that go into one encoded word of at most 75: whole characters, 45 bytes. */
static size_t encoded_chunk(const char *value)
{
	size_t n = strnlen(value, 45);

	while (value[n] != '\0' && n > 0 && ((unsigned char)value[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* VALUE as words of RFC 2047, base64, separated by spaces. */
static char *encode_words(const void *ctx, const char *value)
{
	char *words = talloc_strdup(ctx, ""), *encoded;
	size_t n;

	for (; *value != '\0'; value += n) {
		n = encoded_chunk(value);
		encoded = g_base64_encode((const guchar *)value, n);
		words = talloc_asprintf_append_buffer(words, "%s=?UTF-8?B?%s?=", words[0] != '\0' ? " " : "", encoded);
		g_free(encoded);
	}
	return words;
}

/* Append `NAME: VALUE`, folded at its spaces; a word that alone is too long stays whole, unless it would break the limit of 998. */
static char *append_field(char *header, const char *name, const char *value, const char *eol)
{
	const char *text = value != NULL && !is_ascii_text(value) ? encode_words(header, value) : value;
	size_t column = strlen(name) + 1;

	if (text == NULL)
		return header;
	header = talloc_asprintf_append_buffer(header, "%s:", name);
	while (*text != '\0') {
		size_t length = strcspn(text, " ");
		size_t shown = length < 900 ? length : 900;

		if (column + 1 + shown > FOLD_AT && column > strlen(name) + 1) {
			header = talloc_strdup_append_buffer(header, eol);
			column = 0;
		}
		header = talloc_asprintf_append_buffer(header, " %.*s", (int)shown, text);
		column += 1 + shown;
		text += shown;
		text += *text == ' ';
	}
	return talloc_strdup_append_buffer(header, eol);
}

/* The addresses that were not reached; each is written once, and no more than one header should hold. */
static char *append_recipients(char *header, const struct facts *facts, const char *eol)
{
	size_t i, shown = 0;

	for (i = 0; i < facts->recipient_count && shown < 100; i++) {
		const struct recipient *recipient = &facts->recipients[i];

		if (recipient->action == ACTION_DELIVERED || recipient->address[0] == '\0')
			continue;
		header = append_field(header, "X-Bounce-Recipient", recipient->address, eol);
		shown++;
	}
	return header;
}

static const char *first_status(const struct facts *facts)
{
	size_t i;

	for (i = 0; i < facts->recipient_count; i++) {
		const struct recipient *recipient = &facts->recipients[i];

		if (recipient->action != ACTION_DELIVERED)
			return recipient->diagnostic_status != NULL ? recipient->diagnostic_status : recipient->status;
	}
	return NULL;
}

char *tags_header(const void *ctx, const struct judgement *judgement, const char *eol)
{
	const struct facts *facts = judgement->facts;
	char *header = talloc_strdup(ctx, "");
	bool reasons[REASON_COUNT];
	int reason;

	if (!kind_is_bounce(facts->kind))
		return header;
	header = append_field(header, "X-Bounce-Kind", kind_name(facts->kind), eol);
	reasons_mark(judgement, reasons);
	for (reason = 0; reason < REASON_COUNT; reason++)
		if (reasons[reason])
			header = append_field(header, "X-Bounce-Reason", reason_name((enum reason)reason), eol);
	header = append_recipients(header, facts, eol);
	header = append_field(header, "X-Bounce-Status", first_status(facts), eol);
	header = append_field(header, "X-Bounce-Permanence", judgement_is_permanent(judgement) ? "permanent" : "temporary", eol);
	return append_field(header, "X-Bounce-Original-Id", facts->original.message_id, eol);
}
