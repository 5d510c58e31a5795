#include "resend/draft-subject.h"

#include <stdint.h>
#include <string.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "mail/message.h"
#include "mail/raw-header.h"
#include "resend/draft-charset.h"
#include "resend/draft-encode.h"
#include "text/text-utf8.h"
#include "text/text.h"

/* Characters of an encoded word: with these none is longer than 75 columns, whatever the charset. */
#define WORD_CHARACTERS 10

/* One encoded word of LENGTH bytes of TEXT: it begins and ends in ASCII by itself, as each must. */
static bool add_word(struct buffer *buffer, const char *text, size_t length, const char *charset, bool is_first, const char *eol)
{
	size_t encoded_length, lost;
	char *encoded = charset_encode(buffer->ctx, text, length, charset, &encoded_length, &lost);
	char *base64;

	if (encoded == NULL)
		return false;
	base64 = encode_base64(buffer->ctx, encoded, encoded_length, "");
	buffer_print(buffer, "%s%s=?%s?B?%s?=", is_first ? "" : eol, is_first ? "" : " ", charset, base64);
	talloc_free(base64);
	talloc_free(encoded);
	return true;
}

static char *encoded_words(const void *ctx, const char *text, const char *charset, const char *eol)
{
	struct buffer buffer = buffer_new(ctx);
	const char *p = text, *end = text + strlen(text), *start;
	bool fine = true;
	uint32_t c;

	while (fine && p < end) {
		size_t characters = 0, n;

		for (start = p; p < end && characters < WORD_CHARACTERS; characters++)
			p += (n = utf8_decode(p, end, &c)) > 0 ? n : 1;
		fine = add_word(&buffer, start, (size_t)(p - start), charset, start == text, eol);
	}
	return fine ? buffer_text(&buffer) : NULL;
}

char *draft_subject(struct making *making)
{
	const struct draft_plan *plan = making->plan;
	const char *fields = plan->source.fields.start;
	char *raw = plan->charset != NULL ? raw_header_find(making->ctx, fields, fields + plan->source.fields.length, "Subject")
	                                  : NULL;
	char *text = raw != NULL ? message_decode(making->ctx, raw) : NULL, *line, *words;

	if (text == NULL || utf8_ascii_end(text, text + strlen(text)) == text + strlen(text))
		return NULL;
	line = text_one_line(making->ctx, text, strlen(text), VALUE_MAX);
	words = encoded_words(making->ctx, line, plan->charset, plan->source.eol);
	making->failed = making->failed || words == NULL;
	return words;
}
