#include "mail/decode.h"

#include <glib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/buffer.h"
#include "base/limits.h"
#include "base/module.h"
#include "text/text.h"

static const struct gmime_module *gmime_module_get(void)
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
	gmime_module_get();
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
	return gmime_module_get()->each(body, encoding, each, argument);
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
static bool is_undecoded(const char *value)
{
	while (*value != '\0' && (unsigned char)*value < 0x7f && *value != '\033' &&
	        !(value[0] == '=' && value[1] == '?'))
		value++;
	return *value == '\0';
}

/* An encoded word: `=?utf-8?Q?caf=C3=A9?=`. */
struct encoded_word {
	char charset[CHARSET_MAX + 1]; /* "": it has too long a name */
	bool is_base64;
	const char *text, *end; /* ENDs before the last two signs */
};

/* Reads the encoded word that begins at AT with `=?`. Returns false if there is none. */
static bool encoded_word_read(const char *at, struct encoded_word *word)
{
	const char *charset = at + 2, *sign = strchr(charset, '?');
	size_t length = strcspn(charset, "?*"); /* the language follows a `*` (RFC 2231) */

	if (sign == NULL || sign[1] == '\0' || strchr("BbQq", sign[1]) == NULL || sign[2] != '?')
		return false;
	word->is_base64 = strchr("Bb", sign[1]) != NULL;
	word->text = sign + 3;
	word->end = strstr(word->text, "?=");
	length = length <= CHARSET_MAX ? length : 0;
	memcpy(word->charset, charset, length);
	word->charset[length] = '\0';
	return word->end != NULL;
}

/* Adds the bytes that WORD stands for. */
static void word_decode(struct buffer *to, const struct encoded_word *word)
{
	gint state = 0;
	guint save = 0;

	if (word->is_base64) {
		guchar *bytes = talloc_size(to->ctx, (size_t)(word->end - word->text) + 3);
		size_t length = g_base64_decode_step(
		        word->text, (size_t)(word->end - word->text), bytes, &state, &save);

		buffer_add(to, (const char *)bytes, length);
		talloc_free(bytes);
		return;
	}
	for (const char *p = word->text; p < word->end; p++) {
		bool is_code = *p == '=' && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2]);
		char byte = *p == '_' ? ' ' : *p;

		if (is_code) {
			byte = (char)(g_ascii_xdigit_value(p[1]) << 4 | g_ascii_xdigit_value(p[2]));
			p += 2;
		}
		buffer_add(to, &byte, 1);
	}
}

/* Adds BYTES, which are in CHARSET, as UTF-8, and empties them. */
static void bytes_flush(struct buffer *to, struct buffer *bytes, const char *charset)
{
	if (bytes->length == 0)
		return;
	char *utf8 = text_to_utf8(to->ctx, bytes->text, bytes->length, charset);

	buffer_add_string(to, utf8);
	bytes->length = 0;
	talloc_free(utf8);
}

/* Words in a row are decoded as one if they have the same charset: a character may begin in one and
 * end in the next. Blanks between them are not text. */
char *decode_words(const void *ctx, const char *value)
{
	if (is_undecoded(value))
		return talloc_strdup(ctx, value);
	char *utf8 = text_to_utf8(ctx, value, strnlen(value, HEADER_DECODED_MAX), NULL);
	struct buffer text = buffer_new(ctx), bytes = buffer_new(utf8);
	struct encoded_word word, next;
	const char *at = utf8, *sign = utf8;

	while ((sign = strstr(sign, "=?")) != NULL) {
		if (!encoded_word_read(sign, &next)) {
			sign += 2;
			continue;
		}
		bool follows = at > utf8 && at + strspn(at, " \t\r\n") == sign;

		if (!follows || strcasecmp(word.charset, next.charset) != 0)
			bytes_flush(&text, &bytes, word.charset);
		if (!follows)
			buffer_add(&text, at, (size_t)(sign - at));
		word = next;
		word_decode(&bytes, &word);
		at = sign = word.end + 2;
	}
	if (at == utf8)
		return utf8;
	bytes_flush(&text, &bytes, word.charset);
	buffer_add_string(&text, at);
	talloc_free(utf8);
	return buffer_text(&text);
}
