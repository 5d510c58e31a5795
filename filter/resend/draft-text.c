/* Encodes text for a mail, and changes the text of a draft: lines on top, plain text only. */
#include "resend/draft-parts.h"

#include <errno.h>
#include <glib.h>
#include <iconv.h>
#include <stdint.h>
#include <strings.h>

#include "base/array.h"
#include "base/limits.h"
#include "mail/parameter.h"
#include "text/html.h"
#include "text/text.h"

/* A text with a longer line is encoded; RFC 5322 section 2.1.1 allows 998 bytes. */
#define TEXT_LINE_MAX 900

/* The columns of a line of quoted-printable, without the `=` at its end. */
#define QUOTED_COLUMNS 72

/* -- in the charset of a mail */

/* Characters that old charsets lack, and another way to write each. */
static const struct {
	uint32_t character;
	const char *text;
} others[] = {{0xa0, " "}, {0xa9, "(C)"}, {0xad, ""}, {0xae, "(R)"}, {0xb7, "・"}, {0x200b, ""},
        {0x200c, ""}, {0x200d, ""}, {0x2010, "-"}, {0x2011, "-"}, {0x2013, "-"}, {0x2014, "―"},
        {0x2018, "'"}, {0x2019, "'"}, {0x201c, "\""}, {0x201d, "\""}, {0x2022, "・"},
        {0x2026, "..."}, {0x20ac, "EUR"}, {0x2116, "No."}, {0x2122, "(TM)"}, {0x2225, "‖"},
        {0x33cd, "K.K."}, {0x9ad9, "高"}, {0xfa11, "崎"}, {0xfe0e, ""}, {0xfe0f, ""}, {0xfeff, ""},
        {0xff0d, "−"}, {0xff5e, "〜"}, {0xff9e, "゛"}, {0xff9f, "゜"}, {0xffe0, "¢"}, {0xffe1, "£"},
        {0xffe2, "¬"}};

/* How many bytes are encoded at once: few behind a character that the charset lacks, as iconv reads
 * thousands ahead and does it again for each. */
#define ENCODED_LEAST ((size_t)16)
#define ENCODED_MOST ((size_t)1 << 20)

struct encoder {
	iconv_t cd;
	struct buffer out;
	size_t lost;
};

/* Encodes LENGTH bytes at FROM up to the first character that the charset lacks; returns where that
 * is. */
static char *encode_run(struct encoder *encoder, char *from, size_t length)
{
	char piece[1024];
	size_t result;

	do {
		char *to = piece;
		size_t room = sizeof piece;

		result = iconv(encoder->cd, &from, &length, &to, &room);
		buffer_add(&encoder->out, piece, sizeof piece - room);
	} while (result == (size_t)-1 && errno == E2BIG);
	return from;
}

/* Encodes TEXT in the same way; returns whether the charset has all of it. */
static bool encode_all(struct encoder *encoder, const char *text)
{
	char *from = (char *)(uintptr_t)text;
	size_t length = strlen(text);

	return encode_run(encoder, from, length) == from + length;
}

/* Returns another way to write C, which takes LENGTH bytes at TEXT; NULL: there is none. To be
 * freed with g_free(). */
static char *other_way(uint32_t c, const char *text, size_t length)
{
	/* Blocks whose characters everybody reads as their plain form (NFKC): letters of full or
	 * half width, Roman numerals, words in one character. `²` is not like that. */
	bool is_form = (c >= 0x2100 && c <= 0x217f) || (c >= 0x3200 && c <= 0x33ff) ||
	               (c >= 0xff00 && c <= 0xffef);

	if (c >= 0x2460 && c <= 0x2473) /* ① to ⑳ */
		return g_strdup_printf("(%u)", (unsigned)(c - 0x2460 + 1));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].character == c)
			return g_strdup(others[i].text);
	return is_form ? g_utf8_normalize(text, (gssize)length, G_NORMALIZE_NFKC) : NULL;
}

/* Encodes the character at AT, which the charset lacks, in another way. Returns how many bytes it
 * is; with the mark that follows, if both are one character of full width: ｶﾞ. */
