#include "mail/decode.h"

#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/late.h"
#include "base/limits.h"
#include "mail/late-gmime.h"
#include "text/text-convert.h"
#include "text/text.h"

/* GMime and GLib are told to keep quiet: what a hostile mail makes them say is no concern of the user. But GLib would end the program when it gets no
 * memory, and says so before. */
static void library_silence(const char *domain, GLogLevelFlags level, const char *text, void *argument)
{
	(void)domain, (void)text, (void)argument;
	if (level & G_LOG_FLAG_FATAL)
		memory_out();
}

void decode_load(void)
{
	static bool is_open;

	if (is_open)
		return;
	/* Without it every answer might be wrong: the work is given up, as without memory. */
	if (!late_gmime_load())
		memory_out();
	is_open = true;
	g_log_set_default_handler(library_silence, NULL);
	late_g_mime_init();
}

static const struct {
	const char *name;
	enum encoding encoding;
	GMimeContentEncoding gmime;
} encodings[] = {
        {"quoted-printable", ENCODING_QUOTED_PRINTABLE, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE},
        {"base64", ENCODING_BASE64, GMIME_CONTENT_ENCODING_BASE64},
        {"x-uuencode", ENCODING_UUENCODE, GMIME_CONTENT_ENCODING_UUENCODE},
        {"uuencode", ENCODING_UUENCODE, GMIME_CONTENT_ENCODING_UUENCODE},
        {"x-uue", ENCODING_UUENCODE, GMIME_CONTENT_ENCODING_UUENCODE},
};

#define ENCODING_NAMES (sizeof encodings / sizeof *encodings)

enum encoding decode_encoding(struct bytes value)
{
	size_t i, length;

	while (value.length > 0 && strchr(" \t\r\n\"", value.start[0]) != NULL)
		value = (struct bytes){value.start + 1, value.length - 1};
	for (i = 0; i < ENCODING_NAMES; i++) {
		length = strlen(encodings[i].name);
		if (value.length >= length && strncasecmp(value.start, encodings[i].name, length) == 0)
			return encodings[i].encoding;
	}
	return ENCODING_NONE;
}

static GMimeContentEncoding gmime_encoding(enum encoding encoding)
{
	size_t i = 0;

	while (encodings[i].encoding != encoding)
		i++;
	return encodings[i].gmime;
}

bool decode_each(struct bytes body, enum encoding encoding, bool (*each)(void *argument, const char *bytes, size_t length), void *argument)
{
	GMimeEncoding state;
	const char *at = body.start, *end = at + body.length;
	bool more = true;
	char *out;

	if (encoding == ENCODING_NONE)
		return body.length == 0 || each(argument, body.start, body.length);
	decode_load();
	late_g_mime_encoding_init_decode(&state, gmime_encoding(encoding));
	out = talloc_size(NULL, late_g_mime_encoding_outlen(&state, DECODE_PIECE));
	while (more && at < end) {
		size_t piece = (size_t)(end - at) < DECODE_PIECE ? (size_t)(end - at) : DECODE_PIECE;
		size_t length = late_g_mime_encoding_step(&state, at, piece, out);

		at += piece;
		more = length == 0 || each(argument, out, length);
	}
	talloc_free(out);
	return more;
}

struct decoded {
	struct buffer buffer;
	size_t most;
};

static bool add_piece(void *argument, const char *bytes, size_t length)
{
	struct decoded *decoded = argument;

	buffer_add(&decoded->buffer, bytes, length);
	return decoded->buffer.length < decoded->most;
}

struct bytes decode_bytes(const void *ctx, struct bytes body, enum encoding encoding, size_t most)
{
	struct decoded decoded = {buffer_new(ctx), most};

	if (encoding == ENCODING_NONE)
		return body;
	decode_each(body, encoding, add_piece, &decoded);
	return (struct bytes){buffer_text(&decoded.buffer), decoded.buffer.length};
}

static bool is_plain(const char *value)
{
	for (; *value != '\0'; value++)
		if ((unsigned char)*value >= 0x7f || *value == '\033' || (value[0] == '=' && value[1] == '?'))
			return false;
	return true;
}

/* GMime opens the charsets of encoded words by itself, which fails silently in a process that can't load them. */
static void charsets_need(const char *text)
{
	char charset[CHARSET_MAX + 1];

	while ((text = strstr(text, "=?")) != NULL) {
		size_t length = strcspn(text += 2, "?*");

		if (length <= CHARSET_MAX) {
			memcpy(charset, text, length);
			charset[length] = '\0';
			(void)late_can_load(charset);
		}
	}
}

/* Where the run of encoded words at TEXT ends that GMime may be given at once: it joins words before it decodes them, and so loses all that stands behind
 * one with padding (`=?UTF-8?B?44GC?= =?UTF-8?B?…`). NULL: at the end. */
static const char *padded_word_end(const char *text)
{
	const char *end = text, *next;

	while ((end = strstr(end, "=?=")) != NULL) {
		end += 3;
		next = end + strspn(end, " \t\r\n");
		if (next > end && strncmp(next, "=?", 2) == 0)
			return end;
	}
	return NULL;
}

char *decode_words(const void *ctx, const char *value)
{
	struct buffer words = buffer_new(ctx);
	const char *at, *end;
	char *utf8, *decoded, *run;

	if (is_plain(value))
		return talloc_strdup(ctx, value);
	utf8 = text_to_utf8(ctx, value, strnlen(value, HEADER_DECODED_MAX), NULL);
	if (strstr(utf8, "=?") == NULL)
		return utf8;
	charsets_need(utf8);
	decode_load();
	for (at = utf8; *at != '\0'; at = end + strspn(end, " \t\r\n")) {
		end = padded_word_end(at);
		end = end != NULL ? end : at + strlen(at);
		run = talloc_strndup(utf8, at, (size_t)(end - at));
		decoded = late_g_mime_utils_header_decode_text(NULL, run);
		buffer_add_string(&words, decoded);
		g_free(decoded);
	}
	talloc_free(utf8);
	utf8 = text_to_utf8(ctx, buffer_text(&words), words.length, "utf-8");
	talloc_free(words.text);
	return utf8;
}
