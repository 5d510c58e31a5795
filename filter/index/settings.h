/* The user's settings in notmuch's configuration: bounce.*, and whose mail this is. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdbool.h>

#include "base/problem.h"
#include "index/index.h"

struct settings {
	/* bounce.lock_timeout: seconds to wait while another program writes to the index */
	unsigned lock_timeout;
	/* bounce.backscatter_after: days until a bounce about mail that is not there is called
	 * backscatter */
	unsigned backscatter_after;
	/* bounce.language: in which the user is spoken to; NULL: that of the locale */
	char *language;
	char **own; /* the user's addresses, NULL-terminated */
};

/* What holds where nothing is set. */
extern const struct settings settings_default;

/* Read the settings of INDEX; strings are owned by CTX. A wrong value is noted in PROBLEMS and the
 * default kept. */
struct settings settings_read(const void *ctx, struct index *index, struct problems *problems);

/* Whether FROM, a From field as it stands in a mail, names one of the user's addresses and nobody
 * else. Whether the user wrote that mail is another question: see index/mail-files.h. */
bool settings_is_own(const struct settings *settings, const char *from);

/* Whether one of the user's addresses stands anywhere in TEXT: so that what is not the user's need
 * not be opened. */
bool settings_finds_own(const struct settings *settings, const char *text);

#endif