static size_t encode_otherwise(struct encoder *encoder, const char *at, const char *end)
{
	uint32_t c = 0, mark = 0;
	size_t length = utf8_decode(at, end, &c);
	size_t more = length > 0 && at + length < end ? utf8_decode(at + length, end, &mark) : 0;
	g_autofree char *text = length > 0 ? other_way(c, at, length) : NULL;
	g_autofree char *joined =
	        mark == 0xff9e || mark == 0xff9f
	                ? g_utf8_normalize(at, (gssize)(length + more), G_NORMALIZE_NFKC)
	                : NULL;

	if (joined != NULL && g_utf8_strlen(joined, -1) == 1) {
		g_free(text);
		text = g_steal_pointer(&joined);
		length += more;
	}
	if (text == NULL || !encode_all(encoder, text)) {
		encoder->lost++;
		if (!encode_all(encoder, "〓"))
			encode_all(encoder, "?");
	}
	return length > 0 ? length : 1;
}

char *charset_encode(const void *ctx, const char *utf8, size_t length, const char *charset,
        size_t *out_length, size_t *lost)
{
	/* To iconv an empty name is the locale's charset, and what follows a slash are orders. */
	bool is_name = charset[0] != '\0' && strchr(charset, '/') == NULL;
	struct encoder encoder = {
	        .cd = is_name ? iconv_open(charset, "UTF-8") : (iconv_t)-1, .out = buffer_new(ctx)};

	if (encoder.cd == (iconv_t)-1)
		return NULL;
	char *at = (char *)(uintptr_t)utf8, *end = at + length;
	char last[16], *to = last;
	size_t room = sizeof last;

	for (size_t step = ENCODED_LEAST; at < end;) {
		char *stop = at + MIN(step, (size_t)(end - at));

		while (stop < end && ((unsigned char)*stop & 0xc0) == 0x80)
			stop++; /* whole characters */
		at = encode_run(&encoder, at, (size_t)(stop - at));
		step = at < stop ? ENCODED_LEAST : MIN(2 * step, ENCODED_MOST);
		if (at < stop)
			at += encode_otherwise(&encoder, at, end);
	}
	iconv(encoder.cd, NULL, NULL, &to, &room); /* ends in ASCII */
	buffer_add(&encoder.out, last, sizeof last - room);
	iconv_close(encoder.cd);
	*out_length = encoder.out.length;
	*lost = encoder.lost;
	return buffer_text(&encoder.out);
}

/* -- in lines for transport */

void base64_add(struct base64 *base64, const char *bytes, size_t length)
{
	while (length > 0) {
		size_t room = sizeof base64->line - base64->length, n = MIN(length, room);

		memcpy(base64->line + base64->length, bytes, n);
		base64->length += n;
		bytes += n;
		length -= n;
		if (n == room)
			base64_end(base64);
	}
}

void base64_end(struct base64 *base64)
{
	if (base64->length == 0)
		return;
	g_autofree char *text = g_base64_encode(base64->line, base64->length);

	buffer_add_string(base64->out, text);
	buffer_add_string(base64->out, base64->eol);
	base64->length = 0;
}

char *encode_base64(const void *ctx, const char *bytes, size_t length, const char *eol)
{
	struct buffer out = buffer_new(ctx);
	struct base64 base64 = {.out = &out, .eol = eol};

	base64_add(&base64, bytes, length);
	base64_end(&base64);
	return buffer_text(&out);
}

/* Returns whether the byte at TEXT[I] can stand as it is. Not a blank at the end of a line, and at
 * the start of one no point and no `From `, which some servers change. */
static bool is_literal(const char *text, size_t length, size_t i, size_t column)
{
	unsigned char c = (unsigned char)text[i];

	if (c == ' ' || c == '\t')
		return i + 1 < length && text[i + 1] != '\n' && text[i + 1] != '\r';
	if (column == 0 &&
	        (c == '.' || (c == 'F' && length - i > 4 && memcmp(text + i, "From ", 5) == 0)))
		return false;
	return c > 0x20 && c < 0x7f && c != '=';
}

