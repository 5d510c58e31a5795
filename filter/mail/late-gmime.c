#include "mail/late-gmime.h"

#include <stddef.h>

LATE_GMIME(LATE_DEFINE)

bool late_gmime_load(void)
{
	/* What GMime itself needs is found through it. */
	static const struct late_function functions[] = {LATE_GMIME(LATE_ENTRY){NULL, NULL}};

	return late_load(LATE_LIBGMIME, functions);
}
