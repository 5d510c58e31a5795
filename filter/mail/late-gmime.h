/* What we call of GMime and GObject. They are loaded by the first mail that has something encoded: most mail has not, and loading them
 * takes longer than to see that. */
#ifndef LATE_GMIME_H
#define LATE_GMIME_H

#include <stdbool.h>

#include <gmime/gmime.h>

#include "base/late.h"

#define LATE_GMIME(X)                                                                                                            \
	X(g_mime_encoding_init_decode)                                                                                           \
	X(g_mime_encoding_outlen)                                                                                                \
	X(g_mime_encoding_step)                                                                                                  \
	X(g_mime_init)                                                                                                           \
	X(g_mime_utils_header_decode_text)

LATE_GMIME(LATE_DECLARE)

/* Load them. False: they can't be loaded. */
bool late_gmime_load(void);

#endif
