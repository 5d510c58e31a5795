#include "resend/draft-parts.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "mail/parameter.h"
#include "resend/encode.h"
#include "text/utf8.h"
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

char *part_text(const void *ctx, const struct part *part)
{
	struct parameter charset = parameter_read(ctx, part->content_type, "charset");
	struct bytes bytes = decode_bytes(ctx, part->body, part->encoding, SIZE_MAX);
	char *text = text_to_utf8(ctx, bytes.start, bytes.length, charset.value);

	newlines_strip(text);
	return text;
}

/* TEXT with newlines EOL. */
static char *with_newlines(
        const void *ctx, const char *text, size_t length, const char *eol, size_t *new_length)
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

bool text_into_part(const struct making *making, struct part *part, const char *text,
        const char *charset, const char *type, const char *parameters, size_t *lost)
{
	const char *eol = making->plan->source.eol, *encoding;
	size_t length = strlen(text);
	bool ascii = utf8_ascii_end(text, text + length) == text + length;
	const char *name = charset != NULL ? charset : ascii ? "us-ascii" : "utf-8";
	static const char *const replaced[] = {
	        "Content-Type", "Content-Transfer-Encoding", "Content-MD5", "Content-Length", NULL};
	char *header, *bytes = NULL, *others = content_fields(making->ctx, part->header, replaced);
	struct bytes body;

	*lost = 0;
	if (charset != NULL && strcasecmp(charset, "utf-8") != 0)
		text = bytes = charset_encode(making->ctx, text, length, charset, &length, lost);
	if (text == NULL)
		return false;
	body.start = with_newlines(making->ctx, text, length, eol, &body.length);
	talloc_free(bytes);
	encoding = encode(making, &body);
	header = talloc_asprintf(making->ctx,
	        "Content-Type: %s; charset=%s%s%sContent-Transfer-Encoding: %s%s%s%s", type, name,
	        parameters, eol, encoding, eol, others, part->parent != NULL ? eol : "");
	part->header = (struct bytes){header, strlen(header)};
	part->body = body;
	part->added = (struct bytes){NULL, 0};
	part->is_new = true;
	part_describe(making->ctx, part, type);
	return true;
}

static bool is_ascii(const char *text, size_t length)
{
	return utf8_ascii_end(text, text + length) == text + length;
}

static bool is_flowed(const struct making *making, const struct part *part)
{
	char *format = parameter_text(making->ctx, part->content_type, "format");

	return format != NULL && strcasecmp(format, "flowed") == 0;
}

/* The lines with EOL, and an empty one behind them; in a flowed text stuffed (RFC 3676
 * section 4.4). */
static char *plain_lines(const struct making *making, bool flowed, const char *eol)
{
	struct buffer buffer = buffer_new(making->ctx);
	size_t i;

	for (i = 0; i < making->top_count; i++) {
		const char *line = making->top[i];
		size_t length = strlen(line);

		while (length > 0 && line[length - 1] == ' ')
			length--;
		if (flowed && (line[0] == ' ' || line[0] == '>' || strncmp(line, "From ", 5) == 0))
			buffer_add_string(&buffer, " ");
		buffer_add(&buffer, line, length);
		buffer_add_string(&buffer, eol);
	}
	buffer_add_string(&buffer, eol);
	return buffer_text(&buffer);
}

/* The lines as a paragraph of HTML in ASCII, whatever the charset. */
static char *html_lines(const struct making *making, const char *eol)
{
	struct buffer buffer = buffer_new(making->ctx);
	size_t i;

	buffer_add_string(&buffer, "<p>");
	for (i = 0; i < making->top_count; i++) {
		const char *p = making->top[i], *end = p + strlen(p);

		while (p < end) {
			uint32_t c = (unsigned char)*p;
			size_t n = utf8_decode(p, end, &c);

			if (c >= 0x80 || strchr("<>&\"", (int)c) != NULL)
				buffer_print(&buffer, "&#%lu;", (unsigned long)c);
			else
				buffer_add(&buffer, p, 1);
			p += n > 0 ? n : 1;
		}
		buffer_print(&buffer, "%s%s", i + 1 < making->top_count ? "<br>" : "</p>", eol);
	}
	return buffer_text(&buffer);
}

/* Where in HTML a paragraph can be put in front of all: behind <body ...>, if there is one. */
static size_t html_start(const char *html, size_t length)
{
	size_t i, at = 0;

	for (i = 0; i + 5 < length && at == 0; i++)
		if (html[i] == '<' && strncasecmp(html + i, "<body", 5) == 0 &&
		        strchr("> \t\r\n", html[i + 5]) != NULL) {
			const char *close = memchr(html + i, '>', length - i);

			at = close != NULL ? (size_t)(close + 1 - html) : 0;
		}
	return at;
}

/* Write the part anew, with TEXT added at AT. */
static void rewrite(const struct making *making, struct part *part, const char *text)
{
	char *old = part_text(making->ctx, part);
	size_t at = part_is(part, "text/html") ? html_start(old, strlen(old)) : 0, lost;
	char *whole = talloc_asprintf(making->ctx, "%.*s%s%s", (int)at, old, text, old + at);

	text_into_part(making, part, whole, NULL, part->type,
	        is_flowed(making, part) ? "; format=flowed" : "", &lost);
}