char *encode_quoted(const void *ctx, const char *text, size_t length, const char *eol)
{
	struct buffer out = buffer_new(ctx);
	size_t column = 0;

	for (size_t i = 0; i < length; i++) {
		bool newline = text[i] == '\n' ||
		               (text[i] == '\r' && i + 1 < length && text[i + 1] == '\n');
		bool literal = newline || is_literal(text, length, i, column);

		if (!newline && column + (literal ? 1 : 3) > QUOTED_COLUMNS) {
			buffer_print(&out, "=%s", eol);
			column = 0;
			literal = is_literal(text, length, i, column);
		}
		if (literal)
			buffer_add(&out, text + i, 1);
		else
			buffer_print(&out, "=%02X", (unsigned)(unsigned char)text[i]);
		column = newline ? 0 : column + (literal ? 1 : 3);
	}
	return buffer_text(&out);
}

/* -- the text of a part */

char *part_text(const void *ctx, const struct part *part)
{
	struct parameter charset = parameter_read(ctx, part->content_type, "charset");
	struct bytes bytes = decode_bytes(ctx, part->body, part->encoding, SIZE_MAX);
	char *text = text_to_utf8(ctx, bytes.start, bytes.length, charset.value), *to = text;

	for (const char *p = text; *p != '\0'; p++)
		if (p[0] != '\r' || p[1] != '\n')
			*to++ = *p;
	*to = '\0';
	return text;
}

static bool is_ascii(const char *text, size_t length)
{
	return utf8_ascii_end(text, text + length) == text + length;
}

/* Returns whether PART's parameter NAME is VALUE. */
static bool has_parameter(
        const void *ctx, const struct part *part, const char *name, const char *value)
{
	char *is = parameter_text(ctx, part->content_type, name);

	return is != NULL && strcasecmp(is, value) == 0;
}

static bool is_flowed(const void *ctx, const struct part *part)
{
	return has_parameter(ctx, part, "format", "flowed");
}

/* -- writing a text anew */

/* Encodes BODY for transport no more than it needs; returns the name of the encoding. */
static const char *body_encode(const void *ctx, struct bytes *body, const char *eol)
{
	size_t high = 0, line = 0, longest = 0;

	for (size_t i = 0; i < body->length; i++) {
		high += (unsigned char)body->start[i] >= 0x80;
		line = body->start[i] == '\n' ? 0 : line + 1;
		longest = line > longest ? line : longest;
	}
	if (high == 0 && longest <= TEXT_LINE_MAX)
		return "7bit";
	/* Old phones show escape sequences as letters if they are quoted-printable. */
	bool is_base64 =
	        high * 4 > body->length || memchr(body->start, '\033', body->length) != NULL;

	*body = bytes_of(
	        (is_base64 ? encode_base64 : encode_quoted)(ctx, body->start, body->length, eol));
	return is_base64 ? "base64" : "quoted-printable";
}

/* Replaces the content of PART by TEXT (UTF-8, LF newlines) in CHARSET, which iconv knows (NULL:
 * US-ASCII or UTF-8), as TYPE with PARAMETERS (`; format=flowed`, or ""). Returns how many
 * characters the charset lacks. */
static size_t text_into_part(const struct making *making, struct part *part, const char *text,
        const char *charset, const char *type, const char *parameters)
{
	static const char *const replaced[] = {
	        "Content-Type", "Content-Transfer-Encoding", "Content-MD5", "Content-Length", NULL};
	const void *ctx = making->ctx;
	const char *eol = making->eol;
	size_t length = strlen(text), lost = 0;
	const char *name = charset != NULL          ? charset
	                   : is_ascii(text, length) ? "us-ascii"
	                                            : "utf-8";
	char *converted = NULL;
	struct buffer lines = buffer_new(ctx);

	if (charset != NULL && strcasecmp(charset, "utf-8") != 0) {
		text = converted = charset_encode(ctx, text, length, charset, &length, &lost);
		if (text == NULL)
			memory_out();
	}
	for (size_t i = 0; i < length; i++)
		if (text[i] == '\n')
			buffer_add_string(&lines, eol);
		else
			buffer_add(&lines, text + i, 1);
	talloc_free(converted);
	part->body = (struct bytes){buffer_text(&lines), lines.length};
	const char *encoding = body_encode(ctx, &part->body, eol);

	part->header = bytes_of(talloc_asprintf(ctx,
	        "Content-Type: %s; charset=%s%s%sContent-Transfer-Encoding: %s%s%s%s", type, name,
	        parameters, eol, encoding, eol, content_fields(ctx, part->header, replaced),
	        part->parent != NULL ? eol : ""));
	part->added = (struct bytes){NULL, 0};
	part->is_new = true;
	part_describe(ctx, part, type);
	return lost;
}

