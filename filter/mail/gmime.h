/* The part of the program that is linked with GMime: only decode.c calls it. */
#ifndef GMIME_MODULE_H
#define GMIME_MODULE_H

#include "mail/decode.h"

struct gmime_module {
	void (*open)(void); /* once, before all else */
	bool (*each)(struct bytes body, enum encoding encoding,
	        bool (*each)(void *argument, const char *bytes, size_t length), void *argument);
	/* a header field's value with its encoded words decoded (RFC 2047), to be freed with
	 * free() */
	char *(*words)(const char *utf8);
};

extern const struct gmime_module module_gmime;

#endif
