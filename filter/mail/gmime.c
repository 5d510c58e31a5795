#include "mail/decode.h"

#include <gmime/gmime.h>
#include <string.h>
#include <talloc.h>

/* Silences GMime and GLib, as a hostile mail can make them print anything. A fatal message means
 * that GLib gets no memory. */
static void library_silence(
        const char *domain, GLogLevelFlags level, const char *text, void *argument)
{
	(void)domain, (void)text, (void)argument;
	if (level & G_LOG_FLAG_FATAL)
		memory_out();
}

static void gmime_open(void)
{
	g_log_set_default_handler(library_silence, NULL);
	g_mime_init();
}

static const GMimeContentEncoding encodings[] = {
        [ENCODING_QUOTED_PRINTABLE] = GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE,
        [ENCODING_BASE64] = GMIME_CONTENT_ENCODING_BASE64,
        [ENCODING_UUENCODE] = GMIME_CONTENT_ENCODING_UUENCODE,
};

static bool gmime_each(struct bytes body, enum encoding encoding,
        bool (*each)(void *argument, const char *bytes, size_t length), void *argument)
{
	GMimeEncoding state;
	const char *at = body.start, *end = at + body.length;
	bool more = true;
	char *out;

	g_mime_encoding_init_decode(&state, encodings[encoding]);
	out = talloc_size(NULL, g_mime_encoding_outlen(&state, DECODE_PIECE));
	while (more && at < end) {
		size_t piece =
		        (size_t)(end - at) < DECODE_PIECE ? (size_t)(end - at) : DECODE_PIECE;
		size_t length = g_mime_encoding_step(&state, at, piece, out);

		at += piece;
		more = length == 0 || each(argument, out, length);
	}
	talloc_free(out);
	return more;
}

static char *gmime_words(const char *utf8)
{
	return g_mime_utils_header_decode_text(NULL, utf8);
}

const struct gmime_module module_gmime = {gmime_open, gmime_each, gmime_words};
