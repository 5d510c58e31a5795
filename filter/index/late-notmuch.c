#include "index/late-notmuch.h"

#include <stddef.h>

LATE_NOTMUCH(LATE_DEFINE)

bool late_notmuch_load(void)
{
	static const struct late_function functions[] = {LATE_NOTMUCH(LATE_ENTRY){NULL, NULL}};
	static bool is_there;

	is_there = is_there || late_load(LATE_LIBNOTMUCH, functions);
	return is_there;
}
