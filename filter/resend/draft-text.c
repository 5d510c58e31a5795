#include "resend/draft-text.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "mail/raw-header.h"
#include "resend/draft-charset.h"
#include "resend/draft-content.h"
#include "resend/draft-encode.h"
#include "text/text-utf8.h"
#include "text/text.h"

/* RFC 5322 section 2.1.1 has 998. */
#define LINE_MAX_BYTES 900

/* In place. */
static void newlines_strip(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++)
		if (text[0] != '\r' || text[1] != '\n')
			*to++ = *text;
	*to = '\0';
}

char *text_of_part(const struct making *making, const struct part *part)
{
	char *charset = content_parameter(making->ctx, part, "charset");
	struct bytes bytes = content_decode(making->ctx, part);
	char *text = text_to_utf8(making->ctx, bytes.start, bytes.length, charset);

	newlines_strip(text);
	return text;
}

/* TEXT with newlines EOL. */
static char *with_newlines(const void *ctx, const char *text, size_t length, const char *eol, size_t *new_length)
{
	struct buffer buffer = buffer_new(ctx);
	const char *end = text + length, *newline;

	for (; text < end; text = newline + 1) {
		newline = memchr(text, '\n', (size_t)(end - text));
		buffer_add(&buffer, text, (size_t)((newline != NULL ? newline : end) - text));
		if (newline == NULL)
			break;
		buffer_add_string(&buffer, eol);
	}
	*new_length = buffer.length;
	return buffer_text(&buffer);
}

struct looks {
	size_t high;    /* bytes that are not ASCII */
	size_t longest; /* bytes of a line */
};

static struct looks looks_of(const char *text, size_t length)
{
	struct looks looks = {0, 0};
	size_t line = 0, i;

	for (i = 0; i < length; i++) {
		looks.high += (unsigned char)text[i] >= 0x80;
		line = text[i] == '\n' ? 0 : line + 1;
		looks.longest = line > looks.longest ? line : looks.longest;
	}
	return looks;
}

/* Encode BODY for transport as little as it needs, and say how. */
static const char *encode(const struct making *making, struct bytes *body)
{
	const char *eol = making->plan->source.eol, *encoding = "7bit";
	struct looks looks = looks_of(body->start, body->length);
	char *text;

	if (looks.high == 0 && looks.longest <= LINE_MAX_BYTES)
		return encoding;
	/* Escape sequences in quoted-printable are what old phones show as letters. */
	if (looks.high * 4 > body->length || memchr(body->start, '\033', body->length) != NULL) {
		encoding = "base64";
		text = encode_base64(making->ctx, body->start, body->length, eol);
	} else {
		encoding = "quoted-printable";
		text = encode_quoted(making->ctx, body->start, body->length, eol);
	}
	*body = (struct bytes){text, strlen(text)};
	return encoding;
}

/* The other fields of PART that describe it, its disposition and its id; not what they say of the encoding. */
static char *other_fields(const void *ctx, const struct part *part)
{
	const char *at = part->header.start, *end = at + part->header.length;
	char *copy = talloc_strdup(ctx, "");
	struct raw_field field;

	while (raw_header_next(&at, end, &field))
		if (raw_field_is(&field, "Content-*") && !raw_field_is(&field, "Content-Type") &&
		        !raw_field_is(&field, "Content-Transfer-Encoding") && !raw_field_is(&field, "Content-MD5") &&
		        !raw_field_is(&field, "Content-Length"))
			copy = raw_field_append(copy, &field);
	return copy;
}

bool text_into_part(const struct making *making, struct part *part, const char *text, const char *charset, const char *type,
        const char *parameters, size_t *lost)
{
	const char *eol = making->plan->source.eol, *encoding;
	size_t length = strlen(text);
	bool ascii = utf8_ascii_end(text, text + length) == text + length;
	const char *name = charset != NULL ? charset : ascii ? "us-ascii" : "utf-8";
	char *header, *bytes = (char *)0, *others = other_fields(making->ctx, part);
	struct bytes body;

	*lost = 0;
	if (charset != NULL && strcasecmp(charset, "utf-8") != 0)
		text = bytes = charset_encode(making->ctx, text, length, charset, &length, lost);
	if (text == NULL)
		return false;
	body.start = with_newlines(making->ctx, text, length, eol, &body.length);
	talloc_free(bytes);
	encoding = encode(making, &body);
	header = talloc_asprintf(making->ctx, "Content-Type: %s; charset=%s%s%sContent-Transfer-Encoding: %s%s%s%s", type, name,
	        parameters, eol, encoding, eol, others, part->parent != NULL ? eol : "");
	part->header = (struct bytes){header, strlen(header)};
	part->body = body;
	part->added = (struct bytes){NULL, 0};
	part->is_new = true;
	return true;
}