static void set_added(struct part *part, const char *text)
{
	part->added = (struct bytes){text, strlen(text)};
}

/* Base64 of a text whose length is a multiple of three goes before other base64 as it is. */
static void add_base64(
        const struct making *making, struct part *part, const char *bytes, size_t length)
{
	char *padded = talloc_asprintf(making->ctx, "%s\n\n", bytes);

	length += (3 - length % 3) % 3;
	set_added(part, encode_base64(making->ctx, padded, length, making->plan->source.eol));
}

/* Put lines before the bytes of PART. */
static void add_plain(const struct making *making, struct part *part)
{
	enum encoding way = part->encoding;
	const char *eol = way == ENCODING_BASE64 ? "\r\n" : making->plan->source.eol;
	char *charset = parameter_text(making->ctx, part->content_type, "charset"),
	     *text = plain_lines(making, is_flowed(making, part), eol);
	const char *bytes = text;
	size_t length = strlen(text), lost = 0;
	bool is_wide = charset != NULL && strncasecmp(charset, "utf-", 4) == 0 &&
	               strcasecmp(charset, "utf-8") != 0;

	if (!is_wide && !is_ascii(text, length) &&
	        (charset == NULL || strcasecmp(charset, "utf-8") != 0))
		bytes = charset_encode(making->ctx, text, length,
		        charset != NULL ? charset : "us-ascii", &length, &lost);
	/* What an 8bit text says of itself covers only what it had. */
	if (is_wide || bytes == NULL || lost > 0 ||
	        (way == ENCODING_NONE && !is_ascii(bytes, length)))
		rewrite(making, part, plain_lines(making, is_flowed(making, part), "\n"));
	else if (way == ENCODING_BASE64)
		add_base64(making, part, bytes, length);
	else
		set_added(part, way == ENCODING_QUOTED_PRINTABLE
		                        ? encode_quoted(making->ctx, bytes, length, eol)
		                        : bytes);
}

static void add_html(const struct making *making, struct part *part)
{
	enum encoding way = part->encoding;
	const char *eol = making->plan->source.eol;
	char *charset = parameter_text(making->ctx, part->content_type, "charset"),
	     *text = html_lines(making, eol);
	size_t at = html_start(part->body.start, part->body.length);

	if (way == ENCODING_BASE64 || (charset != NULL && strncasecmp(charset, "utf-", 4) == 0 &&
	                                      strcasecmp(charset, "utf-8") != 0)) {
		rewrite(making, part, html_lines(making, "\n"));
		return;
	}
	if (way == ENCODING_QUOTED_PRINTABLE)
		text = encode_quoted(making->ctx, text, strlen(text), eol);
	/* In quoted-printable a line that ends in `=` goes on: so that no line gets too long, and
	 * no newline is added. */
	set_added(part, talloc_asprintf(making->ctx, "%.*s%s%s%s", (int)at, part->body.start,
	                        way == ENCODING_QUOTED_PRINTABLE && at > 0 ? "=" : "",
	                        at > 0 ? eol : "", text));
	part->body.start += at;
	part->body.length -= at;
}

struct part *top_part(struct making *making, const char *line)
{
	struct part *part = part_new(making->ctx, "", (struct bytes){"", 0});
	char *text = talloc_asprintf(making->ctx, "%s\n", line);
	size_t lost;

	text_into_part(making, part, text, NULL, "text/plain", "", &lost);
	return part;
}

/* A mail of attachments only. */
static void add_part(struct making *making)
{
	char *text = plain_lines(making, false, "\n");
	struct part *part;

	text[strlen(text) - 2] = '\0';
	part = top_part(making, text);
	if (!part_is_kept(making->root, 0))
		making->root = part; /* there was nothing else in it */
	else if (parts_wrap(making))
		part_insert(making->root, part, false, making->plan->source.eol);
}

/* Whether PART is one of several forms of a text of which OTHER is another. */
static bool is_other_form(const struct part *part, const struct part *other)
{
	const struct part *around, *p;

	for (around = part->parent; around != NULL; around = around->parent)
		for (p = other->parent; p != NULL && part_is(around, "multipart/alternative");
		        p = p->parent)
			if (p == around)
				return true;
	return false;
}

void draft_top(struct making *making)
{
	struct part *plain = NULL, *html = NULL, *part;

	if (making->top_count == 0)
		return;
	for (part = making->root; part != NULL; part = part_next(making->root, part)) {
		if (!part->dropped && plain == NULL && part_is(part, "text/plain") &&
		        part_is_text(part))
			plain = part;
		if (!part->dropped && html == NULL && part_is(part, "text/html") &&
		        part_is_text(part))
			html = part;
	}
	if (plain == NULL && html == NULL)
		add_part(making);
	if (plain != NULL)
		add_plain(making, plain);
	if (html != NULL && (plain == NULL || is_other_form(html, plain)))
		add_html(making, html);
}
