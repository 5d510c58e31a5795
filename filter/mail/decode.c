#include "mail/decode.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/module.h"
#include "text/text.h"

static const struct gmime_module *gmime(void)
{
	static const struct gmime_module *loaded;

	if (loaded == NULL) {
		loaded = module_load("gmime");
		/* Without it every answer might be wrong: the program ends, as when there is no
		 * memory. */
		if (loaded == NULL)
			memory_out();
		loaded->open();
	}
	return loaded;
}

void decode_load(void)
{
	gmime();
}

enum encoding decode_encoding(struct bytes value)
{
	static const struct {
		const char *name;
		enum encoding encoding;
	} encodings[] = {
	        {"quoted-printable", ENCODING_QUOTED_PRINTABLE},
	        {"base64", ENCODING_BASE64},
	        {"x-uuencode", ENCODING_UUENCODE},
	        {"uuencode", ENCODING_UUENCODE},
	        {"x-uue", ENCODING_UUENCODE},
	};

	while (value.length > 0 && strchr(" \t\r\n\"", value.start[0]) != NULL)
		value = (struct bytes){value.start + 1, value.length - 1};
	for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
		size_t length = strlen(encodings[i].name);

		if (value.length >= length &&
		        strncasecmp(value.start, encodings[i].name, length) == 0)
			return encodings[i].encoding;
	}
	return ENCODING_NONE;
}

bool decode_each(struct bytes body, enum encoding encoding,
        bool (*each)(void *argument, const char *bytes, size_t length), void *argument)
{
	if (encoding == ENCODING_NONE)
		return body.length == 0 || each(argument, body.start, body.length);
	return gmime()->each(body, encoding, each, argument);
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

/* Returns whether VALUE is ASCII and has neither escapes nor encoded words. */
static bool is_plain(const char *value)
{
	while (*value != '\0' && (unsigned char)*value < 0x7f && *value != '\033' &&
	        !(value[0] == '=' && value[1] == '?'))
		value++;
	return *value == '\0';
}

/* Notes which charsets the encoded words of TEXT need: GMime opens these by itself, which fails
 * silently in a process that can't load them. */
static void charsets_need(const char *text)
{
	char charset[CHARSET_MAX + 1];

	while ((text = strstr(text, "=?")) != NULL) {
		size_t length = strcspn(text += 2, "?*");

		if (length <= CHARSET_MAX) {
			memcpy(charset, text, length);
			charset[length] = '\0';
			(void)module_can_load(charset);
		}
	}
}

/* Returns where the part of TEXT ends that GMime may be given at once. It joins encoded words before
 * it decodes them, and loses all that stands behind one with padding (`=?UTF-8?B?44GC?=
 * =?UTF-8?B?…`). */
static const char *run_end(const char *text)
{
	for (const char *end = text; (end = strstr(end, "=?=")) != NULL;) {
		end += 3;
		size_t blank = strspn(end, " \t\r\n");
		if (blank > 0 && strncmp(end + blank, "=?", 2) == 0)
			return end;
	}
	return text + strlen(text);
}

char *decode_words(const void *ctx, const char *value)
{
	if (is_plain(value))
		return talloc_strdup(ctx, value);
	char *utf8 = text_to_utf8(ctx, value, strnlen(value, HEADER_DECODED_MAX), NULL);
	if (strstr(utf8, "=?") == NULL)
		return utf8;
	charsets_need(utf8);
	struct buffer words = buffer_new(utf8);
	for (const char *at = utf8, *end; *at != '\0'; at = end + strspn(end, " \t\r\n")) {
		end = run_end(at);
		char *run = talloc_strndup(utf8, at, (size_t)(end - at));
		char *decoded = gmime()->words(run);
		buffer_add_string(&words, decoded);
		free(decoded);
	}
	char *text = text_to_utf8(ctx, buffer_text(&words), words.length, "utf-8");
	talloc_free(utf8);
	return text;
}