struct part *top_part(struct making *making, const char *line)
{
	struct part *part = part_new(making->ctx, "", (struct bytes){"", 0});

	text_into_part(
	        making, part, talloc_asprintf(making->ctx, "%s\n", line), NULL, "text/plain", "");
	return part;
}

/* -- lines on top */

/* Returns the lines for the top and an empty one, each with EOL; in a FLOWED text space-stuffed
 * (RFC 3676 section 4.4). */
static char *plain_lines(const struct making *making, bool flowed, const char *eol)
{
	struct buffer buffer = buffer_new(making->ctx);

	for (size_t i = 0; making->top[i] != NULL; i++) {
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

/* Returns the lines for the top as a paragraph of HTML, in ASCII so that it fits any charset. */
static char *html_lines(const struct making *making, const char *eol)
{
	struct buffer buffer = buffer_new(making->ctx);

	buffer_add_string(&buffer, "<p>");
	for (size_t i = 0; making->top[i] != NULL; i++) {
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
		buffer_print(&buffer, "%s%s", making->top[i + 1] != NULL ? "<br>" : "</p>", eol);
	}
	return buffer_text(&buffer);
}

/* Returns where in HTML a paragraph can be put that comes first: after <body ...>, or at the
 * start. */
static size_t html_start(const char *html, size_t length)
{
	for (size_t i = 0; i + 5 < length; i++)
		if (html[i] == '<' && strncasecmp(html + i, "<body", 5) == 0 &&
		        strchr("> \t\r\n", html[i + 5]) != NULL) {
			const char *close = memchr(html + i, '>', length - i);

			return close != NULL ? (size_t)(close + 1 - html) : 0;
		}
	return 0;
}

/* Encodes PART anew, with LINES (LF newlines) on top. */
static void text_rewrite(const struct making *making, struct part *part, const char *lines)
{
	char *old = part_text(making->ctx, part);
	int at = part_is(part, "text/html") ? (int)html_start(old, strlen(old)) : 0;

	text_into_part(making, part,
	        talloc_asprintf(making->ctx, "%.*s%s%s", at, old, lines, old + at), NULL,
	        part->type, is_flowed(making->ctx, part) ? "; format=flowed" : "");
}

/* Returns whether CHARSET (NULL: none) is UTF-16 or the like, to which no ASCII can be added. */
static bool is_wide(const char *charset)
{
	return charset != NULL && strncasecmp(charset, "utf-", 4) == 0 &&
	       strcasecmp(charset, "utf-8") != 0;
}

/* Puts the lines on top of PART, a plain text. */
static void lines_add_plain(const struct making *making, struct part *part)
{
	const void *ctx = making->ctx;
	const char *eol = part->encoding == ENCODING_BASE64 ? "\r\n" : making->eol;
	const char *charset = parameter_text(ctx, part->content_type, "charset");
	bool flowed = is_flowed(ctx, part);
	const char *bytes = plain_lines(making, flowed, eol);
	size_t length = strlen(bytes), lost = 0;

	if (!is_wide(charset) && !is_ascii(bytes, length) &&
	        (charset == NULL || strcasecmp(charset, "utf-8") != 0))
		bytes = charset_encode(
		        ctx, bytes, length, charset != NULL ? charset : "us-ascii", &length, &lost);
	/* A text without an encoding may be declared 7bit: it can get ASCII only. */
	if (is_wide(charset) || bytes == NULL || lost > 0 ||
	        (part->encoding == ENCODING_NONE && !is_ascii(bytes, length)))
		text_rewrite(making, part, plain_lines(making, flowed, "\n"));
	else if (part->encoding == ENCODING_BASE64)
		/* Base64 of bytes whose number is a multiple of three can be put before other
		 * base64. */
		part->added = bytes_of(encode_base64(ctx, talloc_asprintf(ctx, "%s\n\n", bytes),
		        (length + 2) / 3 * 3, making->eol));
	else if (part->encoding == ENCODING_QUOTED_PRINTABLE)
		part->added = bytes_of(encode_quoted(ctx, bytes, length, eol));
	else
		part->added = bytes_of(bytes);
}

/* Puts the lines on top of PART, an HTML text. */
static void lines_add_html(const struct making *making, struct part *part)
{
	const void *ctx = making->ctx;
	bool is_quoted = part->encoding == ENCODING_QUOTED_PRINTABLE;
	char *lines = html_lines(making, making->eol);
	size_t at = html_start(part->body.start, part->body.length);

	if (part->encoding == ENCODING_BASE64 ||
	        is_wide(parameter_text(ctx, part->content_type, "charset"))) {
		text_rewrite(making, part, html_lines(making, "\n"));
		return;
	}
	if (is_quoted)
		lines = encode_quoted(ctx, lines, strlen(lines), making->eol);
	/* The `=` of quoted-printable breaks the line, so that it does not get too long, without
	 * a newline in the text. */
	struct buffer added = buffer_new(ctx);

	buffer_add(&added, part->body.start, at); /* a NUL may be in it */
	if (at > 0)
		buffer_print(&added, "%s%s", is_quoted ? "=" : "", making->eol);
	buffer_add_string(&added, lines);
	part->added = (struct bytes){added.text, added.length};
	part->body.start += at;
	part->body.length -= at;
}

/* Returns whether PART and OTHER are two forms of the same text. */
static bool is_other_form(const struct part *part, const struct part *other)
{
	for (const struct part *around = part->parent; around != NULL; around = around->parent)
		for (const struct part *p = other->parent;
		        p != NULL && part_is(around, "multipart/alternative"); p = p->parent)
			if (p == around)
				return true;
	return false;
}

/* Returns the first text of TYPE in the draft; NULL: there is none. */
static struct part *first_text(const struct making *making, const char *type)
{
	struct part *part = making->root;

	while (part != NULL && (part->dropped || !part_is(part, type) || !part_is_text(part)))
		part = part_next(making->root, part);
	return part;
}

void draft_top(struct making *making)
{
	struct part *plain = first_text(making, "text/plain"),
	            *html = first_text(making, "text/html");

	if (making->top[0] == NULL)
		return;
	if (plain != NULL)
		lines_add_plain(making, plain);
	if (html != NULL && (plain == NULL || is_other_form(html, plain)))
		lines_add_html(making, html);
	if (plain != NULL || html != NULL)
		return;
	char *lines = plain_lines(making, false, "\n");

	lines[strlen(lines) - 2] = '\0';
	struct part *part = top_part(making, lines);

	if (part_is_kept(making->root, 0))
		making_insert(making, part, false);
	else
		making->root = part; /* nothing else is left of the mail */
}

/* -- plain text */

struct part_list {
	struct part **parts;
	size_t count;
};

/* The parts of a mail, in its order. */
struct parts_by_use {
	const void *ctx;
	struct part_list texts, attachments;
	size_t pictures; /* how many pictures only the HTML shows */
};

/* Returns whether ROOT is a text of TYPE or holds one. */
static bool part_holds(struct part *root, const char *type)
{
	for (struct part *part = root; part != NULL; part = part_next(root, part))
		if (part_is(part, type) && part_is_text(part))
			return true;
	return false;
}

/* Returns the one part in PART that has the text; NULL: each part in it may have a piece of it. */
static struct part *form_of(const struct part *part)
{
	struct part *best = NULL;

	if (part_is(part, "multipart/related"))
		return part->first; /* HTML; the other parts are what it shows */
	if (!part_is(part, "multipart/alternative"))
		return NULL;
	/* Of several forms of one text the last plain one, or else the first HTML. */
	for (struct part *child = part->first; child != NULL; child = child->next)
		if (part_holds(child, "text/plain") &&
		        (best == NULL || !part_holds(best, "text/plain")))
			best = child;
		else if (best == NULL && part_holds(child, "text/html"))
			best = child;
	return best;
}

/* Adds PART and the parts in it to PARTS. With IS_LEFT_OUT, PART is a form of the text that the
 * draft does without; only its attachments are added, as some mail programs put them beside the
 * HTML. */
static void sort_by_use(struct parts_by_use *parts, struct part *part, bool is_left_out)
{
	bool is_choice =
	        part_is(part, "multipart/alternative") || part_is(part, "multipart/related");
	const struct part *form = form_of(part);

	if (part->dropped)
		return;
	if (is_left_out ? part_is_attachment(part)
	                : part->first == NULL && !part_is_text(part) && !is_choice)
		array_add(parts->ctx, parts->attachments.parts, parts->attachments.count) = part;
	else if (is_left_out)
		parts->pictures += part_is(part, "image/");
	else if (part_is_text(part))
		array_add(parts->ctx, parts->texts.parts, parts->texts.count) = part;
	for (struct part *child = part->first; child != NULL; child = child->next)
		sort_by_use(parts, child, is_left_out || (is_choice && child != form));
}

/* Returns TEXTS as one plain text, with an empty line between them. */
static char *whole_text(struct making *making, const struct part_list *texts)
{
	struct buffer buffer = buffer_new(making->ctx);

	for (size_t i = 0; i < texts->count; i++) {
		bool is_html = part_is(texts->parts[i], "text/html");
		char *text = part_text(making->ctx, texts->parts[i]);

		if (is_html && strlen(text) > HTML_LETTER_MAX)
			making_refuse(making, "refuse-html-long",
			        WORDING_VALUES({"size", size_words(making->ctx, strlen(text))},
			                {"most", size_words(making->ctx, HTML_LETTER_MAX)}));
		else if (is_html)
			text = html_to_text(making->ctx, text, strlen(text), true);
		if (i > 0 && buffer.length > 0)
			buffer_add_string(
			        &buffer, buffer.text[buffer.length - 1] == '\n' ? "\n" : "\n\n");
		buffer_add_string(&buffer, text);
		if (is_html && text[0] != '\0')
			buffer_add_string(&buffer, "\n");
		talloc_free(text);
	}
	return buffer_text(&buffer);
}

/* Returns a new part with TEXTS as one plain text. A single plain text keeps its fields and
 * bytes. */
static struct part *plain_part(struct making *making, const struct part_list *texts)
{
	static const char *const none[] = {NULL};
	const void *ctx = making->ctx;
	const struct part *first = texts->parts[0];
	const char *charset = making->plan->charset, *parameters = "";

	if (texts->count == 1 && part_is(first, "text/plain") && charset == NULL)
		return part_new(ctx, content_fields(ctx, first->header, none), first->body);
	if (texts->count == 1 && is_flowed(ctx, first))
		parameters = has_parameter(ctx, first, "delsp", "yes")
		                     ? "; format=flowed; delsp=yes"
		                     : "; format=flowed";
	struct part *part = part_new(ctx, "", (struct bytes){"", 0});
	size_t lost = text_into_part(
	        making, part, whole_text(making, texts), charset, "text/plain", parameters);

	if (lost > 0)
		making_remark(making, "remark-lost",
		        WORDING_VALUES({"count", wording_number(ctx, lost)}, {"charset", charset}));
	return part;
}

void draft_plain(struct making *making)
{
	const char *charset = making->plan->charset;
	struct parts_by_use parts = {.ctx = making->ctx};
	size_t length, lost;

	if (charset != NULL &&
	        charset_encode(making->ctx, "", 0, charset, &length, &lost) == NULL) {
		making_refuse(making, "refuse-charset", WORDING_VALUES({"charset", charset}));
		return;
	}
	if (charset == NULL && part_is(making->root, "text/plain") && part_is_text(making->root))
		return;
	sort_by_use(&parts, making->root, false);
	if (parts.texts.count == 0) {
		making_remark(making, "remark-no-text", NULL);
		return;
	}
	struct part *text = plain_part(making, &parts.texts);

	if (parts.pictures > 0)
		making_remark(making, "remark-pictures",
		        WORDING_VALUES({"count", wording_number(making->ctx, parts.pictures)}));
	making->root = text;
	for (size_t i = 0; i < parts.attachments.count; i++)
		making_insert(making, parts.attachments.parts[i], true);
}
