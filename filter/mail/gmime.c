#include "mail/decode.h"

#include <gmime/gmime.h>
#include <talloc.h>

/* Silences GMime and GLib, as a hostile mail could make them print anything. A fatal message means
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

/* Bytes of a body that are decoded at once. */
#define DECODE_PIECE (48u << 10)

static bool gmime_each(struct bytes body, enum encoding encoding,
        bool (*each)(void *argument, const char *bytes, size_t length), void *argument)
{
	GMimeEncoding state;
	bool more = true;

	g_mime_encoding_init_decode(&state, encodings[encoding]);
	SCOPED char *out = talloc_size(NULL, g_mime_encoding_outlen(&state, DECODE_PIECE));
	for (size_t at = 0, piece; more && at < body.length; at += piece) {
		piece = MIN(body.length - at, DECODE_PIECE);
		size_t length = g_mime_encoding_step(&state, body.start + at, piece, out);
		more = length == 0 || each(argument, out, length);
	}
	return more;
}

const struct gmime_module module_gmime = {gmime_open, gmime_each};
