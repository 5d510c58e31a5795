#include "resend/draft-top.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "resend/draft-charset.h"
#include "resend/draft-content.h"
#include "resend/draft-encode.h"
#include "resend/draft-parts.h"
#include "resend/draft-text.h"
#include "text/text-utf8.h"
#include "text/text.h"

static bool is_ascii(const char *text, size_t length)
{
	return utf8_ascii_end(text, text + length) == text + length;
}

static bool is_flowed(const struct making *making, const struct part *part)
{
	char *format = content_parameter(making->ctx, part, "format");

	return format != NULL && strcasecmp(format, "flowed") == 0;
}

/* The lines with EOL, and an empty one behind them; in a flowed text stuffed (RFC 3676 section 4.4). */
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
		if (html[i] == '<' && strncasecmp(html + i, "<body", 5) == 0 && strchr("> \t\r\n", html[i + 5]) != NULL) {
			const char *close = memchr(html + i, '>', length - i);

			at = close != NULL ? (size_t)(close + 1 - html) : 0;
		}
	return at;
}

enum way { AS_IT_IS, QUOTED, BASE64 };

static enum way way_of(const struct part *part)
{
	char *encoding = part_field(NULL, part, "Content-Transfer-Encoding");
	enum way way = encoding == NULL                                     ? AS_IT_IS
	               : strncasecmp(encoding, "quoted-printable", 16) == 0 ? QUOTED
	               : strncasecmp(encoding, "base64", 6) == 0            ? BASE64
	                                                                    : AS_IT_IS;

	talloc_free(encoding);
	return way;
}

/* Write the part anew, with TEXT added at AT. */
static void rewrite(const struct making *making, struct part *part, const char *text)
{
	char *old = text_of_part(making, part);
	size_t at = part_isa(part, "text/html") ? html_start(old, strlen(old)) : 0, lost;
	char *whole = talloc_asprintf(making->ctx, "%.*s%s%s", (int)at, old, text, old + at);

	text_into_part(making, part, whole, NULL, part->type, is_flowed(making, part) ? "; format=flowed" : "", &lost);
}

static void set_added(struct part *part, const char *text)
{
	part->added = (struct bytes){text, strlen(text)};
}

/* Base64 of a text whose length is a multiple of three goes before other base64 as it is. */
static void add_base64(const struct making *making, struct part *part, const char *bytes, size_t length)
{
	char *padded = talloc_asprintf(making->ctx, "%s\n\n", bytes);

	length += (3 - length % 3) % 3;
	set_added(part, encode_base64(making->ctx, padded, length, making->plan->source.eol));
}

/* Put lines before the bytes of PART. */
static void add_plain(const struct making *making, struct part *part)
{
	enum way way = way_of(part);
	const char *eol = way == BASE64 ? "\r\n" : making->plan->source.eol;
	char *charset = content_parameter(making->ctx, part, "charset"),
	     *text = plain_lines(making, is_flowed(making, part), eol);
	const char *bytes = text;
	size_t length = strlen(text), lost = 0;
	bool is_wide = charset != NULL && strncasecmp(charset, "utf-", 4) == 0 && strcasecmp(charset, "utf-8") != 0;

	if (!is_wide && !is_ascii(text, length) && (charset == NULL || strcasecmp(charset, "utf-8") != 0))
		bytes = charset_encode(making->ctx, text, length, charset != NULL ? charset : "us-ascii", &length, &lost);
	/* What an 8bit text says of itself covers only what it had. */
	if (is_wide || bytes == NULL || lost > 0 || (way == AS_IT_IS && !is_ascii(bytes, length)))
		rewrite(making, part, plain_lines(making, is_flowed(making, part), "\n"));
	else if (way == BASE64)
		add_base64(making, part, bytes, length);
	else
		set_added(part, way == QUOTED ? encode_quoted(making->ctx, bytes, length, eol) : bytes);
}

static void add_html(const struct making *making, struct part *part)
{
	enum way way = way_of(part);
	const char *eol = making->plan->source.eol;
	char *charset = content_parameter(making->ctx, part, "charset"), *text = html_lines(making, eol);
	size_t at = html_start(part->body.start, part->body.length);

	if (way == BASE64 || (charset != NULL && strncasecmp(charset, "utf-", 4) == 0 && strcasecmp(charset, "utf-8") != 0)) {
		rewrite(making, part, html_lines(making, "\n"));
		return;
	}
	if (way == QUOTED)
		text = encode_quoted(making->ctx, text, strlen(text), eol);
	/* In quoted-printable a line that ends in `=` goes on: so that no line gets too long, and no newline is added. */
	set_added(part, talloc_asprintf(making->ctx, "%.*s%s%s%s", (int)at, part->body.start, way == QUOTED && at > 0 ? "=" : "",
	                        at > 0 ? eol : "", text));
	part->body.start += at;
	part->body.length -= at;
}

struct part *top_part(struct making *making, const char *line)
{
	struct part *part = part_new(making->ctx, "text/plain", "", (struct bytes){"", 0});
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
		for (p = other->parent; p != NULL && part_isa(around, "multipart/alternative"); p = p->parent)
			if (p == around)
				return true;
	return false;
}

void draft_top(struct making *making)
{
	struct part *plain = NULL, *html = NULL, *part;

	if (making->top_count == 0)
		return;
	for (part = making->root; part != NULL; part = tree_next(making->root, part)) {
		if (!part->dropped && plain == NULL && part_isa(part, "text/plain") && part_is_text(part))
			plain = part;
		if (!part->dropped && html == NULL && part_isa(part, "text/html") && part_is_text(part))
			html = part;
	}
	if (plain == NULL && html == NULL)
		add_part(making);
	if (plain != NULL)
		add_plain(making, plain);
	if (html != NULL && (plain == NULL || is_other_form(html, plain)))
		add_html(making, html);
}
